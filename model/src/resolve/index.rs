//! Indexes and their keys.

use std::sync::Arc;

use super::world::{World, at};
use super::{Lowered, Unnamed, object, table};
use crate::names;
use crate::schema::{Id, Index, IndexKey, KeyTerm, Kind, Name, Node, Object};
use crate::source::FileId;
use crate::syntax::tree;

/// `index`, of a table or a materialized view.
pub(super) fn lower<'t>(
    relation: &Id,
    file: FileId,
    x: &'t tree::Index,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let mut needs = Vec::new();
    let mut keys = Vec::new();
    let mut key_names = Vec::new();
    let mut whole = true;
    for written in &x.keys {
        match key(relation, file, written, world, &mut needs, lowered) {
            Some((name, key)) => {
                key_names.push(name);
                keys.push(key);
            }
            None => whole = false,
        }
    }
    let include = world.columns_named(relation, file, &x.include, &mut lowered.faults);
    let (Some(include), true) = (include, whole) else {
        return;
    };
    needs.extend(
        include
            .iter()
            .map(|c| relation.within(Kind::Column, c.clone())),
    );
    let predicate = x.predicate.as_ref().map(|predicate| {
        let resolved = world.table_expr(file, predicate, relation, &mut lowered.faults);
        needs.extend(resolved.needs);
        resolved.expr
    });
    let parent = x.attached_to.as_ref().map(|name| attached(name, world));
    let index = Index {
        unique: x.unique,
        nulls_not_distinct: x.nulls_not_distinct,
        method: x
            .method
            .as_ref()
            .map_or(Name::from("btree"), |m| m.name.clone()),
        include,
        predicate,
        parameters: table::parameters(&x.parameters),
        tablespace: x.tablespace.as_ref().map(|t| t.name.clone()),
        valid: !x.invalid,
        clustered: x.clustered,
        parent,
        statistics: x.statistics.clone(),
        ..Index::new(keys)
    };
    let name = x.name.as_ref().map_or(Name::default(), |n| n.name.clone());
    let mut node = Node::new(relation.within(Kind::Index, name), Object::Index(index));
    node.needs = needs;
    let place = at(file, x.name.as_ref().map_or(x.span, |n| n.span));
    let node = object::finish(node, place, &x.docs, &x.clauses, world, lowered);
    match x.name {
        Some(_) => lowered.add(node),
        None => {
            let names = names::index_column_names(key_names.iter().map(String::as_str));
            let middle = Some(names::columns_addition(names.iter().map(String::as_str)));
            lowered.unnamed.push(Unnamed {
                node: Arc::new(node),
                middle,
                label: "idx",
            });
        }
    }
}

/// The index of the parent table that bears that name.
fn attached(name: &tree::QName, world: &World<'_>) -> Id {
    let schema = world.schema_of(name);
    let owner = world.tables.values().find(|t| {
        t.id.schema == schema
            && t.items.iter().any(|p| {
                matches!(p.item, tree::TableItem::Index(i)
                    if i.name.as_ref().is_some_and(|n| n.name == name.name.name))
            })
    });
    let table = owner.map_or(Name::default(), |t| t.id.name.clone());
    Id::new(Kind::Index, schema, table, name.name.name.clone())
}

/// One key, and what PostgreSQL calls it in the name of an index.
pub(super) fn key<'t>(
    relation: &Id,
    file: FileId,
    x: &'t tree::IndexKey,
    world: &World<'t>,
    needs: &mut Vec<Id>,
    lowered: &mut Lowered<'t>,
) -> Option<(String, IndexKey)> {
    let (name, term) = match &x.term {
        tree::KeyTerm::Column(column) => {
            let names = std::slice::from_ref(column);
            world.columns_named(relation, file, names, &mut lowered.faults)?;
            needs.push(relation.within(Kind::Column, column.name.clone()));
            (
                column.name.to_string(),
                KeyTerm::Column(column.name.clone()),
            )
        }
        tree::KeyTerm::Expr(expr) => {
            let resolved = world.table_expr(file, expr, relation, &mut lowered.faults);
            needs.extend(resolved.needs);
            (
                crate::expr::index_name(&expr.text),
                KeyTerm::Expr(resolved.expr),
            )
        }
    };
    let operator_class = x.operator_class.as_ref().map(|class| {
        let own = class.name.name.as_str();
        let extension = world.symbols.extension_of_operator_class(own);
        needs.extend(extension.map(|(e, _)| Id::global(Kind::Extension, e.clone())));
        let mut text = match (&class.schema, extension) {
            (Some(schema), _) if schema.name == *"pg_catalog" => own.to_owned(),
            (Some(schema), _) => crate::quote::qualified(&schema.name, own),
            (None, Some((_, lives))) => crate::quote::qualified(lives, own),
            (None, None) => match world.operator_class(own) {
                Some(id) => crate::quote::qualified(&id.schema, own),
                None => own.to_owned(),
            },
        };
        if !x.operator_class_parameters.is_empty() {
            let all: Vec<String> = table::settings(&x.operator_class_parameters)
                .iter()
                .map(|(name, value)| format!("{name}={}", crate::quote::literal(value)))
                .collect();
            text.push_str(&format!("({})", all.join(", ")));
        }
        Name::from(text)
    });
    let key = IndexKey {
        term,
        collation: x.collation.as_ref().map(|c| world.collation(c)),
        operator_class,
        descending: x.descending,
        nulls_first: x.nulls_first.unwrap_or(x.descending),
    };
    Some((name, key))
}

impl World<'_> {
    /// The schema and the name of an operator class: one without a schema is an extension's, the
    /// model's or the server's own.
    pub(super) fn operator_class_of(&self, name: &tree::QName) -> (Name, Name) {
        if name.schema.is_some() {
            return self.pair(name);
        }
        let own = &name.name.name;
        let extension = self.symbols.extension_of_operator_class(own);
        let schema = match (extension, self.operator_class(own)) {
            (Some((_, lives)), _) => lives.clone(),
            (None, Some(id)) => id.schema.clone(),
            (None, None) => Name::from("pg_catalog"),
        };
        (schema, own.clone())
    }

    /// An operator class that the model defines.
    fn operator_class(&self, name: &str) -> Option<&Id> {
        self.operator_classes.iter().find(|id| id.name == *name)
    }
}
