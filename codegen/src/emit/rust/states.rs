//! `transitions` as attributes of the enum and of the row. It never decides what is allowed: the
//! model does, and the database enforces it.

use std::collections::BTreeMap;

use model::schema::{Node, Transitions};
use model::{Id, Kind, Schema};

use super::format;
use super::item::Item;

/// The transitions of a table that its row type shows: those of the first column that has some and
/// is never null.
pub(super) fn of_table<'a>(schema: &'a Schema, table: &Id) -> Option<(&'a Node, &'a Transitions)> {
    schema
        .parts(table, Kind::Transitions)
        .filter_map(|node| Some((node, node.object.as_transitions()?)))
        .find(|(node, _)| {
            let column = schema.column(table, &node.id.part);
            column.is_some_and(|column| column.not_null && !column.ty.array)
        })
}

/// The transitions that each enum type's states follow: those of the one table that has some for
/// it.
pub(super) fn of_enums(schema: &Schema) -> BTreeMap<Id, (Id, &Transitions)> {
    let mut found: BTreeMap<Id, Vec<(Id, &Transitions)>> = BTreeMap::new();
    for (table, _) in schema.tables() {
        let Some((node, transitions)) = of_table(schema, &table.id) else {
            continue;
        };
        let ty = schema.column(&table.id, &node.id.part).map(|c| &c.ty);
        if let Some((ty, schema)) = ty.and_then(|ty| Some((ty, ty.schema.clone()?))) {
            let id = Id::in_schema(Kind::Enum, schema, ty.name.clone());
            let of_enum = found.entry(id).or_default();
            of_enum.push((table.id.clone(), transitions));
        }
    }
    let only = |(id, mut tables): (Id, Vec<_>)| match tables.len() {
        1 => tables.pop().map(|table| (id, table)),
        _ => None,
    };
    found.into_iter().filter_map(only).collect()
}

/// Says on an enum which value may become which.
pub(super) fn mark(item: &mut Item, module: &str, transitions: &Transitions) {
    let module_name = format!("states = {}", format::literal(module));
    item.attributes.extend(format::attribute(&[module_name], 0));
    item.beside = Some(module.to_owned());
    for (member, (label, _)) in item.members.iter_mut().zip(&item.labels) {
        let next = item.labels.iter().filter(|(to, _)| {
            let listed = transitions
                .edges
                .iter()
                .any(|(a, b)| **a == **label && **b == **to);
            to != label && listed
        });
        let next: Vec<&str> = next.map(|(_, variant)| variant.as_str()).collect();
        if next.is_empty() {
            continue;
        }
        let to = format!("to({})", next.join(", "));
        member.attributes.extend(format::attribute(&[to], 4));
    }
}
