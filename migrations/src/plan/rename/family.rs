//! Columns that go by another name because another's does: the children's with their parent's (checks
//! too), and a typed table's with its type's attribute.
//!
//! PostgreSQL renames these itself; no statement is made for them.

use model::Schema;
use model::schema::{ConstraintBody, Id, Kind, Name, Node, Table};
use rustc_hash::FxHashMap;

use super::Renamed;

/// The renames, each followed by those that it brings about in tables of `from`.
pub(super) fn with_children(from: &Schema, renames: &[Renamed]) -> Vec<Renamed> {
    let columns = |r: &&Renamed| r.part.is_none() && r.from.kind == Kind::Column;
    if !renames.iter().any(|r| columns(&r)) {
        return renames.to_vec();
    }
    let mut children: FxHashMap<&Id, Vec<&Id>> = FxHashMap::default();
    for (child, table) in from.tables() {
        for parent in table.parents() {
            children.entry(parent).or_default().push(&child.id);
        }
    }
    if children.is_empty() {
        return renames.to_vec();
    }
    let mut all = Vec::with_capacity(renames.len());
    for rename in renames {
        all.push(rename.clone());
        let mut open = vec![rename.clone()];
        while let Some(parent) = open.pop().filter(|r| columns(&r)) {
            let former = former_table(renames, &parent.to);
            for child in children.get(&former).into_iter().flatten() {
                let place = later_table(renames, child);
                let follows = Renamed {
                    from: place.within(Kind::Column, parent.from.part.clone()),
                    to: place.within(Kind::Column, parent.to.part.clone()),
                    part: None,
                };
                let said = |r: &Renamed| r.from == follows.from;
                if !renames.iter().any(said) && !all.iter().any(said) {
                    all.push(follows.clone());
                    open.push(follows);
                }
            }
        }
    }
    all
}

/// Whether the name of a column or a check changes with that of a parent's.
pub(super) fn follows_parent(renamed: &Schema, renames: &[Renamed], rename: &Renamed) -> bool {
    let table = Id::table(rename.to.schema.clone(), rename.to.name.clone());
    let table = renamed.get(&table).and_then(|node| node.object.as_table());
    let Some(table) = table.filter(|_| is_handed_down(renamed, &rename.to)) else {
        return false;
    };
    renames.iter().any(|r| {
        r.to.kind == rename.to.kind
            && r.part.is_none()
            && r.from.part == rename.from.part
            && r.to.part == rename.to.part
            && is_handed_down(renamed, &r.to)
            && table
                .parents()
                .any(|parent| parent.name == r.to.name && parent.schema == r.to.schema)
    })
}

/// Whether children have it from their parents: columns, and checks without `NO INHERIT`.
fn is_handed_down(schema: &Schema, id: &Id) -> bool {
    let constraint = schema.get(id).and_then(|node| node.object.as_constraint());
    match constraint.map(|constraint| &constraint.body) {
        Some(ConstraintBody::Check(check)) => !check.no_inherit,
        _ => id.kind == Kind::Column,
    }
}

/// The table of a part as `from` has it; ids of parts have their table's later name.
pub(super) fn former_table(renames: &[Renamed], part: &Id) -> Id {
    let table = Id::table(part.schema.clone(), part.name.clone());
    let renamed = renames.iter().find(|r| r.part.is_none() && r.to == table);
    renamed.map_or(table, |r| r.from.clone())
}

/// The object as it is called with its table's later name.
pub(super) fn later(renames: &[Renamed], id: &Id) -> Id {
    if !id.kind.is_part_of_relation() {
        return id.clone();
    }
    let table = Id::table(id.schema.clone(), id.name.clone());
    later_table(renames, &table).within(id.kind, id.part.clone())
}

/// The same with its table's former name.
pub(super) fn former(renames: &[Renamed], id: &Id) -> Id {
    if !id.kind.is_part_of_relation() {
        return id.clone();
    }
    former_table(renames, id).within(id.kind, id.part.clone())
}

fn later_table(renames: &[Renamed], table: &Id) -> Id {
    let renamed = renames
        .iter()
        .find(|r| r.part.is_none() && r.from == *table);
    renamed.map_or_else(|| table.clone(), |r| r.to.clone())
}

/// The columns that go by another name because an attribute of their table's type does.
pub(super) fn of_typed_tables<'a>(
    from: &'a Schema,
    to: &'a Schema,
    ty: &'a Id,
    was: &'a Name,
    is: &'a Name,
) -> impl Iterator<Item = Renamed> + 'a {
    let tables = to.tables().filter(move |(_, table)| is_of(table, ty));
    tables.filter_map(move |(node, _)| {
        let before = node.id.within(Kind::Column, was.clone());
        let after = node.id.within(Kind::Column, is.clone());
        (from.contains(&before) && !from.contains(&after)).then_some(Renamed {
            from: before,
            to: after,
            part: None,
        })
    })
}

/// Whether the column's table takes its columns from a type.
pub(super) fn is_typed(schema: &Schema, column: &Id) -> bool {
    let table = Id::table(column.schema.clone(), column.name.clone());
    let table: Option<&Node> = schema.get(&table);
    let table = table.and_then(|node| node.object.as_table());
    table.is_some_and(|table| table.of_type.is_some())
}

pub(super) fn is_of(table: &Table, ty: &Id) -> bool {
    let of = table.of_type.as_ref();
    of.is_some_and(|of| of.schema.as_ref() == Some(&ty.schema) && of.name == ty.name)
}
