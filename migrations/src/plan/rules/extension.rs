//! Extensions.
//!
//! What an extension brings is its own and never listed.

use model::quote::{ident, literal};
use model::schema::{Extension, Node};

use super::Difference;
use crate::plan::step::{Lock, Statement};

pub(super) fn create(node: &Node, extension: &Extension) -> Vec<Statement> {
    let mut sql = format!("CREATE EXTENSION {}", ident(&node.id.name));
    if let Some(schema) = &extension.schema {
        sql += &format!(" SCHEMA {}", ident(schema));
    }
    if let Some(version) = &extension.version {
        sql += &format!(" VERSION {}", literal(version));
    }
    vec![Statement::new(Lock::None, sql)]
}

pub(super) fn alter(node: &Node, a: &Extension, b: &Extension) -> Difference {
    // Extensions ship ways to a later version, never back to an earlier one.
    if let (Some(old), Some(new)) = (&a.version, &b.version)
        && numbers(new) < numbers(old)
    {
        return Difference::Replace;
    }
    let mut statements = Vec::new();
    let name = ident(&node.id.name);
    if let Some(version) = b.version.as_ref().filter(|_| a.version != b.version) {
        let sql = format!("ALTER EXTENSION {name} UPDATE TO {}", literal(version));
        statements.push(Statement::new(Lock::None, sql));
    }
    if let Some(schema) = b.schema.as_ref().filter(|_| a.schema != b.schema) {
        let sql = format!("ALTER EXTENSION {name} SET SCHEMA {}", ident(schema));
        statements.push(Statement::new(Lock::None, sql));
    }
    Difference::main(statements)
}

fn numbers(version: &str) -> Vec<u32> {
    let parts = version.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}
