//! What the author of the second world says about the way there: `was`.

use model::schema::{Id, Kind, Name};
use model::{Node, Schema};

use super::code::item_table;
use super::world::*;

/// The second schema with its renames said.
pub(crate) fn said(want: &Schema, one: &World, other: &World) -> Schema {
    let mut builder = want.clone().into_builder();
    for (uid, item) in &other.items {
        let (Some(old), Some(id)) = (one.get(*uid), id_of(other, *uid)) else {
            continue;
        };
        let Some(node) = builder.get_mut(&id) else {
            continue;
        };
        say(node, one, other, old, item);
    }
    builder.finish()
}

fn say(node: &mut Node, one: &World, other: &World, old: &Item, new: &Item) {
    match (&old.what, &new.what) {
        (What::Enum(was), What::Enum(is)) => {
            for (number, label) in is {
                let former = was.iter().find(|(n, l)| n == number && l != label);
                let parts = &mut node.hints.parts_were;
                parts.extend(former.map(|(_, l)| (Name::from(l), Name::from(label))));
            }
        }
        (What::Composite(was), What::Composite(is)) => {
            for (number, name, _) in is {
                let former = was.iter().find(|(n, l, _)| n == number && l != name);
                let parts = &mut node.hints.parts_were;
                parts.extend(former.map(|(_, l, _)| (Name::from(l), Name::from(name))));
            }
        }
        _ => {}
    }
    if item_table(old) != item_table(new) {
        return;
    }
    let schema_name = |world: &World, item: &Item| world.get(item.schema).map(|s| s.name.clone());
    let moved = item_table(new).is_none() && old.schema != new.schema;
    if moved {
        let schema = schema_name(one, old).unwrap_or_default();
        node.hints.was = Some(Name::from(format!("{schema}.{}", old.name)));
    } else if old.name != new.name {
        node.hints.was = Some(Name::from(&old.name));
    }
    let _ = other;
}

/// The id of an item whose rename can be said.
fn id_of(world: &World, uid: Uid) -> Option<Id> {
    let item = world.get(uid)?;
    let place = |item: &Item| -> Option<(String, String)> {
        let schema = world.get(item.schema)?.name.clone();
        Some((schema, item.name.clone()))
    };
    let whole = |kind: Kind| {
        let (schema, name) = place(item)?;
        Some(Id::in_schema(kind, schema, name))
    };
    let part = |kind: Kind| {
        let (schema, name) = place(world.get(item_table(item)?)?)?;
        Some(Id::new(kind, schema, name, item.name.as_str()))
    };
    match &item.what {
        What::Enum(_) => whole(Kind::Enum),
        What::Domain(_) => whole(Kind::Domain),
        What::Composite(_) => whole(Kind::Composite),
        What::Table(_) => whole(Kind::Table),
        What::Sequence(_) => whole(Kind::Sequence),
        What::View(_) => whole(Kind::View),
        What::Column(_) => part(Kind::Column),
        What::Constraint(_) => part(Kind::Constraint),
        What::Index(_) => part(Kind::Index),
        What::Policy(_) => part(Kind::Policy),
        _ => None,
    }
}
