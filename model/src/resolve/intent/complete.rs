//! Nothing is left unsaid: every table, every persona, and rows that are deleted in appearance only.

use super::Lowering;
use crate::diagnostic::{Diagnostic, code};
use crate::resolve::world::{at, bare};
use crate::schema::{Id, Intent, Kind, Meant, Name, Node};
use crate::source::Span;

/// Columns that say a row is deleted while it stays.
const SOFT_DELETED: [&str; 6] = [
    "deleted_at",
    "deletedAt",
    "deleted_on",
    "is_deleted",
    "isDeleted",
    "deleted",
];

/// `tied` says that every tie could be read: otherwise nothing is concluded from one that is missing.
pub(super) fn check(
    lowering: &Lowering<'_, '_>,
    intent: &Intent,
    tied: bool,
    faults: &mut Vec<Diagnostic>,
) {
    if intent.is_empty() {
        return;
    }
    for node in lowering.schema.of_kind(Kind::Table) {
        let partition = node
            .object
            .as_table()
            .is_some_and(|t| t.partition_of.is_some());
        if node.external || partition || intent.relations.contains_key(&node.id) {
            continue;
        }
        missing(lowering, node, intent, faults);
    }
    for (id, meant) in &intent.relations {
        unstated(lowering, id, meant, intent, faults);
        if tied {
            alike(id, meant, intent, faults);
        }
        if id.kind == Kind::Table {
            deleted(lowering, id, meant, faults);
        }
    }
}

/// A table of which nothing is said.
fn missing(
    lowering: &Lowering<'_, '_>,
    node: &Node,
    intent: &Intent,
    faults: &mut Vec<Diagnostic>,
) {
    let Some(origin) = node.origin else { return };
    let name = bare(&node.id.name);
    let name = match node.id.schema == lowering.world.default_schema {
        true => name,
        false => format!("{}.{name}", bare(&node.id.schema)),
    };
    let fault = Diagnostic::error(
        code::INTENT_MISSING,
        format!("nothing says who may do what with `{}`", node.id.name),
        origin,
    )
    .label("no `intent` of this table")
    .help(format!(
        "add `intent {name} {{ … }}` with a line for each persona"
    ));
    let table = lowering.world.tables.get(&node.id);
    faults.push(match table {
        Some(work) => {
            let end = work.table.span.end;
            let lines: String = intent
                .personas
                .iter()
                .map(|p| format!("\n  {}  nothing", bare(&p.name)))
                .collect();
            let place = at(work.file, Span::new(end, end));
            fault.suggest(place, format!("\n\nintent {name} {{{lines}\n}}"))
        }
        None => fault,
    });
}

/// A persona of which nothing is said.
fn unstated(
    lowering: &Lowering<'_, '_>,
    id: &Id,
    meant: &Meant,
    intent: &Intent,
    faults: &mut Vec<Diagnostic>,
) {
    let missing: Vec<&Name> = intent
        .personas
        .iter()
        .map(|p| &p.name)
        .filter(|name| !meant.cells.contains_key(*name))
        .collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<String> = missing.iter().map(|n| format!("`{n}`")).collect();
    let fault = Diagnostic::error(
        code::PERSONA_UNSTATED,
        format!(
            "nothing says what {} may do with `{}`",
            names.join(" or "),
            id.name
        ),
        meant.origin,
    )
    .label("an intent has a line for each persona")
    .help("say `nothing` where nothing is meant");
    let Some(block) = lowering.blocks.get(id) else {
        faults.push(fault);
        return;
    };
    let end = block.tree.span.end.saturating_sub(1);
    let lines: String = missing
        .iter()
        .map(|n| format!("  {}  nothing\n", bare(n)))
        .collect();
    faults.push(fault.suggest(at(block.file, Span::new(end, end)), lines));
}

/// Two personas that are one person, and that no tie of the table tells apart.
fn alike(id: &Id, meant: &Meant, intent: &Intent, faults: &mut Vec<Diagnostic>) {
    for (index, one) in intent.personas.iter().enumerate() {
        let Some(own) = meant.cells.get(&one.name) else {
            continue;
        };
        let twin = intent.personas[..index].iter().find(|other| {
            other.is_same_person(one)
                && meant.ties_of(other) == meant.ties_of(one)
                && meant
                    .cells
                    .get(&other.name)
                    .is_some_and(|c| c.allowed != own.allowed)
        });
        let Some(twin) = twin else { continue };
        let mut fault = Diagnostic::error(
            code::PERSONAS_ALIKE,
            format!(
                "nothing in a row of `{}` tells `{}` from `{}`, and they are meant to differ",
                id.name, one.name, twin.name
            ),
            own.origin,
        )
        .label("may do something else")
        .help("add the `tie` that tells them apart, or let both do the same");
        if let Some(cell) = meant.cells.get(&twin.name) {
            fault = fault.secondary(cell.origin, "than this one");
        }
        faults.push(fault);
    }
}

/// A table whose rows stay when they are deleted, with nothing said of those.
fn deleted(lowering: &Lowering<'_, '_>, id: &Id, meant: &Meant, faults: &mut Vec<Diagnostic>) {
    let columns = lowering.schema.columns(id);
    let soft = columns
        .iter()
        .find(|(node, _)| SOFT_DELETED.contains(&node.id.part.as_str()));
    let Some((node, _)) = soft else { return };
    let column = &node.id.part;
    if meant.states.iter().any(|s| s.column == *column) {
        return;
    }
    let state = match column.as_str() {
        "deleted_at" | "deletedAt" | "deleted_on" => format!("{column} is set"),
        other => format!("{other} = true"),
    };
    let mut fault = Diagnostic::error(
        code::DELETED_UNSTATED,
        format!(
            "nothing says who may do what with deleted rows of `{}`",
            id.name
        ),
        meant.origin,
    )
    .label(format!("`{column}` marks rows as deleted"))
    .help(format!(
        "add `when {state} {{ … }}` with what differs for them, or with nothing"
    ));
    if let Some(origin) = node.origin {
        fault = fault.secondary(origin, "the column");
    }
    if let Some(block) = lowering.blocks.get(id) {
        let end = block.tree.span.end.saturating_sub(1);
        let place = at(block.file, Span::new(end, end));
        fault = fault.suggest(place, format!("  when {state} {{}}\n"));
    }
    faults.push(fault);
}
