//! How documents of the old shape become documents of the new one, and what can't be filled.
//!
//! It compares types and never writes SQL.

use model::schema::{Field, Id, Name, Presence, ShapeType, UnknownKeys};
use rustc_hash::FxHashMap;

use super::Way;
use super::fits::{Fits, PairOf, lengths_fit};
use super::lift::{Keys, Lift};
use super::side::{carrier, without_null};

/// A shape that has a name, and what is done to its documents.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) shape: Id,
    pub(super) found: Found,
    /// Whether the database judges it in the new state.
    pub(super) judged: bool,
}

/// What a comparison found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) lift: Lift,
    /// What an old document may be that the new shape refuses, and nothing can be filled in for.
    pub(super) refused: Vec<String>,
    /// What of old documents is gone.
    pub(super) lost: Vec<String>,
}

/// Compares, and remembers shapes that have names.
pub(super) struct Lifts<'a> {
    pub(super) fits: Fits<'a>,
    pub(super) named: Vec<Named>,
    way: Way,
    by_pair: FxHashMap<PairOf, usize>,
    refused: Vec<String>,
    lost: Vec<String>,
}

impl<'a> Lifts<'a> {
    pub(super) fn new(fits: Fits<'a>, way: Way) -> Self {
        Lifts {
            fits,
            named: Vec::new(),
            way,
            by_pair: FxHashMap::default(),
            refused: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// What becomes of documents of one type; `at` is what they are called.
    pub(super) fn between(&mut self, old: &ShapeType, new: &ShapeType, at: &str) -> Found {
        let outer = (
            std::mem::take(&mut self.refused),
            std::mem::take(&mut self.lost),
        );
        let lift = self.value(old, new, at);
        let inner = std::mem::replace(&mut self.refused, outer.0);
        Found {
            lift,
            refused: inner,
            lost: std::mem::replace(&mut self.lost, outer.1),
        }
    }

    fn value(&mut self, old: &ShapeType, new: &ShapeType, at: &str) -> Lift {
        use ShapeType as T;
        match (old, new) {
            (T::Shape(a, b), T::Shape(c, d)) => {
                let pair = (self.fits.old.shape(a, b), self.fits.new.shape(c, d));
                let (Some((from, of)), Some((to, wanted))) = pair else {
                    return self.refuse(at, "is another shape now");
                };
                let pair = (from.clone(), to.clone());
                if let Some(known) = self.by_pair.get(&pair) {
                    return Lift::Call(*known);
                }
                let place = self.named.len();
                self.by_pair.insert(pair, place);
                let judged = self.fits.new.judges(c, d);
                let nothing = Found {
                    lift: Lift::Keep,
                    refused: Vec::new(),
                    lost: Vec::new(),
                };
                self.named.push(Named {
                    shape: to.clone(),
                    found: nothing,
                    judged,
                });
                let mut found = self.between(of, wanted, &to.name);
                if judged && !self.fits.old.judges(a, b) {
                    let name = &to.name;
                    found.refused = vec![format!("{name} was not checked so far")];
                }
                self.named[place].found = found;
                Lift::Call(place)
            }
            (T::Shape(..), _) if self.fits.old.behind(old).is_some() => {
                let behind = self.fits.old.behind(old).unwrap_or(old);
                self.value(behind, new, at)
            }
            (_, T::Shape(..)) if self.fits.new.behind(new).is_some() => {
                let behind = self.fits.new.behind(new).unwrap_or(new);
                self.value(old, behind, at)
            }
            (T::Nullable(inner), _) => {
                if !self.fits.new.accepts_null(new) {
                    self.refuse(at, "may no longer be null");
                }
                self.value(inner, without_null(new), at)
            }
            (_, T::Nullable(inner)) => self.value(old, inner, at),
            (
                T::Object { fields, unknown },
                T::Object {
                    fields: to,
                    unknown: others,
                },
            ) => {
                let keys = self.keys((fields, unknown), (to, others), at);
                match keys == Keys::default() {
                    true => Lift::Keep,
                    false => Lift::Object(Box::new(keys)),
                }
            }
            (T::Map(old), T::Map(new)) => {
                let inner = self.value(old, new, &format!("{at}.*"));
                around(inner, Lift::Entries)
            }
            (T::Array { items, .. }, T::Array { items: to, .. }) => {
                if !lengths_fit(old, new) {
                    self.refuse(at, "may have another number of items than it had");
                }
                let inner = self.value(items, to, &format!("{at}[]"));
                around(inner, Lift::Items)
            }
            (
                T::Tagged { tag, variants },
                T::Tagged {
                    tag: same,
                    variants: to,
                },
            ) if tag == same => {
                let mut cases = Vec::new();
                for (label, ty) in variants {
                    match to.iter().find(|(other, _)| other == label) {
                        Some((_, wanted)) => {
                            let inner = self.value(ty, wanted, &format!("{at}({label})"));
                            if inner != Lift::Keep {
                                cases.push((label.clone(), inner));
                            }
                        }
                        None => drop(self.refuse(at, &format!("is no {tag} '{label}' any more"))),
                    }
                }
                match cases.is_empty() {
                    true => Lift::Keep,
                    false => Lift::Tagged(tag.clone(), cases),
                }
            }
            _ if self.fits.fits(old, new) => Lift::Keep,
            _ => self.wrapped(old, new, at),
        }
    }

    /// A value put into an array or an object; on the way back, taken out of it.
    fn wrapped(&mut self, old: &ShapeType, new: &ShapeType, at: &str) -> Lift {
        use ShapeType as T;
        let back = self.way == Way::Back;
        match (old, new) {
            (
                _,
                T::Array {
                    items,
                    min_items,
                    max_items,
                },
            ) if !self.fits.old.may_be_array(old)
                && min_items.unwrap_or(0) <= 1
                && *max_items != Some(0) =>
            {
                Lift::IntoArray(Box::new(self.value(old, items, &format!("{at}[]"))))
            }
            (
                T::Array {
                    items, min_items, ..
                },
                _,
            ) if back && !self.fits.new.may_be_array(new) => {
                self.lost.push(format!("all items of {at} but the first"));
                if min_items.unwrap_or(0) == 0 {
                    self.refuse(at, "may be an empty array, of which nothing can be made");
                }
                Lift::FirstOf(Box::new(self.value(items, new, &format!("{at}[]"))))
            }
            (_, T::Object { fields, .. }) if !self.fits.old.may_be_object(old) => {
                let Some(field) = carrier(fields) else {
                    return self.refuse(at, "is an object now, and no one field takes what it was");
                };
                let inner = self.value(old, &field.ty, &format!("{at}.{}", field.name));
                let others = fields.iter().filter(|f| f.name != field.name);
                let filled = others.filter(|f| f.presence == Presence::Required);
                let filled = filled.filter_map(|f| Some((f.name.clone(), f.default.clone()?)));
                Lift::IntoObject(field.name.clone(), Box::new(inner), filled.collect())
            }
            (T::Object { fields, .. }, _) if back && !self.fits.new.may_be_object(new) => {
                let Some(field) = carrier(fields) else {
                    return self.refuse(at, "was no object, and no one field holds what it was");
                };
                if fields.len() > 1 {
                    let name = &field.name;
                    self.lost.push(format!("all of {at} but {name}"));
                }
                let inner = self.value(&field.ty, new, &format!("{at}.{}", field.name));
                Lift::FieldOf(field.name.clone(), Box::new(inner))
            }
            _ => self.refuse(at, "may be what it may no longer be"),
        }
    }

    fn keys(
        &mut self,
        (fields, unknown): (&[Field], &UnknownKeys),
        (to, others): (&[Field], &UnknownKeys),
        at: &str,
    ) -> Keys {
        let mut keys = Keys::default();
        let mut taken: Vec<&Name> = Vec::new();
        for field in to {
            let path = format!("{at}.{}", field.name);
            let same = fields.iter().find(|f| f.name == field.name);
            let before = same.or_else(|| self.former(fields, to, field));
            let Some(before) = before else {
                self.new_key(field, unknown, &path, &mut keys);
                continue;
            };
            taken.push(&before.name);
            let lift = self.kept_key(before, field, &path, &mut keys);
            if before.name != field.name {
                let name = (before.name.clone(), field.name.clone());
                keys.renamed.push((name.0, name.1, lift));
            } else if lift != Lift::Keep {
                keys.changed.push((field.name.clone(), lift));
            }
        }
        for field in fields.iter().filter(|f| !taken.contains(&&f.name)) {
            match others {
                UnknownKeys::Refused => {
                    keys.gone.push(field.name.clone());
                    self.lost.push(format!("{at}.{}", field.name));
                }
                UnknownKeys::Kept => {}
                UnknownKeys::Typed(ty) => {
                    if !self.fits.is_value_of(field, ty) {
                        let path = format!("{at}.{}", field.name);
                        self.refuse(&path, "may be another value than keys without a name hold");
                    }
                }
            }
        }
        if !self.fits.others(unknown, others) {
            self.refuse(at, "may have keys that it may no longer have");
        }
        keys
    }

    /// The field under its former name, where that name is free now.
    fn former<'f>(&self, fields: &'f [Field], to: &[Field], field: &Field) -> Option<&'f Field> {
        let before = match self.way {
            Way::Forth => fields.iter().find(|f| field.was.as_ref() == Some(&f.name)),
            Way::Back => fields.iter().find(|f| f.was.as_ref() == Some(&field.name)),
        };
        before.filter(|before| to.iter().all(|f| f.name != before.name))
    }

    /// A key that no field named.
    fn new_key(&mut self, field: &Field, unknown: &UnknownKeys, path: &str, keys: &mut Keys) {
        if !self.fits.was_free(unknown, field) {
            self.refuse(path, "may hold anything so far");
        }
        if field.presence == Presence::Required {
            match &field.default {
                Some(default) => keys.missing.push((field.name.clone(), default.clone())),
                None => drop(self.refuse(path, "must be there now, and has no default")),
            }
        }
    }

    /// A key that a field named and names.
    fn kept_key(&mut self, old: &Field, new: &Field, path: &str, keys: &mut Keys) -> Lift {
        let (mut from, mut to) = (&old.ty, &new.ty);
        let optional = old.presence == Presence::Optional;
        if new.presence == Presence::Optional {
            (from, to) = (without_null(from), without_null(to));
        } else if let Some(default) = &new.default {
            let filled = (old.name.clone(), new.name.clone(), default.clone());
            if optional {
                keys.missing.push((new.name.clone(), default.clone()));
            }
            let null = optional || self.fits.old.accepts_null(from);
            if null && !self.fits.new.accepts_null(to) {
                keys.null.push(filled);
                from = without_null(from);
            }
        } else if optional {
            self.refuse(path, "must be there now, and has no default");
            from = without_null(from);
        }
        self.value(from, to, path)
    }

    fn refuse(&mut self, at: &str, why: &str) -> Lift {
        self.refused.push(format!("{at} {why}"));
        Lift::Keep
    }
}

fn around(inner: Lift, make: fn(Box<Lift>) -> Lift) -> Lift {
    match inner {
        Lift::Keep => Lift::Keep,
        inner => make(Box::new(inner)),
    }
}
