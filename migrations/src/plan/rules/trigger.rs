//! Triggers.
//!
//! A partition's come with its parent's and get no statement.

use model::quote::{ident, literal, object, qualified};
use model::schema::{
    Deferrable, Id, Kind, Node, Schema, Trigger, TriggerEnabled, TriggerEvent, TriggerTiming,
};

use super::{Difference, sql};
use crate::plan::address::relation;
use crate::plan::changes::Context;
use crate::plan::step::{Lock, Statement};

pub(super) fn create(context: &Context<'_>, node: &Node, trigger: &Trigger) -> Vec<Statement> {
    if trigger.inherited {
        let own = parents(context.to, node).is_some_and(|above| above.enabled != trigger.enabled);
        return own
            .then(|| enabled(node, trigger.enabled))
            .into_iter()
            .collect();
    }
    let mut statements = vec![Statement::new(
        Lock::ShareRowExclusive,
        definition(node, trigger, "CREATE"),
    )];
    if trigger.enabled != TriggerEnabled::Origin {
        statements.push(enabled(node, trigger.enabled));
    }
    statements
}

fn definition(node: &Node, trigger: &Trigger, verb: &str) -> String {
    let constraint = if trigger.constraint.is_some() {
        "CONSTRAINT "
    } else {
        ""
    };
    let timing = match trigger.timing {
        TriggerTiming::Before => "BEFORE",
        TriggerTiming::After => "AFTER",
        TriggerTiming::InsteadOf => "INSTEAD OF",
    };
    let events = trigger.events.iter().map(|event| match event {
        TriggerEvent::Insert => "INSERT".to_owned(),
        TriggerEvent::Delete => "DELETE".to_owned(),
        TriggerEvent::Truncate => "TRUNCATE".to_owned(),
        TriggerEvent::Update(columns) if columns.is_empty() => "UPDATE".to_owned(),
        TriggerEvent::Update(columns) => format!("UPDATE OF {}", sql::names(columns)),
    });
    let events: Vec<_> = events.collect();
    let mut lines = vec![
        format!("{verb} {constraint}TRIGGER {}", ident(&node.id.part)),
        format!("{timing} {} ON {}", events.join(" OR "), relation(&node.id)),
    ];
    if let Some(table) = &trigger.from_table {
        lines.push(format!("FROM {}", object(table)));
    }
    match trigger.constraint {
        None | Some(Deferrable::No) => {}
        Some(Deferrable::Immediate) => lines.push("DEFERRABLE".to_owned()),
        Some(Deferrable::Deferred) => lines.push("DEFERRABLE INITIALLY DEFERRED".to_owned()),
    }
    let tables = [("OLD", &trigger.old_table), ("NEW", &trigger.new_table)];
    let tables: Vec<_> = tables
        .iter()
        .filter_map(|(word, name)| Some(format!("{word} TABLE AS {}", ident(name.as_ref()?))))
        .collect();
    if !tables.is_empty() {
        lines.push(format!("REFERENCING {}", tables.join(" ")));
    }
    let each = if trigger.for_each_row {
        "ROW"
    } else {
        "STATEMENT"
    };
    lines.push(format!("FOR EACH {each}"));
    if let Some(condition) = &trigger.condition {
        lines.push(format!("WHEN {}", sql::in_parentheses(condition)));
    }
    let function = qualified(&trigger.function.schema, &trigger.function.name);
    let arguments: Vec<_> = trigger.arguments.iter().map(|a| literal(a)).collect();
    lines.push(format!(
        "EXECUTE FUNCTION {function}({})",
        arguments.join(", ")
    ));
    lines.join("\n  ")
}

pub(super) fn alter(context: &Context<'_>, node: &Node, a: &Trigger, b: &Trigger) -> Difference {
    if b.inherited {
        // What is said of the parent's reaches this one.
        let left = match (parents(context.from, node), parents(context.to, node)) {
            (Some(old), Some(new)) if old.enabled == new.enabled => a.enabled,
            (_, Some(new)) => new.enabled,
            (_, None) => b.enabled,
        };
        let own = a.inherited && left != b.enabled;
        return Difference::main(own.then(|| enabled(node, b.enabled)).into_iter().collect());
    }
    let mut like = a.clone();
    like.enabled = b.enabled;
    like.inherited = b.inherited;
    if like == *b {
        let changed = a.enabled != b.enabled;
        return Difference::main(
            changed
                .then(|| enabled(node, b.enabled))
                .into_iter()
                .collect(),
        );
    }
    let constraint = a.constraint.is_some() || b.constraint.is_some();
    if constraint || context.options.server_version < 140_000 {
        return Difference::Replace;
    }
    let sql = definition(node, b, "CREATE OR REPLACE");
    let mut statements = vec![Statement::new(Lock::ShareRowExclusive, sql)];
    // Replacing a trigger enables it.
    if b.enabled != TriggerEnabled::Origin {
        statements.push(enabled(node, b.enabled));
    }
    Difference::main(statements)
}

/// The trigger of the partitioned table that brings this one to a partition.
fn parents<'a>(schema: &'a Schema, node: &Node) -> Option<&'a Trigger> {
    let table = schema.get(&Id::table(node.id.schema.clone(), node.id.name.clone()))?;
    let parent = &table.object.as_table()?.partition_of.as_ref()?.parent;
    let above = schema.get(&parent.within(Kind::Trigger, node.id.part.clone()))?;
    above.object.as_trigger()
}

fn enabled(node: &Node, enabled: TriggerEnabled) -> Statement {
    let word = match enabled {
        TriggerEnabled::Origin => "ENABLE",
        TriggerEnabled::Replica => "ENABLE REPLICA",
        TriggerEnabled::Always => "ENABLE ALWAYS",
        TriggerEnabled::Disabled => "DISABLE",
    };
    let (table, name) = (relation(&node.id), ident(&node.id.part));
    let sql = format!("ALTER TABLE {table} {word} TRIGGER {name}");
    Statement::new(Lock::ShareRowExclusive, sql)
}
