//! What is seen of `append only` once all of a table is there: nothing else in it may say that its
//! rows change.

use super::Output;
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{ConstraintBody, ForeignKey, ForeignKeyAction, Id, Kind, Node, Schema};

/// Reports what only makes sense for rows that change.
pub(super) fn nothing_changes(out: &mut Output<'_>) {
    let schema = out.builder.so_far();
    let mut faults = Vec::new();
    for (table, own) in schema.tables() {
        if own.writes.append_only {
            judge(schema, table, &mut faults);
        }
    }
    faults.into_iter().for_each(|fault| out.fault(fault));
}

fn judge(schema: &Schema, table: &Node, faults: &mut Vec<Diagnostic>) {
    let mut report = |node: &Node, says: String, help: &str| {
        let Some(place) = node.origin else { return };
        let message = format!("{says}, and `{}` is append only", table.id.name);
        let mut fault = Diagnostic::error(code::APPEND_ONLY, message, place).help(help);
        if let Some(declared) = table.origin.filter(|declared| *declared != place) {
            fault = fault.secondary(declared, "its rows are never changed or deleted");
        }
        faults.push(fault);
    };
    if table.external {
        let help = "what is external is verified, and nothing is made for it: leave the line out";
        report(table, "no trigger is made here".to_owned(), help);
        return;
    }
    for (node, column) in schema.columns(&table.id) {
        let name = &node.id.part;
        if column.soft_delete.0 {
            let says = format!("`{name}` says when a row was deleted");
            report(node, says, "leave out `soft delete`, or `append only`");
        }
        if is_touched(schema, &table.id, &node.id) {
            let says = format!("`{name}` says when a row was last changed");
            report(node, says, "leave out `touch`, or `append only`");
        }
    }
    for node in schema.parts(&table.id, Kind::Transitions) {
        let steps = node
            .object
            .as_transitions()
            .is_some_and(|t| !t.edges.is_empty());
        if steps {
            let says = format!("`{}` goes from state to state", node.id.part);
            report(
                node,
                says,
                "leave out the steps, and keep `initial`, or leave out `append only`",
            );
        }
    }
    for (node, constraint) in schema.constraints(&table.id) {
        if let ConstraintBody::ForeignKey(key) = &constraint.body
            && let Some((when, action)) = acts(key)
        {
            let target = &key.target.name;
            let says = format!(
                "`on {when} {}` changes rows with those of `{target}`",
                action.sql().to_lowercase()
            );
            report(
                node,
                says,
                "leave out the action: a row that is referred to then stays",
            );
        }
    }
}

fn is_touched(schema: &Schema, table: &Id, column: &Id) -> bool {
    let mut sources = schema
        .triggers(table)
        .filter_map(|(node, _)| node.derived_from.as_ref());
    sources.any(|source| source == column)
}

fn acts(key: &ForeignKey) -> Option<(&'static str, ForeignKeyAction)> {
    [("delete", key.on_delete), ("update", key.on_update)]
        .into_iter()
        .find(|(_, action)| {
            !matches!(
                action,
                ForeignKeyAction::NoAction | ForeignKeyAction::Restrict
            )
        })
}
