//! Casts, and the names of types.

use sqlparser::ast::{DataType, Expr, Spanned};

use super::Typer;
use super::fault::bytes;
use super::value::{Found, Value};
use crate::expr::nearest;
use crate::schema::{Id, Kind, Name, Type};
use crate::types::{Written, parse_type};

const KINDS: [Kind; 5] = [
    Kind::Enum,
    Kind::Domain,
    Kind::Composite,
    Kind::Range,
    Kind::BaseType,
];

impl Typer<'_> {
    pub(super) fn cast(&mut self, expr: &Expr, to: &DataType) -> Found {
        let found = self.expr(expr);
        let ty = match self.type_named(to) {
            Ok(ty) => ty,
            Err(why) => {
                self.fault_at(bytes(self.sql, expr.span()), why.clone(), None);
                return Found::unknown("");
            }
        };
        let mut value = Value::new(ty, found.nullable());
        if let Found::Open(open) = &found {
            // A parameter that is cast is of the type that it is cast to.
            self.bind(open, &value);
        }
        if let Found::Known(from) = &found
            && from.ty.name == value.ty.name
            && from.ty.schema == value.ty.schema
            && from.ty.array == value.ty.array
        {
            // Said for documents too: a cast to `jsonb` gives plain JSON.
            value.items_nullable = from.items_nullable;
        }
        Found::Known(value)
    }

    /// `date '2024-01-01'`.
    pub(super) fn constant_of(&mut self, ty: &DataType) -> Found {
        match self.type_named(ty) {
            Ok(ty) => Found::Known(Value::new(ty, false)),
            Err(why) => Found::Unknown(why),
        }
    }

    /// The type of that name, as the server would find it.
    pub(super) fn type_named(&self, ty: &DataType) -> Result<Type, String> {
        self.type_written(&ty.to_string())
    }

    pub(super) fn type_written(&self, text: &str) -> Result<Type, String> {
        let written = parse_type(text).map_err(|fault| fault.message)?;
        let (schema, name, quoted, modifiers, array) = match written {
            Written::Builtin(ty) => return Ok(ty),
            Written::Serial(_) => return Err(format!("`{text}` is only for columns")),
            Written::Named {
                schema,
                name,
                quoted,
                modifiers,
                array,
            } => (schema, name, quoted, modifiers, array),
        };
        let name = if quoted {
            name
        } else {
            name.to_ascii_lowercase()
        };
        let own = schema.as_deref().unwrap_or(self.default_schema);
        let id = |kind: &Kind, schema: &str| Id::in_schema(*kind, schema, name.as_str());
        let found = KINDS
            .iter()
            .any(|kind| self.schema.contains(&id(kind, own)));
        let ty = |schema: &str| Type {
            schema: Some(Name::from(schema)),
            name: Name::from(name.as_str()),
            modifiers: modifiers.as_deref().map(Name::from),
            array,
        };
        if found {
            return Ok(ty(own));
        }
        // An extension's types are where the extension is.
        let extensions = self.schema.of_kind(Kind::Extension);
        let mut columns = self
            .schema
            .of_kind(Kind::Column)
            .filter_map(|n| n.object.as_column());
        if let Some(schema) = columns.find_map(|c| {
            (c.ty.name == *name && schema.is_none())
                .then(|| c.ty.schema.clone())
                .flatten()
        }) {
            return Ok(ty(&schema));
        }
        if crate::types::extension_of(&name)
            .is_some_and(|e| extensions.into_iter().any(|x| x.id.name == *e))
        {
            return Ok(ty(own));
        }
        let all = KINDS.iter().flat_map(|kind| self.schema.of_kind(*kind));
        let names = all.map(|node| node.id.name.as_str());
        let names = names.chain(crate::types::builtin_names());
        Err(match nearest(&name, names) {
            Some(near) => format!("there is no type `{name}`; did you mean `{near}`?"),
            None => format!("there is no type `{name}`"),
        })
    }
}
