//! JSON shapes: their types, with every name in them looked up.

use std::sync::Arc;

use super::world::{ColumnWork, World, at, unknown};
use super::{Lowered, Output, object};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Field, Id, Kind, Node, Object, Presence, Shape, ShapeType, UnknownKeys};
use crate::source::FileId;
use crate::syntax::tree::{self, JsonKind, JsonObject, JsonType, Limits};

/// The scalar types of shapes.
const SCALARS: [&str; 14] = [
    "any",
    "bigint",
    "boolean",
    "date",
    "double",
    "integer",
    "map",
    "numeric",
    "smallint",
    "text",
    "timestamp",
    "timestamptz",
    "uuid",
    "null",
];

/// Lowers every shape that has a name.
pub(super) fn lower<'t>(world: &World<'t>, out: &mut Output<'t>) {
    let mut shapes: Vec<_> = world.shapes.iter().collect();
    shapes.sort_by_key(|(id, _)| (*id).clone());
    for (id, (file, json)) in shapes {
        let mut lowered = Lowered::default();
        let mut reader = Reader {
            file: *file,
            world,
            needs: Vec::new(),
            faults: Vec::new(),
        };
        let mut body = reader.ty(&json.ty);
        let reads = !json.reads.is_empty();
        if reads {
            let older = json.reads.iter().map(|name| reader.named(name, None, None));
            let older: Vec<ShapeType> = older.collect();
            body = ShapeType::Union(std::iter::once(body).chain(older).collect());
        }
        let Reader { needs, faults, .. } = reader;
        lowered.faults.extend(faults);
        let mut node = Node::new(id.clone(), Object::Shape(Shape { body, reads }));
        node.needs = needs;
        let place = at(*file, json.name.span());
        let mut node = object::finish(node, place, &json.docs, &json.clauses, world, &mut lowered);
        node.needs.retain(|n| n.kind != Kind::Schema);
        lowered.add(node);
        if json.unchecked {
            out.unchecked.insert(id.clone());
        }
        out.take(lowered);
    }
}

/// What the documents of a column may be, and the shapes and enums that takes.
pub(super) fn of_column<'t>(
    column: &ColumnWork<'t>,
    file: FileId,
    tree: &'t tree::Column,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> (Option<ShapeType>, Vec<Id>) {
    let Some(written) = tree.ty.shape.as_deref() else {
        return (None, Vec::new());
    };
    if !column.broken && !column.ty.is("jsonb") {
        let message = format!(
            "only `jsonb` has a shape, and `{}` is {}",
            column.name, column.ty
        );
        lowered.faults.push(
            Diagnostic::error(code::SHAPE_ON_OTHER_TYPE, message, at(file, tree.ty.span))
                .help("for several documents write `jsonb<Shape[]>`"),
        );
        return (None, Vec::new());
    }
    let mut reader = Reader {
        file,
        world,
        needs: Vec::new(),
        faults: Vec::new(),
    };
    let body = reader.ty(written);
    lowered.faults.append(&mut reader.faults);
    (Some(body), reader.needs)
}

struct Reader<'w, 't> {
    file: FileId,
    world: &'w World<'t>,
    needs: Vec<Id>,
    faults: Vec<Diagnostic>,
}

impl Reader<'_, '_> {
    fn ty(&mut self, written: &JsonType) -> ShapeType {
        match &written.kind {
            JsonKind::Named {
                name,
                limits,
                matching,
            } => self.named(name, *limits, matching.as_ref()),
            JsonKind::Text(text) => ShapeType::Literal(json_string(&text.value)),
            JsonKind::Literal(text) => ShapeType::Literal(Arc::from(&**text)),
            JsonKind::Array(items, limits) => {
                let (min, max) = bounds(*limits);
                let length = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
                ShapeType::Array {
                    items: Box::new(self.ty(items)),
                    min_items: length(min),
                    max_items: length(max),
                }
            }
            JsonKind::Map(value) => ShapeType::Map(Box::new(self.ty(value))),
            JsonKind::Union(members) => self.union(members),
            JsonKind::Object(object) => self.object(object),
            JsonKind::Tagged { tag, variants } => {
                let mut known: Vec<(Arc<str>, ShapeType)> = Vec::new();
                for variant in variants {
                    let label: Arc<str> = Arc::from(&*variant.label.value);
                    if known.iter().any(|(l, _)| *l == label) {
                        self.twice("variant", &label, variant.label.span);
                        continue;
                    }
                    let ty = self.ty(&variant.ty);
                    known.push((label, ty));
                }
                ShapeType::Tagged {
                    tag: tag.name.clone(),
                    variants: known,
                }
            }
        }
    }

    fn named(
        &mut self,
        name: &tree::QName,
        limits: Option<Limits>,
        matching: Option<&tree::Text>,
    ) -> ShapeType {
        let own = name.name.name.as_str();
        let (min, max) = bounds(limits);
        let length = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
        if name.schema.is_none() {
            let integer = |bits| ShapeType::Integer { bits, min, max };
            let scalar = match own {
                "any" => Some(ShapeType::Any),
                "boolean" | "bool" => Some(ShapeType::Boolean),
                "text" => Some(ShapeType::Text {
                    min_length: length(min),
                    max_length: length(max),
                    pattern: matching.map(|m| Arc::from(&*m.value)),
                }),
                "smallint" => Some(integer(16)),
                "integer" | "int" => Some(integer(32)),
                "bigint" => Some(integer(64)),
                "double" => Some(ShapeType::Double),
                "numeric" => Some(ShapeType::Numeric),
                "uuid" => Some(ShapeType::Uuid),
                "date" => Some(ShapeType::Date),
                "timestamp" => Some(ShapeType::Timestamp),
                "timestamptz" => Some(ShapeType::Timestamptz),
                _ => None,
            };
            if let Some(scalar) = scalar {
                return scalar;
            }
        }
        let shape = self.world.id(Kind::Shape, name);
        if self.world.shapes.contains_key(&shape) {
            self.needs.push(shape.clone());
            return ShapeType::Shape(shape.schema, shape.name);
        }
        let enumeration = self.world.id(Kind::Enum, name);
        if self.world.enums.contains_key(&enumeration) {
            self.needs.push(enumeration.clone());
            return ShapeType::DatabaseEnum(enumeration.schema, enumeration.name);
        }
        let place = at(self.file, name.span());
        let likely = match own {
            "string" | "str" | "varchar" => Some("text"),
            "float" | "real" | "float8" => Some("double"),
            "number" | "decimal" => Some("numeric"),
            "datetime" => Some("timestamptz"),
            "object" | "json" | "jsonb" => Some("any"),
            _ => None,
        };
        self.faults.push(match likely {
            Some(likely) => Diagnostic::error(
                code::UNKNOWN_SHAPE,
                format!("`{own}` is no type of a json shape"),
                place,
            )
            .label("not found")
            .help(format!("write `{likely}`"))
            .suggest(place, likely),
            None => {
                let shapes = self.world.shapes.keys().map(|id| id.name.as_str());
                let enums = self.world.enums.keys().map(|id| id.name.as_str());
                let all = shapes.chain(enums).chain(SCALARS);
                unknown(code::UNKNOWN_SHAPE, "json shape", own, place, all)
            }
        });
        ShapeType::Any
    }

    fn object(&mut self, object: &JsonObject) -> ShapeType {
        let mut fields: Vec<Field> = Vec::new();
        for field in &object.fields {
            if fields.iter().any(|f| f.name == field.name.name) {
                self.twice("field", &field.name.name, field.name.span);
                continue;
            }
            let ty = self.ty(&field.ty);
            let default = field.default.as_ref();
            fields.push(Field {
                name: field.name.name.clone(),
                default: default.map(|d| json_default(&d.text, &ty)),
                ty,
                presence: if field.optional {
                    Presence::Optional
                } else {
                    Presence::Required
                },
                doc: field.docs.as_deref().map(Arc::from),
                was: field.was.as_ref().map(|w| w.name.clone()),
            });
        }
        let unknown = match &object.rest {
            None => UnknownKeys::Refused,
            Some(rest) => match &rest.ty {
                None => UnknownKeys::Kept,
                Some(ty) => UnknownKeys::Typed(Box::new(self.ty(ty))),
            },
        };
        ShapeType::Object { fields, unknown }
    }

    /// `'a' | 'b'` is an enum, `A | null` is nullable, anything else tries one after another.
    fn union(&mut self, members: &[JsonType]) -> ShapeType {
        let is_null =
            |m: &&JsonType| matches!(&m.kind, JsonKind::Literal(text) if &**text == "null");
        let nullable = members.iter().any(|m| is_null(&m));
        let others: Vec<&JsonType> = members.iter().filter(|m| !is_null(m)).collect();
        let labels: Option<Vec<Arc<str>>> = others
            .iter()
            .map(|m| match &m.kind {
                JsonKind::Text(text) => Some(Arc::from(&*text.value)),
                _ => None,
            })
            .collect();
        let body = match (labels, &others[..]) {
            (_, []) => return ShapeType::Literal(Arc::from("null")),
            (Some(labels), [_, _, ..]) => ShapeType::Enum(labels),
            (_, [one]) => self.ty(one),
            (_, several) => ShapeType::Union(several.iter().map(|m| self.ty(m)).collect()),
        };
        if nullable {
            ShapeType::Nullable(Box::new(body))
        } else {
            body
        }
    }

    fn twice(&mut self, what: &str, name: &str, span: crate::source::Span) {
        self.faults.push(
            Diagnostic::error(
                code::DUPLICATE_PART,
                format!("the shape has the {what} `{name}` twice"),
                at(self.file, span),
            )
            .label("again here")
            .help("give one of them another name, or remove one"),
        );
    }
}

/// The parser has seen that the least comes first.
fn bounds(limits: Option<Limits>) -> (Option<i64>, Option<i64>) {
    limits.map_or((None, None), |l| (l.min, l.max))
}

/// The text as a JSON string.
pub(crate) fn json_string(text: &str) -> Arc<str> {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if c < ' ' => json.push_str(&format!("\\u{:04x}", c as u32)),
            c => json.push(c),
        }
    }
    json.push('"');
    Arc::from(json)
}

/// A field's default as JSON. What stands in single quotes is a string, or JSON where the field
/// holds no string: `default '[]'`.
fn json_default(text: &str, ty: &ShapeType) -> Arc<str> {
    let text = text.trim();
    match text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
        Some(inner) if is_written_out(ty) => Arc::from(inner.replace("''", "'")),
        Some(inner) => json_string(&inner.replace("''", "'")),
        None => Arc::from(text),
    }
}

/// Whether a value is an array or an object, and never a string.
fn is_written_out(ty: &ShapeType) -> bool {
    match ty {
        ShapeType::Array { .. }
        | ShapeType::Object { .. }
        | ShapeType::Map(_)
        | ShapeType::Tagged { .. } => true,
        ShapeType::Nullable(ty) => is_written_out(ty),
        _ => false,
    }
}
