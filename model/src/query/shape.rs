//! Keys of documents: `deals.requirements -> 'parking'`, checked against the column's shape.

use sqlparser::ast::{Expr, Value as Literal};

use super::Typer;
use super::fault::bytes;
use super::value::{Found, Origin, Value};
use crate::expr::nearest;
use crate::schema::{Id, Kind, ShapeType};

impl Typer<'_> {
    /// `document -> key` (`text` for `->>`), one step or, with `#>`, several.
    pub(super) fn inside(&mut self, document: Found, key: &Expr, text: bool) -> Found {
        let step = self.expr(key);
        let Found::Known(document) = document else {
            return match text {
                true => Found::known("text", true),
                false => Found::unknown("the type of this document is not known"),
            };
        };
        let literal = match key {
            Expr::Value(value) => match &value.value {
                Literal::SingleQuotedString(key) => Some((key, bytes(self.sql, value.span))),
                _ => None,
            },
            _ => None,
        };
        if let Found::Open(open) = &step
            && !open.params.is_empty()
        {
            let message = "nothing says whether this is a key or an index";
            let help = "cast it: `$1::text` or `$1::integer`";
            let place = sqlparser::ast::Spanned::span(key);
            self.fault_at(
                bytes(self.sql, place),
                message.to_owned(),
                Some(help.to_owned()),
            );
        }
        let name = document.ty.name.to_string();
        let origin = document.origin.filter(|o| !o.array);
        let origin = literal
            .zip(origin)
            .and_then(|((key, place), origin)| self.key(origin, key, place));
        match text {
            true => Found::known("text", true),
            false => Found::Known(Value {
                origin,
                ..Value::builtin(&name, true)
            }),
        }
    }

    /// The place of that key; a fault where the shape has no such key.
    fn key(&mut self, origin: Origin, key: &str, place: (usize, usize)) -> Option<Origin> {
        let column = self.schema.column(&origin.table, &origin.column)?;
        let mut shape = column.documents.0.as_deref()?.clone();
        for known in &origin.keys {
            shape = self.field(&shape, known)?;
        }
        let ShapeType::Object { fields, .. } = self.object(&shape)? else {
            return None;
        };
        if !fields.iter().any(|field| field.name == *key) {
            let near = nearest(key, fields.iter().map(|f| f.name.as_str()));
            let mut at = origin.column.to_string();
            origin.keys.iter().for_each(|key| at += &format!(".{key}"));
            let message = match near {
                Some(near) => format!("`{at}` has no key `{key}`; did you mean `{near}`?"),
                None => format!("`{at}` has no key `{key}`"),
            };
            let help =
                format!("to look for a key that the model does not name: `{at}::jsonb -> '{key}'`");
            self.fault_at(place, message, Some(help));
            return None;
        }
        let mut keys = origin.keys;
        keys.push(key.to_owned());
        Some(Origin { keys, ..origin })
    }

    fn field(&self, shape: &ShapeType, key: &str) -> Option<ShapeType> {
        match self.object(shape)? {
            ShapeType::Object { fields, .. } => {
                let field = fields.iter().find(|field| field.name == *key)?;
                Some(field.ty.clone())
            }
            _ => None,
        }
    }

    /// The object that a shape is, by whatever names.
    fn object(&self, shape: &ShapeType) -> Option<ShapeType> {
        match shape {
            ShapeType::Object { .. } => Some(shape.clone()),
            ShapeType::Nullable(inner) => self.object(inner),
            ShapeType::Shape(schema, name) => {
                let id = Id::in_schema(Kind::Shape, schema.clone(), name.clone());
                self.object(&self.schema.get(&id)?.object.as_shape()?.body)
            }
            _ => None,
        }
    }
}
