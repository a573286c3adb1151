//! Tables: ordinary, partitioned, partitions and foreign.
//!
//! Columns and constraints are objects of their own; here is only how those of a new table are laid
//! out in its `CREATE TABLE`.

mod family;

use model::quote::{ident, object, qualified};
use model::schema::{Id, Kind, Node, ReplicaIdentity, Table};
use model::types::short_name;

use super::{Alteration, Difference, Making, Riding, column, constraint, sql};
use crate::plan::address::label;
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, Lock, Statement};

pub(super) use family::drop;
use family::{attach, detach, left_behind};
pub(in crate::plan) use family::{joins, reattach, stands_alone};

pub(super) fn create(
    context: &Context<'_>,
    node: &Node,
    table: &Table,
    riding: &Riding<'_>,
) -> Making {
    let name = object(&node.id);
    let mut text = String::from("CREATE ");
    if table.unlogged {
        text += "UNLOGGED ";
    }
    text += if table.foreign.is_some() {
        "FOREIGN TABLE "
    } else {
        "TABLE "
    };
    text += &name;
    let attached = table
        .partition_of
        .as_ref()
        .filter(|_| stands_alone(context, node));
    let within = table.partition_of.as_ref().filter(|_| attached.is_none());
    if let Some(partition) = within {
        text += &format!(" PARTITION OF {}", object(&partition.parent));
    } else if let Some(ty) = &table.of_type {
        text += &format!(" OF {}", short_name(ty));
    }
    let lines = lines(context, node, table, riding, within.is_none());
    let optional = within.is_some() || table.of_type.is_some();
    match (lines.is_empty(), optional) {
        (true, true) => {}
        (true, false) => text += " ()",
        (false, _) => text += &format!(" (\n  {}\n)", lines.join(",\n  ")),
    }
    if let Some(partition) = within {
        text += &format!(" {}", partition.bound.as_str());
    }
    if !table.inherits.is_empty() {
        let parents: Vec<_> = table.inherits.iter().map(object).collect();
        text += &format!(" INHERITS ({})", parents.join(", "));
    }
    if let Some(key) = &table.partition_key {
        text += &format!(" PARTITION BY {}", key.definition.as_str());
    }
    if let Some(foreign) = &table.foreign {
        text += &format!(" SERVER {}", ident(&foreign.server));
        if !foreign.options.is_empty() {
            text += &format!(" OPTIONS ({})", sql::foreign_options(&foreign.options));
        }
    }
    if let Some(method) = &table.access_method {
        text += &format!(" USING {}", ident(method));
    }
    if !table.parameters.is_empty() {
        text += &format!(" WITH ({})", sql::settings(&table.parameters));
    }
    if let Some(tablespace) = &table.tablespace {
        text += &format!(" TABLESPACE {}", ident(tablespace));
    }
    let mut main = vec![Statement::new(Lock::None, text)];
    if let Some(partition) = attached {
        // CREATE TABLE makes one of two keys over the same columns.
        let keys = context.to.constraints(&node.id);
        for (key, constraint) in keys.filter(|(key, c)| c.inherited && !riding.contains(&key.id)) {
            if family::key_of(constraint).is_some() {
                let sql = format!(
                    "ALTER TABLE {name} ADD {}",
                    constraint::named(key, constraint)
                );
                main.push(Statement::new(Lock::None, sql));
            }
        }
        main.push(attach(node, partition));
    }
    for (column_node, column) in context.to.columns(&node.id) {
        if attached.is_none() && column::comes_from_parent(context, column_node, column) {
            main.extend(column::overrides(context, column_node, column));
        } else {
            main.extend(column::extras(column_node, column));
        }
    }
    if within.is_some() {
        main.extend(constraint::renamed_in_partition(context, node));
    }
    let mut late = Vec::new();
    if table.replica_identity != ReplicaIdentity::Default {
        late.push(replica_identity(&name, &table.replica_identity));
    }
    Making { main, late }
}

/// The lines between the parentheses: columns aligned, then constraints by kind.
fn lines(
    context: &Context<'_>,
    node: &Node,
    table: &Table,
    riding: &Riding<'_>,
    with_columns: bool,
) -> Vec<String> {
    let mut columns = Vec::new();
    let in_order = context.to.columns(&node.id);
    // The primary key that is written beside its column.
    let key = context
        .to
        .constraints(&node.id)
        .filter(|(c, _)| riding.contains(&c.id))
        .find_map(|(c, _)| {
            let name = constraint::short_key(c)?;
            in_order
                .iter()
                .any(|(n, column)| {
                    n.id.part == *name && !column.inherited && riding.contains(&n.id)
                })
                .then_some((&c.id, name))
        });
    for (column_node, column) in in_order {
        let inherited = column.inherited && (table.partition_of.is_none() || !with_columns);
        if riding.contains(&column_node.id) && !inherited && with_columns {
            let key = key.is_some_and(|(_, name)| *name == column_node.id.part);
            let (ty, rest) = column::definition(column_node, column, riding, key);
            let name = ident(&column_node.id.part).into_owned();
            let typed = table.of_type.is_some();
            columns.push(if typed {
                (name, "WITH OPTIONS".to_owned(), rest)
            } else {
                (name, ty, rest)
            });
        }
    }
    if table.of_type.is_some() {
        columns.retain(|(_, _, rest)| !rest.is_empty());
    }
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let names = width(&mut columns.iter().map(|(name, ..)| name.chars().count()));
    // One outlandish type must not push everything else to the right.
    let types = width(
        &mut columns
            .iter()
            .map(|(_, ty, _)| ty.chars().count())
            .filter(|n| *n <= 28),
    );
    let mut lines: Vec<String> = columns
        .iter()
        .map(|(name, ty, rest)| {
            let mut line = format!("{name:<names$} {ty:<types$} {rest}");
            line.truncate(line.trim_end().len());
            line
        })
        .collect();
    let mut constraints: Vec<_> = context
        .to
        .constraints(&node.id)
        .filter(|(c, _)| riding.contains(&c.id))
        .filter(|(c, _)| key.is_none_or(|(id, _)| *id != c.id))
        .collect();
    constraints.sort_by_key(|(c, body)| (constraint::place(body), c.ordinal));
    lines.extend(
        constraints
            .iter()
            .map(|(c, body)| constraint::named(c, body)),
    );
    lines
}

pub(super) fn alter(context: &Context<'_>, node: &Node, a: &Table, b: &Table) -> Difference {
    let foreign = (a.foreign.is_some(), b.foreign.is_some());
    let server = |t: &Table| t.foreign.as_ref().map(|f| f.server.clone());
    if foreign.0 != foreign.1
        || a.partition_key != b.partition_key
        || (foreign.0 && server(a) != server(b))
        || (a.access_method != b.access_method && context.options.server_version < 150_000)
    {
        return Difference::Replace;
    }
    let name = object(&node.id);
    let mut alteration = Alteration::default();
    let push = |statements: &mut Vec<Statement>, lock: Lock, clause: String| {
        statements.push(Statement::new(lock, format!("ALTER TABLE {name} {clause}")));
    };
    let rewrites = |clause: String| {
        let message = format!(
            "every row of {} is written anew while all wait",
            label(&node.id)
        );
        Statement::new(
            Lock::AccessExclusive,
            format!("ALTER TABLE {name} {clause}"),
        )
        .hazard(HazardKind::TableRewrite, message)
    };
    let main = &mut alteration.main;
    if a.partition_of != b.partition_of && !context.gathered.reattached.contains(&node.id) {
        main.extend(a.partition_of.iter().map(|p| detach(node, p)));
        let late = &mut alteration.late;
        late.extend(b.partition_of.iter().map(|p| attach(node, p)));
    }
    for gone in a.inherits.iter().filter(|id| !b.inherits.contains(id)) {
        let clause = format!("NO INHERIT {}", object(gone));
        push(main, Lock::AccessExclusive, clause);
    }
    if a.parents().any(|parent| !b.parents().any(|p| p == parent)) {
        main.extend(left_behind(context, node));
    }
    for new in b.inherits.iter().filter(|id| !a.inherits.contains(id)) {
        push(
            &mut alteration.late,
            Lock::AccessExclusive,
            format!("INHERIT {}", object(new)),
        );
    }
    if a.of_type != b.of_type {
        let clause = b.of_type.iter().map(|ty| format!("OF {}", short_name(ty)));
        clause.for_each(|clause| push(&mut alteration.late, Lock::AccessExclusive, clause));
    }
    let main = &mut alteration.main;
    if a.unlogged != b.unlogged {
        main.push(rewrites(format!(
            "SET {}",
            if b.unlogged { "UNLOGGED" } else { "LOGGED" }
        )));
    }
    if a.access_method != b.access_method {
        let method = b
            .access_method
            .as_ref()
            .map_or("heap".into(), |method| ident(method));
        main.push(rewrites(format!("SET ACCESS METHOD {method}")));
    }
    if a.tablespace != b.tablespace {
        let space = b
            .tablespace
            .as_ref()
            .map_or("pg_default".into(), |space| ident(space));
        main.push(rewrites(format!("SET TABLESPACE {space}")));
    }
    let (set, reset) = sql::settings_between(&a.parameters, &b.parameters);
    if !set.is_empty() {
        push(
            main,
            Lock::ShareUpdateExclusive,
            format!("SET ({})", sql::settings(&set)),
        );
    }
    if !reset.is_empty() {
        let reset: Vec<_> = reset.iter().map(|p| p.to_string()).collect();
        push(
            main,
            Lock::ShareUpdateExclusive,
            format!("RESET ({})", reset.join(", ")),
        );
    }
    if let (Some(old), Some(new)) = (&a.foreign, &b.foreign)
        && old.options != new.options
    {
        let options = sql::foreign_options_between(&old.options, &new.options);
        let sql = format!("ALTER FOREIGN TABLE {name} OPTIONS ({options})");
        main.push(Statement::new(Lock::AccessExclusive, sql));
    }
    if a.replica_identity != b.replica_identity {
        // An index that served must be let go of before it can be dropped.
        if let (ReplicaIdentity::Index(_), ReplicaIdentity::Index(_)) =
            (&a.replica_identity, &b.replica_identity)
        {
            main.push(replica_identity(&name, &ReplicaIdentity::Default));
        }
        let statement = replica_identity(&name, &b.replica_identity);
        match b.replica_identity {
            ReplicaIdentity::Index(_) => alteration.late.push(statement),
            _ => main.push(statement),
        }
    }
    match Difference::of(alteration) {
        // Its columns are its own already: see `leave`.
        Difference::Nothing if a.of_type.is_some() && b.of_type.is_none() => {
            Difference::Alter(Box::default())
        }
        difference => difference,
    }
}

/// Whether a table that stays takes its columns from that type no more.
pub(in crate::plan) fn leaves_type(from: &Node, to: &Node) -> bool {
    match (from.object.as_table(), to.object.as_table()) {
        (Some(a), Some(b)) => a.of_type.is_some() && a.of_type != b.of_type,
        _ => false,
    }
}

/// Makes a typed table's columns its own, so that they can change and the type can go; takes a partition
/// out of its parent for a while.
pub(super) fn leave(node: &Node, table: &Table) -> Vec<Statement> {
    if let Some(partition) = &table.partition_of {
        let why = "what follows is refused while it is attached; it comes back in the end";
        return vec![detach(node, partition).comment(why)];
    }
    let sql = format!("ALTER TABLE {} NOT OF", object(&node.id));
    vec![Statement::new(Lock::AccessExclusive, sql)]
}

/// The replica identity, once the index that it names has been made anew.
pub(in crate::plan) fn identified_again(node: &Node, table: &Table) -> Statement {
    replica_identity(&object(&node.id), &table.replica_identity)
}

fn replica_identity(table: &str, identity: &ReplicaIdentity) -> Statement {
    let clause = match identity {
        ReplicaIdentity::Default => "DEFAULT".to_owned(),
        ReplicaIdentity::Full => "FULL".to_owned(),
        ReplicaIdentity::Nothing => "NOTHING".to_owned(),
        ReplicaIdentity::Index(name) => format!("USING INDEX {}", ident(name)),
    };
    let sql = format!("ALTER TABLE {table} REPLICA IDENTITY {clause}");
    Statement::new(Lock::AccessExclusive, sql)
}

/// Row-level security of a table that has just been made.
pub(in crate::plan) fn secure_new(node: &Node) -> Vec<Statement> {
    match node.object.as_table() {
        Some(table) => secure(node, &Table::default(), table, true),
        None => Vec::new(),
    }
}

/// Row-level security of a table that stays.
pub(in crate::plan) fn secure_between(from: &Node, to: &Node) -> Vec<Statement> {
    match (from.object.as_table(), to.object.as_table()) {
        (Some(a), Some(b)) => secure(to, a, b, false),
        _ => Vec::new(),
    }
}

fn secure(node: &Node, a: &Table, b: &Table, new: bool) -> Vec<Statement> {
    let name = qualified(&node.id.schema, &node.id.name);
    let mut statements = Vec::new();
    let mut push = |clause: &str, kind: HazardKind, message: String| {
        let sql = format!("ALTER TABLE {name} {clause} ROW LEVEL SECURITY");
        let statement = Statement::new(Lock::AccessExclusive, sql);
        statements.push(if new {
            statement
        } else {
            statement.hazard(kind, message)
        });
    };
    let table = label(&node.id);
    match (a.row_security, b.row_security) {
        (false, true) => {
            let message = format!("roles see only the rows of {table} that a policy shows them");
            push("ENABLE", HazardKind::NarrowedAccess, message);
        }
        (true, false) => {
            let message = format!("whoever holds a grant on {table} sees all its rows");
            push("DISABLE", HazardKind::WidenedAccess, message);
        }
        (true, true) | (false, false) => {}
    }
    match (a.force_row_security, b.force_row_security) {
        (false, true) => {
            let message = format!("the owner of {table} is held to its policies too");
            push("FORCE", HazardKind::NarrowedAccess, message);
        }
        (true, false) => {
            let message = format!("the owner of {table} is no longer held to its policies");
            push("NO FORCE", HazardKind::WidenedAccess, message);
        }
        (true, true) | (false, false) => {}
    }
    statements
}

/// Whether the table is a partition of one that is partitioned, or has partitions itself.
pub(super) fn is_partitioned(schema: &model::Schema, id: &Id) -> bool {
    let table = Id::in_schema(Kind::Table, id.schema.clone(), id.name.clone());
    let table = schema.get(&table).and_then(|node| node.object.as_table());
    table.is_some_and(|table| table.partition_key.is_some())
}
