//! One of the two states of a model's shapes: what names stand for.
//!
//! It never compares.

use std::sync::Arc;

use model::schema::{Field, Id, Kind, Name, Presence, Schema, ShapeType};
use rustc_hash::FxHashSet;

/// How many names may stand for names before it is taken that nothing is behind them.
const DEPTH: usize = 64;

/// The shapes of one schema.
pub(super) struct Side<'a> {
    schema: &'a Schema,
    /// Shapes that a function judges; the others are `unchecked`, or in no column.
    checked: FxHashSet<&'a Id>,
}

impl<'a> Side<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let functions = schema.of_kind(Kind::Function);
        let sources = functions.filter_map(|node| node.derived_from.as_ref());
        let checked = sources.filter(|id| id.kind == Kind::Shape).collect();
        Side { schema, checked }
    }

    /// The shape of that name.
    pub(super) fn shape(&self, schema: &Name, name: &Name) -> Option<(&'a Id, &'a ShapeType)> {
        let id = Id::in_schema(Kind::Shape, schema.clone(), name.clone());
        let node = self.schema.get(&id)?;
        Some((&node.id, &node.object.as_shape()?.body))
    }

    /// Whether the database judges documents of the shape.
    pub(super) fn judges(&self, schema: &Name, name: &Name) -> bool {
        self.shape(schema, name)
            .is_some_and(|(id, _)| self.checked.contains(id))
    }

    /// What is behind names; `None` where names lead nowhere else.
    pub(super) fn behind<'t>(&self, ty: &'t ShapeType) -> Option<&'t ShapeType>
    where
        'a: 't,
    {
        let mut ty = ty;
        for _ in 0..DEPTH {
            match ty {
                ShapeType::Shape(schema, name) => ty = self.shape(schema, name)?.1,
                other => return Some(other),
            }
        }
        None
    }

    /// The strings that are all there is of the type.
    pub(super) fn strings(&self, ty: &ShapeType) -> Option<Vec<Arc<str>>> {
        match ty {
            ShapeType::Enum(labels) => Some(labels.clone()),
            ShapeType::Literal(text) => {
                Some(vec![serde_json::from_str::<String>(text).ok()?.into()])
            }
            ShapeType::DatabaseEnum(schema, name) => {
                let id = Id::in_schema(Kind::Enum, schema.clone(), name.clone());
                Some(self.schema.get(&id)?.object.as_enum()?.labels.clone())
            }
            _ => None,
        }
    }

    /// Whether JSON's null is one of its values.
    pub(super) fn accepts_null(&self, ty: &ShapeType) -> bool {
        match self.behind(ty) {
            Some(ShapeType::Any | ShapeType::Nullable(_)) => true,
            Some(ShapeType::Literal(text)) => &**text == "null",
            Some(ShapeType::Union(members)) => members
                .iter()
                .any(|m| !matches!(m, ShapeType::Shape(..)) && self.accepts_null(m)),
            _ => false,
        }
    }

    /// Whether an array may be one of its values.
    pub(super) fn may_be_array(&self, ty: &ShapeType) -> bool {
        self.may_be(ty, |ty| matches!(ty, ShapeType::Array { .. }))
    }

    /// Whether an object may be one of its values.
    pub(super) fn may_be_object(&self, ty: &ShapeType) -> bool {
        self.may_be(ty, |ty| {
            matches!(
                ty,
                ShapeType::Object { .. } | ShapeType::Map(_) | ShapeType::Tagged { .. }
            )
        })
    }

    fn may_be(&self, ty: &ShapeType, is: fn(&ShapeType) -> bool) -> bool {
        let mut ty = ty;
        for _ in 0..DEPTH {
            match ty {
                ShapeType::Nullable(inner) => ty = inner,
                ShapeType::Shape(..) => match self.behind(ty) {
                    Some(inner) => ty = inner,
                    None => return true,
                },
                // What one of several may be is not looked into.
                ShapeType::Any | ShapeType::Union(_) => return true,
                other => return is(other),
            }
        }
        true
    }
}

/// The type without its null: that of an optional key, which may hold null anyway.
pub(super) fn without_null(ty: &ShapeType) -> &ShapeType {
    match ty {
        ShapeType::Nullable(inner) => without_null(inner),
        other => other,
    }
}

/// The one field that a bare value can become, where the others can be left out or filled.
pub(super) fn carrier(fields: &[Field]) -> Option<&Field> {
    let must = |f: &&Field| f.presence == Presence::Required && f.default.is_none();
    let mut required = fields.iter().filter(must);
    match (required.next(), required.next(), fields) {
        (Some(one), None, _) => Some(one),
        (None, _, [only]) => Some(only),
        _ => None,
    }
}
