//! The order of a model: types before tables, tables after those they refer to.
//!
//! Order never changes what a model says; it is for the reader alone.

use std::collections::BTreeSet;

use crate::schema::{Id, Kind, Node, Schema};

/// Kinds that stand before the tables.
pub(super) const BEFORE_TABLES: &[Kind] = &[
    Kind::Language,
    Kind::Collation,
    Kind::BaseType,
    Kind::Enum,
    Kind::Domain,
    Kind::Composite,
    Kind::Range,
    Kind::Shape,
    Kind::ForeignDataWrapper,
    Kind::ForeignServer,
    Kind::UserMapping,
    Kind::Sequence,
];

/// Kinds that stand behind tables and views.
pub(super) const AFTER_TABLES: &[Kind] = &[
    Kind::Function,
    Kind::Aggregate,
    Kind::Operator,
    Kind::OperatorFamily,
    Kind::OperatorClass,
    Kind::Cast,
    Kind::Conversion,
    Kind::TextSearchParser,
    Kind::TextSearchTemplate,
    Kind::TextSearchDictionary,
    Kind::TextSearchConfiguration,
    Kind::Transform,
    Kind::AccessMethod,
    Kind::Rule,
    Kind::Statistics,
    Kind::EventTrigger,
    Kind::Publication,
    Kind::Subscription,
    Kind::Raw,
    Kind::Seed,
    Kind::DefaultPrivileges,
];

/// Whether a blank line stands before each object of the kind.
pub(super) fn stands_apart(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Composite | Kind::Shape | Kind::Function | Kind::Raw | Kind::Seed
    )
}

/// Tables, each behind those that it refers to, inherits from or is a partition of.
pub(super) fn tables(schema: &Schema) -> Vec<Id> {
    sorted(schema, Kind::Table, |node| {
        let mut before = relations(&node.needs, Kind::Table);
        for (constraint, _) in schema.constraints(&node.id) {
            before.extend(relations(&constraint.needs, Kind::Table));
        }
        before
    })
}

/// Views, each behind those that it reads.
pub(super) fn views(schema: &Schema) -> Vec<Id> {
    sorted(schema, Kind::View, |node| {
        relations(&node.needs, Kind::View)
    })
}

fn relations(needs: &[Id], kind: Kind) -> Vec<Id> {
    let of = |need: &Id| match need.kind {
        k if k == kind => Some(need.clone()),
        Kind::Column | Kind::Constraint => {
            Some(Id::in_schema(kind, need.schema.clone(), need.name.clone()))
        }
        _ => None,
    };
    needs.iter().filter_map(of).collect()
}

fn sorted(schema: &Schema, kind: Kind, before: impl Fn(&Node) -> Vec<Id>) -> Vec<Id> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    // A stack of its own: a long chain of tables must not overflow the thread's.
    for root in schema.of_kind(kind).filter(|n| !n.external) {
        let mut stack = vec![(&root.id, false)];
        while let Some((id, done)) = stack.pop() {
            if done {
                order.push(id.clone());
                continue;
            }
            if !seen.insert(id.clone()) {
                continue;
            }
            stack.push((id, true));
            let node = schema.get(id).filter(|n| !n.external);
            let mut first = node.map_or(Vec::new(), &before);
            first.sort();
            first.dedup();
            for need in first.iter().rev() {
                if let Some(node) = schema.get(need).filter(|n| !n.external) {
                    stack.push((&node.id, false));
                }
            }
        }
    }
    order
}
