//! Keys and foreign keys over columns whose types change.

use model::Schema;
use model::schema::{Constraint, ConstraintBody, Id, Kind, Node, Type};

use crate::plan::diff::Pair;

/// Whether the key carries the column without being about it.
pub(super) fn includes(key: &Constraint, column: &Id) -> bool {
    match &key.body {
        ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
            column.kind == Kind::Column && key.include.contains(&column.part)
        }
        _ => false,
    }
}

/// Whether the column's new type can't be compared with those that the old one could: a foreign key
/// between the two is not to be had while one column has changed and the other has not.
pub(super) fn compares_otherwise(pair: &Pair<'_>) -> bool {
    let ty = |node: Option<&Node>| Some(node?.object.as_column()?.ty.clone());
    let (Some(a), Some(b)) = (ty(pair.from), ty(pair.to)) else {
        return false;
    };
    // The operator families `integer_ops` and `text_ops`.
    let family = |ty: &Type| match ty.schema.is_none() && !ty.array {
        false => None,
        true => match ty.name.as_str() {
            "smallint" | "integer" | "bigint" => Some(0),
            "text" | "character varying" => Some(1),
            _ => None,
        },
    };
    let (mut plain, mut other) = (a.clone(), b.clone());
    (plain.modifiers, other.modifiers) = (None, None);
    plain != other && (family(&a).is_none() || family(&a) != family(&b))
}

/// Whether a column that it refers to is a range: PostgreSQL can't make such a foreign key again by
/// itself when the type of another one changes (it looks for a cast to `anyrange`).
pub(super) fn has_range(schema: &Schema, constraint: &Constraint) -> bool {
    let ConstraintBody::ForeignKey(key) = &constraint.body else {
        return false;
    };
    key.target_columns.iter().any(|name| {
        schema.column(&key.target, name).is_some_and(|column| {
            let ty = &column.ty;
            match &ty.schema {
                Some(place) => {
                    schema.contains(&Id::in_schema(Kind::Range, place.clone(), ty.name.clone()))
                }
                None => ty.name.ends_with("range"),
            }
        })
    })
}

/// Whether it is a foreign key of the table's own.
pub(super) fn is_foreign_key(pair: &Pair<'_>) -> bool {
    let constraint = pair.node().object.as_constraint();
    constraint.is_some_and(|c| matches!(c.body, ConstraintBody::ForeignKey(_)) && !c.inherited)
}
