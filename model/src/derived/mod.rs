//! What enforces the constructs that PostgreSQL has no word for: `json` shapes, `transitions`,
//! `touch`.
//!
//! Every object made here says what it was derived from, and none needs an extension or depends on
//! `search_path`.

mod shape;
mod touch;
mod transitions;

use std::collections::HashSet;

pub(crate) use touch::touch;

use crate::schema::{
    Body, Builder, Expr, Id, Kind, Name, Node, Parallel, Routine, RoutineKind, Settings, Type,
    Volatility,
};

/// Adds what enforces shapes and transitions.
pub(crate) fn derive(builder: &mut Builder, default_schema: &Name, unchecked: &HashSet<Id>) {
    let schema = std::mem::take(builder).finish();
    let mut nodes = shape::checks(&schema, default_schema, unchecked);
    nodes.extend(transitions::triggers(&schema));
    *builder = schema.into_builder();
    for node in nodes {
        // What the model declares itself stands.
        let _ = builder.insert(node);
    }
}

/// Whether PostgreSQL can compare two values of the type: rows that hold others can't be compared.
pub(crate) fn has_equality(ty: &Type) -> bool {
    ty.schema.is_some()
        || !matches!(
            ty.name.as_str(),
            "json"
                | "xml"
                | "point"
                | "line"
                | "lseg"
                | "box"
                | "path"
                | "polygon"
                | "circle"
                | "txid_snapshot"
                | "pg_snapshot"
                | "jsonpath"
        )
}

/// A function of the model's own making.
fn function(id: Id, arguments: &str, returns: &str, language: &str, body: String) -> (Id, Routine) {
    let routine = Routine {
        kind: RoutineKind::Function,
        arguments: Expr::new(arguments),
        returns: Some(Expr::new(returns)),
        language: Name::from(language),
        body: Body::Text(Expr::new(body)),
        volatility: Volatility::Volatile,
        strict: false,
        security_definer: false,
        leakproof: false,
        parallel: Parallel::Unsafe,
        cost: None,
        rows: None,
        support: None,
        transform: None,
        settings: Settings::new(),
    };
    (id, routine)
}

/// A node that needs its schema, derived from `source`.
fn node(id: Id, object: crate::schema::Object, source: &Id) -> Node {
    let mut node = Node::new(id, object);
    node.derived_from = Some(source.clone());
    if !node.id.kind.is_part_of_relation() {
        node.needs
            .push(Id::global(Kind::Schema, node.id.schema.clone()));
    }
    node
}
