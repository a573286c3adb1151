//! Rows in every table of a version of the schema.
//!
//! Never fails where no row can be found: it says which table stays empty.

use std::sync::Arc;

use model::schema::{Builder, Schema};
use model::{Id, Kind, Node, Object};

use crate::checks::rows_can_be_made;
use crate::rows::{Bench, Stop, Wish};
use crate::server::Database;
use crate::suite::Ground;

/// Two rows more in every table, and in all that they refer to, where more can be found; a line for
/// each table that stays without.
pub(super) fn fill(
    ground: &Ground,
    database: &Database,
    catalog: &Schema,
) -> Result<Vec<String>, Stop> {
    let subject = ground.subject();
    let schema = Arc::new(with_documents(catalog, &subject.schema));
    let path = subject.default_schema.clone();
    let mut bench = Bench::new(database.connect()?, Arc::clone(&schema), path);
    let mut without = Vec::new();
    let tables = schema
        .of_kind(Kind::Table)
        .filter(|node| !node.external && rows_can_be_made(&schema, &node.id));
    for node in tables {
        for least in [false, true] {
            let wish = Wish {
                least,
                ..Wish::default()
            };
            let made = bench.commit(|bench| bench.insert(&node.id, &wish).map(drop));
            if let Err(stop) = made {
                let (Stop::Failed(why) | Stop::Undecided(why) | Stop::Fault(why)) = stop;
                let why = why.lines().next().unwrap_or_default();
                // One that was filled for an earlier version has what is needed.
                if is_empty(database, &node.id)? {
                    without.push(format!("{} was given no row: {why}", node.id));
                }
                break;
            }
        }
    }
    Ok(without)
}

fn is_empty(database: &Database, table: &Id) -> Result<bool, Stop> {
    let name = model::quote::qualified(&table.schema, &table.name);
    let sql = format!("select not exists (select from {name})");
    let row = database.connect()?.query_one(&sql, &[]);
    row.map(|row| row.get(0))
        .map_err(|e| Stop::Fault(format!("failed to look for rows in {table}: {e}")))
}

/// A catalog's schema with what only the model knows: the shapes of documents, the transitions, and
/// the tables of others that rows refer to.
fn with_documents(catalog: &Schema, model: &Schema) -> Schema {
    let mut builder = Builder::default();
    for node in catalog.nodes() {
        let mut node: Node = node.clone();
        if let (Object::Column(column), Some(said)) =
            (&mut node.object, model.get(&node.id).map(|n| &n.object))
            && let Object::Column(said) = said
        {
            column.documents = said.documents.clone();
        }
        // Ids are those of a schema, so none can be there twice.
        let _ = builder.insert(node);
    }
    for node in model.nodes() {
        let column = Id::column(&*node.id.schema, &*node.id.name, &*node.id.part);
        let only_the_model_knows = match node.id.kind {
            Kind::Shape => true,
            Kind::Transitions => catalog.contains(&column),
            _ => node.external && !catalog.contains(&node.id),
        };
        if only_the_model_knows {
            let _ = builder.insert(node.clone());
        }
    }
    builder.finish()
}
