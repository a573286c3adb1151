//! What of a column changes where it stands: type, default, `NOT NULL`, identity.
//!
//! Never says whether the rows fit: the server does.

use model::quote::{ident, literal};
use model::schema::{Column, Id, Node};
use model::types::short_name;

use super::definition::{change_storage, identity_clause, mode};
use super::family::parents;
use super::{alter_table, push, set_default, table_label};
use crate::plan::address::{label, relation};
use crate::plan::changes::Context;
use crate::plan::rules::types::casts::{self, Cast};
use crate::plan::rules::{Alteration, Difference, alter, sequence, sql};
use crate::plan::step::{HazardKind, Lock, Statement};

/// The column takes the same type again, which has been made anew under it.
pub(in crate::plan) fn retype(context: &Context<'_>, from: &Node, to: &Node) -> Alteration {
    let mut alteration = match alter(context, from, to) {
        Difference::Alter(alteration) => *alteration,
        Difference::Nothing | Difference::Replace => Alteration::default(),
    };
    let (Some(a), Some(b)) = (from.object.as_column(), to.object.as_column()) else {
        return alteration;
    };
    alteration.retypes = true;
    if parents(context, to).is_some() || b.ty != a.ty {
        return alteration;
    }
    let via = if b.ty.array { "text[]" } else { "text" };
    let name = ident(&to.id.part);
    let ty = short_name(&b.ty);
    let using = match &to.hints.using {
        Some(using) => using.as_str().to_owned(),
        None => format!("{name}::{via}::{ty}"),
    };
    let clause = format!("TYPE {ty}{} USING {using}", sql::collate(&b.collation));
    if is_foreign(context, to) {
        let clause = format!("TYPE {ty}{}", sql::collate(&b.collation));
        push(&mut alteration.main, to, &clause);
    } else {
        // What is computed is computed again.
        let clause = match b.generated {
            Some(_) => format!("TYPE {ty}{}", sql::collate(&b.collation)),
            None => clause,
        };
        alteration.main.insert(0, rewriting(to, &clause));
        // The type, even the same one, brings its own storage.
        let mut reset = b.clone();
        reset.storage = None;
        reset.compression = None;
        for again in change_storage(to, &reset, b) {
            if !alteration.main.contains(&again) {
                alteration.main.push(again);
            }
        }
    }
    renew_default(&mut alteration, from, to);
    alteration
}

/// The default gives way and comes back: what it calls is made anew.
pub(in crate::plan) fn renew_default(alteration: &mut Alteration, from: &Node, to: &Node) {
    let (Some(a), Some(b)) = (from.object.as_column(), to.object.as_column()) else {
        return;
    };
    let drops = |s: &Statement| s.sql.ends_with("DROP DEFAULT");
    let sets = |s: &Statement| s.sql.contains(" SET DEFAULT ");
    if a.default.is_some() && !alteration.before.iter().any(drops) {
        alteration.main.retain(|s| !drops(s));
        push(&mut alteration.before, to, "DROP DEFAULT");
    }
    if b.default.is_some() && !alteration.after.iter().any(sets) {
        alteration.main.retain(|s| !sets(s));
        set_default(&mut alteration.after, to, b);
    }
}

fn rewriting(node: &Node, clause: &str) -> Statement {
    let mut one = Vec::new();
    push(&mut one, node, clause);
    let message = format!(
        "every row of {} is written anew while all wait",
        table_label(node)
    );
    one.remove(0).hazard(HazardKind::TableRewrite, message)
}

pub(super) fn change_default(alteration: &mut Alteration, node: &Node, a: &Column, b: &Column) {
    if b.default.is_none() {
        // An identity or an expression takes the place of the default: it must go first.
        push(&mut alteration.before, node, "DROP DEFAULT");
    } else if alteration.retypes {
        if a.default.is_some() {
            push(&mut alteration.before, node, "DROP DEFAULT");
        }
        set_default(&mut alteration.after, node, b);
    } else {
        set_default(&mut alteration.main, node, b);
    }
}

pub(super) fn change_type(
    context: &Context<'_>,
    alteration: &mut Alteration,
    node: &Node,
    a: &Column,
    b: &Column,
) {
    alteration.retypes = true;
    let name = ident(&node.id.part);
    let ty = short_name(&b.ty);
    let mut clause = format!("TYPE {ty}");
    match &b.collation {
        Some(_) => clause += &sql::collate(&b.collation),
        None if a.collation.is_some() && a.ty == b.ty && b.ty.schema.is_none() => {
            clause += " COLLATE pg_catalog.\"default\""
        }
        None => {}
    }
    let cast = casts::between(context.from, &a.ty, &b.ty);
    let foreign = is_foreign(context, node);
    if foreign || (a.generated.is_some() && b.generated.is_some()) {
        // The rows are elsewhere, or computed anew: USING is refused.
    } else if let Some(using) = &node.hints.using {
        clause += &format!(" USING {}", using.as_str());
    } else {
        match &cast {
            Cast::Free | Cast::Assignment { .. } => {}
            Cast::Explicit => clause += &format!(" USING {name}::{ty}"),
            Cast::ByText => {
                let via = if a.ty.array && b.ty.array {
                    "text[]"
                } else {
                    "text"
                };
                clause += &format!(" USING {name}::{via}::{ty}");
            }
        }
    }
    let free = foreign || matches!(cast, Cast::Free) && node.hints.using.is_none();
    let mut statement = if free {
        let mut one = Vec::new();
        push(&mut one, node, &clause);
        one.remove(0)
    } else {
        rewriting(node, &clause)
    };
    if let Cast::Assignment { loses: Some(what) } = &cast
        && !foreign
    {
        let message = format!("{what} in the values of {}", label(&node.id));
        statement = statement.hazard(HazardKind::DataLoss, message);
    }
    if node.hints.using.is_none()
        && !foreign
        && let Some(values) = casts::refuses(context.from, &a.ty, &b.ty)
    {
        let label = label(&node.id);
        statement = statement.comment(format!("stops where {label} holds a value {values}"));
    }
    alteration.main.push(statement);
    // The server casts a default to the new type only where it knows how.
    if a.default.is_some() && a.default == b.default && !free && b.identity.is_none() {
        push(&mut alteration.before, node, "DROP DEFAULT");
        set_default(&mut alteration.after, node, b);
    }
}

pub(super) fn change_not_null(
    context: &Context<'_>,
    alteration: &mut Alteration,
    node: &Node,
    b: &Column,
) {
    let name = ident(&node.id.part);
    if !b.not_null {
        return push(&mut alteration.main, node, "DROP NOT NULL");
    }
    if !context.options.online {
        let mut one = Vec::new();
        push(&mut one, node, "SET NOT NULL");
        let message = format!("all wait while the rows of {} are read", table_label(node));
        alteration
            .main
            .push(one.remove(0).hazard(HazardKind::LongLock, message));
        return;
    }
    // SET NOT NULL reads no row where a valid check has already shown that there is no null.
    let check = sequence::chosen(&node.id.name, &node.id.part, "not_null");
    let (table, check) = (alter_table(node), ident(&check));
    alteration.main.push(
        Statement::new(
            Lock::AccessExclusive,
            format!("{table} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID"),
        )
        .comment(
            "a check, validated while others work, spares SET NOT NULL the reading of all rows",
        )
        .then_commit(),
    );
    let sql = format!("{table} VALIDATE CONSTRAINT {check}");
    alteration
        .main
        .push(Statement::new(Lock::ShareUpdateExclusive, sql).then_commit());
    push(&mut alteration.main, node, "SET NOT NULL");
    let sql = format!("{table} DROP CONSTRAINT {check}");
    alteration
        .main
        .push(Statement::new(Lock::AccessExclusive, sql));
}

pub(super) fn change_identity(
    context: &Context<'_>,
    alteration: &mut Alteration,
    node: &Node,
    a: &Column,
    b: &Column,
) {
    match (&a.identity, &b.identity) {
        (None, Some(identity)) => {
            if !a.not_null {
                // Only a column that is not null can become an identity: that comes in the same step.
                let not_null = |s: &Statement| s.sql.ends_with("SET NOT NULL");
                if !alteration.main.iter().any(not_null) {
                    push(&mut alteration.main, node, "SET NOT NULL");
                }
            }
            let clause = format!("ADD {}", identity_clause(b, identity));
            push(&mut alteration.after, node, &clause);
            if is_foreign(context, node) {
                // The rows are elsewhere.
                return;
            }
            let (table, name) = (relation(&node.id), ident(&node.id.part));
            let next = if identity.sequence.increment > 0 {
                "max"
            } else {
                "min"
            };
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence({}, {}), {next}({name})) FROM {table} \
                 HAVING {next}({name}) IS NOT NULL",
                literal(&table),
                literal(&node.id.part),
            );
            alteration.after.push(
                Statement::new(Lock::AccessShare, sql)
                    .comment("counts on from the rows that are there"),
            );
        }
        (Some(old), Some(new)) => {
            let mut clauses = Vec::new();
            if old.mode != new.mode {
                clauses.push(format!("SET GENERATED {}", mode(new)));
            }
            let options = sequence::changed_options(&new.sequence, &old.sequence);
            clauses.extend(options.into_iter().map(|option| match option.as_str() {
                "RESTART" => option,
                _ => format!("SET {option}"),
            }));
            if !clauses.is_empty() {
                push(&mut alteration.main, node, &clauses.join(" "));
            }
        }
        (_, None) => {}
    }
}

/// Whether the column is a foreign table's.
fn is_foreign(context: &Context<'_>, node: &Node) -> bool {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    let table = context
        .to
        .get(&table)
        .and_then(|node| node.object.as_table());
    table.is_some_and(|table| table.foreign.is_some())
}
