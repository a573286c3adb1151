//! `json` shapes.

use super::Printer;
use super::text::{docs, name, qname};
use crate::quote;
use crate::schema::{Field, Node, Presence, Shape, ShapeType, UnknownKeys};

impl Printer<'_> {
    pub(super) fn shape(&mut self, node: &Node, shape: &Shape) {
        let mut text = docs(node.comment.as_deref(), "");
        if !self.is_checked(node) {
            text.push_str("unchecked ");
        }
        text.push_str(&format!("json {} ", qname(&node.id.schema, &node.id.name)));
        if let Some((own, older)) = shape.versions() {
            let older: Vec<String> = older.iter().map(|ty| single(ty, "")).collect();
            text.push_str(&format!("reads {} {}", older.join(", "), single(own, "")));
            self.of(&node.id, text);
            return;
        }
        if !matches!(
            shape.body,
            ShapeType::Object { .. } | ShapeType::Tagged { .. }
        ) {
            text.push_str("= ");
        }
        text.push_str(&union(&shape.body, ""));
        self.of(&node.id, text);
    }

    /// Whether a check enforces it, or no column has it.
    fn is_checked(&self, node: &Node) -> bool {
        let id = &node.id;
        let used = self.schema.of_kind(crate::Kind::Column).any(|column| {
            let documents = column
                .object
                .as_column()
                .and_then(|c| c.documents.0.as_deref());
            documents.is_some_and(|d| *d == ShapeType::Shape(id.schema.clone(), id.name.clone()))
        });
        let derived = |n: &Node| n.derived_from.as_ref() == Some(id);
        !used || self.schema.nodes().any(derived)
    }
}

/// A type in one line, as it stands in `jsonb<…>`.
pub(super) fn inline(ty: &ShapeType) -> String {
    let text = union(ty, "");
    text.split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A type that needs no parentheses around it.
fn union(ty: &ShapeType, indent: &str) -> String {
    match ty {
        ShapeType::Enum(labels) => {
            let labels: Vec<String> = labels.iter().map(|l| quote::literal(l)).collect();
            labels.join(" | ")
        }
        ShapeType::Union(members) => {
            let members: Vec<String> = members.iter().map(|m| single(m, indent)).collect();
            members.join(" | ")
        }
        ShapeType::Nullable(inner) => match &**inner {
            several @ (ShapeType::Enum(_) | ShapeType::Union(_)) => {
                format!("{} | null", union(several, indent))
            }
            one => format!("{} | null", single(one, indent)),
        },
        _ => single(ty, indent),
    }
}

/// A type that stands among others.
fn single(ty: &ShapeType, indent: &str) -> String {
    let limits = |min: &Option<String>, max: &Option<String>| match (min, max) {
        (None, None) => String::new(),
        (min, max) => format!(
            "({}..{})",
            min.as_deref().unwrap_or(""),
            max.as_deref().unwrap_or("")
        ),
    };
    let count = |n: &Option<u32>| n.map(|n| n.to_string());
    let number = |n: &Option<i64>| n.map(|n| n.to_string());
    match ty {
        ShapeType::Any => "any".to_owned(),
        ShapeType::Boolean => "boolean".to_owned(),
        ShapeType::Text {
            min_length,
            max_length,
            pattern,
        } => {
            let limits = limits(&count(min_length), &count(max_length));
            let pattern = pattern.as_ref().map_or(String::new(), |p| {
                format!(" matching {}", quote::literal(p))
            });
            format!("text{limits}{pattern}")
        }
        ShapeType::Integer { bits, min, max } => {
            let word = match bits {
                16 => "smallint",
                64 => "bigint",
                _ => "integer",
            };
            format!("{word}{}", limits(&number(min), &number(max)))
        }
        ShapeType::Double => "double".to_owned(),
        ShapeType::Numeric => "numeric".to_owned(),
        ShapeType::Uuid => "uuid".to_owned(),
        ShapeType::Date => "date".to_owned(),
        ShapeType::Timestamptz => "timestamptz".to_owned(),
        ShapeType::Timestamp => "timestamp".to_owned(),
        ShapeType::Literal(text) => literal(text),
        ShapeType::Enum(_) | ShapeType::Union(_) | ShapeType::Nullable(_) => {
            format!("({})", union(ty, indent))
        }
        ShapeType::Object { fields, unknown } => object(fields, unknown, indent),
        ShapeType::Map(value) => format!("map<{}>", union(value, indent)),
        ShapeType::Array {
            items,
            min_items,
            max_items,
        } => {
            let limits = limits(&count(min_items), &count(max_items));
            format!("{}[]{limits}", single(items, indent))
        }
        ShapeType::Tagged { tag, variants } => {
            let inner = format!("{indent}  ");
            let variants: Vec<String> = variants
                .iter()
                .map(|(label, ty)| {
                    format!("{inner}{} {}\n", quote::literal(label), union(ty, &inner))
                })
                .collect();
            format!("by {} {{\n{}{indent}}}", name(tag), variants.concat())
        }
        ShapeType::Shape(schema, own) | ShapeType::DatabaseEnum(schema, own) => qname(schema, own),
    }
}

fn object(fields: &[Field], unknown: &UnknownKeys, indent: &str) -> String {
    let inner = format!("{indent}  ");
    let mut text = String::from("{\n");
    for field in fields {
        text.push_str(&docs(field.doc.as_deref(), &inner));
        let optional = matches!(field.presence, Presence::Optional);
        let ty = match (&field.ty, optional) {
            (ShapeType::Nullable(_), true) => format!("({})", union(&field.ty, &inner)),
            (ty, _) => union(ty, &inner),
        };
        let mark = if optional { "?" } else { "" };
        text.push_str(&format!(
            "{inner}{} {ty}{mark}",
            crate::syntax::quoted_name(&field.name)
        ));
        if let Some(was) = &field.was {
            text.push_str(&format!(" was {}", crate::syntax::quoted_name(was)));
        }
        if let Some(default) = &field.default {
            text.push_str(&format!(" default {}", default_value(default)));
        }
        text.push('\n');
    }
    match unknown {
        UnknownKeys::Refused => {}
        UnknownKeys::Kept => text.push_str(&format!("{inner}...\n")),
        UnknownKeys::Typed(ty) => text.push_str(&format!("{inner}... {}\n", union(ty, &inner))),
    }
    text.push_str(&format!("{indent}}}"));
    text
}

/// A JSON string without escapes, as what it says.
fn string_value(json: &str) -> Option<&str> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('\\')).then_some(inner)
}

/// The value of a JSON string, escapes resolved.
pub(crate) fn unescaped(json: &str) -> Option<String> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                'u' => {
                    let digits: String = chars.by_ref().take(4).collect();
                    value.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                other => value.push(other),
            },
            c => value.push(c),
        }
    }
    Some(value)
}

fn literal(json: &str) -> String {
    unescaped(json).map_or(json.to_owned(), |text| quote::literal(&text))
}

/// A field's default: a string in single quotes, any other JSON as it is.
fn default_value(json: &str) -> String {
    match string_value(json) {
        Some(text) => format!("'{}'", text.replace('\'', "''")),
        None if json.starts_with(['{', '[', '"']) => format!("({json})"),
        None => json.to_owned(),
    }
}
