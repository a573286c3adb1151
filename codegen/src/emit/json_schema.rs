//! JSON Schema documents (2020-12) of the model's `json` shapes.
