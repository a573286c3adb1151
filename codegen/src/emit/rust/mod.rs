//! The Rust emitter: rows with their keys and errors, inserts, patches, enums and JSONB types.
//!
//! The schema becomes items (what is said of each type), the items become text in one template.
//! It never asks a formatter: widths are kept as the text is made.

pub(in crate::emit) mod checked_set;
mod enums;
mod fields;
mod format;
mod item;
mod keys;
mod layout;
pub(in crate::emit) use model::rust::name;
mod refusals;
mod restricted;
mod shape_facts;
mod shapes;
mod states;
mod tables;
mod trail;
mod types;
mod versions;

use model::Schema;

use crate::files::Files;
use name::Names;
use shapes::Shapes;
use types::Types;

/// What a caller may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The file's name without `.rs`, or the folder's where there are many tables.
    pub module: String,
    /// Whether a text column whose check lists its values becomes a Rust enum; a `String` otherwise.
    pub checked_sets: bool,
    /// With more tables than this, each gets a file of its own.
    pub tables_in_one_file: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            module: "schema".to_owned(),
            checked_sets: true,
            tables_in_one_file: 20,
        }
    }
}

/// The Rust types of a schema: `schema.rs`, or `schema/` with a file a table.
///
/// External objects, partitions (their parent stands for them) and views are left out. Two runs
/// give the same bytes.
///
/// # Panics
///
/// Never on any schema; the templates are part of the program and tested.
pub fn rust(schema: &Schema, options: &Options) -> Files {
    let mut names = Names::new(schema);
    let types = Types::new(schema, &names);
    let mut shapes = Shapes::new(schema, &types);
    let mut items = tables::items(schema, options, &types, &mut shapes, &mut names);
    items.extend(enums::items(schema, &mut names));
    items.extend(shapes.items(&mut names));
    layout::files(items, options)
}
