//! A column's clauses: those that `CREATE TABLE` takes, and what comes behind it.

use model::quote::ident;
use model::schema::{Column, GeneratedKind, Id, Identity, IdentityMode, Kind, Node, Type};
use model::types::short_name;

use super::push;
use crate::plan::rules::{Riding, sequence, sql};
use crate::plan::step::Statement;

/// The type and the rest of the definition, as `CREATE TABLE` and `ADD COLUMN` want them; `key`
/// where it is the primary key all by itself.
pub(in crate::plan::rules) fn definition(
    node: &Node,
    column: &Column,
    riding: &Riding<'_>,
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
    let mut rest = Vec::new();
    // COLLATE is one of the clauses that come after these two.
    let late = !column.foreign_options.is_empty() || column.compression.is_some();
    if !late {
        ty += &sql::collate(&column.collation);
    }
    if !column.foreign_options.is_empty() {
        let options = sql::foreign_options(&sql::to_settings(&column.foreign_options));
        rest.push(format!("OPTIONS ({options})"));
    }
    if let Some(method) = &column.compression {
        rest.push(format!("COMPRESSION {}", ident(method)));
    }
    if late && column.collation.is_some() {
        rest.push(sql::collate(&column.collation).trim_start().to_owned());
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
    } else if let Some(default) = &column.default
        && serial.is_none()
        && !riding.bare.contains(&node.id)
    {
        rest.push(format!("DEFAULT {}", default.as_str()));
    }
    if key {
        rest.push("PRIMARY KEY".to_owned());
    }
    (ty, rest.join(" "))
}

/// What the definition of a column has no clause for.
pub(in crate::plan::rules) fn extras(node: &Node, column: &Column) -> Vec<Statement> {
    if column.storage.is_none() && column.statistics.is_none() && column.options.is_empty() {
        return Vec::new();
    }
    let mut plain = Column::new(column.ty.clone());
    plain.compression = column.compression.clone();
    plain.foreign_options = column.foreign_options.clone();
    change_storage(node, &plain, column)
}

pub(super) fn mode(identity: &Identity) -> &'static str {
    match identity.mode {
        IdentityMode::Always => "ALWAYS",
        IdentityMode::ByDefault => "BY DEFAULT",
    }
}

pub(super) fn identity_clause(column: &Column, identity: &Identity) -> String {
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

pub(super) fn change_storage(node: &Node, a: &Column, b: &Column) -> Vec<Statement> {
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
