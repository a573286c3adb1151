//! Weakenings of triggers, and of the functions that were derived from the model.
//!
//! A function that a person wrote is left alone: what it should do, no model says.

use model::quote::{dollar, ident, qualified};
use model::schema::{RoutineKind, Schema, TriggerEnabled, TriggerEvent};
use model::{Id, Kind};

use super::Mutant;
use super::mutant::alter;

pub(super) fn triggers(schema: &Schema, table: &Id, found: &mut Vec<Mutant>) {
    for (node, trigger) in schema.triggers(table) {
        if trigger.inherited || trigger.enabled == TriggerEnabled::Disabled {
            continue;
        }
        let name = ident(&node.id.part);
        let relation = qualified(&table.schema, &table.name);
        let sql = format!("{} DISABLE TRIGGER {name}", alter(table));
        found.push(Mutant::new(&node.id, "disabled", sql));
        let sql = format!("DROP TRIGGER {name} ON {relation}");
        found.push(Mutant::new(&node.id, "dropped", sql));
        // Each event but one: what the others set off is no longer set off.
        for kept in trigger.events.iter().filter(|_| trigger.events.len() > 1) {
            let event = match kept {
                TriggerEvent::Insert => "INSERT",
                TriggerEvent::Delete => "DELETE",
                TriggerEvent::Update(_) => "UPDATE",
                TriggerEvent::Truncate => "TRUNCATE",
            };
            let statement = trigger.constraint.is_some()
                || trigger.condition.is_some()
                || trigger.old_table.is_some()
                || trigger.new_table.is_some();
            if statement {
                continue;
            }
            let timing = match trigger.timing {
                model::schema::TriggerTiming::Before => "BEFORE",
                model::schema::TriggerTiming::After => "AFTER",
                model::schema::TriggerTiming::InsteadOf => continue,
            };
            let arguments: Vec<String> = trigger
                .arguments
                .iter()
                .map(|a| model::quote::literal(a))
                .collect();
            let sql = format!(
                "DROP TRIGGER {name} ON {relation}; CREATE TRIGGER {name} {timing} {event} ON \
                 {relation} FOR EACH {} EXECUTE FUNCTION {}({})",
                if trigger.for_each_row {
                    "ROW"
                } else {
                    "STATEMENT"
                },
                qualified(&trigger.function.schema, &trigger.function.name),
                arguments.join(", ")
            );
            let what = format!("on {} only", event.to_lowercase());
            found.push(Mutant::new(&node.id, what, sql));
        }
    }
}

/// Functions of shapes accept everything; those of triggers do nothing.
pub(super) fn derived(schema: &Schema, found: &mut Vec<Mutant>) {
    for node in schema.of_kind(Kind::Function) {
        let Some(routine) = node.object.as_routine() else {
            continue;
        };
        if node.derived_from.is_none() || routine.kind != RoutineKind::Function {
            continue;
        }
        let Some(returns) = &routine.returns else {
            continue;
        };
        let (language, body, what) = match returns.text.as_ref() {
            "boolean" => ("sql", "select true", "accepts everything"),
            "trigger" => (
                "plpgsql",
                "begin return coalesce(new, old); end",
                "does nothing",
            ),
            _ => continue,
        };
        let volatility = match routine.volatility {
            model::schema::Volatility::Immutable => "IMMUTABLE",
            model::schema::Volatility::Stable => "STABLE",
            model::schema::Volatility::Volatile => "VOLATILE",
        };
        let sql = format!(
            "CREATE OR REPLACE FUNCTION {}({}) RETURNS {} LANGUAGE {language} {volatility} AS {}",
            qualified(&node.id.schema, &node.id.name),
            routine.arguments.text,
            returns.text,
            dollar(body)
        );
        found.push(Mutant::new(&node.id, what, sql));
    }
}
