//! Prisma's datamodel.
//!
//! What is written is what Prisma's own migrations would make of it: names, types and actions are
//! those of its PostgreSQL connector. It never reads a client's configuration.

mod lexer;
mod parse;
mod relations;
mod types;
mod write;

use super::Remark;

/// A datamodel as the text of a model, and what there is to say about it.
///
/// # Errors
///
/// Every fault of the files: what is no datamodel can't be a model.
pub fn import(files: &[(String, String)]) -> Result<(String, Vec<Remark>), Vec<Remark>> {
    let mut blocks = Vec::new();
    let mut faults = Vec::new();
    for (file, text) in files {
        match parse::blocks(file, text) {
            Ok(read) => blocks.extend(read),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    write::model(&blocks)
}
