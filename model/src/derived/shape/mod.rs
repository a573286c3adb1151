//! `json` shapes: one immutable function a shape, and a check on every column that has one.
//!
//! A function accepts exactly what the generated Rust type reads; the rules are those of
//! [`ShapeType`]. It never judges a document itself.

mod condition;
mod layout;
mod scalar;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::{function, node};
use crate::names;
use crate::quote::{ident, qualified};
use crate::schema::{
    Check, Constraint, ConstraintBody, Expr, Id, Kind, Name, Node, Object, Parallel, Ref, Schema,
    ShapeType, UnknownKeys, Volatility,
};
use condition::Conditions;
use scalar::Scalar;

/// The checks of all columns, and the functions they call.
pub(super) fn checks(
    schema: &Schema,
    default_schema: &Name,
    unchecked: &FxHashSet<Id>,
) -> Vec<Node> {
    let mut writer = Writer {
        schema,
        default_schema,
        unchecked,
        scalars: BTreeSet::new(),
    };
    let mut nodes = Vec::new();
    let mut wanted: Vec<Id> = Vec::new();
    for column in schema.of_kind(Kind::Column).filter(|n| !n.external) {
        let Some(object) = column.object.as_column() else {
            continue;
        };
        let Some(documents) = object.documents.0.as_deref().filter(|_| !object.inherited) else {
            continue;
        };
        if let ShapeType::Shape(of, name) = documents {
            let shape = Id::in_schema(Kind::Shape, of.clone(), name.clone());
            if !unchecked.contains(&shape) && schema.contains(&shape) {
                nodes.push(check(column, object.not_null, &shape, function_id(&shape)));
                wanted.push(shape);
            }
        } else if *documents != ShapeType::Any {
            // What is written around a name is the column's own, and so is its function.
            let name = names::object_name(&column.id.name, Some(&column.id.part), "is_valid");
            let id = Id::new(Kind::Function, column.id.schema.clone(), name, "jsonb");
            let mut named = BTreeSet::new();
            named_in(documents, &mut named);
            nodes.push(check(column, object.not_null, &column.id, id.clone()));
            let says = format!(
                "Whether a document is one of {}.{}.",
                column.id.name, column.id.part
            );
            nodes.push(writer.function(&column.id, id, documents, &named, false, &says));
            wanted.extend(named);
        }
    }
    let calls = calls(schema);
    let mut reached: BTreeSet<Id> = BTreeSet::new();
    while let Some(shape) = wanted.pop() {
        if !unchecked.contains(&shape) && reached.insert(shape.clone()) {
            wanted.extend(calls.get(&shape).into_iter().flatten().cloned());
        }
    }
    for shape in &reached {
        let Some(object) = schema.get(shape).and_then(|n| n.object.as_shape()) else {
            continue;
        };
        let none = BTreeSet::new();
        let direct = calls.get(shape).unwrap_or(&none);
        let circle = direct
            .iter()
            .any(|next| next != shape && reaches(next, shape, &calls));
        let says = format!("Whether a document has the shape {}.", shape.name);
        let direct = direct
            .iter()
            .filter(|next| !circle || !reaches(next, shape, &calls));
        let direct = direct.filter(|next| *next != shape).cloned().collect();
        let id = function_id(shape);
        nodes.push(writer.function(shape, id, &object.body, &direct, circle, &says));
    }
    if let Some(source) = nodes.iter().find_map(|n| n.derived_from.clone()) {
        nodes.extend(scalar::functions(&writer.scalars, default_schema, &source));
    }
    nodes
}

/// The shapes that each shape names.
fn calls(schema: &Schema) -> BTreeMap<Id, BTreeSet<Id>> {
    let shapes = schema
        .of_kind(Kind::Shape)
        .filter_map(|n| Some((n, n.object.as_shape()?)));
    shapes
        .map(|(node, shape)| {
            let mut named = BTreeSet::new();
            named_in(&shape.body, &mut named);
            (node.id.clone(), named)
        })
        .collect()
}

pub(super) fn named_in(ty: &ShapeType, found: &mut BTreeSet<Id>) {
    match ty {
        ShapeType::Shape(schema, name) => {
            found.insert(Id::in_schema(Kind::Shape, schema.clone(), name.clone()));
        }
        ShapeType::Object { fields, unknown } => {
            fields.iter().for_each(|f| named_in(&f.ty, found));
            if let UnknownKeys::Typed(ty) = unknown {
                named_in(ty, found);
            }
        }
        ShapeType::Map(ty) | ShapeType::Nullable(ty) => named_in(ty, found),
        ShapeType::Array { items, .. } => named_in(items, found),
        ShapeType::Tagged { variants, .. } => variants.iter().for_each(|(_, t)| named_in(t, found)),
        ShapeType::Union(members) => members.iter().for_each(|t| named_in(t, found)),
        ShapeType::Any
        | ShapeType::Boolean
        | ShapeType::Text { .. }
        | ShapeType::Integer { .. }
        | ShapeType::Double
        | ShapeType::Numeric
        | ShapeType::Uuid
        | ShapeType::Date
        | ShapeType::Timestamptz
        | ShapeType::Timestamp
        | ShapeType::Literal(_)
        | ShapeType::Enum(_)
        | ShapeType::DatabaseEnum(..) => {}
    }
}

pub(super) fn function_id(shape: &Id) -> Id {
    let name = names::object_name(&snake(&shape.name), None, "is_valid");
    Id::new(Kind::Function, shape.schema.clone(), name, "jsonb")
}

/// `DealSpaces` as `deal_spaces`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let begins = c.is_uppercase()
            && i > 0
            && (!chars[i - 1].is_uppercase() || chars.get(i + 1).is_some_and(|n| n.is_lowercase()))
            && chars[i - 1] != '_';
        if begins {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

fn check(column: &Node, not_null: bool, shape: &Id, function: Id) -> Node {
    let table = Id::table(column.id.schema.clone(), column.id.name.clone());
    let name = ident(&column.id.part);
    let call = qualified(&function.schema, &function.name);
    let (mut text, mut refs) = (String::new(), Vec::new());
    let mut add = |text: &mut String, piece: &str, id: &Id| {
        let start = text.len() as u32;
        text.push_str(piece);
        refs.push(Ref {
            start,
            end: text.len() as u32,
            id: id.clone(),
        });
    };
    if !not_null {
        add(&mut text, &name, &column.id);
        text.push_str(" is null or ");
    }
    let own = ident(&function.name);
    text.push_str(&call[..call.len() - own.len()]);
    add(&mut text, &own, &function);
    text.push('(');
    add(&mut text, &name, &column.id);
    text.push(')');
    let condition = Expr {
        text: text.into(),
        refs,
        opaque: false,
    };
    let body = ConstraintBody::Check(Check {
        condition,
        no_inherit: false,
    });
    let constraint = names::object_name(&table.name, Some(&column.id.part), "shape");
    let id = table.within(Kind::Constraint, constraint);
    let mut node = node(id, Object::Constraint(Constraint::new(body)), shape);
    node.needs.extend([function, column.id.clone()]);
    node.origin = column.origin;
    node
}

/// Writes the functions, and remembers what they call beside each other.
struct Writer<'a> {
    schema: &'a Schema,
    default_schema: &'a Name,
    unchecked: &'a FxHashSet<Id>,
    scalars: BTreeSet<Scalar>,
}

impl Writer<'_> {
    /// The function that judges one type. `calls` are the shapes whose functions must be there.
    ///
    /// A SQL body is checked when it is made, so functions that call each other in a `circle` have
    /// bodies in PL/pgSQL, where names are looked up at the first call.
    fn function(
        &mut self,
        source: &Id,
        id: Id,
        body: &ShapeType,
        calls: &BTreeSet<Id>,
        circle: bool,
        says: &str,
    ) -> Node {
        let mut conditions = Conditions::new(self.schema, self.default_schema, self.unchecked);
        let condition = conditions.of(body);
        let (language, text) = match circle {
            true => {
                let condition = condition.layout("return ", 1);
                ("plpgsql", format!("\nbegin\n  {condition};\nend\n"))
            }
            false => {
                let condition = condition.layout("select ", 1);
                ("sql", format!("\n  {condition}\n"))
            }
        };
        let (id, mut routine) = function(id, "value jsonb", "boolean", language, text);
        routine.volatility = Volatility::Immutable;
        routine.parallel = Parallel::Safe;
        let mut made = node(id, Object::Routine(routine), source);
        made.comment = Some(says.into());
        let checked = calls
            .iter()
            .filter(|called| !self.unchecked.contains(called));
        made.needs.extend(checked.map(function_id));
        let scalars = conditions.scalars;
        made.needs
            .extend(scalars.iter().map(|scalar| scalar.id(self.default_schema)));
        made.origin = self.schema.get(source).and_then(|n| n.origin);
        self.scalars.extend(scalars);
        made
    }
}

fn reaches(from: &Id, to: &Id, calls: &BTreeMap<Id, BTreeSet<Id>>) -> bool {
    let mut open = vec![from];
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(calls.get(next).into_iter().flatten());
        }
    }
    false
}
