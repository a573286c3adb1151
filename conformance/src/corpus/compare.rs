//! Two schemas side by side, object by object.
//!
//! Never says what to do about a difference: that is the plan's.

use migrations::catalog::Unmodelled;
use model::schema::Object;
use model::{Id, Node, Schema};

/// The objects that one schema has and the other hasn't, or that differ, each with what differs.
/// The order of columns never counts.
pub fn differences(one: &Schema, other: &Schema) -> Vec<(Id, String)> {
    let mut found = Vec::new();
    for node in one.nodes() {
        match other.get(&node.id) {
            None => found.push((node.id.clone(), "is only in the first".to_owned())),
            Some(there) if !(node.conforms_to(there) && there.conforms_to(node)) => {
                found.push((node.id.clone(), what(node, there)));
            }
            Some(_) => {}
        }
    }
    for node in other.nodes() {
        if !one.contains(&node.id) {
            found.push((node.id.clone(), "is only in the second".to_owned()));
        }
    }
    found
}

/// Whether all that differs is that a table's own column, or check, shall be only its parent's:
/// PostgreSQL keeps it as the table's own when the table comes to inherit it, and has no statement that
/// says otherwise. Or that an inherited check, which no row of its parent need fit yet, holds for the
/// rows of a table that is made with it: it has none.
pub fn is_only_local(now: &Schema, want: &Schema, id: &Id) -> bool {
    let (Some(now), Some(want)) = (now.get(id), want.get(id)) else {
        return false;
    };
    let mut like = now.clone();
    match (&mut like.object, &want.object) {
        (Object::Column(now), Object::Column(want)) => {
            if now.inherited || !want.inherited {
                return false;
            }
            now.inherited = true;
        }
        (Object::Constraint(now), Object::Constraint(want)) => {
            let holds = now.inherited && now.validated && !want.validated;
            if !want.inherited || now.inherited && !holds {
                return false;
            }
            now.inherited = true;
            now.validated &= !holds;
        }
        _ => return false,
    }
    like.conforms_to(want) && want.conforms_to(&like)
}

fn what(one: &Node, other: &Node) -> String {
    if one.object != other.object {
        format!("{:?} against {:?}", one.object, other.object)
    } else if one.comment != other.comment {
        format!("comment {:?} against {:?}", one.comment, other.comment)
    } else if one.privileges != other.privileges {
        format!("grants {:?} against {:?}", one.privileges, other.privileges)
    } else {
        format!("owner {:?} against {:?}", one.owner, other.owner)
    }
}

/// A line for each thing that a `Schema` could not hold.
pub(super) fn unmodelled(list: &[Unmodelled]) -> Vec<String> {
    list.iter()
        .map(|item| format!("not modelled: {} {}: {}", item.kind, item.name, item.why))
        .collect()
}
