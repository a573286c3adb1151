//! Columns.
//!
//! The rule never says whether the rows fit what is asked of them: the server does.

use model::quote::{ident, literal};
use model::schema::{Column, GeneratedKind, Id, Identity, IdentityMode, Kind, Node, Type};
use model::types::short_name;
use rustc_hash::FxHashSet;

use super::constraint::short_key;
use super::types::casts::{self, Cast};
use super::{Alteration, Difference, Making, sequence, sql};
use crate::plan::address::{label, relation};
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, Lock, Statement};

pub(super) fn create(
    context: &Context<'_>,
    node: &Node,
    column: &Column,
    riding: &FxHashSet<&Id>,
) -> Making {
    if is_of_view(context, node) || comes_from_parent(context, node, column) {
        return Making {
            main: overrides(context, node, column),
            late: Vec::new(),
        };
    }
    let key = riding
        .iter()
        .filter(|id| id.kind == Kind::Constraint)
        .filter_map(|id| context.to.get(id))
        .any(|constraint| short_key(constraint) == Some(&node.id.part));
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
    main.extend(extras(node, column));
    main.into()
}

pub(super) fn drop(context: &Context<'_>, node: &Node, column: &Column) -> Vec<Statement> {
    if is_of_view(context, node) || column.inherited {
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
        return Difference::Nothing;
    }
    let parent = parents(context, to);
    if generated_anew(context, a, b) {
        return if parent.is_some() {
            Difference::Nothing
        } else {
            Difference::Replace
        };
    }
    let mut alteration = Alteration::default();
    let led = parent.is_some_and(|(a2, b2)| a2.ty != b2.ty || a2.collation != b2.collation);
    let retyped = (a.ty != b.ty || a.collation != b.collation) && !led;
    if retyped {
        change_type(context, &mut alteration, to, a, b);
    }
    if a.generated.is_some() && b.generated.is_none() {
        push(&mut alteration.main, to, "DROP EXPRESSION");
    } else if let (Some(old), Some(new)) = (&a.generated, &b.generated)
        && old.expr != new.expr
    {
        push(
            &mut alteration.main,
            to,
            &format!("SET EXPRESSION AS ({})", new.expr.as_str()),
        );
    }
    let default_led =
        parent.is_some_and(|(a2, b2)| a2.default != b2.default && b2.default == b.default);
    if a.default != b.default && !default_led {
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
    if a.not_null != b.not_null
        && !parent.is_some_and(|(_, b2)| b2.not_null == b.not_null && b2.not_null)
    {
        change_not_null(context, &mut alteration, to, b);
    }
    change_identity(&mut alteration, to, a, b);
    alteration.main.extend(change_storage(to, a, b));
    let _ = from;
    Difference::of(alteration)
}

/// The column takes the same type again, which has been made anew under it.
pub(in crate::plan) fn retype(context: &Context<'_>, from: &Node, to: &Node) -> Alteration {
    let mut alteration = match super::alter(context, from, to) {
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
    alteration.main.insert(0, rewriting(to, &clause));
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

/// The type and the rest of the definition, as `CREATE TABLE` and `ADD COLUMN` want them; `key`
/// where it is the primary key all by itself.
pub(super) fn definition(
    node: &Node,
    column: &Column,
    riding: &FxHashSet<&Id>,
    key: bool,
) -> (String, String) {
    let serial = sequence::serial_word(column).filter(|_| {
        let own = sequence::chosen_name(&node.id.name, &node.id.part);
        let own = Id::in_schema(Kind::Sequence, node.id.schema.clone(), own);
        column.default.is_some() && riding.contains(&own)
    });
    let mut ty = match serial {
        Some(word) => word.to_owned(),
        None => short_name(&column.ty),
    };
    ty += &sql::collate(&column.collation);
    let mut rest = Vec::new();
    if !column.foreign_options.is_empty() {
        let options = sql::foreign_options(&sql::to_settings(&column.foreign_options));
        rest.push(format!("OPTIONS ({options})"));
    }
    if let Some(method) = &column.compression {
        rest.push(format!("COMPRESSION {}", ident(method)));
    }
    let implied = serial.is_some() || column.identity.is_some() || key;
    if column.not_null && !implied {
        rest.push("NOT NULL".to_owned());
    }
    if let Some(generated) = &column.generated {
        let kind = match generated.kind {
            GeneratedKind::Stored => "STORED",
            GeneratedKind::Virtual => "VIRTUAL",
        };
        let expr = sql::in_parentheses(&generated.expr);
        rest.push(format!("GENERATED ALWAYS AS {expr} {kind}"));
    } else if let Some(identity) = &column.identity {
        rest.push(identity_clause(column, identity));
    } else if let Some(default) = column.default.as_ref().filter(|_| serial.is_none()) {
        rest.push(format!("DEFAULT {}", default.as_str()));
    }
    if key {
        rest.push("PRIMARY KEY".to_owned());
    }
    (ty, rest.join(" "))
}

/// What the definition of a column has no clause for.
pub(super) fn extras(node: &Node, column: &Column) -> Vec<Statement> {
    if column.storage.is_none() && column.statistics.is_none() && column.options.is_empty() {
        return Vec::new();
    }
    let mut plain = Column::new(column.ty.clone());
    plain.compression = column.compression.clone();
    plain.foreign_options = column.foreign_options.clone();
    change_storage(node, &plain, column)
}

/// What a column that its parent brings has of its own.
pub(super) fn overrides(context: &Context<'_>, node: &Node, column: &Column) -> Vec<Statement> {
    let Some((_, parent)) = parent_column(context.to, node) else {
        return Vec::new();
    };
    let mut statements = Vec::new();
    if column.default != parent.default && column.generated.is_none() {
        match &column.default {
            Some(_) => set_default(&mut statements, node, column),
            None => push(&mut statements, node, "DROP DEFAULT"),
        }
    }
    if column.not_null && !parent.not_null {
        push(&mut statements, node, "SET NOT NULL");
    }
    let mut like = column.clone();
    like.storage = parent.storage.clone();
    like.compression = parent.compression.clone();
    like.statistics = None;
    like.options = Vec::new();
    statements.extend(change_storage(node, &like, column));
    statements
}

/// Whether the column comes and goes with its parent table's.
pub(super) fn comes_from_parent(context: &Context<'_>, node: &Node, column: &Column) -> bool {
    column.inherited && parent_column(context.to, node).is_some()
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

fn rewriting(node: &Node, clause: &str) -> Statement {
    let mut one = Vec::new();
    push(&mut one, node, clause);
    let message = format!(
        "every row of {} is written anew while all wait",
        table_label(node)
    );
    one.remove(0).hazard(HazardKind::TableRewrite, message)
}

fn set_default(statements: &mut Vec<Statement>, node: &Node, column: &Column) {
    if let Some(default) = &column.default {
        push(
            statements,
            node,
            &format!("SET DEFAULT {}", default.as_str()),
        );
    }
}

fn change_default(alteration: &mut Alteration, node: &Node, a: &Column, b: &Column) {
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

fn change_type(
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
        None if a.collation.is_some() && a.ty == b.ty => {
            clause += " COLLATE pg_catalog.\"default\""
        }
        None => {}
    }
    let cast = casts::between(context.from, &a.ty, &b.ty);
    if let Some(using) = &node.hints.using {
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
    let free = matches!(cast, Cast::Free) && node.hints.using.is_none();
    let mut statement = if free {
        let mut one = Vec::new();
        push(&mut one, node, &clause);
        one.remove(0)
    } else {
        rewriting(node, &clause)
    };
    if let Cast::Assignment { loses: Some(what) } = &cast {
        let message = format!("{what} in the values of {}", label(&node.id));
        statement = statement.hazard(HazardKind::DataLoss, message);
    }
    alteration.main.push(statement);
    // The server casts a default to the new type only where it knows how.
    if a.default.is_some() && a.default == b.default && !free && b.identity.is_none() {
        push(&mut alteration.before, node, "DROP DEFAULT");
        set_default(&mut alteration.after, node, b);
    }
}

fn change_not_null(context: &Context<'_>, alteration: &mut Alteration, node: &Node, b: &Column) {
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

fn change_identity(alteration: &mut Alteration, node: &Node, a: &Column, b: &Column) {
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

fn mode(identity: &Identity) -> &'static str {
    match identity.mode {
        IdentityMode::Always => "ALWAYS",
        IdentityMode::ByDefault => "BY DEFAULT",
    }
}

fn identity_clause(column: &Column, identity: &Identity) -> String {
    let defaults = sequence::defaults(&column.ty, &identity.sequence);
    let mut options = sequence::options(&identity.sequence, &defaults);
    if let Some(name) = &identity.named.0 {
        options.insert(0, format!("SEQUENCE NAME {}", ident(name)));
    }
    let mut clause = format!("GENERATED {} AS IDENTITY", mode(identity));
    if !options.is_empty() {
        clause += &format!(" ({})", options.join(" "));
    }
    clause
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

fn change_storage(node: &Node, a: &Column, b: &Column) -> Vec<Statement> {
    let mut statements = Vec::new();
    if a.storage != b.storage {
        let mode = match &b.storage {
            Some(mode) => mode.to_uppercase(),
            None => own_storage(&b.ty).to_owned(),
        };
        push(&mut statements, node, &format!("SET STORAGE {mode}"));
    }
    if a.compression != b.compression {
        let method = b
            .compression
            .as_ref()
            .map_or("default".into(), |m| ident(m));
        push(&mut statements, node, &format!("SET COMPRESSION {method}"));
    }
    if a.statistics != b.statistics {
        let target = b.statistics.unwrap_or(-1);
        push(&mut statements, node, &format!("SET STATISTICS {target}"));
    }
    let (set, reset) = sql::parameters_between(&a.options, &b.options);
    if !set.is_empty() {
        push(
            &mut statements,
            node,
            &format!("SET ({})", sql::parameters(&set)),
        );
    }
    if !reset.is_empty() {
        push(
            &mut statements,
            node,
            &format!("RESET ({})", sql::names(&reset)),
        );
    }
    if a.foreign_options != b.foreign_options {
        let (old, new) = (
            sql::to_settings(&a.foreign_options),
            sql::to_settings(&b.foreign_options),
        );
        let options = sql::foreign_options_between(&old, &new);
        push(&mut statements, node, &format!("OPTIONS ({options})"));
    }
    statements
}

/// The storage that a type comes with, for servers that don't know `SET STORAGE DEFAULT`.
fn own_storage(ty: &Type) -> &'static str {
    if ty.array || ty.schema.is_some() {
        return "EXTENDED";
    }
    match ty.name.as_str() {
        "numeric" | "inet" | "cidr" => "MAIN",
        "text" | "character varying" | "character" | "bytea" | "jsonb" | "json" | "xml"
        | "path" | "polygon" | "bit" | "bit varying" | "tsvector" => "EXTENDED",
        name if name.ends_with("range") => "EXTENDED",
        _ => "PLAIN",
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

fn kept_by_child(context: &Context<'_>, node: &Node) -> bool {
    let parent = Id::table(node.id.schema.clone(), node.id.name.clone());
    if !context.parents.contains(&parent) {
        return false;
    }
    context.to.tables().any(|(child, table)| {
        table.inherits.contains(&parent) && context.to.column(&child.id, &node.id.part).is_some()
    })
}

/// The parent's column of that name in a schema, with the table it is in.
fn parent_column<'a>(schema: &'a model::Schema, node: &Node) -> Option<(&'a Id, &'a Column)> {
    let table = schema.get(&Id::table(node.id.schema.clone(), node.id.name.clone()))?;
    let attributes = table.object.as_table()?;
    let parents = attributes
        .partition_of
        .iter()
        .map(|p| &p.parent)
        .chain(&attributes.inherits);
    parents
        .filter_map(|parent| Some((parent, schema.column(parent, &node.id.part)?)))
        .next()
}

/// The parent's column before and after, where the child followed it all along: what changes there
/// changes here.
fn parents<'a>(context: &Context<'a>, node: &Node) -> Option<(&'a Column, &'a Column)> {
    let (before, a) = parent_column(context.from, node)?;
    let (after, b) = parent_column(context.to, node)?;
    (before == after).then_some((a, b))
}
