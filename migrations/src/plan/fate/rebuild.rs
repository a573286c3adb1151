//! What an object that goes, or changes its type, takes with it: what stands on it is made anew, or told
//! again.

use model::schema::{ConstraintBody, Id, Kind, Object, Table};
use rustc_hash::FxHashSet;

use super::Fate;
use super::documents::{judges_documents, say_that_all_fit};
use super::keys::{compares_otherwise, has_range, includes, is_foreign_key};
use super::whole::keyed_by;
use crate::plan::changes::Context;
use crate::plan::diff::Pairs;
use crate::plan::needs::Side;
use crate::plan::rules;

/// How what an object stands on has changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shock {
    /// It is dropped, for good or to be made again.
    Gone,
    /// Its type is another.
    Retyped,
    /// A function that checks rely on decides otherwise.
    Judges,
}

pub(super) fn rebuild_dependents(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    // What goes for good takes nothing with it that would have to come back.
    if !pairs
        .all
        .iter()
        .any(|pair| pair.from.is_some() && pair.to.is_some())
    {
        return;
    }
    let mut shaken: Vec<(usize, Shock)> = Vec::new();
    for (i, fate) in fates.iter().enumerate() {
        if fate.released {
            shaken.push((i, Shock::Gone));
        } else if let Some(alteration) = &fate.altered {
            if alteration.retypes {
                shaken.push((i, Shock::Retyped));
            } else if alteration.judges_anew {
                shaken.push((i, Shock::Judges));
            }
        }
    }
    if shaken.is_empty() {
        return;
    }
    let dependents = dependents(context, pairs);
    let mut heard: FxHashSet<usize> = FxHashSet::default();
    while let Some((i, shock)) = shaken.pop() {
        let Some(below) = pairs.all[i].from else {
            continue;
        };
        for &d in &dependents[i] {
            let d = d as usize;
            let (Some(from), Some(to)) = (pairs.all[d].from, pairs.all[d].to) else {
                continue;
            };
            if fates[d].released || pairs.all[d].external() {
                continue;
            }
            let dropped_for_good = pairs.all[i].to.is_none();
            let settled = dropped_for_good && fates[d].altered.is_some();
            match (shock, &from.object) {
                (_, Object::Column(column)) => {
                    let relation_goes = matches!(below.id.kind, Kind::Table | Kind::View)
                        && below.id.schema == from.id.schema
                        && below.id.name == from.id.name;
                    let ordered = column.collation.as_ref().is_some_and(|(schema, name)| {
                        below.id.kind == Kind::Collation
                            && *schema == below.id.schema
                            && *name == below.id.name
                    });
                    let typed = ordered
                        || column.ty.schema.as_ref() == Some(&below.id.schema)
                            && column.ty.name == below.id.name
                            && is_type(below.id.kind);
                    if shock == Shock::Judges {
                        continue;
                    } else if relation_goes {
                        if shock == Shock::Gone {
                            fates[d].replace();
                            shaken.push((d, Shock::Gone));
                        }
                    } else if typed && (ordered || column.generated.is_none()) {
                        if let Some(table) = keyed_by(context, pairs, &from.id) {
                            if !fates[table].released {
                                fates[table].replace();
                                shaken.push((table, Shock::Gone));
                            }
                        } else if !fates[d].altered.as_ref().is_some_and(|a| a.retypes) {
                            let alteration = rules::column::retype(context, from, to);
                            fates[d].altered = Some(Box::new(alteration));
                            shaken.push((d, Shock::Retyped));
                        }
                    } else if column.generated.is_some() {
                        fates[d].replace();
                        shaken.push((d, Shock::Gone));
                    } else if shock == Shock::Gone && column.default.is_some() && !settled {
                        let alteration = fates[d].altered.get_or_insert_default();
                        rules::column::renew_default(alteration, from, to);
                    }
                }
                (_, _) if settled => {}
                (Shock::Judges, Object::Routine(_)) => {
                    // The function of a shape asks those of the shapes within.
                    if judges_documents(to) && heard.insert(d) {
                        shaken.push((d, Shock::Judges));
                    }
                }
                (Shock::Judges, object) => {
                    let check =
                        |c: &model::schema::Constraint| matches!(c.body, ConstraintBody::Check(_));
                    if let Some((_, evolution)) = context.documents.judged_by(to)
                        && evolution.fits
                    {
                        say_that_all_fit(&mut fates[i], to);
                    } else if object.as_constraint().is_some_and(check) {
                        fates[d].replace();
                        shaken.push((d, Shock::Gone));
                    }
                }
                // The server rebuilds these itself when a column's type changes.
                (Shock::Retyped, Object::Constraint(key)) => {
                    let compares_otherwise =
                        compares_otherwise(&pairs.all[i]) || has_range(context.from, key);
                    if is_foreign_key(&pairs.all[d]) && compares_otherwise {
                        fates[d].replace();
                        shaken.push((d, Shock::Gone));
                        continue;
                    }
                    // But no key that includes the column and that a foreign key refers to.
                    if includes(key, &below.id) {
                        for &f in &dependents[d] {
                            let f = f as usize;
                            let made_again = pairs.all[f].to.is_some() && !fates[f].released;
                            if made_again && is_foreign_key(&pairs.all[f]) {
                                fates[f].replace();
                                shaken.push((f, Shock::Gone));
                            }
                        }
                    }
                }
                (Shock::Retyped, Object::Index(_)) => {
                    if let Some(again) = rules::comment_after_rebuild(context, to) {
                        let main = &mut fates[d].altered.get_or_insert_default().main;
                        if !main.contains(&again) {
                            main.push(again);
                        }
                    }
                }
                (_, Object::Table(table)) => {
                    if shock == Shock::Gone && stands_on(table, &below.id) {
                        fates[d].replace();
                        shaken.push((d, Shock::Gone));
                    }
                }
                (_, Object::Role(_) | Object::Schema | Object::Extension(_))
                | (_, Object::Sequence(_) | Object::DefaultPrivileges(_))
                | (_, Object::DatabaseSettings(_)) => {}
                (_, Object::Shape(_) | Object::Transitions(_) | Object::Seed(_)) => {}
                (_, Object::Raw(_) | Object::Opaque) => {}
                (Shock::Retyped, Object::Enum(_) | Object::Range(_)) => {}
                (Shock::Gone, Object::Domain(_))
                    if !is_type(below.id.kind) && below.id.kind != Kind::Collation =>
                {
                    if matches!(below.id.kind, Kind::Role | Kind::Schema) {
                        continue;
                    }
                    match rules::types::renew_domain(context, from, to) {
                        Some(renewed) => fates[d].altered = Some(Box::new(renewed)),
                        None => {
                            fates[d].replace();
                            shaken.push((d, Shock::Gone));
                        }
                    }
                }
                (
                    _,
                    Object::View(_)
                    | Object::Routine(_)
                    | Object::Trigger(_)
                    | Object::Policy(_)
                    | Object::Constraint(_)
                    | Object::Index(_)
                    | Object::Defined(_)
                    | Object::Enum(_)
                    | Object::Domain(_)
                    | Object::Composite(_)
                    | Object::Range(_),
                ) => {
                    if below.id.kind != Kind::Role && below.id.kind != Kind::Schema {
                        fates[d].replace();
                        shaken.push((d, Shock::Gone));
                    }
                }
            }
        }
        let uses_it = |d: &u32| {
            let pair = &pairs.all[*d as usize];
            let fate = &fates[*d as usize];
            pair.node().id.kind == Kind::Column && !fate.released && pair.to.is_some()
        };
        let swappable = is_type(below.id.kind) || below.id.kind == Kind::Collation;
        if swappable && below.id.kind != Kind::Table && fates[i].released {
            fates[i].swapped = dependents[i].iter().any(uses_it);
        }
    }
    set_aside_below(context, pairs, fates);
}

/// What a type that is set aside stands on can't be dropped before it either.
fn set_aside_below(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    let mut open: Vec<usize> = (0..fates.len()).filter(|&i| fates[i].swapped).collect();
    while let Some(i) = open.pop() {
        for j in context.needs(Side::From, i) {
            let kind = pairs.all[j].node().id.kind;
            let swappable = (is_type(kind) && kind != Kind::Table) || kind == Kind::Collation;
            if swappable && fates[j].released && !fates[j].swapped {
                fates[j].swapped = true;
                open.push(j);
            }
        }
    }
}

fn is_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType | Kind::Table
    )
}

fn stands_on(table: &Table, below: &Id) -> bool {
    table.inherits.contains(below)
        || table
            .partition_of
            .as_ref()
            .is_some_and(|p| p.parent == *below)
        || table
            .of_type
            .as_ref()
            .is_some_and(|ty| ty.schema.as_ref() == Some(&below.schema) && ty.name == below.name)
        || table
            .foreign
            .as_ref()
            .is_some_and(|f| below.kind == Kind::ForeignServer && f.server == below.name)
}

/// For each pair, those that need it in `from` and are there in `to` as well.
fn dependents(context: &Context<'_>, pairs: &Pairs<'_>) -> Vec<Vec<u32>> {
    let mut dependents = vec![Vec::new(); pairs.len()];
    let mut needed = Vec::new();
    for i in (0..pairs.len()).filter(|&i| pairs.all[i].to.is_some()) {
        context.needs_into(Side::From, i, &mut needed);
        needed.iter().for_each(|&j| dependents[j].push(i as u32));
    }
    dependents
}
