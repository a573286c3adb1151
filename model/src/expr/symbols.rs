//! What names can refer to: the symbol table that expressions are resolved against.
//!
//! It is filled once, before any expression is read, and holds no expression itself.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::builtins::{self, KnownExtension};
use crate::schema::{Id, Kind, Name};

/// Everything a name in the model can refer to.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    /// Where names without a schema live.
    pub(crate) default_schema: Name,
    relations: FxHashMap<Name, Vec<Relation>>,
    functions: FxHashMap<Name, Vec<Function>>,
    types: FxHashMap<Name, Vec<Id>>,
    pub(crate) roles: FxHashSet<Name>,
    pub(crate) schemas: FxHashSet<Name>,
    /// External schemas that let any name pass.
    pub(crate) open_schemas: FxHashSet<Name>,
    /// Declared extensions with the schema their objects are in.
    extensions: Vec<(Name, Name, Option<&'static KnownExtension>)>,
}

/// A table, view or sequence.
#[derive(Debug)]
pub(crate) struct Relation {
    pub(crate) id: Id,
    pub(crate) columns: Vec<Name>,
    /// Whether it may have columns that we do not know.
    pub(crate) open: bool,
}

/// A function, procedure or aggregate.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) id: Id,
    /// The least and the greatest number of arguments; both zero and unbounded when not known.
    pub(crate) arguments: (usize, usize),
}

/// What a function's name turned out to be.
pub(crate) enum Called<'a> {
    /// One of the model; several where overloads can't be told apart.
    Own(Vec<&'a Function>),
    /// PostgreSQL's own.
    Builtin,
    /// Of a declared extension, whose objects are in that schema.
    Extension(Id, Name),
    /// In a schema that lets any name pass.
    Unverified,
    /// Not found, and an extension is declared whose functions we have no list of.
    Unlisted,
    Unknown,
}

impl Symbols {
    pub(crate) fn add_relation(&mut self, relation: Relation) {
        self.relations
            .entry(relation.id.name.clone())
            .or_default()
            .push(relation);
    }

    pub(crate) fn add_function(&mut self, function: Function) {
        self.functions
            .entry(function.id.name.clone())
            .or_default()
            .push(function);
    }

    pub(crate) fn add_type(&mut self, id: Id) {
        self.types.entry(id.name.clone()).or_default().push(id);
    }

    pub(crate) fn add_extension(&mut self, name: Name, schema: Name) {
        let known = builtins::extension(&name);
        self.extensions.push((name, schema, known));
    }

    pub(crate) fn extensions(&self) -> impl Iterator<Item = &Name> {
        self.extensions.iter().map(|(name, _, _)| name)
    }

    /// Says which columns a relation has that was declared before they were known.
    pub(crate) fn close_relation(&mut self, id: &Id, columns: Vec<Name>) {
        let found = self
            .relations
            .get_mut(&id.name)
            .into_iter()
            .flatten()
            .find(|r| r.id == *id);
        if let Some(relation) = found {
            relation.columns = columns;
            relation.open = false;
        }
    }

    fn lives_in(&self, schema: Option<&str>, id: &Id) -> bool {
        match schema {
            Some(schema) => id.schema == *schema,
            None => id.schema == self.default_schema,
        }
    }

    /// The relation of that name: in the schema said, otherwise in the default one.
    pub(crate) fn relation(&self, schema: Option<&str>, name: &str) -> Option<&Relation> {
        self.relations
            .get(&Name::from(name))?
            .iter()
            .find(|r| self.lives_in(schema, &r.id))
    }

    pub(crate) fn relation_names(&self) -> impl Iterator<Item = &Name> {
        self.relations.keys()
    }

    pub(crate) fn ty(&self, schema: Option<&str>, name: &str) -> Option<&Id> {
        self.types
            .get(&Name::from(name))?
            .iter()
            .find(|id| self.lives_in(schema, id))
    }

    pub(crate) fn type_names(&self) -> impl Iterator<Item = &Name> {
        self.types.keys()
    }

    pub(crate) fn function_names(&self) -> impl Iterator<Item = &Name> {
        self.functions.keys()
    }

    /// The declared extension that has a type of that name, and the schema it is in.
    pub(crate) fn extension_of_type(&self, name: &str) -> Option<(&Name, &Name)> {
        self.extensions
            .iter()
            .find(|(_, _, known)| known.is_some_and(|k| k.types().any(|t| t == name)))
            .map(|(extension, schema, _)| (extension, schema))
    }

    /// The declared extension that has an operator class of that name.
    pub(crate) fn extension_of_operator_class(&self, name: &str) -> Option<(&Name, &Name)> {
        self.extensions
            .iter()
            .find(|(_, _, known)| known.is_some_and(|k| k.has_operator_class(name)))
            .map(|(extension, schema, _)| (extension, schema))
    }

    pub(crate) fn is_open(&self, schema: &str) -> bool {
        self.open_schemas.contains(&Name::from(schema))
            || matches!(schema, "pg_catalog" | "information_schema")
    }

    /// Whether an extension is declared whose contents we have no list of.
    pub(crate) fn has_unlisted_extension(&self) -> bool {
        self.extensions.iter().any(|(_, _, known)| known.is_none())
    }

    /// What a call of that name with so many arguments calls.
    pub(crate) fn function(
        &self,
        schema: Option<&str>,
        name: &str,
        arguments: usize,
    ) -> Called<'_> {
        let own: Vec<&Function> = self
            .functions
            .get(&Name::from(name))
            .map(|all| {
                all.iter()
                    .filter(|f| self.lives_in(schema, &f.id))
                    .collect()
            })
            .unwrap_or_default();
        if !own.is_empty() {
            let fitting = |f: &&Function| (f.arguments.0..=f.arguments.1).contains(&arguments);
            let fit: Vec<_> = own.iter().copied().filter(fitting).collect();
            return Called::Own(if fit.is_empty() { own } else { fit });
        }
        if schema.is_none_or(|s| s == "pg_catalog") && builtins::is_function(name) {
            return Called::Builtin;
        }
        let of = self.extensions.iter().find(|(_, lives, known)| {
            schema.is_none_or(|s| *lives == *s) && known.is_some_and(|k| k.has_function(name))
        });
        if let Some((extension, lives, _)) = of {
            return Called::Extension(
                Id::global(Kind::Extension, extension.clone()),
                lives.clone(),
            );
        }
        match schema {
            Some(schema) if self.is_open(schema) => Called::Unverified,
            _ if self.has_unlisted_extension() => Called::Unlisted,
            _ => Called::Unknown,
        }
    }
}

/// The nearest of `names` to `name`, where one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    let limit = match name.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    names
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            *distance <= limit
                || (folded.len() > 3
                    && candidate.to_lowercase().replace('_', "") == folded.replace('_', ""))
        })
        .min()
        .map(|(_, candidate)| candidate)
}
