//! Blocks to the text of a model: first every name in quotes, then in the one layout.

use std::collections::BTreeMap;

use model::{Color, Sources, Style, print_in};

use super::super::Remark;
use super::parse::{Attribute, Block, Field, Value};
use super::relations::{between, foreign_key};
use super::types::{self, Default, column, label, mapped};

/// What is declared.
pub(super) struct Names<'b> {
    pub(super) models: BTreeMap<&'b str, &'b Block>,
    pub(super) enums: BTreeMap<&'b str, &'b Block>,
}

impl Names<'_> {
    /// The name of a block in the database, quoted and with its schema.
    pub(super) fn of_block(&self, block: &Block) -> String {
        let own = quoted(mapped(block));
        let schema = block.attribute("schema").and_then(Attribute::first);
        match schema {
            Some(Value::Text(schema)) => format!("{}.{own}", quoted(schema)),
            _ => own,
        }
    }

    /// The name of a field's column.
    pub(super) fn column<'f>(&self, field: &'f Field) -> &'f str {
        label(field)
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The model, and what there is to say about it.
pub(super) fn model(blocks: &[Block]) -> Result<(String, Vec<Remark>), Vec<Remark>> {
    let of_kind = |kind: &'static str| {
        let own = blocks.iter().filter(move |block| block.kind == kind);
        own.map(|block| (block.name.as_str(), block))
    };
    let names = Names {
        models: of_kind("model").collect(),
        enums: of_kind("enum").collect(),
    };
    let mut remarks = Vec::new();
    let mut faults = Vec::new();
    let mut text = String::new();
    let mut enforced = true;
    for block in blocks {
        match block.kind.as_str() {
            "model" | "enum" | "generator" => {}
            "datasource" => match datasource(block) {
                Ok((own, keys)) => {
                    text.push_str(&own);
                    enforced &= keys;
                }
                Err(fault) => faults.push(fault),
            },
            "view" => remarks.push(block.at.remark(format!(
                "view `{}` is left out: a datamodel doesn't say its query; `pilaster pull` or the \
                 SQL migrations do",
                block.name
            ))),
            other => faults.push(
                block
                    .at
                    .remark(format!("PostgreSQL has nothing like `{other}`")),
            ),
        }
    }
    for block in names.enums.values() {
        text.push_str(&enumeration(block, &names));
    }
    for block in names.models.values() {
        match table(block, &names, enforced, &mut remarks) {
            Ok(own) => text.push_str(&own),
            Err(fault) => faults.push(fault),
        }
    }
    match between(&names, &mut remarks) {
        Ok(tables) => text.push_str(&tables),
        Err(fault) => faults.push(fault),
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    remarks.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok((laid_out(&text).map_err(|fault| vec![fault])?, remarks))
}

/// The text as a person would write it.
fn laid_out(text: &str) -> Result<String, Remark> {
    let mut sources = Sources::new();
    sources.add("the datamodel as a model", text);
    let (model, diagnostics) = model::load(&sources);
    if diagnostics.has_errors() {
        return Err(Remark {
            file: "the datamodel as a model".to_owned(),
            line: 1,
            text: diagnostics.render(&sources, Color::Never),
        });
    }
    let style = Style {
        mixins: true,
        templates: false,
        platform: None,
    };
    Ok(print_in(&model.schema, &style))
}

/// The schemas and extensions of a datasource, and whether the database keeps foreign keys.
fn datasource(block: &Block) -> Result<(String, bool), Remark> {
    let setting = |name: &str| block.field(name).and_then(|field| field.value.as_ref());
    match setting("provider") {
        Some(Value::Text(provider)) if ["postgresql", "postgres"].contains(&provider.as_str()) => {}
        Some(Value::Text(provider)) => {
            let at = block.field("provider").map_or(&block.at, |field| &field.at);
            return Err(at.remark(format!("the database is `{provider}`, and not PostgreSQL")));
        }
        _ => return Err(block.at.remark("the datasource names no provider")),
    }
    let mut text = String::new();
    if let Some(Value::List(schemas)) = setting("schemas") {
        for schema in schemas {
            if let Value::Text(schema) = schema
                && schema != "public"
            {
                text.push_str(&format!("schema {}\n", quoted(schema)));
            }
        }
    }
    if let Some(Value::List(extensions)) = setting("extensions") {
        for extension in extensions {
            let (name, arguments) = match extension {
                Value::Word(name) => (name, &[][..]),
                Value::Call(name, arguments) => (name, &arguments[..]),
                _ => continue,
            };
            let argument = |wanted: &str| {
                let named = |(name, _): &&(Option<String>, Value)| name.as_deref() == Some(wanted);
                arguments
                    .iter()
                    .find(named)
                    .and_then(|(_, value)| match value {
                        Value::Text(text) => Some(text.as_str()),
                        _ => None,
                    })
            };
            text.push_str(&format!(
                "extension {}",
                quoted(argument("map").unwrap_or(name))
            ));
            if let Some(schema) = argument("schema") {
                text.push_str(&format!(" in schema {}", quoted(schema)));
            }
            text.push('\n');
        }
    }
    let by_client = setting("relationMode") == Some(&Value::Text("prisma".to_owned()));
    Ok((text, !by_client))
}

fn docs(lines: &[String], indent: &str) -> String {
    let line = |line: &String| format!("{indent}/// {line}").trim_end().to_owned() + "\n";
    lines.iter().map(line).collect()
}

fn enumeration(block: &Block, names: &Names<'_>) -> String {
    let labels: Vec<String> = block
        .fields
        .iter()
        .map(|value| model::quote::literal(label(value)))
        .collect();
    format!(
        "{}enum {} {{ {} }}\n",
        docs(&block.above.docs, ""),
        names.of_block(block),
        labels.join(", ")
    )
}

fn table(
    block: &Block,
    names: &Names<'_>,
    enforced: bool,
    remarks: &mut Vec<Remark>,
) -> Result<String, Remark> {
    let mut text = docs(&block.above.docs, "");
    text.push_str(&format!("table {} {{\n", names.of_block(block)));
    let mut rest = String::new();
    for field in &block.fields {
        if names.models.contains_key(field.ty.as_str()) && !field.unsupported {
            if let Some(key) = foreign_key(block, field, names)?.filter(|_| enforced) {
                rest.push_str(&format!("  {key}\n"));
            }
            continue;
        }
        text.push_str(&docs(&field.above.docs, "  "));
        text.push_str(&format!("  {}\n", line(block, field, names, remarks)?));
        if let Some(unique) = field.attribute("unique") {
            let columns = vec![names.column(field).to_owned()];
            rest.push_str(&index(
                block,
                unique,
                &columns,
                &columns,
                "unique index",
                "key",
            ));
        }
    }
    for attribute in &block.attributes {
        let fields = attribute.fields();
        let mut columns = Vec::new();
        let mut keys = Vec::new();
        for (name, arguments) in &fields {
            let Some(field) = block.field(name) else {
                let text = format!("`{}` has no field `{name}`", block.name);
                return Err(attribute.at.remark(text));
            };
            columns.push(names.column(field).to_owned());
            keys.push(format!("{}{}", quoted(names.column(field)), how(arguments)));
        }
        match attribute.name.as_str() {
            "id" => {
                let name = attribute.text("map").map(quoted).unwrap_or_default();
                let list: Vec<String> = columns.iter().map(|c| quoted(c)).collect();
                rest.push_str(&format!("  primary key {name} ({})\n", list.join(", ")));
            }
            "unique" => rest.push_str(&index(
                block,
                attribute,
                &columns,
                &keys,
                "unique index",
                "key",
            )),
            "index" => rest.push_str(&index(block, attribute, &columns, &keys, "index", "idx")),
            "map" | "schema" | "ignore" => {}
            other => remarks.push(attribute.at.remark(format!(
                "`@@{other}` of `{}` is left out: PostgreSQL has nothing like it",
                block.name
            ))),
        }
    }
    Ok(format!("{text}{rest}}}\n"))
}

fn line(
    block: &Block,
    field: &Field,
    names: &Names<'_>,
    remarks: &mut Vec<Remark>,
) -> Result<String, Remark> {
    let ty = column(field, names)?;
    let nullable = if field.optional || field.list {
        "?"
    } else {
        ""
    };
    let mut clauses = Vec::new();
    let mut written = format!("{ty}{nullable}");
    match types::default(field, &ty, names, remarks) {
        Default::None => {}
        Default::Clause(clause) => clauses.push(clause),
        Default::Serial => {
            written = match ty.as_str() {
                "smallint" => "smallserial",
                "bigint" => "bigserial",
                _ => "serial",
            }
            .to_owned();
        }
    }
    if let Some(id) = field.attribute("id") {
        let named = id
            .text("map")
            .map(|name| format!("constraint {} ", quoted(name)));
        clauses.insert(0, format!("{}primary key", named.unwrap_or_default()));
    }
    if let Some(updated) = field.attribute("updatedAt") {
        remarks.push(updated.at.remark(format!(
            "`{}.{}`: Prisma's client sets it on every update, and the database doesn't; `touch` \
             behind the column lets it",
            block.name, field.name
        )));
    }
    Ok(format!(
        "{} {written} {}",
        quoted(names.column(field)),
        clauses.join(" ")
    ))
}

/// `sort` and `ops` of a key.
fn how(arguments: &[(Option<String>, Value)]) -> String {
    let mut text = String::new();
    for (name, value) in arguments {
        match (name.as_deref(), value) {
            (Some("ops"), Value::Word(class)) => text.push_str(&format!(" {}", snake(class))),
            (Some("ops"), Value::Call(raw, arguments)) if raw == "raw" => {
                if let Some((_, Value::Text(class))) = arguments.first() {
                    text.push_str(&format!(" {class}"));
                }
            }
            (Some("sort"), Value::Word(sort)) if sort == "Desc" => text.push_str(" desc"),
            _ => {}
        }
    }
    text
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

fn index(
    block: &Block,
    attribute: &Attribute,
    columns: &[String],
    keys: &[String],
    word: &str,
    label: &str,
) -> String {
    let usual = model::names::object_name(mapped(block), Some(&columns.join("_")), label);
    let name = attribute.text("map").unwrap_or(&usual);
    let using = match attribute.argument("type") {
        Some(Value::Word(method)) if method != "BTree" => {
            format!(" using {}", method.to_lowercase())
        }
        _ => String::new(),
    };
    let key = |key: &String| match key.starts_with('"') {
        true => key.clone(),
        false => quoted(key),
    };
    let keys: Vec<String> = keys.iter().map(key).collect();
    format!("  {word} {}{using} ({})\n", quoted(name), keys.join(", "))
}
