//! The second world of a pair: the first one after some changes.

use std::collections::BTreeSet;

use super::draw::{Draw, Sort, sort_of};
use super::world::*;

/// The second world: the first after changes, sometimes another altogether, or none.
pub(crate) fn second(draw: &mut Draw, first: &World) -> World {
    match draw.rng.u8(0..100) {
        0..4 => draw.world(first.next),
        4..6 => World::new(first.next),
        _ => {
            let mut world = first.clone();
            let most = if draw.chance(30) { 30 } else { 8 };
            for _ in 0..draw.rng.usize(1..=most) {
                change(draw, &mut world);
            }
            world
        }
    }
}

/// Takes either from the old or the new, field by field.
macro_rules! blend {
    ($draw:expr, $old:expr, $new:expr; $($field:ident),*) => {
        $(if $draw.chance(40) { $old.$field = $new.$field; })*
    };
}

fn change(draw: &mut Draw, world: &mut World) {
    let all: Vec<Uid> = world
        .items
        .keys()
        .copied()
        .filter(|uid| *uid != PUBLIC)
        .collect();
    let Some(uid) = draw.pick(&all) else {
        draw.add(world, Sort::Table);
        return;
    };
    match draw.rng.u8(0..100) {
        0..25 => {
            let sort = draw.any_sort();
            draw.add(world, sort);
        }
        25..40 => world.remove(BTreeSet::from([uid])),
        40..55 => rename(draw, world, uid),
        55..62 => {
            let text = draw.small();
            if let Some(item) = world.items.get_mut(&uid) {
                item.comment = match item.comment {
                    Some(_) if text.is_multiple_of(2) => None,
                    _ => Some(format!("now {text}")),
                };
            }
        }
        62..66 => {
            let what = world.items[&uid].what.clone();
            let item = draw.item(world, String::new(), PUBLIC, what);
            if let Some(old) = world.items.get_mut(&uid) {
                old.owner = item.owner;
            }
        }
        _ => tweak(draw, world, uid),
    }
}

fn rename(draw: &mut Draw, world: &mut World, uid: Uid) {
    let sort = sort_of(&world.items[&uid].what);
    let name = draw.name(sort);
    let schemas = world.all(|item| matches!(item.what, What::Schema));
    let other = draw.pick(&schemas).unwrap_or(PUBLIC);
    let part = draw.small() as usize;
    let label = draw.label();
    let Some(item) = world.items.get_mut(&uid) else {
        return;
    };
    match &mut item.what {
        What::Enum(labels) if part.is_multiple_of(2) => {
            let n = part % labels.len().max(1);
            if let Some((_, old)) = labels.get_mut(n) {
                *old = label;
            }
        }
        What::Composite(attributes) if part.is_multiple_of(2) => {
            let n = part % attributes.len().max(1);
            if let Some((_, old, _)) = attributes.get_mut(n) {
                *old = format!("{name} part");
            }
        }
        What::Schema | What::Extension | What::Grant(_) => {}
        What::DefaultPrivileges(_) | What::Mapping(..) => {}
        What::Table(_) | What::Enum(_) | What::View(_) if part.is_multiple_of(5) => {
            item.schema = other
        }
        _ => item.name = name,
    }
}

/// Another of the same sort in its place, taken over attribute by attribute.
fn tweak(draw: &mut Draw, world: &mut World, uid: Uid) {
    let sort = sort_of(&world.items[&uid].what);
    let mut what = world.items[&uid].what.clone();
    match &mut what {
        What::Table(old) => {
            let Some(What::Table(new)) = draw.what(world, sort) else {
                return;
            };
            blend!(draw, old, new; unlogged, fillfactor, replica, rls, force);
            // A table that becomes a partition or an heir, or stops being one.
            let simple = |form: &Form| matches!(form, Form::Plain | Form::Inherits(_));
            let change = simple(&old.form) && simple(&new.form) && draw.chance(30);
            if change && !world.is_below(&new.form, uid) {
                old.form = new.form.clone();
            }
            if let (Form::Partition(parent, _), Form::Partition(_, which)) = (&old.form, &new.form)
            {
                old.form = Form::Partition(*parent, *which);
            }
            let keys = world.all(|item| {
                matches!(&item.what, What::Constraint(c) if c.table == uid)
                    || matches!(&item.what, What::Index(i) if i.on == uid && i.unique)
            });
            if draw.chance(15) {
                old.replica = draw.pick(&keys).map_or(Replica::Default, Replica::Index);
            }
        }
        What::Column(old) => {
            if draw.chance(45) {
                old.ty = draw.other_type(world, &old.ty);
            }
            let new = draw.column(world, old.table, old.ty.clone(), false);
            blend!(draw, old, new; not_null, value, collation, storage, compression, statistics, distinct);
        }
        What::Constraint(old) => {
            let Some(new) = draw.constraint(world, old.table) else {
                return;
            };
            blend!(draw, old, new; body, deferrable, valid);
            if let (Body::Foreign(columns, key, ..), true) = (&old.body, draw.rng.bool()) {
                let (columns, key) = (columns.clone(), *key);
                let (delete, update) = (draw.rng.u8(0..5), draw.rng.u8(0..5));
                old.body = Body::Foreign(columns, key, delete, update, false);
            }
        }
        What::Index(old) => {
            let Some(new) = draw.index(world, old.on) else {
                return;
            };
            blend!(draw, old, new; keys, expression, unique, nulls_not_distinct, method, descending, include, filter, fillfactor);
            if old.keys.is_empty() && old.expression.is_none() {
                return;
            }
        }
        What::View(old) => {
            let Some(new) = draw.view(world, old.from) else {
                return;
            };
            blend!(draw, old, new; columns, shape, filter, call, materialized, barrier, invoker, populated);
        }
        What::Function(old) => {
            let Some(new) = draw.function(world) else {
                return;
            };
            blend!(draw, old, new; volatility, strict, definer, parallel, setting, body);
        }
        What::Trigger(old) => {
            let Some(new) = draw.trigger(world, old.on) else {
                return;
            };
            blend!(draw, old, new; function, timing, events, columns, row, when, enabled);
        }
        What::Policy(old) => {
            let Some(new) = draw.policy(world, old.on) else {
                return;
            };
            blend!(draw, old, new; permissive, command, roles, condition, look);
        }
        What::Enum(labels) => {
            let label = draw.label();
            let number = draw.small() + 100;
            let at = draw.rng.usize(0..=labels.len());
            match draw.rng.u8(0..3) {
                0 if !labels.iter().any(|(_, l)| *l == label) => {
                    labels.insert(at, (number, label));
                }
                1 if labels.len() > 1 => drop(labels.remove(at.min(labels.len() - 1))),
                _ => {
                    let at = at.min(labels.len());
                    labels.rotate_left(at);
                }
            }
        }
        What::Composite(attributes) => {
            let number = draw.small() + 100;
            let at = draw.rng.usize(0..attributes.len());
            match draw.rng.u8(0..3) {
                0 => {
                    let ty = draw.any_type(world);
                    attributes.insert(at, (number, format!("part_{number}"), ty));
                }
                1 if attributes.len() > 1 => drop(attributes.remove(at)),
                _ => attributes[at].2 = draw.other_type(world, &attributes[at].2.clone()),
            }
            // A type can't hold itself.
            attributes.retain(|(_, _, ty)| {
                !matches!(ty, Ty::User(of) if *of == uid)
                    && !matches!(ty, Ty::Array(of) if **of == Ty::User(uid))
            });
            if attributes.is_empty() {
                return;
            }
        }
        What::Domain(old) => {
            let Some(What::Domain(new)) = draw.what(world, sort) else {
                return;
            };
            blend!(draw, old, new; not_null, default, collation, checks);
            if draw.chance(25) && new.base != Ty::User(uid) {
                old.base = new.base;
            }
        }
        What::Sequence(old) => {
            let Some(What::Sequence(new)) = draw.what(world, sort) else {
                return;
            };
            blend!(draw, old, new; ty, increment, start, cache, cycle);
            let columns = world.all(|item| matches!(item.what, What::Column(_)));
            if draw.chance(40) {
                old.owned_by = draw.rng.bool().then(|| draw.pick(&columns)).flatten();
            }
        }
        What::Role(old) => {
            let Some(What::Role(new)) = draw.what(world, sort) else {
                return;
            };
            blend!(draw, old, new; login, inherit, create_database, limit, timeout);
        }
        What::Rule(old) => {
            let Some(What::Rule(new)) = draw.what(world, sort) else {
                return;
            };
            blend!(draw, old, new; event, instead);
        }
        What::Publication(old) => {
            let Some(What::Publication(new)) = draw.what(world, sort) else {
                return;
            };
            blend!(draw, old, new; tables, all, publish);
        }
        What::Grant(old) => {
            old.privileges = draw.rng.u8(..);
            old.option = draw.rng.bool();
        }
        What::DefaultPrivileges(old) => old.privileges = draw.rng.u8(..),
        What::EventTrigger(_, _, enabled) => *enabled = !*enabled,
        What::Wrapper(n) | What::Server(_, n) | What::Mapping(_, _, n) => *n = draw.small(),
        What::Statistics(..) | What::Range(_) | What::Collation(_) | What::TextSearch(_) => {
            if let Some(new) = draw.what(world, sort) {
                what = new;
            }
        }
        What::Schema | What::Extension | What::Aggregate(_) | What::Operator(_) => {}
    }
    if let Some(item) = world.items.get_mut(&uid) {
        item.what = what;
    }
}
