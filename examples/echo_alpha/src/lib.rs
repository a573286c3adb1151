//! Echo Alpha: an assistant that answers mails about office space, and drafts that people approve.
//!
//! Everything in [`schema`] is generated from `echo_alpha.pilaster`; [`story`] walks a deal through
//! it. Nothing here writes SQL that the model could have written.

#[warn(clippy::pedantic)]
#[allow(clippy::doc_markdown)] // its words are the model's
pub mod schema;
pub mod story;
