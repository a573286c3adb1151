//! What is known once every name is declared: the ground that every later pass stands on.
//!
//! It is read by many threads at once and altered by none.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::expr::{Symbols, nearest};
use crate::schema::{Id, Kind, Name, Origin, Type};
use crate::source::{FileId, Span};
use crate::syntax::tree;

/// The declared names and the statements behind them.
#[derive(Default)]
pub(super) struct World<'t> {
    pub(super) symbols: Symbols,
    pub(super) default_schema: Name,
    /// The labels of every enum.
    pub(super) enums: FxHashMap<Id, Vec<Name>>,
    pub(super) shapes: FxHashMap<Id, (FileId, &'t tree::Json)>,
    pub(super) mixins: FxHashMap<Name, (FileId, &'t tree::Mixin)>,
    pub(super) templates: FxHashMap<Name, (FileId, &'t tree::Template)>,
    /// Every table of the model, external ones too, with its statements, mixins expanded.
    pub(super) tables: BTreeMap<Id, TableWork<'t>>,
    pub(super) views: BTreeMap<Id, (FileId, &'t tree::View)>,
    pub(super) collations: FxHashMap<Name, Vec<Id>>,
    /// Operator classes that the model defines.
    pub(super) operator_classes: Vec<Id>,
    /// Where each object was declared.
    pub(super) places: FxHashMap<Id, Origin>,
}

/// A table before it is lowered.
pub(super) struct TableWork<'t> {
    pub(super) id: Id,
    pub(super) file: FileId,
    pub(super) table: &'t tree::Table,
    pub(super) external: bool,
    /// Its statements in order, each with the file it stands in.
    pub(super) items: Vec<Placed<'t>>,
    /// Its columns in order, with their types; those of its parents first.
    pub(super) columns: Vec<ColumnWork<'t>>,
}

/// A statement of a table's block, or of a mixin it includes.
#[derive(Clone, Copy)]
pub(super) struct Placed<'t> {
    pub(super) item: &'t tree::TableItem,
    pub(super) file: FileId,
    /// Where the `include` stands that brought it.
    pub(super) include: Option<Origin>,
}

/// A column before it is lowered.
#[derive(Clone)]
pub(super) struct ColumnWork<'t> {
    pub(super) name: Name,
    pub(super) ty: Type,
    pub(super) not_null: bool,
    /// The integer type of a `serial` column.
    pub(super) serial: bool,
    /// What the type needs.
    pub(super) needs: Option<Id>,
    /// Whether the type could not be resolved, so that nothing is concluded from it.
    pub(super) broken: bool,
    /// Its statement; a parent's column has none here.
    pub(super) tree: Option<(FileId, &'t tree::Column)>,
}

impl<'t> TableWork<'t> {
    pub(super) fn column(&self, name: &str) -> Option<&ColumnWork<'t>> {
        self.columns.iter().find(|c| c.name == *name)
    }
}

impl World<'_> {
    /// The schema a name lives in.
    pub(super) fn schema_of(&self, name: &tree::QName) -> Name {
        name.schema
            .as_ref()
            .map_or(self.default_schema.clone(), |s| s.name.clone())
    }

    /// The id of an object of that kind and name.
    pub(super) fn id(&self, kind: Kind, name: &tree::QName) -> Id {
        Id::in_schema(kind, self.schema_of(name), name.name.name.clone())
    }
}

/// An unknown name: the fact, and the nearest that exists with the edit that writes it.
pub(super) fn unknown<'a>(
    code: &'static str,
    what: &str,
    name: &str,
    place: Origin,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let fault =
        Diagnostic::error(code, format!("{what} `{name}` doesn't exist"), place).label("not found");
    match nearest(name, candidates) {
        Some(near) => fault
            .help(format!("did you mean `{near}`?"))
            .suggest(place, bare(near)),
        None => fault,
    }
}

/// The name as the model writes it: in quotes where it is no identifier.
pub(super) fn bare(name: &str) -> String {
    let plain = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

/// The place of a span in a file.
pub(super) fn at(file: FileId, span: Span) -> Origin {
    span.in_file(file)
}
