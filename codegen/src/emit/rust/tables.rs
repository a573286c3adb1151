//! A table's three types: the row, the insert, the patch; and the enums of its checked texts.

use model::schema::{Column, ConstraintBody, Identity, IdentityMode, Node};
use model::{Id, Schema};

use super::super::words::{bare, camel, identifier, snake};
use super::checked_set::checked_set;
use super::item::{EMPTY, Item, RustType, VALUE};
use super::name::{Names, TableNames};
use super::shapes::Shapes;
use super::types::{ColumnType, Types};
use super::{Options, enums, format};

/// A column as its three fields share it.
struct Field<'a> {
    node: &'a Node,
    column: &'a Column,
    /// The field's name, not yet raw.
    name: String,
    ty: RustType,
    through_text: Option<String>,
    in_key: bool,
}

/// The types of every table of the model.
pub(super) fn items(
    schema: &Schema,
    options: &Options,
    types: &Types,
    shapes: &mut Shapes,
    names: &mut Names,
) -> Vec<Item> {
    let mut items = Vec::new();
    for (node, table) in schema.tables() {
        // A partition has the columns of its parent, which stands for all of them.
        if node.external || table.partition_of.is_some() {
            continue;
        }
        let Some(own) = names.of_table(&node.id) else {
            continue;
        };
        let (fields, sets) = fields(schema, options, types, shapes, names, (&node.id, &own));
        let has_key = fields.iter().any(|f| f.in_key);
        let mut of_table = vec![row(schema, node, &own, &fields), insert(&own, &fields)];
        if has_key {
            of_table.push(patch(&own, &fields));
        }
        of_table.extend(sets);
        for item in &mut of_table {
            item.module = names.module_of(&node.id);
        }
        items.extend(of_table);
    }
    items
}

fn fields<'a>(
    schema: &'a Schema,
    options: &Options,
    types: &Types,
    shapes: &mut Shapes,
    names: &mut Names,
    (table, own): (&Id, &TableNames),
) -> (Vec<Field<'a>>, Vec<Item>) {
    let key = schema.primary_key(table);
    let (mut fields, mut sets) = (Vec::<Field>::new(), Vec::new());
    for (node, column) in schema.columns(table) {
        let context = format!("{}{}", own.row, camel(&node.id.part));
        let set = match options.checked_sets && is_text(types, column) {
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
                sets.push(item);
                ColumnType {
                    ty: RustType::imported(&name),
                    through_text: None,
                }
            }
            (None, None) => types.column(&column.ty),
        };
        let plain = snake(&node.id.part);
        let mut candidates =
            std::iter::once(plain.clone()).chain((2..).map(|n| format!("{plain}_{n}")));
        let free = |name: &String| fields.iter().all(|f| f.name != *name);
        let name = candidates.find(free).unwrap_or_default();
        let in_key = key.contains(&node.id.part);
        fields.push(Field {
            node,
            column,
            name,
            ty,
            through_text,
            in_key,
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
    fn nullable(&self) -> bool {
        !self.column.not_null && !self.in_key
    }

    /// The row's type: an `Option` where the column accepts null.
    fn row_type(&self) -> RustType {
        match self.nullable() {
            true => self.ty.clone().inside("Option"),
            false => self.ty.clone(),
        }
    }

    /// Whether the database makes the value and refuses a given one.
    fn is_made_by_the_database(&self) -> bool {
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
    fn has_default(&self) -> bool {
        self.column.default.is_some() || self.column.identity.is_some()
    }

    fn args(&self) -> Vec<String> {
        let mut args = Vec::new();
        if *bare(&self.identifier()) != *self.node.id.part {
            args.push(format!("column = {}", format::literal(&self.node.id.part)));
        }
        if let Some(ty) = &self.through_text {
            args.push(format!("through_text = {}", format::literal(ty)));
        }
        args
    }

    fn identifier(&self) -> String {
        identifier(&self.name)
    }
}

fn row(schema: &Schema, node: &Node, own: &TableNames, fields: &[Field]) -> Item {
    let mut item = Item::structure(&own.row);
    let table = format!("{}.{}", node.id.schema, node.id.name);
    let otherwise = format!("A row of `{table}`.");
    item.docs = format::docs(node.comment.as_deref().unwrap_or(&otherwise));
    item.derive(VALUE, "Row");
    let part = |name: &str| match name.contains(['.', '"']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    };
    let relation = format!("{}.{}", part(&node.id.schema), part(&node.id.name));
    let relation = format!("table = {}", format::literal(&relation));
    item.attributes.extend(format::attribute(&[relation], 0));
    for field in fields {
        let mut args = field.args();
        if field.in_key {
            args.push("primary_key".to_owned());
        }
        let definition = definition(schema, &node.id, field);
        let docs = format::docs(field.node.comment.as_deref().unwrap_or(&definition));
        item.field(docs, &args, &field.identifier(), field.row_type());
    }
    close(item)
}

/// What the database has for a column, for one that has no comment.
fn definition(schema: &Schema, table: &Id, field: &Field) -> String {
    let mut text = format!("`{}`", field.column.ty);
    if let Some(default) = &field.column.default {
        let default = default.as_str();
        if default.len() <= 40 && !default.contains(['`', '\n']) {
            text += &format!(", default `{default}`");
        }
    }
    let target = schema.constraints(table).find_map(|(_, c)| match &c.body {
        ConstraintBody::ForeignKey(key) if *key.columns == [field.node.id.part.clone()] => {
            Some(key.target.name.clone())
        }
        _ => None,
    });
    if let Some(target) = target {
        text += &format!(", references `{target}`");
    }
    text + "."
}

fn insert(own: &TableNames, fields: &[Field]) -> Item {
    let mut item = Item::structure(&own.insert);
    let defaults = fields
        .iter()
        .any(|f| f.has_default() && !f.is_made_by_the_database());
    let note = if defaults {
        " `None` leaves a column to its default."
    } else {
        ""
    };
    item.docs = format::docs(&format!("A new [`{}`].{note}", own.row));
    item.attributes.push("#[allow(missing_docs)]".to_owned());
    let given: Vec<&Field> = fields
        .iter()
        .filter(|f| !f.is_made_by_the_database())
        .collect();
    let all_optional = given.iter().all(|f| f.has_default() || f.nullable());
    item.derive(if all_optional { EMPTY } else { VALUE }, "Insert");
    item.attributes
        .extend(format::attribute(&[format!("row = {}", own.row)], 0));
    for field in given {
        let mut args = field.args();
        let mut ty = field.row_type();
        if field.has_default() {
            args.push("default".to_owned());
            ty = ty.inside("Option");
        }
        item.field(Vec::new(), &args, &field.identifier(), ty);
    }
    close(item)
}

fn patch(own: &TableNames, fields: &[Field]) -> Item {
    let mut item = Item::structure(&own.patch);
    item.docs = format::docs(&format!(
        "Changes to a [`{}`]. `None` leaves a column as it is.",
        own.row
    ));
    item.attributes.push("#[allow(missing_docs)]".to_owned());
    item.derive(EMPTY, "Patch");
    item.attributes
        .extend(format::attribute(&[format!("row = {}", own.row)], 0));
    for field in fields {
        // A key that the database gave out stays what it is.
        let given_out = field.in_key && field.has_default();
        if given_out || field.is_made_by_the_database() {
            continue;
        }
        let ty = field.row_type().inside("Option");
        item.field(Vec::new(), &field.args(), &field.identifier(), ty);
    }
    close(item)
}

/// A struct that turned out to have no fields.
fn close(mut item: Item) -> Item {
    if item.members.is_empty() {
        item.head.push('}');
    }
    item
}
