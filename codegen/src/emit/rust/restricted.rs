//! What a role reads of a table of which it may read some columns only: a part of the row.

use std::collections::{BTreeMap, BTreeSet};

use model::schema::{Name, Node, PUBLIC, Privilege};
use model::{Id, Kind, Schema};

/// The roles that may read some columns of the table and not all of it, by the columns they may
/// read, in the order of names.
pub(super) fn of_table(schema: &Schema, table: &Node) -> BTreeMap<BTreeSet<Name>, Vec<Name>> {
    let columns = schema.columns(&table.id);
    let mut roles = BTreeSet::new();
    for (column, _) in &columns {
        let reads = column.privileges.iter().filter(|(_, held)| reads(held));
        roles.extend(reads.map(|(role, _)| role.clone()));
    }
    let mut found: BTreeMap<BTreeSet<Name>, Vec<Name>> = BTreeMap::new();
    for role in roles {
        let acts_as = acts_as(schema, &role);
        let may = |node: &Node| {
            let held = node.privileges.iter();
            held.into_iter()
                .any(|(by, held)| acts_as.contains(by) && reads(held))
        };
        if may(table) || table.owner.as_ref().is_some_and(|o| acts_as.contains(o)) {
            continue;
        }
        let readable = columns.iter().filter(|(column, _)| may(column));
        let readable: BTreeSet<Name> = readable.map(|(c, _)| c.id.part.clone()).collect();
        // Who may read each of them may read the row.
        if readable.len() < columns.len() {
            found.entry(readable).or_default().push(role);
        }
    }
    found
}

fn reads(held: &model::schema::Privileges) -> bool {
    held.contains_key(&Privilege::Select)
}

/// A role, those whose privileges it has as their member, and everybody.
fn acts_as(schema: &Schema, role: &Name) -> BTreeSet<Name> {
    let mut all = BTreeSet::from([role.clone(), Name::from(PUBLIC)]);
    let mut next = vec![role.clone()];
    while let Some(role) = next.pop() {
        let node = schema.get(&Id::global(Kind::Role, role));
        let role = node.and_then(|node| node.object.as_role());
        for of in role.into_iter().flat_map(|role| role.member_of.keys()) {
            if all.insert(of.clone()) {
                next.push(of.clone());
            }
        }
    }
    all
}
