//! What a step is called.

use model::schema::{Kind, Node};

use super::Slot;
use crate::plan::address;
use crate::plan::step::Action;

/// The step in words; `lifts` says whether it brings a column's documents to another shape.
pub(super) fn title(
    node: &Node,
    slot: Slot,
    action: &Action,
    lifts: impl FnOnce() -> bool,
) -> String {
    let named = address::named(node);
    match (slot, action, node.id.kind) {
        (Slot::Loosen, _, Kind::Constraint) => format!("build the new index of {named}"),
        (Slot::Loosen, _, Kind::Table) => format!("take {named} out of {}", given_by(node)),
        (Slot::Loosen, ..) => format!("free {named} of what needs it"),
        (Slot::Grant, ..) => format!("grants on {named}"),
        (Slot::Secure, ..) => format!("row-level security of {named}"),
        (Slot::Finish, Action::Alter, Kind::Column) if lifts() => {
            format!("bring the documents of {named} to their new shape")
        }
        (Slot::Finish, Action::Create | Action::Replace, Kind::Constraint) => {
            format!("validate {named}")
        }
        (_, Action::Create, Kind::Column | Kind::Constraint) => format!("add {named}"),
        (_, Action::Create, _) => format!("create {named}"),
        (_, Action::Drop, _) => format!("drop {named}"),
        (Slot::Release, Action::Replace, _) => format!("drop {named} to make it anew"),
        (_, Action::Replace, _) => format!("make {named} anew"),
        (_, Action::Alter, _) => format!("alter {named}"),
        (_, Action::Rename { .. }, _) => format!("rename {named}"),
    }
}

/// What a table has its columns from.
fn given_by(table: &Node) -> &'static str {
    match table.object.as_table() {
        Some(table) if table.partition_of.is_some() => "its parent for a while",
        _ => "its type",
    }
}
