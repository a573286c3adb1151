//! Whether a trail can take lines at all, whoever writes into it.

use super::{Audits, is_text};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Column, Command, ConstraintBody, Node, Schema, TrailPart};

/// What is wrong with a trail, whoever writes into it.
pub(super) fn takes_lines(
    schema: &Schema,
    trail: &Node,
    tables: &[Audits<'_>],
    faults: &mut Vec<Diagnostic>,
) {
    let mut report = |node: &Node, says: String, help: &str| {
        let Some(place) = node.origin else { return };
        let mut fault = Diagnostic::error(code::AUDITED, says, place).help(help);
        if let Some(said) = tables.first().and_then(|one| one.place) {
            fault = fault.secondary(said, "its lines go there");
        }
        faults.push(fault);
    };
    let name = &trail.id.name;
    let parts = schema.trail(&trail.id);
    let is = |part: &TrailPart, word: &str| part.word() == word;
    for word in ["operation", "key"] {
        if !parts.iter().any(|(_, part)| is(part, word)) {
            let says = format!("no column of `{name}` says `trail {word}`");
            let help = match word {
                "key" => "write `trail key` behind the column that says which row it was",
                _ => "write `trail operation` behind the column that says what was done",
            };
            report(trail, says, help);
        }
    }
    if tables.len() > 1 && !parts.iter().any(|(_, part)| is(part, "table")) {
        let says = format!(
            "{} tables are audited into `{name}`, and no column says `trail table`",
            tables.len()
        );
        report(
            trail,
            says,
            "write `trail table` behind the column that says of which table a line is",
        );
    }
    for pair in parts.windows(2) {
        let [(_, first), (node, part)] = pair else {
            continue;
        };
        if first.word() == part.word() && *part != TrailPart::Column {
            let says = format!("`trail {}` stands on two columns", part.word());
            report(node, says, "leave it out of one");
        }
    }
    for (node, column) in schema.columns(&trail.id) {
        let own = &node.id.part;
        let document = column.ty.is("jsonb");
        match column.trail.0 {
            Some(part @ (TrailPart::Before | TrailPart::After)) if !document || column.not_null => {
                let says = format!(
                    "`trail {}` holds a row, or none, and `{own}` is {}",
                    part.word(),
                    said(column)
                );
                report(node, says, "write `jsonb?`");
            }
            Some(TrailPart::Changes) if !document => {
                let says = format!(
                    "`trail changes` holds a document, and `{own}` is {}",
                    said(column)
                );
                report(node, says, "write `jsonb`");
            }
            Some(TrailPart::Table) if !is_text(&column.ty) => {
                let says = format!(
                    "`trail table` holds a name, and `{own}` is {}",
                    said(column)
                );
                report(node, says, "write `text`");
            }
            Some(_) => {}
            None if !column.is_optional_on_insert() => {
                let says = format!("nothing gives `{own}` of `{name}` a value");
                report(
                    node,
                    says,
                    "say what of the change it holds by `trail …`, or give it a default",
                );
            }
            None if names_the_owner(column) => {
                let says = format!("`{own}` would name the trail's owner");
                let help =
                    "lines are written as the owner: ask for `session_user`, a setting or a claim";
                report(node, says, help);
            }
            None => {}
        }
    }
    for (node, constraint) in schema.constraints(&trail.id) {
        let ConstraintBody::ForeignKey(key) = &constraint.body else {
            continue;
        };
        let of_row = key
            .columns
            .iter()
            .any(|own| parts.iter().any(|(part, _)| part.id.part == *own));
        if of_row {
            let says = format!(
                "a line outlives its row, and `{name}` refers to `{}`",
                key.target.name
            );
            report(node, says, "leave the reference out");
        }
    }
    let own = trail.object.as_table();
    let forced = own.is_some_and(|table| table.row_security && table.force_row_security);
    let lets_in = |command: Command| matches!(command, Command::All | Command::Insert);
    if forced
        && !schema
            .policies(&trail.id)
            .any(|(_, policy)| lets_in(policy.command))
    {
        let says = format!("`rls forced` holds for the owner of `{name}`, who writes the lines");
        report(
            trail,
            says,
            "write `rls enabled`, or a policy by which the owner inserts",
        );
    }
}

fn said(column: &Column) -> String {
    format!(
        "{}{}",
        column.ty,
        if column.not_null { ", never null" } else { "" }
    )
}

/// Whether a default says who acts, and would say that it is the owner.
fn names_the_owner(column: &Column) -> bool {
    let default = column
        .default
        .as_ref()
        .map(|default| default.text.to_ascii_lowercase());
    let words = ["current_user", "current_role", "user", "(current_user)"];
    default
        .is_some_and(|default| words.contains(&&*default) || default.starts_with("current_user::"))
}
