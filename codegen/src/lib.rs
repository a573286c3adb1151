//! The emitters (Rust, JSON Schema, docs) and the command line, binary `pilaster`.
