//! `json` shapes as Rust types. What a type accepts is the derive's to enforce; here it is named.

use std::collections::{BTreeMap, BTreeSet};

use model::schema::{Field, Presence, ShapeType, UnknownKeys};
use model::{Id, Kind, Schema};

use super::super::words::{bare, camel, identifier, snake, type_name};
use super::item::{EMPTY, Item, Member, RustType, VALUE};
use super::name::Names;
use super::shape_facts::{bounds, free, holds, kind_of, nested_name, size, variant_name};
use super::types::Types;
use super::{enums, format, versions};

/// The shapes of a schema, and the types made for what has no name.
pub(super) struct Shapes<'a> {
    schema: &'a Schema,
    types: &'a Types<'a>,
    names: BTreeMap<Id, String>,
    /// For each shape, those it holds without an array or a map between, however deep.
    held: BTreeMap<Id, BTreeSet<Id>>,
    nested: Vec<Item>,
}

/// Where a type stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The name a nested type would get.
    name: &'a str,
    /// The shape whose value would hold itself without a box.
    owner: Option<&'a Id>,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(schema: &'a Schema, types: &'a Types<'a>) -> Self {
        let mut direct: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for node in schema.of_kind(Kind::Shape) {
            let ids = direct.entry(node.id.clone()).or_default();
            if let Some(shape) = node.object.as_shape() {
                holds(&shape.body, ids);
            }
        }
        let reach = |start: &Id| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![start.clone()]);
            while let Some(id) = next.pop() {
                let further = direct.get(&id).into_iter().flatten();
                next.extend(further.filter(|id| seen.insert((*id).clone())).cloned());
            }
            seen
        };
        let held = direct.keys().map(|id| (id.clone(), reach(id))).collect();
        Shapes {
            schema,
            types,
            names: BTreeMap::new(),
            held,
            nested: Vec::new(),
        }
    }

    /// The type of a column's documents.
    pub(super) fn documents(
        &mut self,
        documents: &ShapeType,
        context: &str,
        names: &mut Names,
    ) -> RustType {
        self.learn(names);
        let place = Place {
            name: context,
            owner: None,
        };
        let ty = self.part(documents, place, names);
        // Only a type of ours can be read from jsonb by itself.
        let own = ty.uses.iter().any(|path| *path == ty.text);
        if own { ty } else { ty.inside("pilaster::Json") }
    }

    /// Every type: a shape, then what is nested in it.
    pub(super) fn items(mut self, names: &mut Names) -> Vec<Item> {
        self.learn(names);
        let mut items = std::mem::take(&mut self.nested);
        let schema = self.schema;
        for node in schema.of_kind(Kind::Shape).filter(|node| !node.external) {
            let (Some(shape), Some(name)) = (node.object.as_shape(), self.names.get(&node.id))
            else {
                continue;
            };
            let name = name.clone();
            let body = shape.versions().map_or(&shape.body, |(own, _)| own);
            let mut item = self.named(body, &name, Some(&node.id), names);
            versions::upcasts(schema, &self.names, shape, &mut item);
            let otherwise = format!("The JSON shape `{}`.", node.id.name);
            item.docs = format::docs(node.comment.as_deref().unwrap_or(&otherwise));
            items.push(item);
            items.append(&mut self.nested);
        }
        for item in &mut items {
            item.module = "shapes".to_owned();
        }
        items
    }

    fn learn(&mut self, names: &Names) {
        if self.names.is_empty() {
            let shapes = self.schema.of_kind(Kind::Shape);
            let names = shapes.filter_map(|n| Some((n.id.clone(), names.of(&n.id)?.to_owned())));
            self.names = names.collect();
        }
    }

    /// A type of its own for that body.
    fn named(
        &mut self,
        body: &ShapeType,
        name: &str,
        owner: Option<&Id>,
        names: &mut Names,
    ) -> Item {
        let place = Place { name, owner };
        match body {
            ShapeType::Object { fields, unknown } => self.object(fields, unknown, place, names),
            ShapeType::Enum(labels) => enums::labelled(name, labels, "Json"),
            ShapeType::Tagged { tag, variants } => {
                let variants: Vec<_> = variants
                    .iter()
                    .map(|(label, ty)| (label.to_string(), ty))
                    .collect();
                self.union(Some(tag), &variants, place, names)
            }
            ShapeType::Union(types) => {
                let variants: Vec<_> = types.iter().map(|ty| (variant_name(ty), ty)).collect();
                self.union(None, &variants, place, names)
            }
            ShapeType::Literal(json) => {
                let mut item = Item {
                    name: name.to_owned(),
                    ..Item::default()
                };
                item.head = format!("pub struct {name};");
                item.derive(
                    &["Clone", "Copy", "Debug", "Default", "PartialEq", "Eq"],
                    "Json",
                );
                let literal = format!("literal = {}", format::literal(json));
                item.attributes.extend(format::attribute(&[literal], 0));
                item
            }
            _ => {
                let item = format!("{name}Item");
                let place = Place { name: &item, owner };
                let ty = self.value(body, place, names);
                let mut item = Item::around(name, ty);
                item.attributes.push("#[allow(missing_docs)]".to_owned());
                item.derive(VALUE, "Json");
                item.attributes.extend(format::attribute(&bounds(body), 0));
                item
            }
        }
    }

    /// The type of a value; an object, an enum, a union or a literal gets a type of its own.
    fn value(&mut self, ty: &ShapeType, place: Place, names: &mut Names) -> RustType {
        let apart = Place {
            owner: None,
            ..place
        };
        match ty {
            ShapeType::Any => RustType::imported("pilaster::serde_json::Value"),
            ShapeType::Boolean => RustType::plain("bool"),
            ShapeType::Text { .. } => RustType::plain("String"),
            ShapeType::Integer { bits, .. } => match bits {
                16 => RustType::plain("i16"),
                32 => RustType::plain("i32"),
                _ => RustType::plain("i64"),
            },
            ShapeType::Double => RustType::plain("f64"),
            ShapeType::Numeric => RustType::imported("pilaster::Numeric"),
            ShapeType::Uuid => RustType::imported("pilaster::uuid::Uuid"),
            ShapeType::Date => RustType::imported("pilaster::chrono::NaiveDate"),
            ShapeType::Timestamptz => {
                RustType::imported("pilaster::chrono::Utc").inside("pilaster::chrono::DateTime")
            }
            ShapeType::Timestamp => RustType::imported("pilaster::chrono::NaiveDateTime"),
            ShapeType::Map(values) => self.part(values, apart, names).in_map(),
            ShapeType::Array { items, .. } => self.part(items, apart, names).inside("Vec"),
            ShapeType::Nullable(inner) => self.value(inner, place, names).inside("Option"),
            ShapeType::Shape(schema, name) => {
                let id = Id::in_schema(Kind::Shape, schema.clone(), name.clone());
                let Some(name) = self.names.get(&id) else {
                    return RustType::imported("pilaster::serde_json::Value");
                };
                let ty = RustType::imported(name);
                // A value that holds its own type without a pointer has no size.
                let holds_owner = place.owner.is_some_and(|owner| {
                    id == *owner || self.held.get(&id).is_some_and(|held| held.contains(owner))
                });
                if holds_owner { ty.inside("Box") } else { ty }
            }
            ShapeType::DatabaseEnum(schema, name) => self
                .types
                .enumeration(schema, name)
                .unwrap_or_else(|| RustType::plain("String")),
            ShapeType::Object { .. }
            | ShapeType::Enum(_)
            | ShapeType::Tagged { .. }
            | ShapeType::Union(_)
            | ShapeType::Literal(_) => self.apart(ty, place, names),
        }
    }

    /// The type of an item, a map's value or an alternative: bounds need a type of their own where
    /// no field can carry them.
    fn part(&mut self, ty: &ShapeType, place: Place, names: &mut Names) -> RustType {
        match ty {
            ShapeType::Nullable(inner) => self.part(inner, place, names).inside("Option"),
            _ if bounds(ty).is_empty() => self.value(ty, place, names),
            _ => self.apart(ty, place, names),
        }
    }

    /// A type of its own for something nested.
    fn apart(&mut self, ty: &ShapeType, place: Place, names: &mut Names) -> RustType {
        let name = names.claim(place.name, "Value");
        let at = self.nested.len();
        let mut item = self.named(ty, &name, place.owner, names);
        if item.docs.is_empty() {
            item.docs = format::docs(&format!("{} inside a document.", kind_of(ty)));
        }
        // What is nested deeper comes after what holds it.
        self.nested.insert(at, item);
        RustType::imported(&name)
    }

    fn object(
        &mut self,
        fields: &[Field],
        unknown: &UnknownKeys,
        place: Place,
        names: &mut Names,
    ) -> Item {
        let mut item = Item::structure(place.name);
        if fields.iter().any(|f| f.doc.is_none()) {
            item.attributes.push("#[allow(missing_docs)]".to_owned());
        }
        let optional = |f: &Field| f.presence == Presence::Optional && f.default.is_none();
        item.derive(
            if fields.iter().all(optional) {
                EMPTY
            } else {
                VALUE
            },
            "Json",
        );
        if *unknown == UnknownKeys::Refused {
            item.attributes.push("#[pilaster(deny_unknown)]".to_owned());
        }
        let mut taken = BTreeSet::new();
        for field in fields {
            let nested = format!("{}{}", place.name, nested_name(field));
            let nested = Place {
                name: &nested,
                owner: place.owner,
            };
            let ty = self.value(&field.ty, nested, names);
            let name = free(&mut taken, &snake(&field.name));
            let mut args = Vec::new();
            if *bare(&identifier(&name)) != *field.name {
                args.push(format!("key = {}", format::literal(&field.name)));
            }
            let is_option = matches!(field.ty, ShapeType::Nullable(_));
            let ty = match (field.presence, &field.default) {
                (Presence::Required, _) => {
                    if is_option {
                        args.push("required".to_owned());
                    }
                    ty
                }
                (Presence::Optional, Some(default)) => {
                    args.push(format!("default = {}", format::literal(default)));
                    ty
                }
                (Presence::Optional, None) if is_option => ty,
                (Presence::Optional, None) => ty.inside("Option"),
            };
            args.extend(bounds(&field.ty));
            let docs = format::docs(field.doc.as_deref().unwrap_or_default());
            item.field(docs, &args, &identifier(&name), ty);
        }
        let rest = match unknown {
            UnknownKeys::Refused => None,
            UnknownKeys::Kept => Some(RustType::imported("pilaster::serde_json::Value")),
            UnknownKeys::Typed(ty) => {
                let nested = format!("{}Extra", place.name);
                let nested = Place {
                    name: &nested,
                    owner: None,
                };
                Some(self.part(ty, nested, names))
            }
        };
        if let Some(ty) = rest {
            let docs = format::docs("All other keys.");
            let name = free(&mut taken, "extra");
            item.field(docs, &["rest".to_owned()], &name, ty.in_map());
        }
        if item.members.is_empty() {
            item.head.push('}');
        }
        item
    }

    fn union(
        &mut self,
        tag: Option<&str>,
        variants: &[(String, &ShapeType)],
        place: Place,
        names: &mut Names,
    ) -> Item {
        let mut item = Item::enumeration(place.name);
        item.attributes.push("#[allow(missing_docs)]".to_owned());
        let mut taken = BTreeSet::new();
        let mut sizes = Vec::new();
        let mut rust_names = Vec::new();
        for (label, ty) in variants {
            let plain = type_name(camel(label), "Variant");
            let variant = (1..)
                .map(|n| {
                    if n == 1 {
                        plain.clone()
                    } else {
                        format!("{plain}{n}")
                    }
                })
                .find(|name| taken.insert(name.clone()))
                .unwrap_or_default();
            let nested = format!("{}{variant}", place.name);
            let nested = Place {
                name: &nested,
                owner: place.owner,
            };
            let inner = self.part(ty, nested, names);
            sizes.push(size(self.schema, ty, 0));
            let args = match tag {
                Some(_) if enums::derived_label(&variant) != *label => {
                    vec![format!("label = {}", format::literal(label))]
                }
                _ => Vec::new(),
            };
            item.members.push(Member {
                docs: Vec::new(),
                attributes: format::attribute(&args, 4).into_iter().collect(),
                text: format!("{variant}({}),", inner.text),
            });
            item.uses.extend(inner.uses);
            rust_names.push(variant);
        }
        sizes.sort_unstable();
        if let [.., second, largest] = sizes[..]
            && largest >= second + 150
        {
            item.attributes
                .push("#[allow(clippy::large_enum_variant)]".to_owned());
        }
        if enums::share_a_word(place.name, &rust_names) {
            item.attributes
                .push("#[allow(clippy::enum_variant_names)]".to_owned());
        }
        item.derive(VALUE, "Json");
        if let Some(tag) = tag {
            let tag = format!("tag = {}", format::literal(tag));
            item.attributes.extend(format::attribute(&[tag], 0));
        }
        item
    }
}
