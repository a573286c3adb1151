//! Relations: foreign keys, and the tables that Prisma makes for lists on both sides.

use std::collections::BTreeSet;

use super::super::Remark;
use super::parse::{Attribute, Block, Field, Value};
use super::types::{column, mapped};
use super::write::{Names, quoted};

/// The foreign key that a relation field stands for, as a statement of its table's block.
pub(super) fn foreign_key(
    block: &Block,
    field: &Field,
    names: &Names<'_>,
) -> Result<Option<String>, Remark> {
    let Some(relation) = field.attribute("relation") else {
        return Ok(None);
    };
    let (own, theirs) = (listed(relation, "fields"), listed(relation, "references"));
    if own.is_empty() {
        return Ok(None);
    }
    let Some(target) = names.models.get(field.ty.as_str()) else {
        return Ok(None);
    };
    let columns = |block: &Block, fields: &[String]| -> Result<Vec<String>, Remark> {
        let column = |name: &String| match block.field(name) {
            Some(field) => Ok(names.column(field).to_owned()),
            None => {
                let text = format!("`{}` has no field `{name}`", block.name);
                Err(relation.at.remark(text))
            }
        };
        fields.iter().map(column).collect()
    };
    let (own, theirs) = (columns(block, &own)?, columns(target, &theirs)?);
    let usual = model::names::object_name(mapped(block), Some(&own.join("_")), "fkey");
    let name = relation.text("map").unwrap_or(&usual);
    let unsaid = if field.optional {
        "SetNull"
    } else {
        "Restrict"
    };
    let list = |names: &[String]| {
        names
            .iter()
            .map(|n| quoted(n))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Ok(Some(format!(
        "foreign key {} ({}) references {} ({}) on delete {} on update {}",
        quoted(name),
        list(&own),
        names.of_block(target),
        list(&theirs),
        action(relation, "onDelete", unsaid)?,
        action(relation, "onUpdate", "Cascade")?,
    )))
}

fn listed(attribute: &Attribute, name: &str) -> Vec<String> {
    let Some(Value::List(list)) = attribute.argument(name) else {
        return Vec::new();
    };
    let word = |value: &Value| match value {
        Value::Word(word) => Some(word.clone()),
        _ => None,
    };
    list.iter().filter_map(word).collect()
}

fn action(relation: &Attribute, name: &str, unsaid: &str) -> Result<&'static str, Remark> {
    let word = match relation.argument(name) {
        Some(Value::Word(word)) => word.as_str(),
        _ => unsaid,
    };
    Ok(match word {
        "Cascade" => "cascade",
        "Restrict" => "restrict",
        "NoAction" => "no action",
        "SetNull" => "set null",
        "SetDefault" => "set default",
        other => return Err(relation.at.remark(format!("there is no action `{other}`"))),
    })
}

/// The tables between models that list each other.
pub(super) fn between(names: &Names<'_>, remarks: &mut Vec<Remark>) -> Result<String, Remark> {
    let mut text = String::new();
    let mut done = BTreeSet::new();
    for block in names.models.values() {
        for field in block.fields.iter().filter(|field| is_open_list(field)) {
            let Some(other) = names.models.get(field.ty.as_str()) else {
                continue;
            };
            let answers = |back: &&Field| {
                is_open_list(back)
                    && back.ty == block.name
                    && relation_name(back) == relation_name(field)
                    && (block.name != other.name || back.name != field.name)
            };
            if other.fields.iter().find(answers).is_none() {
                continue;
            }
            let (a, b) = match block.name <= other.name {
                true => (*block, *other),
                false => (*other, *block),
            };
            let usual = format!("{}To{}", a.name, b.name);
            let name = format!("_{}", relation_name(field).unwrap_or(&usual));
            if done.insert(name.clone()) {
                text.push_str(&table(&name, a, b, names)?);
                remarks.push(field.at.remark(format!(
                    "Prisma keeps this relation in a table of its own, `{name}`; before Prisma 6 \
                     its key was a unique index `{name}_AB_unique`"
                )));
            }
        }
    }
    Ok(text)
}

fn is_open_list(field: &Field) -> bool {
    let fields = |relation: &Attribute| relation.argument("fields").is_some();
    field.list && !field.attribute("relation").is_some_and(fields)
}

fn relation_name(field: &Field) -> Option<&str> {
    let relation = field.attribute("relation")?;
    match relation.first() {
        Some(Value::Text(text)) => Some(text),
        _ => relation.text("name"),
    }
}

fn table(name: &str, a: &Block, b: &Block, names: &Names<'_>) -> Result<String, Remark> {
    let mut columns = String::new();
    let mut keys = String::new();
    for (column_name, block) in [("A", a), ("B", b)] {
        let Some(id) = block.fields.iter().find(|f| f.attribute("id").is_some()) else {
            let text = format!("`{}` has no single `@id`, which its list needs", block.name);
            return Err(block.at.remark(text));
        };
        columns.push_str(&format!("  \"{column_name}\" {}\n", column(id, names)?));
        keys.push_str(&format!(
            "  foreign key {} (\"{column_name}\") references {} ({}) on delete cascade on update cascade\n",
            quoted(&format!("{name}_{column_name}_fkey")),
            names.of_block(block),
            quoted(names.column(id)),
        ));
    }
    Ok(format!(
        "table {} {{\n{columns}  primary key {} (\"A\", \"B\")\n{keys}  index {} (\"B\")\n}}\n",
        quoted(name),
        quoted(&format!("{name}_AB_pkey")),
        quoted(&format!("{name}_B_index")),
    ))
}
