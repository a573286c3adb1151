//! Indexes that no constraint owns.
//!
//! Those of a partition are attached to their parent's, never left to be made up by it.

use model::quote::{ident, object, qualified};
use model::schema::{Id, Index, Node, ReplicaIdentity, Schema};

use super::{Alteration, Difference, Making, sequence, sql, table, types};
use crate::plan::address::{label, relation};
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, Lock, Statement};

pub(super) fn create(
    context: &Context<'_>,
    node: &Node,
    index: &Index,
    parent_made: bool,
) -> Making {
    let name = ident(&node.id.part);
    let own = qualified(&node.id.schema, &node.id.part);
    let owner = Id::table(node.id.schema.clone(), node.id.name.clone());
    let exists = context.from.relation(&owner.schema, &owner.name).is_some();
    if let Some(parent) = &index.parent
        && context.from.contains(parent)
        && !parent_made
        && !exists
    {
        return brought_by_parent(context, node, index, parent);
    }
    let partitioned = table::is_partitioned(context.to, &node.id);
    // One that is not valid has not got one of each partition, and shall not.
    let attached = context.gathered.attached_to.contains(&node.id);
    let with_parts = partitioned && (!index.valid || attached);
    let online = context.options.online && exists && !partitioned;
    let mut text = String::from("CREATE ");
    if index.unique {
        text += "UNIQUE ";
    }
    text += "INDEX ";
    if online {
        text += "CONCURRENTLY ";
    }
    let only = if with_parts { "ONLY " } else { "" };
    let keys: Vec<_> = index.keys.iter().map(sql::key).collect();
    text += &format!("{name} ON {only}{}", relation(&node.id));
    if index.method != "btree" {
        text += &format!(" USING {}", ident(&index.method));
    }
    text += &format!(" ({})", keys.join(", "));
    if !index.include.is_empty() {
        text += &format!(" INCLUDE ({})", sql::names(&index.include));
    }
    if index.nulls_not_distinct {
        text += " NULLS NOT DISTINCT";
    }
    if !index.parameters.is_empty() {
        text += &format!(" WITH ({})", sql::parameters(&index.parameters));
    }
    if let Some(space) = &index.tablespace {
        text += &format!(" TABLESPACE {}", ident(space));
    }
    if let Some(predicate) = &index.predicate {
        text += &format!(" WHERE {}", sql::in_parentheses(predicate));
    }
    let statement = match (online, exists) {
        (true, _) => Statement::new(Lock::ShareUpdateExclusive, text).never_in_transaction(),
        (false, true) => {
            let message = format!("writers wait while the index on {} is built", label(&owner));
            Statement::new(Lock::Share, text).hazard(HazardKind::LongLock, message)
        }
        (false, false) => Statement::new(Lock::None, text),
    };
    let mut main = vec![statement];
    main.extend(
        index
            .statistics
            .iter()
            .map(|(key, target)| statistics(&own, *key, *target)),
    );
    if index.clustered {
        main.push(clustered(node));
    }
    let late = index
        .parent
        .iter()
        .map(|parent| attach(node, parent))
        .collect();
    Making { main, late }
}

/// The parent's index has made this one together with the partition, under a name of its own.
fn brought_by_parent(context: &Context<'_>, node: &Node, index: &Index, parent: &Id) -> Making {
    let table = Id::table(parent.schema.clone(), parent.name.clone());
    let named = |name| context.name_in_indexes(&table, name).as_str();
    let keys = index.keys.iter().map(|key| match &key.term {
        model::schema::KeyTerm::Column(name) => named(name),
        model::schema::KeyTerm::Expr(_) => "expr",
    });
    let names = sequence::chosen_columns(keys.chain(index.include.iter().map(named)));
    let chosen = sequence::chosen(&node.id.name, &names, "idx");
    if chosen == node.id.part {
        return Making::default();
    }
    let old = qualified(&node.id.schema, &chosen);
    let sql = format!("ALTER INDEX {old} RENAME TO {}", ident(&node.id.part));
    vec![Statement::new(Lock::ShareUpdateExclusive, sql)].into()
}

fn attach(node: &Node, parent: &Id) -> Statement {
    let sql = format!(
        "ALTER INDEX {} ATTACH PARTITION {}",
        object(parent),
        object(&node.id)
    );
    Statement::new(Lock::ShareUpdateExclusive, sql)
}

pub(super) fn drop(context: &Context<'_>, node: &Node, index: &Index) -> Vec<Statement> {
    // An attached index goes with its parent's and can't go alone.
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    if let Some(parent) = &index.parent
        && (!context.to.contains(parent) || changed(context, parent))
        && !context.gathered.reattached.contains(&table)
    {
        return Vec::new();
    }
    let partitioned = table::is_partitioned(context.from, &node.id);
    let online = context.options.online && !partitioned && index.parent.is_none();
    let how = if online { "CONCURRENTLY " } else { "" };
    let sql = format!("DROP INDEX {how}{}", object(&node.id));
    vec![if online {
        Statement::new(Lock::ShareUpdateExclusive, sql).never_in_transaction()
    } else {
        Statement::new(Lock::AccessExclusive, sql)
    }]
}

/// Gives the index another name: it serves until the new one is built.
pub(super) fn set_aside(node: &Node) -> Vec<Statement> {
    let to = types::aside(&node.id.part);
    let sql = format!("ALTER INDEX {} RENAME TO {}", object(&node.id), ident(&to));
    let why = "serves on, and is dropped once the new one is built";
    vec![Statement::new(Lock::ShareUpdateExclusive, sql).comment(why)]
}

/// Drops the index that was set aside.
pub(super) fn drop_set_aside(context: &Context<'_>, node: &Node, index: &Index) -> Vec<Statement> {
    let mut old = node.clone();
    old.id.part = types::aside(&node.id.part);
    drop(context, &old, index)
}

/// Whether another index can take its name while this one serves on: nothing but queries uses it.
pub(in crate::plan) fn can_serve_on(context: &Context<'_>, from: &Node, to: &Node) -> bool {
    let (Some(old), Some(new)) = (from.object.as_index(), to.object.as_index()) else {
        return false;
    };
    let table = Id::table(from.id.schema.clone(), from.id.name.clone());
    let identifies = |schema: &Schema| {
        let table = schema.get(&table).and_then(|node| node.object.as_table());
        table.is_none_or(|t| t.replica_identity == ReplicaIdentity::Index(from.id.part.clone()))
    };
    // A foreign key would rely on whichever of the two it finds.
    let gathered = context.gathered;
    let referred =
        gathered.referred_before.contains(&table) || gathered.referred_after.contains(&table);
    let both = [context.from, context.to];
    context.options.online
        && old.parent.is_none()
        && new.parent.is_none()
        && !old.clustered
        && !table::is_partitioned(context.from, &from.id)
        && !both.iter().any(|schema| identifies(schema))
        && !(old.unique && referred)
}

fn changed(context: &Context<'_>, id: &Id) -> bool {
    match (context.from.get(id), context.to.get(id)) {
        (Some(a), Some(b)) => a.object != b.object,
        _ => true,
    }
}

pub(super) fn alter(context: &Context<'_>, node: &Node, a: &Index, b: &Index) -> Difference {
    let mut like = a.clone();
    // PostgreSQL gives a partitioned index no other parameters.
    if !table::is_partitioned(context.to, &node.id) {
        like.parameters = b.parameters.clone();
    }
    like.tablespace = b.tablespace.clone();
    like.clustered = b.clustered;
    like.statistics = b.statistics.clone();
    if b.parent.is_some() {
        like.parent = b.parent.clone();
    }
    let left = b.parent.is_none() && stays_when_its_table_leaves(context, node, a);
    if left {
        like.parent = None;
    }
    if like != *b || (a.parent.is_some() && a.parent != b.parent && !left) {
        return Difference::Replace;
    }
    let name = object(&node.id);
    let mut alteration = Alteration::default();
    if a.parent != b.parent {
        alteration
            .late
            .extend(b.parent.iter().map(|parent| attach(node, parent)));
    }
    let main = &mut alteration.main;
    let (set, reset) = sql::parameters_between(&a.parameters, &b.parameters);
    if !set.is_empty() {
        let sql = format!("ALTER INDEX {name} SET ({})", sql::parameters(&set));
        main.push(Statement::new(Lock::ShareUpdateExclusive, sql));
    }
    if !reset.is_empty() {
        let sql = format!("ALTER INDEX {name} RESET ({})", sql::names(&reset));
        main.push(Statement::new(Lock::ShareUpdateExclusive, sql));
    }
    if a.tablespace != b.tablespace {
        let space = b
            .tablespace
            .as_ref()
            .map_or("pg_default".into(), |space| ident(space));
        let sql = format!("ALTER INDEX {name} SET TABLESPACE {space}");
        main.push(Statement::new(Lock::AccessExclusive, sql));
    }
    for (key, target) in &b.statistics {
        if !a.statistics.contains(&(*key, *target)) {
            main.push(statistics(&name, *key, *target));
        }
    }
    for (key, _) in &a.statistics {
        if !b.statistics.iter().any(|(k, _)| k == key) {
            main.push(statistics(&name, *key, -1));
        }
    }
    match (a.clustered, b.clustered) {
        (false, true) => main.push(clustered(node)),
        // Another index takes it over.
        (true, false) if is_clustered(context, node) => {}
        (true, false) => {
            let sql = format!("ALTER TABLE {} SET WITHOUT CLUSTER", relation(&node.id));
            main.push(Statement::new(Lock::ShareUpdateExclusive, sql));
        }
        (true, true) | (false, false) => {}
    }
    Difference::of(alteration)
}

/// Whether the table shall be clustered on another index.
fn is_clustered(context: &Context<'_>, node: &Node) -> bool {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    let mut indexes = context.to.indexes(&table);
    indexes.any(|(_, index)| index.clustered)
}

/// Whether the index becomes one of its own: `DETACH PARTITION` of its table detaches it from the
/// parent's index, which stays.
fn stays_when_its_table_leaves(context: &Context<'_>, node: &Node, index: &Index) -> bool {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    let partition = |schema: &Schema| {
        let table = schema.get(&table).and_then(|node| node.object.as_table());
        table.is_some_and(|table| table.partition_of.is_some())
    };
    let parent = index.parent.as_ref();
    partition(context.from)
        && !partition(context.to)
        && parent.is_some_and(|parent| context.to.contains(parent) && !changed(context, parent))
}

fn clustered(node: &Node) -> Statement {
    let (table, name) = (relation(&node.id), ident(&node.id.part));
    let sql = format!("ALTER TABLE {table} CLUSTER ON {name}");
    Statement::new(Lock::ShareUpdateExclusive, sql)
}

fn statistics(index: &str, key: u16, target: i32) -> Statement {
    let sql = format!("ALTER INDEX {index} ALTER COLUMN {key} SET STATISTICS {target}");
    Statement::new(Lock::ShareUpdateExclusive, sql)
}
