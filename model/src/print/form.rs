//! How much a text says of each object: as little as does.

use std::collections::BTreeMap;

use crate::schema::Id;

/// How much is said of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// The short form.
    #[default]
    Short,
    /// Names that PostgreSQL would choose and what is inherited are spelled out.
    Long,
    /// Expressions are handed over as the server's text, in which nothing is looked up.
    Verbatim,
}

/// The objects for which the short form does not do.
#[derive(Default)]
pub(super) struct Forms(BTreeMap<Id, Form>);

impl Forms {
    pub(super) fn of(&self, id: &Id) -> Form {
        self.0.get(id).copied().unwrap_or_default()
    }

    /// Hands over the server's text of these; whether that is new.
    pub(super) fn verbatim(&mut self, ids: &[Id]) -> bool {
        let mut any = false;
        for id in ids {
            any |= self.0.insert(id.clone(), Form::Verbatim) != Some(Form::Verbatim);
        }
        any
    }

    /// Says more of these; whether there was more to say.
    pub(super) fn lengthen(&mut self, ids: &[Id]) -> bool {
        let mut any = false;
        for id in ids {
            let form = self.0.entry(id.clone()).or_default();
            let next = match form {
                Form::Short => Form::Long,
                Form::Long | Form::Verbatim => Form::Verbatim,
            };
            any |= *form != next;
            *form = next;
        }
        any
    }
}
