//! Primary and unique keys whose index is built while others write.
//!
//! Never those of a partitioned table: PostgreSQL builds no index of one concurrently.

use model::quote::ident;
use model::schema::{
    Constraint, ConstraintBody, Id, Name, Node, ReplicaIdentity, Schema, UniqueKey,
};

use super::super::{sequence, sql, table};
use super::deferrable;
use crate::plan::address::relation;
use crate::plan::changes::Context;
use crate::plan::step::{Lock, Statement};

/// The index under that name, and the key that takes it over and gives it its own.
pub(super) fn by_index(
    node: &Node,
    constraint: &Constraint,
    key: &UniqueKey,
    index: &Name,
) -> Vec<Statement> {
    let (name, index, table) = (ident(&node.id.part), ident(index), relation(&node.id));
    let mut build = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({})",
        sql::names(&key.columns)
    );
    if !key.include.is_empty() {
        build += &format!(" INCLUDE ({})", sql::names(&key.include));
    }
    if key.nulls_not_distinct {
        build += " NULLS NOT DISTINCT";
    }
    if !key.parameters.is_empty() {
        build += &format!(" WITH ({})", sql::parameters(&key.parameters));
    }
    if let Some(space) = &key.tablespace {
        build += &format!(" TABLESPACE {}", ident(space));
    }
    let word = match constraint.body {
        ConstraintBody::PrimaryKey(_) => "PRIMARY KEY",
        _ => "UNIQUE",
    };
    let deferrable = deferrable(constraint.deferrable);
    let add =
        format!("ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {index}{deferrable}");
    vec![
        Statement::new(Lock::ShareUpdateExclusive, build)
            .never_in_transaction()
            .comment("built while others write; the constraint then takes it over"),
        Statement::new(Lock::AccessExclusive, add),
    ]
}

/// The index that is built while the old key serves, and the key that takes it over afterwards.
pub(in crate::plan) fn replaced_beside(node: &Node) -> Option<(Statement, Statement)> {
    let constraint = node.object.as_constraint()?;
    let aside = sequence::chosen(&node.id.part, "", "new");
    let statements = by_index(node, constraint, unique(constraint)?, &aside);
    let [build, take_over] = <[Statement; 2]>::try_from(statements).ok()?;
    let why = "built while others write and the old key serves; the new one then takes it over";
    Some((build.comment(why), take_over))
}

/// Whether a key can be made anew from an index that is built beside it.
pub(in crate::plan) fn can_serve_on(context: &Context<'_>, from: &Node, to: &Node) -> bool {
    let (Some(old), Some(new)) = (from.object.as_constraint(), to.object.as_constraint()) else {
        return false;
    };
    let table = Id::table(from.id.schema.clone(), from.id.name.clone());
    // The replica identity would be lost with the old index.
    let identifies = |schema: &Schema| {
        let table = schema.get(&table).and_then(|node| node.object.as_table());
        table.is_none_or(|t| t.replica_identity == ReplicaIdentity::Index(from.id.part.clone()))
    };
    let plain = |key: &UniqueKey| !key.without_overlaps;
    context.options.online
        && !old.inherited
        && !new.inherited
        && unique(old).is_some_and(plain)
        && unique(new).is_some_and(plain)
        && [context.from, context.to]
            .iter()
            .all(|schema| !table::is_partitioned(schema, &from.id) && !identifies(schema))
}

fn unique(constraint: &Constraint) -> Option<&UniqueKey> {
    match &constraint.body {
        ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => Some(key),
        _ => None,
    }
}
