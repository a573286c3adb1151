//! Columns that go by another name because another's does: the children's with their parent's (checks
//! too), and a typed table's with its type's attribute.
//!
//! PostgreSQL renames these itself; no statement is made for them.

use std::collections::BTreeSet;

use model::Schema;
use model::schema::{ConstraintBody, Id, Kind, Name, Node, Object, Table};
use rustc_hash::FxHashMap;

use super::Renamed;
use crate::plan::Unplannable;
use crate::plan::address::{label, named};
use crate::plan::step::{Action, Lock, Statement, Step};
use model::quote::object;

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

/// The tables that go and stand in the way of a rename meanwhile, each with the parent whose column or
/// check gets a name that it has from another parent.
pub(super) fn released(from: &Schema, to: &Schema, renames: &[Renamed]) -> Vec<(Id, Id)> {
    let parts = renames
        .iter()
        .filter(|r| r.part.is_none() && is_handed_down(to, &r.to));
    let parts: Vec<(Id, &Name)> = parts
        .map(|r| (former(renames, &r.from), &r.to.part))
        .collect();
    if parts.is_empty() {
        return Vec::new();
    }
    let mut released = Vec::new();
    for (child, table) in from.tables() {
        if table.inherits.len() < 2 || to.contains(&later_table(renames, &child.id)) {
            continue;
        }
        for parent in &table.inherits {
            let taken = parts.iter().any(|(part, name)| {
                let held = child.id.within(part.kind, (*name).clone());
                part.schema == parent.schema && part.name == parent.name && from.contains(&held)
            });
            if taken {
                released.push((child.id.clone(), parent.clone()));
            }
        }
    }
    released
}

/// The schema in which those tables inherit no more, and the steps.
pub(super) fn free(from: &Schema, released: &[(Id, Id)]) -> (Option<Schema>, Vec<Step>) {
    if released.is_empty() {
        return (None, Vec::new());
    }
    let mut builder = from.clone().into_builder();
    let mut steps = Vec::new();
    for (child, parent) in released {
        let Some(node) = from.get(child) else {
            continue;
        };
        if let Some(Object::Table(table)) = builder.get_mut(child).map(|node| &mut node.object) {
            table.inherits.retain(|id| id != parent);
        }
        let sql = format!(
            "ALTER TABLE {} NO INHERIT {}",
            object(child),
            object(parent)
        );
        let statement = Statement::new(Lock::AccessExclusive, sql)
            .comment("it goes, and has a column of the new name from another parent");
        steps.push(Step {
            id: child.clone(),
            action: Action::Alter,
            title: format!("take {} out of {}", named(node), label(parent)),
            changes: Vec::new(),
            statements: vec![statement],
            lossy: None,
        });
    }
    (Some(builder.finish()), steps)
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

/// The names that PostgreSQL gives to no column and no check: a table has it from two sides, and
/// only one of them is called otherwise.
pub(super) fn refused(from: &Schema, renames: &[Renamed]) -> Vec<Unplannable> {
    let mut faults = Vec::new();
    for rename in renames {
        let former = former(renames, &rename.from);
        if rename.part.is_some() || !is_handed_down(from, &former) {
            continue;
        }
        let table = Id::table(former.schema.clone(), former.name.clone());
        let Some(node) = from.get(&table).and_then(|node| node.object.as_table()) else {
            continue;
        };
        // Every side that hands it down must be renamed with the others, and from one table.
        let sides = |table: &Table| -> Vec<Id> {
            let parts = table
                .parents()
                .map(|parent| parent.within(former.kind, former.part.clone()));
            parts.filter(|id| is_handed_down(from, id)).collect()
        };
        let above = sides(node);
        let alike = |id: &Id| {
            let follows = |r: &&Renamed| {
                r.part.is_none()
                    && r.to.part == rename.to.part
                    && self::former(renames, &r.from) == *id
            };
            renames.iter().any(|r| follows(&r))
        };
        let stays = above.iter().find(|id| !alike(id));
        let roots: BTreeSet<Id> = above.iter().map(|id| root(from, id)).collect();
        // The new name may be another parent's.
        let held = former.within(former.kind, rename.to.part.clone());
        let leaves = |r: &Renamed| r.part.is_none() && self::former(renames, &r.from) == held;
        let giver = node
            .parents()
            .map(|parent| parent.within(held.kind, held.part.clone()))
            .find(|id| is_handed_down(from, id))
            .filter(|_| from.contains(&held) && !renames.iter().any(leaves));
        let other = match (&giver, stays, roots.len()) {
            (Some(giver), ..) => giver,
            (None, Some(stays), _) => stays,
            (None, None, 0 | 1) => continue,
            (None, None, _) => &above[1],
        };
        let parent = Id::table(other.schema.clone(), other.name.clone());
        let (word, name, has) = (former.kind.word(), &former.part, &other.part);
        faults.push(Unplannable {
            id: rename.to.clone(),
            reason: format!(
                "was {name}, and table {} has {word} {has} from table {} too: PostgreSQL gives what \
                 is inherited from two sides no other name; end that inheritance in one migration, \
                 rename in the next, and inherit again in a third",
                label(&table),
                label(&parent),
            ),
        });
    }
    faults
}

/// The table furthest up that hands it down, by way of the first parents.
fn root(from: &Schema, id: &Id) -> Id {
    let mut id = id.clone();
    // Inheritance has no circles.
    loop {
        let table = Id::table(id.schema.clone(), id.name.clone());
        let table = from.get(&table).and_then(|node| node.object.as_table());
        let above = table.and_then(|table| {
            let mut parts = table
                .parents()
                .map(|parent| parent.within(id.kind, id.part.clone()));
            parts.find(|part| is_handed_down(from, part))
        });
        match above {
            Some(above) => id = above,
            None => return id,
        }
    }
}

/// Whether children have it from their parents: columns, and checks without `NO INHERIT`.
fn is_handed_down(schema: &Schema, id: &Id) -> bool {
    match schema.get(id).map(|node| &node.object) {
        Some(Object::Constraint(constraint)) => match &constraint.body {
            ConstraintBody::Check(check) => !check.no_inherit,
            _ => false,
        },
        Some(Object::Column(_)) => true,
        _ => false,
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
