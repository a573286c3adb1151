//! A table's types: the row with its key and its error, the insert, the patch; and the enums of its
//! checked texts.

use model::schema::{ConstraintBody, Name, Node};
use model::{Id, Schema};

use super::super::words::{camel, identifier};
use super::fields::{Field, fields};
use super::item::{EMPTY, Item, VALUE};
use super::keys::{Relation, Relations};
use super::name::{self, Names, TableNames};
use super::refusals::References;
use super::shapes::Shapes;
use super::types::Types;
use super::{Options, format, keys, refusals, restricted, states, trail};

/// What all tables share.
pub(super) struct Whole<'a> {
    pub(super) schema: &'a Schema,
    pub(super) options: &'a Options,
    pub(super) types: &'a Types<'a>,
    relations: Relations,
    references: References,
}

/// The types of every table of the model.
pub(super) fn items(
    schema: &Schema,
    options: &Options,
    types: &Types,
    shapes: &mut Shapes,
    names: &mut Names,
) -> Vec<Item> {
    let whole = Whole {
        schema,
        options,
        types,
        relations: Relations::new(schema, types, names),
        references: References::new(schema),
    };
    let mut items = Vec::new();
    for (node, table) in schema.tables() {
        // A partition has the columns of its parent, which stands for all of them.
        if node.external || table.partition_of.is_some() {
            continue;
        }
        let Some(own) = names.of_table(&node.id) else {
            continue;
        };
        let (fields, sets) = fields(&whole, shapes, names, (&node.id, &own));
        let error = refusals::item(schema, &whole.references, &node.id, &own);
        let mut of_table = vec![row(&whole, node, (&own, names), &fields, error.is_some())];
        of_table.extend(key(&whole, &node.id, &own));
        of_table.push(insert(&own, &fields));
        let changes = !schema.is_append_only(&node.id);
        if changes && fields.iter().any(|f| f.in_key) {
            of_table.push(patch(&own, &fields));
        }
        of_table.extend(restricted(schema, node, &own, &fields, names));
        of_table.extend(error);
        of_table.extend(sets);
        for item in &mut of_table {
            item.module = names.module_of(&node.id);
        }
        items.extend(of_table);
    }
    items
}

/// The type of the table's own key.
fn key(whole: &Whole, table: &Id, own: &TableNames) -> Option<Item> {
    let primary = whole.schema.primary_key(table);
    let [column] = primary.as_slice() else {
        return None;
    };
    if keys::origin(whole.schema, whole.types, table, column)? != *table {
        return None;
    }
    let column = whole.schema.column(table, column)?;
    Some(keys::item(own, whole.types.column(&column.ty).ty))
}

/// `table = "public.deals"`.
pub(super) fn relation(table: &Id) -> String {
    let part = |name: &str| match name.contains(['.', '"']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    };
    let relation = format!("{}.{}", part(&table.schema), part(&table.name));
    format!("table = {}", format::literal(&relation))
}

fn row(
    whole: &Whole,
    node: &Node,
    (own, names): (&TableNames, &Names),
    fields: &[Field],
    has_error: bool,
) -> Item {
    let (schema, table) = (whole.schema, &node.id);
    let mut item = Item::structure(&own.row);
    let otherwise = format!("A row of `{}.{}`.", table.schema, table.name);
    item.docs = format::docs(node.comment.as_deref().unwrap_or(&otherwise));
    item.derive(VALUE, "Row");
    let mut args = vec![relation(table)];
    if schema.is_append_only(table) {
        args.push("append_only".to_owned());
    }
    if let Some((line, audited)) = trail::of_table(schema, table, fields, names) {
        args.push(audited);
        item.uses.insert(line);
    }
    if has_error {
        args.push(format!("error = {}", own.error));
    }
    for columns in keys::unique(schema, table) {
        let field = |column: &Name| fields.iter().find(|f| f.node.id.part == *column);
        let names = columns.iter().filter_map(field).map(|f| f.name.as_str());
        let names: Vec<&str> = names.collect();
        if names.len() == columns.len() {
            args.push(keys::unique_argument(&names));
        }
    }
    item.attributes.extend(format::attribute(&args, 0));
    for key in whole.relations.composite(table) {
        let own = list(&name::fields(schema, table), &key.columns);
        let target = list(&name::fields(schema, &key.target), &key.target_columns);
        let Relation { parent, one, many } = &key.relation;
        let (one, many) = (format::literal(one), format::literal(many));
        item.attributes.push(format!(
            "#[pilaster(foreign_key(\n    {own},\n    references = {parent}({target}),\n    \
             one = {one},\n    many = {many}\n))]"
        ));
        item.uses.insert(parent.clone());
    }
    let state = states::of_table(schema, table).map(|(node, _)| &node.id.part);
    for field in fields {
        let mut args = field.args();
        if field.in_key {
            args.push("primary_key".to_owned());
        }
        if field.column.soft_delete.0 {
            args.push("soft_delete".to_owned());
        }
        let ty = whole.types.base(&field.column.ty);
        if let Some(schema) = ty.schema.as_ref().filter(|_| whole.types.is_vector(&ty)) {
            args.push(format!("type_schema = {}", format::literal(schema)));
        }
        if field.json {
            args.push("json".to_owned());
        }
        let is_enum = whole.types.column(&field.column.ty).ty != field.ty
            || whole.types.is_enumeration(&field.column.ty);
        if state == Some(&field.node.id.part) && is_enum {
            args.push("state".to_owned());
        }
        if let Some(relation) = whole.relations.of(table, &field.node.id.part) {
            args.push(format!("references = {}", relation.parent));
            args.push(format!("one = {}", format::literal(&relation.one)));
            args.push(format!("many = {}", format::literal(&relation.many)));
            item.uses.insert(relation.parent.clone());
        }
        let definition = definition(schema, table, field);
        let docs = format::docs(field.node.comment.as_deref().unwrap_or(&definition));
        item.field(docs, &args, &field.identifier(), field.row_type());
    }
    close(item)
}

/// A part of the row for each set of columns that some role may read and no more.
fn restricted(
    schema: &Schema,
    node: &Node,
    own: &TableNames,
    fields: &[Field],
    names: &mut Names,
) -> Vec<Item> {
    let mut items = Vec::new();
    for (columns, roles) in restricted::of_table(schema, node) {
        let mut roles = roles.iter();
        let Some(first) = roles.next() else { continue };
        let named = |role: &Name| format!("{}For{}", own.row, camel(role));
        let name = names.claim(&named(first), "Part");
        let mut item = Item::structure(&name);
        item.docs = format::docs(&format!(
            "What `{first}` may read of a [`{}`]: some columns only.",
            own.row
        ));
        item.derive(VALUE, "Row");
        item.attributes
            .extend(format::attribute(&[format!("of = {}", own.row)], 0));
        let readable = |field: &&Field| columns.contains(&field.node.id.part);
        let whole_key = fields.iter().filter(|f| f.in_key).all(|f| readable(&f));
        for field in fields.iter().filter(readable) {
            let key = whole_key && field.in_key;
            let args: Vec<String> = key.then(|| "primary_key".to_owned()).into_iter().collect();
            let docs = format::docs(&format!("As [`{}::{}`].", own.row, field.name));
            item.field(docs, &args, &field.identifier(), field.row_type());
        }
        items.push(close(item));
        for role in roles {
            let alias = names.claim(&named(role), "Part");
            let docs = format!("What `{role}` may read of a [`{}`].", own.row);
            items.push(Item {
                docs: format::docs(&docs),
                head: format!("pub type {alias} = {name};"),
                name: alias,
                ..Item::default()
            });
        }
    }
    items
}

/// The fields of these columns, in their order.
fn list(fields: &[(Name, String)], columns: &[Name]) -> String {
    let field = |column: &Name| fields.iter().find(|(name, _)| name == column);
    let names = columns.iter().filter_map(field);
    let names: Vec<String> = names.map(|(_, field)| identifier(field)).collect();
    names.join(", ")
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
