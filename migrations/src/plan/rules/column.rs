//! Columns.
//!
//! The rule never says whether the rows fit what is asked of them: the server does.

mod change;
mod definition;
mod family;

use model::quote::ident;
use model::schema::{Column, GeneratedKind, Id, Kind, Node};

use super::constraint::short_key;
use super::{Alteration, Difference, Making, Riding};
use crate::plan::access;
use crate::plan::address::{label, relation};
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, Lock, Statement};

pub(in crate::plan) use change::{renew_default, retype};
pub(super) use definition::{definition, extras};
pub(super) use family::comes_from_parent;
pub(in crate::plan) use family::{above, brought_by, followed, kept_by_child, leader, overrides};

use change::{change_default, change_identity, change_not_null, change_type};
use definition::{change_storage, identity_clause};
use family::{follows_type, of_typed_table, parents};

pub(super) fn create(
    context: &Context<'_>,
    node: &Node,
    column: &Column,
    riding: &Riding<'_>,
) -> Making {
    if follows_type(context, node) {
        return of_typed_table(node, column).into();
    }
    if is_of_view(context, node) {
        return of_view(node, &Column::new(column.ty.clone()), column).into();
    }
    if comes_from_parent(context, node, column) {
        return Making {
            main: overrides(context, node, column),
            late: Vec::new(),
        };
    }
    let key = riding
        .all
        .iter()
        .filter(|id| id.kind == Kind::Constraint)
        .filter_map(|id| context.to.get(id))
        .any(|constraint| short_key(constraint) == Some(&node.id.part));
    let apart = column.identity.as_ref();
    let apart = apart.filter(|_| family::has_heirs(context, node));
    let plain = apart.map(|_| Column {
        identity: None,
        ..column.clone()
    });
    let column = plain.as_ref().unwrap_or(column);
    let (ty, rest) = definition(node, column, riding, key);
    let mut sql = format!(
        "{} ADD COLUMN {} {ty}",
        alter_table(node),
        ident(&node.id.part)
    );
    if !rest.is_empty() {
        sql += &format!(" {rest}");
    }
    let mut statement = Statement::new(Lock::AccessExclusive, sql);
    let filled =
        column.default.is_some() || column.identity.is_some() || column.generated.is_some();
    if column.not_null && !filled {
        statement = statement.comment("stops where the table has rows, which would have no value");
    }
    let volatile = column
        .default
        .as_ref()
        .is_some_and(|d| is_volatile(d.as_str()));
    let stored = column
        .generated
        .as_ref()
        .is_some_and(|g| g.kind == GeneratedKind::Stored);
    if volatile || stored || column.identity.is_some() {
        let message = format!("every row of {} is written anew", table_label(node));
        statement = statement.hazard(HazardKind::TableRewrite, message);
    }
    let mut main = vec![statement];
    if let Some(identity) = apart {
        // PostgreSQL adds no identity column to a table with children: they don't count themselves.
        push(
            &mut main,
            node,
            &format!("ADD {}", identity_clause(column, identity)),
        );
    }
    main.extend(extras(node, column));
    main.into()
}

pub(super) fn drop(context: &Context<'_>, node: &Node, column: &Column) -> Vec<Statement> {
    if is_of_view(context, node) {
        let mut statements = of_view(node, column, &Column::new(column.ty.clone()));
        let mut bare = node.clone();
        (bare.comment, bare.privileges) = Default::default();
        statements.extend(super::finish_altered(context, node, &bare).main);
        statements.extend(access::grants_between(context, node, &bare));
        return statements;
    }
    if column.inherited || follows_type(context, node) {
        return Vec::new();
    }
    // A child that keeps a column of its own must not lose it along with its parent's.
    let only = if kept_by_child(context, node) {
        "ONLY "
    } else {
        ""
    };
    let (table, name) = (relation(&node.id), ident(&node.id.part));
    let sql = format!("ALTER TABLE {only}{table} DROP COLUMN {name}");
    let statement = Statement::new(Lock::AccessExclusive, sql);
    if column.generated.is_some() {
        return vec![statement];
    }
    let message = format!("the values of {} are gone", label(&node.id));
    vec![statement.hazard(HazardKind::DataLoss, message)]
}

pub(super) fn alter(
    context: &Context<'_>,
    from: &Node,
    to: &Node,
    a: &Column,
    b: &Column,
) -> Difference {
    if is_of_view(context, to) {
        return Difference::main(of_view(to, a, b));
    }
    let parent = parents(context, to);
    if generated_anew(context, a, b) {
        let follows = |(a2, b2): (&Column, &Column)| {
            a.inherited && b.inherited && generated_anew(context, a2, b2)
        };
        return match parent.is_none_or(follows) {
            true => Difference::Replace,
            false => Difference::Nothing,
        };
    }
    let a = &family::after_parents(context, to, a);
    let mut alteration = Alteration::default();
    let led = parent.is_some_and(|(a2, b2)| a2.ty != b2.ty || a2.collation != b2.collation)
        || follows_type(context, to);
    let retyped = (a.ty != b.ty || a.collation != b.collation) && !led;
    if retyped {
        change_type(context, &mut alteration, to, a, b);
    } else if a.ty != b.ty || a.collation != b.collation {
        // It follows another's change, and what stands on it must give way all the same.
        alteration.retypes = true;
    }
    if a.generated.is_some() && b.generated.is_none() {
        // A type or a default of its own comes only once the column isn't computed any more.
        push(&mut alteration.before, to, "DROP EXPRESSION");
    } else if let (Some(old), Some(new)) = (&a.generated, &b.generated)
        && old.expr != new.expr
    {
        push(
            &mut alteration.main,
            to,
            &format!("SET EXPRESSION AS ({})", new.expr.as_str()),
        );
    }
    if a.default != b.default {
        if a.identity.is_some() && b.identity.is_none() {
            // An identity column takes no default: the new one waits until the identity is gone.
            set_default(&mut alteration.after, to, b);
        } else {
            change_default(&mut alteration, to, a, b);
        }
    }
    if a.identity.is_some() && b.identity.is_none() {
        // An identity is never null, so it goes before its NOT NULL can.
        push(&mut alteration.before, to, "DROP IDENTITY");
    }
    if a.not_null != b.not_null {
        change_not_null(context, &mut alteration, to, b);
    }
    change_identity(context, &mut alteration, to, a, b);
    let mut reset = a.clone();
    if a.ty != b.ty || a.collation != b.collation {
        // A new type brings its own storage.
        reset.storage = None;
        reset.compression = None;
    }
    alteration.main.extend(change_storage(to, &reset, b));
    let _ = from;
    Difference::of(alteration)
}

/// What a column of a view or a materialized view has of its own: a default for inserts, how it is
/// stored and sampled. All else follows from the query.
fn of_view(node: &Node, a: &Column, b: &Column) -> Vec<Statement> {
    let mut statements = Vec::new();
    if a.default != b.default {
        match &b.default {
            Some(_) => set_default(&mut statements, node, b),
            None => push(&mut statements, node, "DROP DEFAULT"),
        }
    }
    let mut like = a.clone();
    if b.storage.is_none() {
        // The type's own storage is unknown here.
        like.storage = None;
    }
    statements.extend(change_storage(node, &like, b));
    statements
}

fn is_of_view(context: &Context<'_>, node: &Node) -> bool {
    let schema = [context.to, context.from];
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    !schema.iter().any(|s| s.contains(&table))
}

fn alter_table(node: &Node) -> String {
    format!("ALTER TABLE {}", relation(&node.id))
}

fn table_label(node: &Node) -> String {
    label(&Id::table(node.id.schema.clone(), node.id.name.clone()))
}

fn push(statements: &mut Vec<Statement>, node: &Node, clause: &str) {
    let sql = format!(
        "{} ALTER COLUMN {} {clause}",
        alter_table(node),
        ident(&node.id.part)
    );
    statements.push(Statement::new(Lock::AccessExclusive, sql));
}

pub(super) fn set_default(statements: &mut Vec<Statement>, node: &Node, column: &Column) {
    if let Some(default) = &column.default {
        push(
            statements,
            node,
            &format!("SET DEFAULT {}", default.as_str()),
        );
    }
}

pub(super) fn drop_default(node: &Node) -> Vec<Statement> {
    let mut statements = Vec::new();
    push(&mut statements, node, "DROP DEFAULT");
    statements
}

/// Whether only dropping and adding the column gives it the new expression.
fn generated_anew(context: &Context<'_>, a: &Column, b: &Column) -> bool {
    match (&a.generated, &b.generated) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => {
            old.kind != new.kind
                || a.ty != b.ty
                || (old.expr != new.expr && context.options.server_version < 170_000)
        }
    }
}

fn is_volatile(text: &str) -> bool {
    [
        "random(",
        "gen_random_uuid(",
        "uuid_generate",
        "clock_timestamp(",
        "timeofday(",
        "nextval(",
    ]
    .iter()
    .any(|call| text.contains(call))
}
