//! What is done to a document, value by value.
//!
//! It never says why, and is no SQL yet.

use std::sync::Arc;

use model::schema::Name;

/// What is done to a value. A value of another kind than is expected stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lift {
    /// Nothing.
    Keep,
    /// Keys come, go, and get other names.
    Object(Box<Keys>),
    /// Each item.
    Items(Box<Lift>),
    /// The value of each key.
    Entries(Box<Lift>),
    /// By the value of the tag.
    Tagged(Name, Vec<(Arc<str>, Lift)>),
    /// The value becomes the only item of an array.
    IntoArray(Box<Lift>),
    /// An array becomes its first item.
    FirstOf(Box<Lift>),
    /// The value becomes a field's, beside defaults.
    IntoObject(Name, Box<Lift>, Vec<(Name, Arc<str>)>),
    /// An object becomes the value of a field.
    FieldOf(Name, Box<Lift>),
    /// What is done to a shape that has a name.
    Call(usize),
}

/// What is done to an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    /// Keys that are filled where they are missing.
    pub(super) missing: Vec<(Name, Arc<str>)>,
    /// Keys that are filled where they hold null: former name, present name, value.
    pub(super) null: Vec<(Name, Name, Arc<str>)>,
    /// Keys that go.
    pub(super) gone: Vec<Name>,
    /// Keys that get another name: former, present.
    pub(super) renamed: Vec<(Name, Name, Lift)>,
    /// Keys whose value changes.
    pub(super) changed: Vec<(Name, Lift)>,
}

impl Lift {
    /// The lifts within, one level down.
    fn within(&mut self) -> Vec<&mut Lift> {
        match self {
            Lift::Keep | Lift::Call(_) => Vec::new(),
            Lift::Object(keys) => {
                let renamed = keys.renamed.iter_mut().map(|(_, _, lift)| lift);
                let changed = keys.changed.iter_mut().map(|(_, lift)| lift);
                renamed.chain(changed).collect()
            }
            Lift::Tagged(_, cases) => cases.iter_mut().map(|(_, lift)| lift).collect(),
            Lift::Items(inner)
            | Lift::Entries(inner)
            | Lift::IntoArray(inner)
            | Lift::FirstOf(inner)
            | Lift::IntoObject(_, inner, _)
            | Lift::FieldOf(_, inner) => vec![inner],
        }
    }

    /// Whether it does something, where the shapes with names for which `of` is true change.
    pub(super) fn does(&self, of: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Lift::Keep => false,
            Lift::Call(place) => of(*place),
            Lift::Items(inner) | Lift::Entries(inner) => inner.does(of),
            Lift::Tagged(_, cases) => cases.iter().any(|(_, lift)| lift.does(of)),
            Lift::Object(keys) => {
                let own = !keys.missing.is_empty()
                    || !keys.null.is_empty()
                    || !keys.gone.is_empty()
                    || !keys.renamed.is_empty();
                own || keys.changed.iter().any(|(_, lift)| lift.does(of))
            }
            Lift::IntoArray(_) | Lift::FirstOf(_) | Lift::IntoObject(..) | Lift::FieldOf(..) => {
                true
            }
        }
    }

    /// Without what does nothing.
    pub(super) fn pruned(mut self, of: &dyn Fn(usize) -> bool) -> Lift {
        if !self.does(of) {
            return Lift::Keep;
        }
        for inner in self.within() {
            *inner = std::mem::replace(inner, Lift::Keep).pruned(of);
        }
        match &mut self {
            Lift::Object(keys) => keys.changed.retain(|(_, lift)| *lift != Lift::Keep),
            Lift::Tagged(_, cases) => cases.retain(|(_, lift)| *lift != Lift::Keep),
            _ => {}
        }
        self
    }

    /// The shapes with names that it calls.
    pub(super) fn calls(&self, found: &mut Vec<usize>) {
        match self {
            Lift::Keep => {}
            Lift::Call(place) => found.push(*place),
            Lift::Object(keys) => {
                keys.renamed
                    .iter()
                    .for_each(|(_, _, lift)| lift.calls(found));
                keys.changed.iter().for_each(|(_, lift)| lift.calls(found));
            }
            Lift::Tagged(_, cases) => cases.iter().for_each(|(_, lift)| lift.calls(found)),
            Lift::Items(inner)
            | Lift::Entries(inner)
            | Lift::IntoArray(inner)
            | Lift::FirstOf(inner)
            | Lift::IntoObject(_, inner, _)
            | Lift::FieldOf(_, inner) => inner.calls(found),
        }
    }
}
