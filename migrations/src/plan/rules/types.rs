//! Enums, domains, composite and range types.
//!
//! A type that columns use can't be dropped: it is set aside, its successor made, the columns moved
//! over, and only then is it dropped.

pub(super) mod casts;
mod composite;
mod domain;

use model::quote::{ident, literal, object, qualified};
use model::schema::{Enum, Name, Node, Object, Range};
use model::types::short_name;

pub(super) use composite::alter_composite;
use composite::attribute_comment;
pub(super) use domain::alter_domain;
pub(in crate::plan) use domain::renew_domain;

use super::{Difference, sql};
use crate::catalog::default_multirange;
use crate::plan::address::address;
use crate::plan::changes::Context;
use crate::plan::step::{Lock, Statement};
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

pub(super) fn aside(name: &Name) -> Name {
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
