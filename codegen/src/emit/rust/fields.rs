//! What a table's row, insert and patch share of each column.

use model::Id;
use model::schema::{Column, Identity, IdentityMode, Node};

use super::super::words::{bare, camel, identifier};
use super::checked_set::checked_set;
use super::item::{Item, RustType};
use super::name::{self, Names, TableNames};
use super::shapes::Shapes;
use super::tables::Whole;
use super::types::{ColumnType, Types};
use super::{enums, format, keys, states};

/// A column as its three fields share it.
pub(super) struct Field<'a> {
    /// It.
    pub(super) node: &'a Node,
    /// What it is.
    pub(super) column: &'a Column,
    /// The field's name, not yet raw.
    pub(super) name: String,
    /// The field's type, where it is never null.
    pub(super) ty: RustType,
    through_text: Option<String>,
    /// Whether it is part of the primary key.
    pub(super) in_key: bool,
    /// Whether it holds documents that can be searched by path.
    pub(super) json: bool,
}

/// The fields of a table, and the enums of its checked texts.
pub(super) fn fields<'a>(
    whole: &Whole<'a>,
    shapes: &mut Shapes,
    names: &mut Names,
    (table, own): (&Id, &TableNames),
) -> (Vec<Field<'a>>, Vec<Item>) {
    let (schema, types) = (whole.schema, whole.types);
    let key = schema.primary_key(table);
    let states = states::of_table(schema, table);
    let (mut fields, mut sets) = (Vec::<Field>::new(), Vec::new());
    let mut named = name::fields(schema, table).into_iter();
    for (node, column) in schema.columns(table) {
        let context = format!("{}{}", own.row, camel(&node.id.part));
        let set = match whole.options.checked_sets && is_text(types, column) {
            true => checked_set(schema, table, &node.id.part),
            false => None,
        };
        let ColumnType { ty, through_text } = match (&column.documents.0, set) {
            (Some(documents), _) => {
                let ty = shapes.documents(documents, &context, names);
                let ty = if column.ty.array {
                    ty.inside("Vec")
                } else {
                    ty
                };
                ColumnType {
                    ty,
                    through_text: None,
                }
            }
            (None, Some(labels)) => {
                let name = names.claim(&context, "Set");
                let mut item = enums::labelled(&name, &labels, "PgEnum");
                let column = format!("`{}.{}`", table.name, node.id.part);
                item.docs = format::docs(&format!("What {column} may hold."));
                if let Some((_, transitions)) = states.filter(|(of, _)| of.id.part == node.id.part)
                {
                    states::mark(&mut item, &names.states_of(&own.row), transitions);
                }
                sets.push(item);
                ColumnType {
                    ty: RustType::imported(&name),
                    through_text: None,
                }
            }
            (None, None) => match keys::origin(schema, types, table, &node.id.part) {
                Some(origin) => ColumnType {
                    ty: names.of_table(&origin).map_or_else(
                        || types.column(&column.ty).ty,
                        |names| RustType::imported(&names.id),
                    ),
                    through_text: None,
                },
                None => types.column(&column.ty),
            },
        };
        let name = named.next().map_or_else(String::new, |(_, field)| field);
        let in_key = key.contains(&node.id.part);
        let json = types.base(&column.ty).is("jsonb") && !column.ty.array;
        fields.push(Field {
            node,
            column,
            name,
            ty,
            through_text,
            in_key,
            json,
        });
    }
    (fields, sets)
}

/// Whether the column holds text, under whatever domain.
fn is_text(types: &Types, column: &Column) -> bool {
    let base = types.base(&column.ty);
    ["text", "character varying", "character"]
        .iter()
        .any(|name| base.is(name))
}

impl Field<'_> {
    pub(super) fn nullable(&self) -> bool {
        !self.column.not_null && !self.in_key
    }

    /// The row's type: an `Option` where the column accepts null.
    pub(super) fn row_type(&self) -> RustType {
        match self.nullable() {
            true => self.ty.clone().inside("Option"),
            false => self.ty.clone(),
        }
    }

    /// Whether the database makes the value and refuses a given one.
    pub(super) fn is_made_by_the_database(&self) -> bool {
        let always = matches!(
            self.column.identity.as_deref(),
            Some(Identity {
                mode: IdentityMode::Always,
                ..
            })
        );
        always || self.column.generated.is_some()
    }

    /// Whether an insert may leave the value to a default other than null.
    pub(super) fn has_default(&self) -> bool {
        self.column.default.is_some() || self.column.identity.is_some()
    }

    pub(super) fn args(&self) -> Vec<String> {
        let mut args = Vec::new();
        if *bare(&self.identifier()) != *self.node.id.part {
            args.push(format!("column = {}", format::literal(&self.node.id.part)));
        }
        if let Some(ty) = &self.through_text {
            args.push(format!("through_text = {}", format::literal(ty)));
        }
        args
    }

    pub(super) fn identifier(&self) -> String {
        identifier(&self.name)
    }
}
