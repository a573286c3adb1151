//! Tables and their parents: partitions, heirs, and what a table keeps that leaves its parent.

use model::quote::{ident, object};
use model::schema::{Constraint, ConstraintBody, Id, Node, Partition, Table, UniqueKey};

use crate::plan::address::label;
use crate::plan::changes::Context;
use crate::plan::rules::Alteration;
use crate::plan::step::{HazardKind, Lock, Statement};

/// Whether a partition has columns or keys that `PARTITION OF` would not give it, so that it is made
/// by itself and attached.
///
/// A key may differ from the one of the parent that took it over (a unique one from a primary one, and
/// in when it is checked), and of two over the same columns PostgreSQL alone knows which gets which name.
pub(in crate::plan) fn stands_alone(context: &Context<'_>, node: &Node) -> bool {
    let table = node.object.as_table();
    let Some(parent) = table.and_then(|table| table.partition_of.as_ref()) else {
        return false;
    };
    let columns = context.to.columns(&node.id);
    if columns.iter().any(|(_, column)| !column.inherited) {
        return true;
    }
    let keys = |table: &Id| {
        let constraints = context.to.constraints(table);
        let keys = constraints.filter_map(|(node, c)| Some((node.id.clone(), c, key_of(c)?)));
        keys.collect::<Vec<_>>()
    };
    let own = keys(&node.id);
    if !own.iter().any(|(_, key, _)| key.inherited) {
        return false;
    }
    let above = keys(&parent.parent);
    let same = |a: &Constraint, b: &Constraint| {
        std::mem::discriminant(&a.body) == std::mem::discriminant(&b.body)
            && a.deferrable == b.deferrable
    };
    own.iter().any(|(id, key, columns)| {
        let brought = |(_, other, its): &(Id, &Constraint, &UniqueKey)| {
            same(key, other) && covers_alike(columns, its)
        };
        let twin = |(other, also, its): &(Id, &Constraint, &UniqueKey)| {
            other != id
                && also.inherited
                && its.columns == columns.columns
                && its.include == columns.include
        };
        key.inherited && (!above.iter().any(brought) || own.iter().any(twin))
    })
}

pub(super) fn key_of(constraint: &Constraint) -> Option<&UniqueKey> {
    match &constraint.body {
        ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => Some(key),
        _ => None,
    }
}

fn covers_alike(a: &UniqueKey, b: &UniqueKey) -> bool {
    a.columns == b.columns
        && a.include == b.include
        && a.nulls_not_distinct == b.nulls_not_distinct
        && a.without_overlaps == b.without_overlaps
}

pub(super) fn attach(node: &Node, partition: &Partition) -> Statement {
    let (parent, name) = (object(&partition.parent), object(&node.id));
    let sql = format!(
        "ALTER TABLE {parent} ATTACH PARTITION {name} {}",
        partition.bound.as_str()
    );
    Statement::new(Lock::ShareUpdateExclusive, sql)
}

pub(super) fn detach(node: &Node, partition: &Partition) -> Statement {
    let (parent, name) = (object(&partition.parent), object(&node.id));
    Statement::new(
        Lock::AccessExclusive,
        format!("ALTER TABLE {parent} DETACH PARTITION {name}"),
    )
}

pub(in crate::plan::rules) fn drop(
    context: &Context<'_>,
    node: &Node,
    table: &Table,
) -> Vec<Statement> {
    let word = if table.foreign.is_some() {
        "FOREIGN TABLE"
    } else {
        "TABLE"
    };
    let sql = format!("DROP {word} {}", object(&node.id));
    let statement = Statement::new(Lock::AccessExclusive, sql);
    if table.foreign.is_some() {
        return vec![statement];
    }
    let message = format!("all rows of {} are gone", label(&node.id));
    let statement = statement.hazard(HazardKind::DataLoss, message);
    let partition = table.partition_of.as_ref();
    match partition.filter(|p| context.to.contains(&p.parent) && is_referred_to(context, &p.parent))
    {
        Some(partition) => vec![
            detach(node, partition)
                .comment("a partition of a table that foreign keys refer to can't be dropped"),
            statement,
        ],
        None => vec![statement],
    }
}

/// Whether a foreign key refers to the partitioned table, or to one that it is a part of.
fn is_referred_to(context: &Context<'_>, table: &Id) -> bool {
    let mut above = vec![table];
    while let Some(parent) = above.last().and_then(|id| {
        context
            .from
            .get(id)?
            .object
            .as_table()?
            .partition_of
            .as_ref()
    }) {
        above.push(&parent.parent);
    }
    let referred = &context.gathered.referred_before;
    above.into_iter().any(|table| referred.contains(table))
}

/// Attaches a table again that has left its parent for a while; what the parent has lost meanwhile, it
/// loses by itself.
pub(in crate::plan) fn reattach(context: &Context<'_>, node: &Node, alteration: &mut Alteration) {
    alteration.main.splice(0..0, left_behind(context, node));
    let table = node.object.as_table();
    if let Some(partition) = table.and_then(|table| table.partition_of.as_ref()) {
        alteration.late.insert(0, attach(node, partition));
    }
}

/// Whether the table is there and becomes that parent's child only now: what the parent has, the child
/// must have by then.
pub(in crate::plan) fn joins(context: &Context<'_>, table: &Id, parent: &Id) -> bool {
    let before = context.from.get(table).and_then(|n| n.object.as_table());
    before.is_some_and(|before| !before.parents().any(|p| p == parent))
        || context.gathered.reattached.contains(table)
}

/// What a table that leaves its parent keeps as its own, and shall not have.
pub(super) fn left_behind(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    let table = object(&node.id);
    let mut statements = Vec::new();
    for (constraint, _) in context
        .from
        .constraints(&node.id)
        .filter(|(_, c)| c.inherited)
    {
        if !context.to.contains(&constraint.id) {
            let name = ident(&constraint.id.part);
            let sql = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
            statements.push(Statement::new(Lock::AccessExclusive, sql));
        }
    }
    let mut columns = context.from.columns(&node.id);
    columns.retain(|(id, column)| column.inherited && !context.to.contains(&id.id));
    // What is computed goes before what it is computed from.
    columns.sort_by_key(|(_, column)| column.generated.is_none());
    for (column_node, column) in columns {
        let name = ident(&column_node.id.part);
        let sql = format!("ALTER TABLE {table} DROP COLUMN {name}");
        let message = format!("the values of {} are gone", label(&column_node.id));
        let statement = Statement::new(Lock::AccessExclusive, sql);
        statements.push(match column.generated {
            Some(_) => statement,
            None => statement.hazard(HazardKind::DataLoss, message),
        });
    }
    statements
}
