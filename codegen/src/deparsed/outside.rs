//! External objects: whether the live database has them, and what stands in for them elsewhere.
//!
//! It never makes one in the live database.

use model::quote::{ident, literal, qualified, type_name};
use model::schema::{Node, Object};
use model::{Id, Kind, Schema};
use postgres::{Client, Error};

/// The external objects that the live database lacks.
pub(crate) fn missing(live: &mut Client, model: &Schema) -> Result<Vec<Id>, Error> {
    let mut missing = Vec::new();
    let parts = |node: &&Node| node.external && !node.id.kind.is_part_of_relation();
    for node in model.nodes().filter(parts) {
        if !exists(live, &node.id)? {
            missing.push(node.id.clone());
        }
    }
    Ok(missing)
}

fn exists(live: &mut Client, id: &Id) -> Result<bool, Error> {
    let own = qualified(&id.schema, &id.name);
    let query = match id.kind {
        Kind::Schema => "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1)",
        Kind::Role => "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)",
        Kind::Extension => "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = $1)",
        Kind::Table | Kind::View | Kind::Sequence => {
            "SELECT pg_catalog.to_regclass($1) IS NOT NULL"
        }
        Kind::Function => "SELECT pg_catalog.to_regprocedure($1) IS NOT NULL",
        Kind::BaseType => "SELECT pg_catalog.to_regtype($1) IS NOT NULL",
        _ => return Ok(true),
    };
    let name = match id.kind {
        Kind::Schema | Kind::Role | Kind::Extension => id.name.to_string(),
        Kind::Function => format!("{own}({})", id.part),
        _ => own,
    };
    Ok(live.query_one(query, &[&name])?.get(0))
}

/// Statements that make something of the same name and form, for whatever needs it: schemas,
/// roles, tables with their columns, functions with the result they have in the live database.
pub(super) fn stand_ins(live: &mut Client, model: &Schema) -> Result<Vec<String>, Error> {
    let mut sql = Vec::new();
    let external = |kind| model.of_kind(kind).filter(|n: &&Node| n.external);
    let mut schemas: Vec<&str> = Vec::new();
    for node in model.nodes().filter(|n| n.external) {
        let name = match node.id.kind {
            Kind::Schema => node.id.name.as_str(),
            _ => node.id.schema.as_str(),
        };
        if !name.is_empty() && !schemas.contains(&name) {
            schemas.push(name);
        }
    }
    for schema in schemas {
        sql.push(format!("CREATE SCHEMA IF NOT EXISTS {}", ident(schema)));
    }
    for node in external(Kind::Role) {
        sql.push(format!(
            "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {}) \
             THEN CREATE ROLE {}; END IF; END $do$",
            literal(&node.id.name),
            ident(&node.id.name)
        ));
    }
    for node in external(Kind::Extension) {
        sql.push(format!(
            "CREATE EXTENSION IF NOT EXISTS {}",
            ident(&node.id.name)
        ));
    }
    for node in external(Kind::BaseType) {
        sql.push(format!(
            "CREATE DOMAIN {} AS text",
            qualified(&node.id.schema, &node.id.name)
        ));
    }
    for node in external(Kind::Table).filter(|n| matches!(n.object, Object::Table(_))) {
        let mut parts: Vec<String> = model
            .columns(&node.id)
            .iter()
            .map(|(column, object)| format!("{} {}", ident(&column.id.part), type_name(&object.ty)))
            .collect();
        let key = model.primary_key(&node.id);
        if !key.is_empty() {
            let key: Vec<_> = key.iter().map(|c| ident(c)).collect();
            parts.push(format!("PRIMARY KEY ({})", key.join(", ")));
        }
        let own = qualified(&node.id.schema, &node.id.name);
        sql.push(format!("CREATE TABLE {own} ({})", parts.join(", ")));
    }
    for node in external(Kind::Sequence) {
        sql.push(format!(
            "CREATE SEQUENCE {}",
            qualified(&node.id.schema, &node.id.name)
        ));
    }
    for node in external(Kind::Function) {
        let call = format!(
            "{}({})",
            qualified(&node.id.schema, &node.id.name),
            node.id.part
        );
        let query = "SELECT pg_catalog.pg_get_function_result(pg_catalog.to_regprocedure($1))";
        let result: Option<String> = live.query_one(query, &[&call])?.get(0);
        let Some(result) = result else { continue };
        sql.push(format!(
            "CREATE FUNCTION {call} RETURNS {result} LANGUAGE plpgsql AS 'BEGIN END'"
        ));
    }
    Ok(sql)
}
