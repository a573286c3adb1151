//! Columns that a parent table or a table's type brings: what changes there changes here.

use model::Schema;
use model::schema::{Column, Id, Kind, Node};

use super::definition::{change_storage, extras};
use super::{push, set_default};
use crate::plan::changes::Context;
use crate::plan::rules::table::joins;
use crate::plan::step::Statement;

/// What a column that its parent brings has of its own.
pub(in crate::plan) fn overrides(
    context: &Context<'_>,
    node: &Node,
    column: &Column,
) -> Vec<Statement> {
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
    // A new column's target reaches the children that are there; a new child copies none.
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    like.statistics = match context.from.contains(&table) {
        true => parent.statistics,
        false => None,
    };
    like.options = Vec::new();
    statements.extend(change_storage(node, &like, column));
    statements
}

/// What a column that its table's type brings has of its own.
pub(super) fn of_typed_table(node: &Node, column: &Column) -> Vec<Statement> {
    let mut statements = Vec::new();
    set_default(&mut statements, node, column);
    if column.not_null {
        push(&mut statements, node, "SET NOT NULL");
    }
    statements.extend(extras(node, column));
    statements
}

/// Whether the column comes, changes and goes with an attribute of its table's type.
pub(super) fn follows_type(context: &Context<'_>, node: &Node) -> bool {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    let of = |schema: &model::Schema| schema.get(&table)?.object.as_table()?.of_type.clone();
    let ty = of(context.from);
    ty.is_some() && ty == of(context.to)
}

/// Whether the column comes and goes with its parent table's.
pub(in crate::plan::rules) fn comes_from_parent(
    context: &Context<'_>,
    node: &Node,
    column: &Column,
) -> bool {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    column.inherited
        && parent_columns(context.to, node).any(|(parent, _)| !joins(context, &table, parent))
}

/// Whether other tables inherit from the column's table, before and after: partitions count until
/// PostgreSQL 17, which gives them the identity too.
pub(super) fn has_heirs(context: &Context<'_>, node: &Node) -> bool {
    let parent = Id::table(node.id.schema.clone(), node.id.name.clone());
    let counts_apart = context.options.server_version < 170_000;
    context.parents.contains(&parent)
        && context.to.tables().any(|(child, table)| {
            let heir = match counts_apart {
                true => table.parents().any(|p| *p == parent),
                false => table.inherits.contains(&parent),
            };
            heir && context.from.contains(&child.id) && !joins(context, &child.id, &parent)
        })
}

/// Whether a child keeps a column that its parent loses: not one that is made anew with the parent's.
pub(in crate::plan) fn kept_by_child(context: &Context<'_>, node: &Node) -> bool {
    let parent = Id::table(node.id.schema.clone(), node.id.name.clone());
    if !context.parents.contains(&parent) {
        return false;
    }
    let comes_again = context.to.contains(&node.id);
    context.to.tables().any(|(child, table)| {
        let column = context.to.column(&child.id, &node.id.part);
        table.inherits.contains(&parent)
            && column.is_some_and(|column| !(column.inherited && comes_again))
    })
}

/// The columns that brought it to its table, of the parents that the table stays with.
pub(in crate::plan) fn brought_by(context: &Context<'_>, node: &Node) -> Vec<Id> {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    let later = context
        .to
        .get(&table)
        .and_then(|table| table.object.as_table());
    let detached = context.gathered.reattached.contains(&table);
    let stays =
        |parent: &Id| !detached && later.is_some_and(|table| table.parents().any(|p| p == parent));
    parent_columns(context.from, node)
        .filter(|(parent, _)| stays(parent))
        .map(|(parent, _)| parent.within(Kind::Column, node.id.part.clone()))
        .collect()
}

/// The parent's column of that name in a schema, with the table it is in.
fn parent_column<'a>(schema: &'a Schema, node: &Node) -> Option<(&'a Id, &'a Column)> {
    parent_columns(schema, node).next()
}

fn parent_columns<'a>(
    schema: &'a Schema,
    node: &Node,
) -> impl Iterator<Item = (&'a Id, &'a Column)> + use<'a> {
    let table = schema.get(&Id::table(node.id.schema.clone(), node.id.name.clone()));
    let attributes = table.and_then(|table| table.object.as_table());
    let parents = attributes.into_iter().flat_map(|table| table.parents());
    let name = node.id.part.clone();
    parents.filter_map(move |parent| Some((parent, schema.column(parent, &name)?)))
}

/// The parent's column before and after, where the child followed it all along: what changes there
/// changes here.
pub(super) fn parents<'a>(context: &Context<'a>, node: &Node) -> Option<(&'a Column, &'a Column)> {
    let (before, a) = parent_column(context.from, node)?;
    let (after, b) = parent_column(context.to, node)?;
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    (before == after && !context.gathered.reattached.contains(&table)).then_some((a, b))
}

/// The column as the statements on its parent's column leave it: they reach every child.
pub(super) fn after_parents(context: &Context<'_>, node: &Node, column: &Column) -> Column {
    let mut left = column.clone();
    let Some((a, b)) = parents(context, node) else {
        return left;
    };
    let retyped = a.ty != b.ty || a.collation != b.collation;
    if a.generated.is_some() && b.generated.is_none() {
        left.generated = None;
    }
    let computed = left.generated.is_some() || b.generated.is_some();
    if (a.default != b.default || retyped && a.default.is_some()) && !computed {
        left.default = b.default.clone();
    }
    if a.not_null != b.not_null {
        left.not_null = b.not_null;
    }
    if a.statistics != b.statistics {
        left.statistics = b.statistics;
    }
    if a.storage != b.storage && !retyped {
        left.storage = b.storage.clone();
    }
    left
}

/// The column of its parent that it follows on both sides: what is done to that one reaches this one
/// too.
pub(in crate::plan) fn followed(context: &Context<'_>, node: &Node) -> Option<Id> {
    let above = above(context, node)?;
    parents(context, node)?;
    Some(above)
}

/// The column of its parent, on the side that is wanted.
pub(in crate::plan) fn above(context: &Context<'_>, node: &Node) -> Option<Id> {
    if context.parents.is_empty() || node.id.kind != Kind::Column {
        return None;
    }
    let (parent, _) = parent_column(context.to, node)?;
    Some(parent.within(Kind::Column, node.id.part.clone()))
}

/// The object whose change changes the column's type too: its parent's column, or its table's type.
pub(in crate::plan) fn leader(context: &Context<'_>, node: &Node) -> Option<Id> {
    if follows_type(context, node) {
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        let ty = context.to.get(&table)?.object.as_table()?.of_type.clone()?;
        return Some(Id::in_schema(Kind::Composite, ty.schema?, ty.name));
    }
    parents(context, node)?;
    let (parent, _) = parent_column(context.to, node)?;
    Some(parent.within(Kind::Column, node.id.part.clone()))
}
