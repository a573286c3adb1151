//! Live catalog to Schema, two Schemas to a Plan, a Plan to SQL, history and apply.

pub mod history;
