//! TypeScript types of what a client sees as JSON: rows, new rows, changes, enums and documents.
//!
//! A value is typed as PostgREST (and so Supabase) and `row_to_json` give it: numbers of every size
//! are `number`, dates and times are strings. It never says how rows are fetched.

mod shape;

use std::fmt::Write;

use model::schema::{Column, IdentityMode, Type};
use model::{Id, Kind, Node, Schema};

use super::rust::checked_set::checked_set;
use super::rust::name::Names;
use super::words::camel;
use crate::files::MARK;

/// The TypeScript types of a schema, as one module. Names are those of the Rust types.
///
/// External objects, partitions (their parent stands for them) and views are left out.
pub fn typescript(schema: &Schema) -> String {
    let mut names = Names::new(schema);
    let mut text = format!(
        "// The rows, enums and documents of the database, as JSON has them.\n//\n\
         // {MARK}: change the model, not this file.\n"
    );
    for (node, table) in schema.tables() {
        if !node.external && table.partition_of.is_none() {
            of_table(&mut text, schema, &mut names, node);
        }
    }
    for node in schema.of_kind(Kind::Enum).filter(|node| !node.external) {
        let (Some(object), Some(name)) = (node.object.as_enum(), names.of(&node.id)) else {
            continue;
        };
        docs(&mut text, node.comment.as_deref(), "");
        let labels = labels(object.labels.iter().map(AsRef::as_ref));
        let _ = writeln!(text, "export type {name} = {labels};");
    }
    for node in schema.of_kind(Kind::Shape).filter(|node| !node.external) {
        let (Some(shape), Some(name)) = (node.object.as_shape(), names.of(&node.id)) else {
            continue;
        };
        docs(&mut text, node.comment.as_deref(), "");
        let ty = shape::value(&shape.body, &names, "");
        let _ = writeln!(text, "export type {name} = {ty};");
    }
    text
}

/// A property of a row.
struct Property {
    name: String,
    ty: String,
    comment: Option<std::sync::Arc<str>>,
    nullable: bool,
    optional: bool,
    given: bool,
}

fn of_table(text: &mut String, schema: &Schema, names: &mut Names, table: &Node) {
    let Some(own) = names.of_table(&table.id) else {
        return;
    };
    let mut sets = String::new();
    let mut properties = Vec::new();
    for (node, column) in schema.columns(&table.id) {
        let mut ty = of_column(schema, names, column);
        if ty == "string"
            && let Some(set) = checked_set(schema, &table.id, &node.id.part)
        {
            ty = names.claim(&format!("{}{}", own.row, camel(&node.id.part)), "Set");
            let labels = labels(set.iter().map(String::as_str));
            let about = format!("What `{}.{}` may hold.", table.id.name, node.id.part);
            docs(&mut sets, Some(&about), "");
            let _ = writeln!(sets, "export type {ty} = {labels};");
        }
        let always = column.identity.as_ref();
        let always = always.is_some_and(|identity| identity.mode == IdentityMode::Always);
        let nullable = !column.not_null && !schema.primary_key(&table.id).contains(&node.id.part);
        properties.push(Property {
            name: key(&node.id.part),
            ty,
            comment: node.comment.clone(),
            nullable,
            optional: nullable || column.default.is_some() || column.identity.is_some(),
            given: !always && column.generated.is_none(),
        });
    }
    docs(text, table.comment.as_deref(), "");
    interface(text, &own.row, &properties, |_| false);
    let given: Vec<Property> = properties.into_iter().filter(|p| p.given).collect();
    docs(text, Some(&format!("A new {}.", own.row)), "");
    interface(text, &own.insert, &given, |p| p.optional);
    if !schema.is_append_only(&table.id) {
        docs(text, Some(&format!("Changes to a {}.", own.row)), "");
        let _ = writeln!(text, "export type {} = Partial<{}>;", own.patch, own.insert);
    }
    text.push_str(&sets);
}

fn interface(
    text: &mut String,
    name: &str,
    properties: &[Property],
    optional: impl Fn(&Property) -> bool,
) {
    let _ = writeln!(text, "export interface {name} {{");
    for property in properties {
        docs(text, property.comment.as_deref(), "  ");
        let mark = if optional(property) { "?" } else { "" };
        let null = if property.nullable { " | null" } else { "" };
        let _ = writeln!(text, "  {}{mark}: {}{null};", property.name, property.ty);
    }
    text.push_str("}\n");
}

/// The type of a column's values, null aside.
fn of_column(schema: &Schema, names: &Names, column: &Column) -> String {
    let one = match &column.documents.0 {
        Some(documents) => shape::value(documents, names, "  "),
        None => of_type(schema, names, &column.ty.element()),
    };
    match column.ty.array {
        true => array(&one),
        false => one,
    }
}

fn of_type(schema: &Schema, names: &Names, ty: &Type) -> String {
    let Some(of) = &ty.schema else {
        return builtin(&ty.name).to_owned();
    };
    let id = Id::in_schema(Kind::Enum, of.clone(), ty.name.clone());
    if let Some(name) = names.of(&id) {
        return name.to_owned();
    }
    let id = Id::in_schema(Kind::Domain, of.clone(), ty.name.clone());
    match schema.get(&id).and_then(|node| node.object.as_domain()) {
        Some(domain) => of_type(schema, names, &domain.base),
        None => "unknown".to_owned(),
    }
}

fn builtin(name: &str) -> &'static str {
    match name {
        "boolean" => "boolean",
        "smallint" | "integer" | "bigint" | "oid" | "real" | "double precision" | "numeric" => {
            "number"
        }
        "json" | "jsonb" => "unknown",
        _ => "string",
    }
}

/// `T[]`, in parentheses where the type is made of several.
fn array(ty: &str) -> String {
    match ty.contains([' ', '|']) && !ty.starts_with('{') {
        true => format!("({ty})[]"),
        false => format!("{ty}[]"),
    }
}

/// `"a" | "b"`.
fn labels<'a>(labels: impl Iterator<Item = &'a str>) -> String {
    let labels: Vec<String> = labels.map(literal).collect();
    match labels.is_empty() {
        true => "never".to_owned(),
        false => labels.join(" | "),
    }
}

/// A string literal; JSON's are JavaScript's.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The name of a property, in quotes where it is no identifier.
fn key(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    match first && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        true => name.to_owned(),
        false => literal(name),
    }
}

/// Documentation as TypeScript's tools show it.
fn docs(text: &mut String, comment: Option<&str>, indent: &str) {
    if indent.is_empty() {
        text.push('\n');
    }
    let Some(comment) = comment else { return };
    // What would end the comment is broken up.
    let comment = comment.replace("*/", "*\u{200b}/");
    let mut lines = comment.trim().lines();
    match (lines.next(), lines.clone().next()) {
        (Some(only), None) => {
            let _ = writeln!(text, "{indent}/** {} */", only.trim());
        }
        _ => {
            let _ = writeln!(text, "{indent}/**");
            for line in comment.trim().lines() {
                let line = format!("{indent} * {}", line.trim());
                let _ = writeln!(text, "{}", line.trim_end());
            }
            let _ = writeln!(text, "{indent} */");
        }
    }
}
