//! What the server spells out and a person would not: the cast of a default to its column's type,
//! and a set of values as an array.
//!
//! Only forms that the server turns back into the very text they came from; it is asked by the
//! corpus, case by case.

use std::sync::Arc;

use model::quote::{ident, type_name};
use model::schema::{ConstraintBody, Expr, Object, Type};
use model::{Id, Node, Schema};

/// The schema with these expressions as a person would write them.
///
/// It is no longer equal to the catalog's, text by text; made on a server it is.
pub fn in_short(schema: Schema) -> Schema {
    let short: Vec<Node> = schema
        .nodes()
        .filter_map(|node| one_in_short(&schema, node))
        .collect();
    let mut builder = schema.into_builder();
    for node in short {
        if let Some(there) = builder.get_mut(&node.id) {
            *there = node;
        }
    }
    builder.finish()
}

/// An object of the schema as a person would write it; `None` where that is how it is written.
pub fn one_in_short(schema: &Schema, node: &Node) -> Option<Node> {
    let mut node = match &node.object {
        Object::Column(column) if column.default.is_some() => node.clone(),
        Object::Constraint(constraint) if matches!(constraint.body, ConstraintBody::Check(_)) => {
            node.clone()
        }
        _ => return None,
    };
    let short = match &mut node.object {
        Object::Column(column) => {
            let short = default(column.default.as_ref()?, &column.ty)?;
            column.default.replace(short)
        }
        Object::Constraint(constraint) => {
            let ConstraintBody::Check(check) = &mut constraint.body else {
                return None;
            };
            let short = set(schema, &node.id, &check.condition.text)?;
            Some(std::mem::replace(&mut check.condition, short))
        }
        _ => None,
    };
    short.map(|_| node)
}

/// `'new'` for `'new'::public.stage`, where that is the column's type.
fn default(expr: &Expr, ty: &Type) -> Option<Expr> {
    // The server keeps the cast to a type with modifiers apart from the literal.
    let plain = Type {
        modifiers: None,
        ..ty.clone()
    };
    let literal = expr
        .text
        .strip_suffix(&format!("::{}", type_name(&plain)))?;
    is_literal(literal).then(|| Expr::new(literal))
}

/// `stage in ('a', 'b')` for the array that the server makes of it.
fn set(schema: &Schema, id: &Id, text: &str) -> Option<Expr> {
    let (left, rest) = text.split_once(" = ANY (ARRAY[")?;
    let list = rest.strip_suffix("])")?;
    let table = Id::table(id.schema.clone(), id.name.clone());
    let (column, _) = schema
        .columns(&table)
        .into_iter()
        .find_map(|(node, column)| {
            let own = ident(&node.id.part).into_owned();
            let varying = column.ty.is("character varying") && left == format!("({own})::text");
            let text = column.ty.is("text") && left == own;
            (varying || text).then_some((own, ()))
        })?;
    let values: Option<Vec<&str>> = list
        .split(", ")
        .map(|element| {
            let value = if left.starts_with('(') {
                element
                    .strip_prefix('(')?
                    .strip_suffix("::character varying)::text")?
            } else {
                element.strip_suffix("::text")?
            };
            is_literal(value).then_some(value)
        })
        .collect();
    let values = values?;
    // One value alone is a comparison to the server, not a set.
    (values.len() > 1).then(|| Expr::new(Arc::from(format!("{column} in ({})", values.join(", ")))))
}

fn is_literal(text: &str) -> bool {
    let inner = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.replace("''", "").contains(['\'', '\\']))
}
