//! Weakenings of enums and domains.

use model::Kind;
use model::quote::{ident, literal, qualified};
use model::schema::Schema;

use super::Mutant;

pub(super) fn mutants(schema: &Schema, found: &mut Vec<Mutant>) {
    for node in schema.of_kind(Kind::Enum).filter(|n| !n.external) {
        let name = qualified(&node.id.schema, &node.id.name);
        let labels = node.object.as_enum().map(|e| e.labels.clone());
        for label in labels.unwrap_or_default() {
            let sql = format!(
                "ALTER TYPE {name} RENAME VALUE {} TO 'no longer a label'",
                literal(&label)
            );
            let what = format!("label {} renamed", literal(&label));
            found.push(Mutant::new(&node.id, what, sql));
        }
        let sql = format!("ALTER TYPE {name} ADD VALUE 'one label more'");
        found.push(Mutant::new(&node.id, "a label added", sql));
    }
    for node in schema.of_kind(Kind::Domain).filter(|n| !n.external) {
        let Some(domain) = node.object.as_domain() else {
            continue;
        };
        let alter = format!("ALTER DOMAIN {}", qualified(&node.id.schema, &node.id.name));
        for check in &domain.checks {
            let sql = format!("{alter} DROP CONSTRAINT {}", ident(&check.name));
            let what = format!("check {} dropped", check.name);
            found.push(Mutant::new(&node.id, what, sql));
        }
        if domain.not_null {
            let sql = format!("{alter} DROP NOT NULL");
            found.push(Mutant::new(&node.id, "not null dropped", sql));
        }
        if domain.default.is_some() {
            let sql = format!("{alter} DROP DEFAULT");
            found.push(Mutant::new(&node.id, "default dropped", sql));
        }
    }
}
