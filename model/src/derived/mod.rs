//! What enforces the constructs that PostgreSQL has no word for: `json` shapes, `transitions`,
//! `append only`, `audited into`, `touch`.
//!
//! Every object made here says what it was derived from, and none needs an extension or depends on
//! `search_path`.

mod append_only;
mod audited;
mod restore;
mod shape;
mod touch;
mod transitions;

use rustc_hash::FxHashSet;

pub use restore::{restored, restored_as_written};
pub(crate) use touch::touch;

use crate::schema::{
    Body, Builder, Expr, Id, Kind, Name, Node, Parallel, Privilege, Routine, RoutineKind, Schema,
    Settings, Type, Volatility,
};

/// Adds what enforces shapes, transitions, `append only` and `audited into`.
pub(crate) fn derive(builder: &mut Builder, default_schema: &Name, unchecked: &FxHashSet<Id>) {
    let schema = builder.so_far();
    let mut nodes = shape::checks(schema, default_schema, unchecked);
    nodes.extend(transitions::triggers(schema));
    nodes.extend(append_only::triggers(schema));
    nodes.extend(audited::triggers(schema));
    let usages = sequences_of_inserts(schema);
    for (sequence, role) in usages {
        if let Some(node) = builder.get_mut(&sequence) {
            let held = node.privileges.entry(role).or_default();
            held.entry(Privilege::Usage).or_insert(false);
        }
    }
    for node in nodes {
        // What the model declares itself stands.
        let _ = builder.insert(node);
    }
}

/// Who may insert into a table with a `serial` column: without usage of its sequence the grant
/// would not do what it says.
fn sequences_of_inserts(schema: &Schema) -> Vec<(Id, Name)> {
    let mut found = Vec::new();
    for node in schema.of_kind(Kind::Sequence) {
        let owner = node.object.as_sequence().and_then(|s| s.owned_by.as_ref());
        let Some(column) = owner.filter(|_| node.derived_from.is_some()) else {
            continue;
        };
        let table = Id::table(column.schema.clone(), column.name.clone());
        let granted = schema
            .get(&table)
            .into_iter()
            .flat_map(|table| &table.privileges);
        for (role, _) in granted.filter(|(_, held)| held.contains_key(&Privilege::Insert)) {
            found.push((node.id.clone(), role.clone()));
        }
    }
    found
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
