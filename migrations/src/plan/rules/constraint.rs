//! Constraints of tables.
//!
//! A constraint that a parent brings comes and goes with the parent's and gets no statement.

mod key;

use model::quote::{ident, object};
use model::schema::{
    Constraint, ConstraintBody, Deferrable, Exclusion, ForeignKey, ForeignKeyAction, Id, Kind,
    MatchKind, Name, Node, UniqueKey,
};

use super::{Difference, Making, sequence, sql, table};
use crate::plan::address::{label, relation};
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, Lock, Statement};

pub(in crate::plan) use key::{can_serve_on, replaced_beside};

pub(super) fn create(context: &Context<'_>, node: &Node, constraint: &Constraint) -> Making {
    let mut making = Making::from(statements(context, node, constraint));
    if let Some((_, evolution)) = context.documents.judged_by(node)
        && let Some(last) = making.main.pop()
    {
        let last = match evolution.warning().filter(|_| constraint.validated) {
            Some(warning) => last.comment(warning),
            None => last,
        };
        // Old documents are lifted between the two.
        match making.main.is_empty() || !evolution.lifts() {
            true => making.main.push(last),
            false => making.late.push(last),
        }
    }
    making
}

fn statements(context: &Context<'_>, node: &Node, constraint: &Constraint) -> Vec<Statement> {
    if constraint.inherited
        && !awaited(context, node, constraint)
        && !goes_before(context, node, constraint)
    {
        return Vec::new();
    }
    let table = relation(&node.id);
    let name = ident(&node.id.part);
    let add = format!("ALTER TABLE {table} ADD {}", named(node, constraint));
    let exists = context
        .from
        .contains(&Id::table(node.id.schema.clone(), node.id.name.clone()));
    let rows = label(&Id::table(node.id.schema.clone(), node.id.name.clone()));
    let partitioned = table::is_partitioned(context.to, &node.id);
    let reads = |statement: Statement| {
        let message = format!("writers wait while the rows of {rows} are read");
        if exists && constraint.validated {
            statement.hazard(HazardKind::LongLock, message)
        } else {
            statement
        }
    };
    match &constraint.body {
        ConstraintBody::ForeignKey(_) | ConstraintBody::Check(_) => {
            let is_key = matches!(constraint.body, ConstraintBody::ForeignKey(_));
            let lock = if is_key {
                Lock::ShareRowExclusive
            } else {
                Lock::AccessExclusive
            };
            // A partitioned table takes no foreign key that isn't valid.
            let apart = context.options.online && exists && constraint.validated;
            if apart && constraint.enforced && !(partitioned && is_key) {
                let add = Statement::new(lock, format!("{add} NOT VALID"));
                let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
                return vec![
                    add.comment("holds for new rows at once; the old ones are read afterwards")
                        .then_commit(),
                    Statement::new(Lock::ShareUpdateExclusive, sql),
                ];
            }
            vec![reads(Statement::new(lock, add))]
        }
        ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
            let online = context.options.online && exists && !partitioned;
            if online && !key.without_overlaps {
                return key::by_index(node, constraint, key, &node.id.part);
            }
            vec![reads(Statement::new(Lock::AccessExclusive, add))]
        }
        ConstraintBody::Exclusion(_)
        | ConstraintBody::NotNull { .. }
        | ConstraintBody::Other(_) => {
            vec![reads(Statement::new(Lock::AccessExclusive, add))]
        }
    }
}

/// Whether a parent that the table joins only now asks for this check to be there.
fn awaited(context: &Context<'_>, node: &Node, constraint: &Constraint) -> bool {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    let attributes = context.to.get(&table).and_then(|n| n.object.as_table());
    let parents = attributes.iter().flat_map(|t| t.parents());
    let check = |parent: &&Id| {
        context
            .to
            .contains(&parent.within(Kind::Constraint, node.id.part.clone()))
    };
    let mut givers = parents.filter(check).peekable();
    matches!(constraint.body, ConstraintBody::Check(_))
        && givers.peek().is_some()
        && givers.all(|parent| table::joins(context, &table, parent))
}

fn renamed(id: &Id, former: &Name) -> Statement {
    let (table, was, is) = (relation(id), ident(former), ident(&id.part));
    let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {was} TO {is}");
    Statement::new(Lock::AccessExclusive, sql)
}

/// Whether a key of a partition is made before its parent's, which then takes it over: the one that
/// the parent would make has a name that PostgreSQL chooses, and is built while all wait.
fn goes_before(context: &Context<'_>, node: &Node, constraint: &Constraint) -> bool {
    let Some(chosen) = chosen_in_partition(context, node, constraint) else {
        return false;
    };
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    context.from.contains(&table) && (context.options.online || chosen != node.id.part)
}

pub(super) fn drop(context: &Context<'_>, node: &Node, constraint: &Constraint) -> Vec<Statement> {
    // What is not made anew, the table leaves behind that leaves its parent for a while.
    let own_meanwhile = context.to.contains(&node.id)
        && context
            .gathered
            .reattached
            .contains(&Id::table(node.id.schema.clone(), node.id.name.clone()));
    if constraint.inherited && !own_meanwhile {
        return Vec::new();
    }
    let (table, name) = (relation(&node.id), ident(&node.id.part));
    let sql = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
    vec![Statement::new(Lock::AccessExclusive, sql)]
}

pub(super) fn alter(node: &Node, a: &Constraint, b: &Constraint) -> Difference {
    if b.inherited {
        let key = matches!(
            b.body,
            ConstraintBody::PrimaryKey(_) | ConstraintBody::Unique(_)
        );
        let other = std::mem::discriminant(&a.body) != std::mem::discriminant(&b.body);
        return match key && a.body != b.body || other {
            true => Difference::Replace,
            false => Difference::Nothing,
        };
    }
    let only_timing = a.body == b.body && a.enforced == b.enforced;
    let key = matches!(b.body, ConstraintBody::ForeignKey(_));
    if !only_timing || (a.validated && !b.validated) || (a.deferrable != b.deferrable && !key) {
        return Difference::Replace;
    }
    let (table, name) = (relation(&node.id), ident(&node.id.part));
    let mut statements = Vec::new();
    if a.deferrable != b.deferrable {
        let words = match b.deferrable {
            Deferrable::No => " NOT DEFERRABLE".to_owned(),
            other => deferrable(other).to_owned() + initially_immediate(other),
        };
        let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name}{words}");
        statements.push(Statement::new(Lock::ShareRowExclusive, sql));
    }
    if !a.validated && b.validated {
        let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
        statements.push(Statement::new(Lock::ShareUpdateExclusive, sql));
    }
    Difference::main(statements)
}

fn initially_immediate(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::Immediate => " INITIALLY IMMEDIATE",
        Deferrable::No | Deferrable::Deferred => "",
    }
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// `CONSTRAINT name …`, as `CREATE TABLE` and `ADD` want it.
///
/// Always named: what a constraint is called must not hang on how PostgreSQL makes up names.
pub(super) fn named(node: &Node, constraint: &Constraint) -> String {
    format!(
        "CONSTRAINT {} {}",
        ident(&node.id.part),
        definition(constraint)
    )
}

pub(in crate::plan) fn definition(constraint: &Constraint) -> String {
    let mut text = match &constraint.body {
        ConstraintBody::PrimaryKey(key) => format!("PRIMARY KEY{}", unique(key)),
        ConstraintBody::Unique(key) if key.nulls_not_distinct => {
            format!("UNIQUE NULLS NOT DISTINCT{}", unique(key))
        }
        ConstraintBody::Unique(key) => format!("UNIQUE{}", unique(key)),
        ConstraintBody::ForeignKey(key) => foreign_key(key),
        ConstraintBody::Check(check) => {
            let no_inherit = if check.no_inherit { " NO INHERIT" } else { "" };
            format!(
                "CHECK {}{no_inherit}",
                sql::in_parentheses(&check.condition)
            )
        }
        ConstraintBody::Exclusion(exclusion) => exclude(exclusion),
        ConstraintBody::NotNull { column, no_inherit } => {
            let no_inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("NOT NULL {}{no_inherit}", ident(column))
        }
        ConstraintBody::Other(text) => return text.as_str().to_owned(),
    };
    text += deferrable(constraint.deferrable);
    if !constraint.enforced {
        text += " NOT ENFORCED";
    } else if !constraint.validated {
        text += " NOT VALID";
    }
    text
}

fn unique(key: &UniqueKey) -> String {
    let mut text = format!(" ({}", sql::names(&key.columns));
    if key.without_overlaps {
        text += " WITHOUT OVERLAPS";
    }
    text += ")";
    if !key.include.is_empty() {
        text += &format!(" INCLUDE ({})", sql::names(&key.include));
    }
    text + &index_clauses(&key.parameters, &key.tablespace)
}

fn index_clauses(parameters: &[Name], tablespace: &Option<Name>) -> String {
    let mut text = String::new();
    if !parameters.is_empty() {
        text += &format!(" WITH ({})", sql::parameters(parameters));
    }
    if let Some(space) = tablespace {
        text += &format!(" USING INDEX TABLESPACE {}", ident(space));
    }
    text
}

fn foreign_key(key: &ForeignKey) -> String {
    let columns = |columns: &[Name]| match (key.period, columns.split_last()) {
        (true, Some((last, first))) if !first.is_empty() => {
            format!("{}, PERIOD {}", sql::names(first), ident(last))
        }
        _ => sql::names(columns),
    };
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {}",
        columns(&key.columns),
        object(&key.target)
    );
    if !key.target_columns.is_empty() {
        text += &format!(" ({})", columns(&key.target_columns));
    }
    if key.matching == MatchKind::Full {
        text += " MATCH FULL";
    }
    if key.on_update != ForeignKeyAction::NoAction {
        text += &format!(" ON UPDATE {}", key.on_update.sql());
    }
    if key.on_delete != ForeignKeyAction::NoAction {
        text += &format!(" ON DELETE {}", key.on_delete.sql());
        if !key.delete_columns.is_empty() {
            text += &format!(" ({})", sql::names(&key.delete_columns));
        }
    }
    text
}

fn exclude(exclusion: &Exclusion) -> String {
    let elements = exclusion.elements.iter();
    let elements: Vec<_> = elements
        .map(|(key, operator)| format!("{} WITH {operator}", sql::key(key)))
        .collect();
    let mut text = format!(
        "EXCLUDE USING {} ({})",
        ident(&exclusion.method),
        elements.join(", ")
    );
    if !exclusion.include.is_empty() {
        text += &format!(" INCLUDE ({})", sql::names(&exclusion.include));
    }
    text += &index_clauses(&exclusion.parameters, &exclusion.tablespace);
    if let Some(predicate) = &exclusion.predicate {
        text += &format!(" WHERE {}", sql::in_parentheses(predicate));
    }
    text
}

/// Where a constraint stands among those of a new table.
pub(super) fn place(constraint: &Constraint) -> u8 {
    match constraint.body {
        ConstraintBody::PrimaryKey(_) => 0,
        ConstraintBody::Unique(_) => 1,
        ConstraintBody::NotNull { .. } | ConstraintBody::Other(_) => 2,
        ConstraintBody::Check(_) => 3,
        ConstraintBody::Exclusion(_) => 4,
        ConstraintBody::ForeignKey(_) => 5,
    }
}

/// The column beside which `PRIMARY KEY` makes this constraint, name included; `None` where it has to
/// be written by itself.
pub(super) fn short_key(node: &Node) -> Option<&Name> {
    let constraint = node.object.as_constraint()?;
    let ConstraintBody::PrimaryKey(key) = &constraint.body else {
        return None;
    };
    let [column] = &key.columns[..] else {
        return None;
    };
    let plain = *key == UniqueKey::new(vec![column.clone()])
        && constraint.deferrable == Deferrable::No
        && node.id.part == sequence::chosen(&node.id.name, "", "pkey");
    plain.then_some(column)
}

/// `PARTITION OF` names the keys it brings itself; those that shall be called otherwise are renamed.
pub(super) fn renamed_in_partition(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (constraint_node, constraint) in context.to.constraints(&node.id) {
        let Some(chosen) = chosen_in_partition(context, constraint_node, constraint) else {
            continue;
        };
        let wanted = &constraint_node.id.part;
        if constraint.inherited && chosen != *wanted {
            statements.push(renamed(&constraint_node.id, &chosen));
        }
    }
    statements
}

/// What PostgreSQL calls a key that a partition has from its parent.
fn chosen_in_partition(
    context: &Context<'_>,
    node: &Node,
    constraint: &Constraint,
) -> Option<Name> {
    match &constraint.body {
        ConstraintBody::PrimaryKey(_) => Some(sequence::chosen(&node.id.name, "", "pkey")),
        ConstraintBody::Unique(key) => {
            let table = Id::table(node.id.schema.clone(), node.id.name.clone());
            let table = context.to.get(&table).and_then(|n| n.object.as_table());
            let parent = table.and_then(|t| t.partition_of.as_ref());
            let columns = key.columns.iter().chain(&key.include);
            let columns = columns.map(|name| match parent {
                Some(partition) => context.name_in_indexes(&partition.parent, name).as_str(),
                None => name.as_str(),
            });
            let columns = sequence::chosen_columns(columns);
            Some(sequence::chosen(&node.id.name, &columns, "key"))
        }
        _ => None,
    }
}
