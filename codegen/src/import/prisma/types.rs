//! Types and defaults: what Prisma's PostgreSQL connector makes of a field.

use super::super::Remark;
use super::parse::{Attribute, Block, Field, Value};
use super::write::Names;
use model::quote::literal;

/// The type of a field's column, without `?`.
pub(super) fn column(field: &Field, names: &Names<'_>) -> Result<String, Remark> {
    let element = match native(field) {
        Some(attribute) => written(attribute)?,
        None if field.unsupported => field.ty.clone(),
        None => match names.enums.get(field.ty.as_str()) {
            Some(block) => names.of_block(block),
            None => scalar(&field.ty).map_or_else(|| Err(unknown(field, names)), Ok)?,
        },
    };
    Ok(if field.list {
        format!("{element}[]")
    } else {
        element
    })
}

fn native(field: &Field) -> Option<&Attribute> {
    field.attributes.iter().find(|a| a.name.starts_with("db."))
}

fn scalar(name: &str) -> Option<String> {
    let ty = match name {
        "String" => "text",
        "Boolean" => "boolean",
        "Int" => "integer",
        "BigInt" => "bigint",
        "Float" => "double precision",
        "Decimal" => "numeric(65, 30)",
        "DateTime" => "timestamp(3)",
        "Json" => "jsonb",
        "Bytes" => "bytea",
        _ => return None,
    };
    Some(ty.to_owned())
}

fn unknown(field: &Field, names: &Names<'_>) -> Remark {
    let known = names.models.keys().chain(names.enums.keys()).copied();
    let lower = field.ty.to_lowercase();
    let near = known
        .chain([
            "String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json",
        ])
        .find(|name| name.to_lowercase() == lower);
    let help = near.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    field
        .at
        .remark(format!("there is no type `{}`{help}", field.ty))
}

/// `@db.VarChar(255)` and the like.
fn written(attribute: &Attribute) -> Result<String, Remark> {
    let own = attribute.name.trim_start_matches("db.");
    let ty = match own {
        "Text" => "text",
        "VarChar" => "varchar",
        "Char" => "char",
        "Bit" => "bit",
        "VarBit" => "bit varying",
        "Uuid" => "uuid",
        "Xml" => "xml",
        "Inet" => "inet",
        "Citext" => "citext",
        "Boolean" => "boolean",
        "SmallInt" => "smallint",
        "Integer" => "integer",
        "BigInt" => "bigint",
        "Oid" => "oid",
        "Decimal" => "numeric",
        "Money" => "money",
        "Real" => "real",
        "DoublePrecision" => "double precision",
        "Timestamp" => "timestamp",
        "Timestamptz" => "timestamptz",
        "Date" => "date",
        "Time" => "time",
        "Timetz" => "timetz",
        "Json" => "json",
        "JsonB" => "jsonb",
        "ByteA" => "bytea",
        _ => {
            let text = format!("`@{}` is no type of PostgreSQL", attribute.name);
            return Err(attribute.at.remark(text));
        }
    };
    let modifiers: Vec<&str> = attribute
        .arguments
        .iter()
        .filter_map(|(_, value)| match value {
            Value::Number(number) => Some(number.as_str()),
            _ => None,
        })
        .collect();
    Ok(match modifiers.is_empty() {
        true => ty.to_owned(),
        false => format!("{ty}({})", modifiers.join(", ")),
    })
}

/// What a default becomes.
pub(super) enum Default {
    /// No default, or one that Prisma's client fills in.
    None,
    /// A clause.
    Clause(String),
    /// The column counts by itself.
    Serial,
}

/// The default of a field's column, and what there is to say about it.
pub(super) fn default(
    field: &Field,
    ty: &str,
    names: &Names<'_>,
    remarks: &mut Vec<Remark>,
) -> Default {
    let Some(attribute) = field.attribute("default") else {
        return Default::None;
    };
    let Some(value) = attribute.argument("value").or(attribute.first()) else {
        return Default::None;
    };
    let by_client = |call: &str| {
        attribute.at.remark(format!(
            "`{}`: Prisma's client makes its `{call}()`, and the database has no default; \
             `default gen_random_uuid()` would give it one",
            field.name
        ))
    };
    let text = match value {
        Value::Call(name, _) if name == "autoincrement" => return Default::Serial,
        Value::Call(name, _) if name == "now" => "CURRENT_TIMESTAMP".to_owned(),
        Value::Call(name, arguments) if name == "dbgenerated" => match arguments.first() {
            Some((_, Value::Text(sql))) => format!("({sql})"),
            _ => {
                let text = format!(
                    "`{}` has a default that the datamodel doesn't say",
                    field.name
                );
                remarks.push(attribute.at.remark(text));
                return Default::None;
            }
        },
        Value::Call(name, _) => {
            remarks.push(by_client(name));
            return Default::None;
        }
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(|v| constant(v, field, names)).collect();
            format!("(ARRAY[{}]::{ty})", values.join(", "))
        }
        value => constant(value, field, names),
    };
    Default::Clause(format!("default {text}"))
}

fn constant(value: &Value, field: &Field, names: &Names<'_>) -> String {
    match value {
        Value::Number(number) if number.starts_with('-') => format!("({number})"),
        Value::Number(number) => number.clone(),
        Value::Text(text) => literal(text),
        Value::Word(word) if ["true", "false"].contains(&word.as_str()) => word.clone(),
        Value::Word(word) => {
            let block = names.enums.get(field.ty.as_str());
            let label = block.and_then(|block| block.field(word)).map(label);
            literal(label.unwrap_or(word))
        }
        Value::Call(..) | Value::List(_) => "null".to_owned(),
    }
}

/// What an enum's value is called in the database.
pub(super) fn label(value: &Field) -> &str {
    let mapped = value.attribute("map").and_then(|map| match map.first() {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => map.text("name"),
    });
    mapped.unwrap_or(&value.name)
}

/// What a block is called in the database.
pub(super) fn mapped(block: &Block) -> &str {
    let map = block.attribute("map").and_then(|map| match map.first() {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => map.text("name"),
    });
    map.unwrap_or(&block.name)
}
