//! Seeds: rows that belong to the model.

use rustc_hash::FxHashMap;

use super::world::{World, at};
use super::{Lowered, Output, constraint};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::Context;
use crate::quote;
use crate::schema::{Expr, Id, Kind, Name, Node, Object, Seed, SeedKind};
use crate::source::FileId;
use crate::syntax::tree::{self, Item, SeedValue};

/// Lowers every seed.
pub(super) fn lower<'t>(files: &'t [tree::File], world: &World<'t>, out: &mut Output<'t>) {
    let mut count: FxHashMap<Id, usize> = FxHashMap::default();
    for file in files {
        for item in &file.items {
            let Item::Seed(seed) = item else { continue };
            let mut lowered = Lowered::default();
            one(file.file, seed, world, &mut count, out, &mut lowered);
            out.take(lowered);
        }
    }
}

fn one<'t>(
    file: FileId,
    x: &'t tree::Seed,
    world: &World<'t>,
    count: &mut FxHashMap<Id, usize>,
    out: &mut Output<'t>,
    lowered: &mut Lowered<'t>,
) {
    let Some(table) = world.table(file, &x.table, &mut lowered.faults) else {
        return;
    };
    let columns = match x.columns.is_empty() {
        true => world
            .tables
            .get(&table)
            .map(|t| t.columns.iter().map(|c| c.name.clone()).collect()),
        false => world.columns_named(&table, file, &x.columns, &mut lowered.faults),
    };
    let key = match x.key.is_empty() {
        true => Some(constraint::primary_key_of(world, &table)),
        false => world.columns_named(&table, file, &x.key, &mut lowered.faults),
    };
    let (Some(columns), Some(key)): (Option<Vec<Name>>, _) = (columns, key) else {
        return;
    };
    let place = at(file, x.table.span());
    if let Some(missing) = key.iter().find(|k| !columns.contains(k)) {
        lowered.faults.push(
            Diagnostic::error(
                code::SEED_KEY,
                format!("the rows of the seed have no `{missing}`, which tells them apart"),
                place,
            )
            .help(format!(
                "give `{missing}`, or say `key (…)` with columns that the rows have"
            )),
        );
    } else if key.is_empty() {
        lowered.faults.push(
            Diagnostic::error(
                code::SEED_KEY,
                format!(
                    "`{}` has no primary key, so the rows of the seed can't be told apart",
                    table.name
                ),
                place,
            )
            .help("add `key (…)` behind the columns"),
        );
    }
    required_columns(&table, &columns, place, out, lowered);
    let mut node = Node::new(table.clone(), Object::Opaque);
    let mut rows = Vec::new();
    for row in &x.rows {
        // Too many or too few: the parser has said so.
        if row.values.len() != columns.len() {
            continue;
        }
        let mut values = Vec::new();
        for (value, column) in row.values.iter().zip(&columns) {
            values.push(match value {
                SeedValue::Json(text) => Expr::new(quote::literal(&json_text(&text.text))),
                SeedValue::Expr(expr) => {
                    label_exists(file, expr, &table, column, world, lowered);
                    let resolved = world.expr(file, expr, Context::default(), &mut lowered.faults);
                    node.needs.extend(resolved.needs);
                    resolved.expr
                }
            });
        }
        rows.push(values);
    }
    let number = count.entry(table.clone()).or_default();
    *number += 1;
    node.id = table.within(Kind::Seed, format!("{number:04}"));
    node.ordinal = *number as u32;
    node.needs.push(table.clone());
    node.needs.extend(
        columns
            .iter()
            .map(|c| table.within(Kind::Column, c.clone())),
    );
    let kind = if x.sample {
        SeedKind::Sample
    } else {
        SeedKind::Reference
    };
    node.object = Object::Seed(Seed {
        kind,
        columns,
        key,
        rows,
    });
    node.comment = x.docs.as_deref().map(Into::into);
    node.origin = Some(at(file, x.span));
    lowered.add(node);
}

/// The JSON on one line; blanks inside its strings stay.
fn json_text(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn required_columns(
    table: &Id,
    columns: &[Name],
    place: crate::schema::Origin,
    out: &mut Output<'_>,
    lowered: &mut Lowered<'_>,
) {
    let own = out.builder.so_far().parts(table, Kind::Column);
    let missing: Vec<&str> = own
        .filter(|node| {
            let column = node.object.as_column();
            column.is_some_and(|c| !c.is_optional_on_insert()) && !columns.contains(&node.id.part)
        })
        .map(|node| node.id.part.as_str())
        .collect();
    if !missing.is_empty() {
        let list = missing.join("`, `");
        lowered.faults.push(
            Diagnostic::error(
                code::SEED_MISSING,
                format!("the seed leaves out `{list}`, which must have a value"),
                place,
            )
            .help("give the column in the seed, or a default in the table"),
        );
    }
}

fn label_exists(
    file: FileId,
    value: &tree::ExprText,
    table: &Id,
    column: &Name,
    world: &World<'_>,
    lowered: &mut Lowered<'_>,
) {
    let text = value.text.trim();
    let Some(written) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) else {
        return;
    };
    let column = world.tables.get(table).and_then(|t| t.column(column));
    let labels = column
        .and_then(|c| c.needs.as_ref().filter(|_| !c.ty.array))
        .and_then(|id| world.enums.get(id));
    let Some(labels) = labels else { return };
    if labels.iter().all(|l| **l != *written) {
        let place = at(file, value.span);
        let near = crate::expr::nearest(written, labels.iter().map(|l| l.as_str()));
        let all: Vec<&str> = labels.iter().map(|l| l.as_str()).collect();
        let mut fault = Diagnostic::error(
            code::UNKNOWN_LABEL,
            format!("`{written}` is no label of the column's enum"),
            place,
        )
        .help(format!("it has: {}", all.join(", ")));
        if let Some(near) = near {
            fault = fault
                .help(format!("did you mean '{near}'?"))
                .suggest(place, quote::literal(near));
        }
        lowered.faults.push(fault);
    }
}
