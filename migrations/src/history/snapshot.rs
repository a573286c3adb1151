//! What of a model goes into a migration's snapshot.
//!
//! A snapshot never has to be derived again: what a `json` shape, `touch`, `append only`, `audited into` or `transitions` became
//! stands in it as the checks, functions and triggers that the database holds. A later version of
//! the tool that derives differently therefore sees the difference, and plans it.

use model::schema::Builder;
use model::{Kind, Node, Object, Schema};

/// The schema as a database holds it: everything derived is an object of its own, and what only a
/// model knows (shapes, transitions, seeds, hints, places) is gone.
pub fn settle(schema: &Schema) -> Schema {
    let mut settled = Builder::default();
    for node in schema.nodes() {
        if matches!(node.id.kind, Kind::Shape | Kind::Transitions | Kind::Seed) {
            continue;
        }
        let mut node: Node = node.clone();
        node.derived_from = None;
        node.hints = Default::default();
        node.origin = None;
        node.needs
            .retain(|need| !matches!(need.kind, Kind::Shape | Kind::Transitions));
        match &mut node.object {
            Object::Column(column) => {
                column.documents = Default::default();
                column.trail = Default::default();
            }
            Object::Table(table) => table.writes = Default::default(),
            _ => {}
        }
        // Ids are those of a schema, so none can be there twice.
        let _ = settled.insert(node);
    }
    settled.finish()
}
