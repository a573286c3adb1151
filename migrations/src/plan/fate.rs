//! What becomes of each object: kept, made, altered, dropped, or dropped and made again because
//! something it stands on is.
//!
//! It never writes SQL of its own; rules do.

mod absorb;
mod documents;
mod keys;
mod serving;
mod whole;

use model::schema::{ConstraintBody, Id, Kind, Node, Object, Table};

use super::changes::Context;
use super::diff::Pairs;
use super::needs::Side;
use super::rules::{self, Alteration, Difference};
use absorb::{absorb_creations, absorb_followers, absorb_releases};
use documents::{judge_documents_anew, judges_documents, lift_documents, say_that_all_fit};
use keys::{compares_otherwise, includes, is_foreign_key};
use rustc_hash::FxHashSet;
use serving::{keep_indexes_serving, keep_keys_serving, keep_replica_identities};
use whole::{keyed_by, replace_by_foreign_compression, replace_by_partition_key};

/// What becomes of one object.
#[derive(Debug, Default)]
pub(super) struct Fate {
    /// It goes, for good or to be made again.
    pub(super) released: bool,
    /// It is made.
    pub(super) established: bool,
    /// It is changed where it stands.
    pub(super) altered: Option<Alteration>,
    /// It goes with that other object, without a statement of its own.
    pub(super) released_with: Option<usize>,
    /// It is made with that other object, without a statement of its own.
    pub(super) established_with: Option<usize>,
    /// Its type changes with that other object's.
    pub(super) altered_with: Option<usize>,
    /// Nothing of it differs, comment, owner and grants included.
    pub(super) same: bool,
    /// A type that columns use, or an index that serves on: renamed first, dropped once they have moved
    /// to the new one.
    pub(super) swapped: bool,
    /// It is made in two halves, because what it needs needs it: see [`rules::halves`].
    pub(super) halved: bool,
    /// It lets go of what needs it before either is dropped.
    pub(super) loosened: bool,
    /// A key whose new index is built while the old one serves.
    pub(super) built_beside: bool,
    /// It gives way to such a key and comes back at once.
    pub(super) comes_back: bool,
}

impl Fate {
    /// Whether there is nothing to do about it.
    pub(super) fn is_kept(&self) -> bool {
        self.same && !self.released && !self.established && self.altered.is_none()
    }

    /// It is dropped and made again.
    pub(super) fn replace(&mut self) {
        self.released = true;
        self.established = true;
        self.altered = None;
        self.loosened = false;
    }
}

/// The fates of all pairs, in their order.
pub(super) fn of(context: &Context<'_>, pairs: &Pairs<'_>) -> Vec<Fate> {
    let mut fates: Vec<Fate> = Vec::with_capacity(pairs.len());
    for pair in &pairs.all {
        let mut fate = Fate::default();
        if !pair.external() {
            match (pair.from, pair.to) {
                (None, None) => {}
                (None, Some(node)) => fate.established = !is_always_there(context, &node.id),
                (Some(node), None) => fate.released = !is_always_there(context, &node.id),
                (Some(from), Some(to)) if from.object == to.object => {
                    fate.same = from.conforms_to(to);
                    fate.altered = disturbed(context, pairs, from, to);
                }
                (Some(from), Some(to)) => match rules::alter(context, from, to) {
                    Difference::Nothing => {}
                    Difference::Alter(alteration) => {
                        fate.altered = Some(*alteration);
                        fate.loosened = rules::table::leaves_type(from, to);
                    }
                    Difference::Replace => fate.replace(),
                },
            }
        }
        fates.push(fate);
    }
    replace_by_partition_key(context, pairs, &mut fates);
    replace_by_foreign_compression(context, pairs, &mut fates);
    judge_documents_anew(context, pairs, &mut fates);
    rebuild_dependents(context, pairs, &mut fates);
    follow_leaders(context, pairs, &mut fates);
    lift_documents(context, pairs, &mut fates);
    absorb_releases(context, pairs, &mut fates);
    absorb_creations(context, pairs, &mut fates);
    absorb_followers(context, pairs, &mut fates);
    keep_indexes_serving(context, pairs, &mut fates);
    keep_keys_serving(context, pairs, &mut fates);
    keep_replica_identities(pairs, &mut fates);
    fates
}

/// What a column that itself stays must get back because its parent's changes: the change reaches
/// all children.
fn disturbed(
    context: &Context<'_>,
    pairs: &Pairs<'_>,
    from: &Node,
    to: &Node,
) -> Option<Alteration> {
    let parent = rules::column::followed(context, to)?;
    let parent = &pairs.all[pairs.index_of(&parent)?];
    if parent.from?.object == parent.to?.object {
        return None;
    }
    match rules::alter(context, from, to) {
        Difference::Alter(alteration) => Some(*alteration),
        Difference::Nothing | Difference::Replace => None,
    }
}

/// Columns whose type changes with their parent's wait with it.
fn follow_leaders(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    for (pair, fate) in pairs.all.iter().zip(fates) {
        let retypes = fate.altered.as_ref().is_some_and(|a| a.retypes);
        if let (true, Some(to)) = (retypes, pair.to)
            && to.id.kind == Kind::Column
        {
            let leader = rules::column::leader(context, to);
            fate.altered_with = leader.and_then(|id| pairs.index_of(&id));
        }
    }
}

/// `public` is in every new database, so the way from nothing doesn't make it and the way to
/// nothing leaves it.
fn is_always_there(context: &Context<'_>, id: &Id) -> bool {
    let always = match id.kind {
        Kind::Schema => id.name == "public",
        Kind::Language => matches!(id.name.as_str(), "plpgsql" | "sql" | "c" | "internal"),
        Kind::Extension => id.name == "plpgsql",
        _ => false,
    };
    let others = |schema: &model::Schema| {
        schema
            .nodes()
            .any(|n| !matches!(n.id.kind, Kind::Schema | Kind::Extension | Kind::Language))
    };
    always && (!others(context.from) || !others(context.to))
}

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

fn rebuild_dependents(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
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
    if shaken.is_empty() || context.to.is_empty() {
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
                            fates[d].altered = Some(alteration);
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
                    if is_foreign_key(&pairs.all[d]) && compares_otherwise(&pairs.all[i]) {
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
                        Some(renewed) => fates[d].altered = Some(renewed),
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
        let Some(node) = pairs.all[i].from else {
            continue;
        };
        for j in context.needs(Side::From, node) {
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

/// For each pair, those that need it in `from`.
fn dependents(context: &Context<'_>, pairs: &Pairs<'_>) -> Vec<Vec<u32>> {
    let mut dependents = vec![Vec::new(); pairs.len()];
    for (i, pair) in pairs.all.iter().enumerate() {
        let Some(node) = pair.from else { continue };
        for j in context.needs(Side::From, node) {
            dependents[j].push(i as u32);
        }
    }
    dependents
}
