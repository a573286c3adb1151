//! The last resort: texts, where no server can say what they mean.
//!
//! It never calls a difference of texts a drift.

use model::schema::{Expr, Node};
use model::{Id, Schema};

/// The model with its expressions in the live database's text wherever nothing but texts differs;
/// and the objects for which that was so.
pub(super) fn compared(live: &Schema, model: &Schema) -> (Schema, Vec<Id>) {
    let mut undecided = Vec::new();
    let mut builder = model.clone().into_builder();
    for node in builder.nodes_mut() {
        let Some(there) = live.get(&node.id) else {
            continue;
        };
        if !there.conforms_to(node) && without_texts(there).conforms_to(&without_texts(node)) {
            undecided.push(node.id.clone());
            node.object = there.object.clone();
        }
    }
    (builder.finish(), undecided)
}

fn without_texts(node: &Node) -> Node {
    let mut node = node.clone();
    node.object.each_expr(&mut |expr| *expr = Expr::new(""));
    node
}
