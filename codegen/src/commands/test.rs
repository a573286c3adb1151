//! `test`: the conformance suite for a project's model.
