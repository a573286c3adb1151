//! What becomes of privileges along with something else: a new owner takes over what the former one
//! held, and what is revoked on a table is revoked on its columns too.
//!
//! PostgreSQL does these by itself; here is only what that leaves to be put right.

use std::collections::BTreeMap;

use model::Schema;
use model::schema::{Id, Kind, Name, Node, Privilege, Privileges};

use super::between;
use super::target::{Target, target};
use crate::plan::changes::Context;
use crate::plan::step::Statement;

/// What is granted on an object once it belongs to its new owner.
pub(super) fn before(context: &Context<'_>, from: &Node, to: &Node) -> BTreeMap<Name, Privileges> {
    let mut held = from.privileges.clone();
    let (Some(old), Some(new)) = (owner(context.from, from), owner(context.to, to)) else {
        return held;
    };
    if old == new {
        return held;
    }
    let all = |target: Target| target.all.into_iter().map(|p| (p, false));
    let whole = (from.id.kind != Kind::Column)
        .then(|| target(context, to))
        .flatten();
    let whole: Option<Privileges> = whole.map(|target| all(target).collect());
    match (held.remove(&old), held.remove(&new)) {
        // The defaults of one owner become those of the other.
        (None, None) => {}
        (of_old, of_new) => {
            let mut taken = of_old.or_else(|| whole.clone()).unwrap_or_default();
            for (privilege, option) in of_new.unwrap_or_default() {
                *taken.entry(privilege).or_default() |= option;
            }
            if whole.as_ref() != Some(&taken) {
                held.insert(new, taken);
            }
        }
    }
    held
}

fn owner(schema: &Schema, node: &Node) -> Option<Name> {
    match node.id.kind {
        Kind::Column => {
            let relation = schema.relation(&node.id.schema, &node.id.name)?;
            relation.owner.clone()
        }
        _ => node.owner.clone(),
    }
}

/// What is granted on a column once its table's owner and grants have changed.
pub(super) fn on_column(
    context: &Context<'_>,
    from: &Node,
    to: &Node,
) -> BTreeMap<Name, Privileges> {
    let mut held = before(context, from, to);
    let place = &to.id;
    let (Some(old), Some(new)) = (
        context.from.relation(&from.id.schema, &from.id.name),
        context.to.relation(&place.schema, &place.name),
    ) else {
        return held;
    };
    let Some(target) = target(context, new) else {
        return held;
    };
    let of_table = before(context, old, new);
    for (grantee, privileges) in &mut held {
        let had = target.of(&of_table, grantee);
        let has = target.of(&new.privileges, grantee);
        let revoked = |p: &Privilege| had.contains_key(p) && !has.contains_key(p);
        let no_option = |p: &Privilege| had.get(p) == Some(&true) && has.get(p) == Some(&false);
        privileges.retain(|p, _| !revoked(p));
        for (p, option) in privileges.iter_mut() {
            *option &= !no_option(p);
        }
    }
    held
}

/// What columns whose own grants stay must get back because their table's change.
pub(super) fn columns_again(context: &Context<'_>, from: &Node, to: &Node) -> Vec<Statement> {
    if !matches!(to.id.kind, Kind::Table | Kind::View) {
        return Vec::new();
    }
    let mut statements = Vec::new();
    for column in context.to.parts(&to.id, Kind::Column) {
        let id = Id::column(
            from.id.schema.clone(),
            from.id.name.clone(),
            column.id.part.clone(),
        );
        let Some(old) = context.from.get(&id) else {
            continue;
        };
        if old.privileges.is_empty() || old.privileges != column.privileges {
            continue;
        }
        let held = on_column(context, old, column);
        if let Some(target) = target(context, column).filter(|_| held != column.privileges) {
            statements.extend(between(&target, &held, &column.privileges, true));
        }
    }
    statements
}
