//! What is seen of a foreign key once all tables are there.

use super::Output;
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{ConstraintBody, Id, Kind, Name, Node, Schema, Type};

/// Every foreign key refers to columns that are unique together, as many as its own and of like
/// types; the constraint that makes them unique is needed by it.
pub(super) fn targets_a_unique_key(out: &mut Output<'_>) {
    let schema = out.builder.so_far();
    let mut found: Vec<(Id, Id)> = Vec::new();
    let mut faults = Vec::new();
    for node in schema.of_kind(Kind::Constraint).filter(|n| !n.external) {
        match judge(node, schema) {
            Ok(Some(key)) => found.push((node.id.clone(), key)),
            Ok(None) => {}
            Err(fault) => faults.push(*fault),
        }
    }
    for (constraint, key) in found {
        if let Some(node) = out.builder.get_mut(&constraint) {
            node.needs.push(key);
        }
    }
    faults.into_iter().for_each(|f| out.fault(f));
}

fn judge(node: &Node, schema: &Schema) -> Result<Option<Id>, Box<Diagnostic>> {
    let (Some(constraint), Some(place)) = (node.object.as_constraint(), node.origin) else {
        return Ok(None);
    };
    let ConstraintBody::ForeignKey(key) = &constraint.body else {
        return Ok(None);
    };
    let Some(target) = schema.get(&key.target) else {
        return Ok(None);
    };
    let fault = |code, message: String| Diagnostic::error(code, message, place);
    let own_name = &key.target.name;
    if key.target_columns.is_empty() && !target.external {
        let mut diagnostic = fault(
            code::FOREIGN_KEY_TARGET,
            format!("`{own_name}` has no primary key to refer to"),
        )
        .label("refers to the primary key, since no column is named")
        .help(format!(
            "give `{own_name}` a primary key, or name a unique column: `references {own_name} (…)`"
        ));
        if let Some(origin) = target.origin {
            diagnostic = diagnostic.secondary(origin, "declared here");
        }
        return Err(Box::new(diagnostic));
    }
    if key.columns.len() != key.target_columns.len() {
        let message = format!(
            "the foreign key has {} and refers to {}",
            counted(key.columns.len()),
            counted(key.target_columns.len())
        );
        return Err(Box::new(
            fault(code::FOREIGN_KEY_COLUMNS, message)
                .label(format!(
                    "refers to {} of `{own_name}`",
                    listed(&key.target_columns)
                ))
                .help("name as many columns on both sides"),
        ));
    }
    for (own, other) in key.columns.iter().zip(&key.target_columns) {
        let own_column = schema.column(&node.id.within(Kind::Table, ""), own);
        let own_column = own_column.or_else(|| {
            schema.column(
                &Id::table(node.id.schema.clone(), node.id.name.clone()),
                own,
            )
        });
        let (Some(one), Some(two)) = (own_column, schema.column(&key.target, other)) else {
            continue;
        };
        if !comparable(&one.ty, &two.ty) {
            return Err(Box::new(
                fault(
                    code::FOREIGN_KEY_TYPES,
                    format!(
                        "`{own}` is {}, and `{own_name}.{other}` is {}",
                        one.ty, two.ty
                    ),
                )
                .label("values of these types can't be compared")
                .help(format!(
                    "give `{own}` the type `{}`",
                    crate::types::short_name(&two.ty)
                )),
            ));
        }
    }
    // Of an external table only some keys may be declared.
    let unique = unique_key(&key.target, &key.target_columns, schema);
    if unique.is_none() && !target.external {
        let listed = listed(&key.target_columns);
        let mut diagnostic = fault(
            code::FOREIGN_KEY_TARGET,
            format!("{listed} of `{own_name}` is not unique"),
        )
        .label("a foreign key refers to a unique key")
        .help(format!(
            "add `unique ({})` to `{own_name}`",
            key.target_columns
                .iter()
                .map(|c| c.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        ));
        if let Some(origin) = target.origin {
            diagnostic = diagnostic.secondary(origin, "declared here");
        }
        return Err(Box::new(diagnostic));
    }
    Ok(unique)
}

/// The primary key, unique constraint or unique index over exactly these columns.
fn unique_key(table: &Id, columns: &[Name], schema: &Schema) -> Option<Id> {
    let same =
        |have: &[Name]| have.len() == columns.len() && columns.iter().all(|c| have.contains(c));
    let constraint = schema.constraints(table).find(|(_, c)| match &c.body {
        ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => same(&key.columns),
        _ => false,
    });
    if let Some((node, _)) = constraint {
        return Some(node.id.clone());
    }
    let index = schema.indexes(table).find(|(_, index)| {
        let plain: Option<Vec<Name>> = index
            .keys
            .iter()
            .map(|k| match &k.term {
                crate::schema::KeyTerm::Column(name) => Some(name.clone()),
                crate::schema::KeyTerm::Expr(_) => None,
            })
            .collect();
        index.unique && index.predicate.is_none() && plain.is_some_and(|p| same(&p))
    });
    if let Some((node, _)) = index {
        return Some(node.id.clone());
    }
    // A partition has its parent's keys.
    let parent = schema
        .get(table)?
        .object
        .as_table()?
        .partition_of
        .as_ref()?
        .parent
        .clone();
    unique_key(&parent, columns, schema)
}

/// Whether PostgreSQL has an equality between the types: the same, or of one family.
fn comparable(one: &Type, two: &Type) -> bool {
    let family = |ty: &Type| -> Option<u8> {
        if ty.schema.is_some() || ty.array {
            return None;
        }
        match ty.name.as_str() {
            "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Some(1),
            "text" | "character varying" | "character" | "bpchar" | "name" => Some(2),
            "date" | "timestamp with time zone" | "timestamp without time zone" => Some(3),
            "inet" | "cidr" => Some(4),
            _ => None,
        }
    };
    let plain = |ty: &Type| Type {
        modifiers: None,
        ..ty.clone()
    };
    // A type of the model's may be a domain over the other.
    plain(one) == plain(two)
        || (family(one).is_some() && family(one) == family(two))
        || one.schema.is_some() != two.schema.is_some()
}

fn counted(n: usize) -> String {
    if n == 1 {
        "1 column".to_owned()
    } else {
        format!("{n} columns")
    }
}

fn listed(columns: &[Name]) -> String {
    let all: Vec<String> = columns.iter().map(|c| format!("`{c}`")).collect();
    all.join(", ")
}
