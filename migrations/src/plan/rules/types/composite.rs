//! Composite types: attribute by attribute, with the tables that are of the type.
//!
//! A composite type that columns hold is never altered here: no stored row would follow.

use model::quote::{ident, literal, object};
use model::schema::{Attribute, Composite, Kind, Name, Node, Type};
use model::types::short_name;

use super::casts::{self, Cast};
use crate::plan::address::label;
use crate::plan::changes::Context;
use crate::plan::rename;
use crate::plan::rules::{Difference, sql};
use crate::plan::step::{HazardKind, Lock, Statement};

pub(in crate::plan::rules) fn alter_composite(
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
                let by_itself = matches!(
                    casts::between(context.from, &old.ty, &new.ty),
                    Cast::Free | Cast::Assignment { .. }
                );
                if by_itself || cascade.is_empty() {
                    let sql = format!("{alter} ALTER ATTRIBUTE {name} TYPE {ty}{cascade}");
                    statements.push(Statement::new(Lock::AccessExclusive, sql));
                } else {
                    let sql = format!("{alter} ALTER ATTRIBUTE {name} TYPE {ty}");
                    apart(context, node, (old, new), sql, &mut statements);
                }
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

/// The tables of a type take no `USING` from it: each is let go of, given the new type, and bound again.
fn apart(
    context: &Context<'_>,
    node: &Node,
    (old, new): (&Attribute, &Attribute),
    alter: String,
    statements: &mut Vec<Statement>,
) {
    let tables: Vec<_> = rename::typed_tables(context.from, &node.id).collect();
    let ty = short_name(&new.ty);
    let name = ident(&new.name);
    let via = match casts::between(context.from, &old.ty, &new.ty) {
        Cast::ByText if old.ty.array && new.ty.array => "::text[]",
        Cast::ByText => "::text",
        Cast::Free | Cast::Assignment { .. } | Cast::Explicit => "",
    };
    for table in &tables {
        let path = object(&table.id);
        let free = format!("ALTER TABLE {path} NOT OF");
        statements
            .push(Statement::new(Lock::AccessExclusive, free).comment(
                "bound to its type again below; only a table can say how its rows change",
            ));
        let clause = format!("TYPE {ty}{}", sql::collate(&new.collation));
        let sql =
            format!("ALTER TABLE {path} ALTER COLUMN {name} {clause} USING {name}{via}::{ty}");
        let message = format!(
            "every row of {} is written anew while all wait",
            label(&table.id)
        );
        statements.push(
            Statement::new(Lock::AccessExclusive, sql).hazard(HazardKind::TableRewrite, message),
        );
    }
    statements.push(Statement::new(Lock::AccessExclusive, alter));
    for table in &tables {
        let sql = format!("ALTER TABLE {} OF {}", object(&table.id), object(&node.id));
        statements.push(Statement::new(Lock::AccessExclusive, sql));
    }
}

pub(super) fn attribute_comment(
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
