//! Enums, domains, composite and range types.
//!
//! A type that columns use can't be dropped: it is set aside, its successor made, the columns moved
//! over, and only then is it dropped.

pub(super) mod casts;
mod domain;

use model::quote::{ident, literal, object, qualified};
use model::schema::{Composite, Enum, Kind, Name, Node, Object, Range, Type};
use model::types::short_name;

pub(super) use domain::alter_domain;

use super::{Difference, sql};
use crate::catalog::default_multirange;
use crate::plan::address::{address, label};
use crate::plan::changes::Context;
use crate::plan::rename;
use crate::plan::step::{HazardKind, Lock, Statement};
use domain::create_domain;

pub(super) fn create(node: &Node) -> Vec<Statement> {
    let name = object(&node.id);
    let one = |sql: String| vec![Statement::new(Lock::None, sql)];
    match &node.object {
        Object::Enum(labels) => {
            let labels: Vec<_> = labels.labels.iter().map(|label| literal(label)).collect();
            one(format!(
                "CREATE TYPE {name} AS ENUM ({})",
                labels.join(", ")
            ))
        }
        Object::Domain(domain) => create_domain(node, domain),
        Object::Composite(composite) => {
            let attributes = composite.attributes.iter().map(|a| {
                format!(
                    "{} {}{}",
                    ident(&a.name),
                    short_name(&a.ty),
                    sql::collate(&a.collation)
                )
            });
            let attributes: Vec<_> = attributes.collect();
            let mut statements = one(format!("CREATE TYPE {name} AS ({})", attributes.join(", ")));
            for attribute in composite.attributes.iter().filter(|a| a.comment.is_some()) {
                statements.push(attribute_comment(node, &attribute.name, &attribute.comment));
            }
            statements
        }
        Object::Range(range) => one(format!(
            "CREATE TYPE {name} AS RANGE ({})",
            range_options(range, node)
        )),
        _ => Vec::new(),
    }
}

fn range_options(range: &Range, node: &Node) -> String {
    let mut options = vec![format!("SUBTYPE = {}", short_name(&range.subtype))];
    for (word, value) in [
        ("SUBTYPE_OPCLASS", &range.operator_class),
        ("COLLATION", &range.collation),
        ("CANONICAL", &range.canonical),
        ("SUBTYPE_DIFF", &range.subtype_diff),
    ] {
        if let Some((schema, name)) = value {
            options.push(format!("{word} = {}", qualified(schema, name)));
        }
    }
    // PostgreSQL 13 has no multiranges; the name that goes without saying is not said.
    let usual = default_multirange(&node.id.name);
    if !range.multirange.is_empty() && range.multirange != usual {
        let name = qualified(&node.id.schema, &range.multirange);
        options.push(format!("MULTIRANGE_TYPE_NAME = {name}"));
    }
    options.join(", ")
}

/// Renames the type out of the way of its successor.
pub(in crate::plan) fn set_aside(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    let mut comment = "makes room; dropped once its columns have moved over".to_owned();
    let after = context.to.get(&node.id).and_then(|n| n.object.as_enum());
    if let (Object::Enum(old), Some(new)) = (&node.object, after) {
        let gone = old
            .labels
            .iter()
            .filter(|label| !new.labels.contains(label));
        let gone: Vec<_> = gone.map(|label| literal(label)).collect();
        if !gone.is_empty() {
            comment += &format!("; that stops where a row holds {}", gone.join(" or "));
        }
    }
    let sql = format!(
        "ALTER {} RENAME TO {}",
        address(context.from, node),
        ident(&aside(&node.id.name))
    );
    let mut statements = vec![Statement::new(Lock::None, sql).comment(comment)];
    if let Object::Range(range) = &node.object {
        let after = context.to.get(&node.id).and_then(|n| n.object.as_range());
        statements.extend(range_set_aside(context, node, range, after));
    }
    statements
}

/// A range's multirange type and the functions that make values keep their names when the range is
/// renamed, and those that take what the new ones take would be in their way.
fn range_set_aside(
    context: &Context<'_>,
    node: &Node,
    range: &Range,
    after: Option<&Range>,
) -> Vec<Statement> {
    let multirange = qualified(&node.id.schema, &range.multirange);
    let multirange_aside = aside(&range.multirange);
    let to = ident(&multirange_aside);
    let mut renames = Vec::new();
    if context.options.server_version >= 140_000 {
        renames.push(format!("ALTER TYPE {multirange} RENAME TO {to}"));
        renames.push(format!("ALTER FUNCTION {multirange}() RENAME TO {to}"));
    }
    if after.is_some_and(|after| after.subtype == range.subtype) {
        let of = short_name(&range.subtype);
        let (name, to) = (object(&node.id), aside(&node.id.name));
        for arguments in [format!("{of}, {of}"), format!("{of}, {of}, text")] {
            let to = ident(&to);
            renames.push(format!("ALTER FUNCTION {name}({arguments}) RENAME TO {to}"));
        }
    }
    let statements = renames.into_iter();
    statements
        .map(|sql| Statement::new(Lock::None, sql))
        .collect()
}

/// Drops the type that was set aside.
pub(in crate::plan) fn drop_set_aside(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    let mut old = node.clone();
    old.id.name = aside(&node.id.name);
    vec![Statement::new(
        Lock::None,
        format!("DROP {}", address(context.from, &old)),
    )]
}

fn aside(name: &Name) -> Name {
    super::sequence::chosen(name, "", "old")
}

pub(super) fn alter_enum(node: &Node, from: &Enum, to: &Enum) -> Difference {
    let mut rest = to.labels.iter();
    let kept_in_order = from.labels.iter().all(|label| rest.any(|l| l == label));
    if !kept_in_order {
        return Difference::Replace;
    }
    let mut statements = Vec::new();
    for (i, label) in to.labels.iter().enumerate() {
        if from.labels.contains(label) {
            continue;
        }
        let mut sql = format!(
            "ALTER TYPE {} ADD VALUE {}",
            object(&node.id),
            literal(label)
        );
        // All that stands before it is there by now; what comes last needs no place.
        let followed = to.labels[i + 1..].iter().any(|l| from.labels.contains(l));
        match (i.checked_sub(1).map(|before| &to.labels[before]), followed) {
            (_, false) => {}
            (Some(before), true) => sql += &format!(" AFTER {}", literal(before)),
            (None, true) => {
                let next = to.labels[i + 1..].iter().find(|l| from.labels.contains(l));
                sql += &next.map_or(String::new(), |l| format!(" BEFORE {}", literal(l)));
            }
        }
        statements.push(Statement::new(Lock::None, sql).then_commit());
    }
    Difference::main(statements)
}

pub(super) fn alter_composite(
    context: &Context<'_>,
    node: &Node,
    from: &Composite,
    to: &Composite,
) -> Difference {
    let alter = format!("ALTER TYPE {}", object(&node.id));
    let mut statements = Vec::new();
    // Attributes can only be added at the end: another order means another type.
    let kept: Vec<&Name> = to
        .attributes
        .iter()
        .map(|a| &a.name)
        .filter(|n| from.attributes.iter().any(|b| b.name == **n))
        .collect();
    let before: Vec<&Name> = from
        .attributes
        .iter()
        .map(|a| &a.name)
        .filter(|n| kept.contains(n))
        .collect();
    let added_inside = to
        .attributes
        .iter()
        .take(kept.len())
        .any(|a| !kept.contains(&&a.name));
    if kept != before || added_inside || kept.is_empty() {
        return Difference::Replace;
    }
    let in_columns = is_used_by_columns(context, node);
    let cascade = rename::typed_tables_follow(context.from, &node.id);
    for old in &from.attributes {
        if !kept.contains(&&old.name) {
            let sql = format!("{alter} DROP ATTRIBUTE {}{cascade}", ident(&old.name));
            let message = format!("the values of {} in {} are gone", old.name, label(&node.id));
            statements.push(
                Statement::new(Lock::AccessExclusive, sql).hazard(HazardKind::DataLoss, message),
            );
        }
    }
    for new in &to.attributes {
        let old = from.attributes.iter().find(|old| old.name == new.name);
        let ty = format!("{}{}", short_name(&new.ty), sql::collate(&new.collation));
        match old {
            None => {
                let sql = format!("{alter} ADD ATTRIBUTE {} {ty}{cascade}", ident(&new.name));
                statements.push(Statement::new(Lock::AccessExclusive, sql));
            }
            Some(old) if old.ty != new.ty || old.collation != new.collation => {
                // PostgreSQL rewrites no stored row for an attribute's new type.
                if in_columns {
                    return Difference::Replace;
                }
                let name = ident(&new.name);
                let sql = format!("{alter} ALTER ATTRIBUTE {name} TYPE {ty}{cascade}");
                statements.push(Statement::new(Lock::AccessExclusive, sql));
            }
            Some(_) => {}
        }
        if old.and_then(|old| old.comment.as_ref()) != new.comment.as_ref() {
            statements.push(attribute_comment(node, &new.name, &new.comment));
        }
    }
    Difference::main(statements)
}

fn is_used_by_columns(context: &Context<'_>, node: &Node) -> bool {
    let is_it = |ty: &Type| ty.schema.as_ref() == Some(&node.id.schema) && ty.name == node.id.name;
    context
        .from
        .of_kind(Kind::Column)
        .any(|n| n.object.as_column().is_some_and(|column| is_it(&column.ty)))
}

fn attribute_comment(
    node: &Node,
    attribute: &Name,
    comment: &Option<std::sync::Arc<str>>,
) -> Statement {
    let text = comment
        .as_ref()
        .map_or_else(|| "NULL".to_owned(), |text| literal(text));
    let name = format!("{}.{}", object(&node.id), ident(attribute));
    Statement::new(Lock::None, format!("COMMENT ON COLUMN {name} IS {text}"))
}
