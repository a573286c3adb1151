//! Constraints of tables, whether they stand in a line of their own or behind a column.

mod exclusion;
mod values;

pub(super) use exclusion::exclude;
pub(super) use values::one_of;

use std::sync::Arc;

use super::world::{ColumnWork, TableWork, World, at};
use super::{Lowered, Unnamed, object, table};
use crate::diagnostic::{Diagnostic, code};
use crate::names;
use crate::schema::{
    Check, Constraint, ConstraintBody, Deferrable, Expr, ForeignKey, ForeignKeyAction, Id, Kind,
    MatchKind, Name, Node, Object, Origin, UniqueKey,
};
use crate::source::FileId;
use crate::syntax::tree::{self, ColumnClause, ObjectClause};

/// A constraint's name, docs and clauses.
pub(super) struct Said<'t, 'a> {
    pub(super) name: Option<&'a tree::Ident>,
    pub(super) docs: &'a Option<String>,
    pub(super) clauses: &'t [ObjectClause],
    pub(super) place: Origin,
}

/// The referencing columns of a foreign key.
pub(super) struct Columns<'a> {
    pub(super) file: FileId,
    pub(super) names: &'a [tree::Ident],
    pub(super) period: bool,
}

fn deferrable(deferral: &Option<tree::Deferral>) -> Deferrable {
    deferral.map_or(Deferrable::No, |d| d.deferrable)
}

#[allow(clippy::too_many_arguments)] // what a constraint is, is said, and is called
/// Adds the constraint: under its name, or to those that PostgreSQL would name.
fn add<'t>(
    work: &TableWork<'t>,
    constraint: Constraint,
    needs: Vec<Id>,
    said: Said<'t, '_>,
    label: &'static str,
    middle: Option<String>,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let name = said.name.map_or(Name::default(), |n| n.name.clone());
    let mut node = Node::new(
        work.id.within(Kind::Constraint, name),
        Object::Constraint(constraint),
    );
    node.needs = needs;
    let node = object::finish(node, said.place, said.docs, said.clauses, world, lowered);
    match said.name {
        Some(_) => lowered.add(node),
        None => lowered.unnamed.push(Unnamed {
            node: Arc::new(node),
            middle,
            label,
        }),
    }
}

/// `primary key` and `unique`, of a line or of a column.
pub(super) fn key<'t>(
    work: &TableWork<'t>,
    file: FileId,
    x: &'t tree::KeyConstraint,
    column: Option<(&ColumnWork<'t>, &'t ColumnClause)>,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let columns = match column {
        Some((column, _)) => Some(vec![column.name.clone()]),
        None => world.columns_named(&work.id, file, &x.columns, &mut lowered.faults),
    };
    let include = world.columns_named(&work.id, file, &x.include, &mut lowered.faults);
    let (Some(columns), Some(include)) = (columns, include) else {
        return;
    };
    let place = at(file, x.name.as_ref().map_or(x.span, |n| n.span));
    if x.primary {
        if let Some(first) = lowered
            .nodes
            .iter()
            .map(|node| &**node)
            .chain(lowered.unnamed.iter().map(|u| &*u.node))
            .find(|n| {
                matches!(
                    n.object.as_constraint().map(|c| &c.body),
                    Some(ConstraintBody::PrimaryKey(_))
                )
            })
        {
            let mut fault = Diagnostic::error(
                code::SECOND_PRIMARY_KEY,
                format!("`{}` has two primary keys", work.id.name),
                at(file, x.span),
            )
            .label("declared again here")
            .help("for a key of several columns write one line `primary key (a, b)`; a second key is `unique`");
            if let Some(origin) = first.origin {
                fault = fault.secondary(origin, "first declared here");
            }
            lowered.faults.push(fault);
            return;
        }
        for name in &columns {
            let Some(column) = work.column(name) else {
                continue;
            };
            let Some((column_file, tree)) = column.tree.filter(|(_, t)| t.ty.nullable) else {
                continue;
            };
            let ty = tree.ty.span;
            let mark = crate::source::Span::new(ty.end.saturating_sub(1), ty.end);
            lowered.faults.push(
                Diagnostic::error(
                    code::NULLABLE_KEY,
                    format!("`{name}` is part of the primary key and accepts null"),
                    at(column_file, ty),
                )
                .secondary(place, "the primary key")
                .help("remove the `?`")
                .suggest(at(column_file, mark), ""),
            );
        }
    }
    let needs = columns
        .iter()
        .chain(&include)
        .map(|c| work.id.within(Kind::Column, c.clone()))
        .collect();
    let middle = (!x.primary).then(|| names::columns_addition(columns.iter().map(|c| c.as_str())));
    let key = UniqueKey {
        columns,
        include,
        nulls_not_distinct: x.nulls_not_distinct,
        without_overlaps: x.without_overlaps,
        parameters: table::parameters(&x.parameters),
        tablespace: x.tablespace.as_ref().map(|t| t.name.clone()),
    };
    let body = if x.primary {
        ConstraintBody::PrimaryKey(key)
    } else {
        ConstraintBody::Unique(key)
    };
    let constraint = Constraint {
        deferrable: deferrable(&x.deferrable),
        ..Constraint::new(body)
    };
    let given = column
        .and_then(|(_, clause)| clause.constraint.as_ref())
        .or(x.name.as_ref());
    let said = Said {
        name: given,
        docs: &x.docs,
        clauses: &x.clauses,
        place,
    };
    let label = if x.primary { "pkey" } else { "key" };
    add(work, constraint, needs, said, label, middle, world, lowered);
}

/// `check`, of a line or of a column.
pub(super) fn check<'t>(
    work: &TableWork<'t>,
    file: FileId,
    x: &'t tree::Check,
    column: Option<(&ColumnWork<'t>, &'t ColumnClause)>,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let resolved = world.table_expr(file, &x.condition, &work.id, &mut lowered.faults);
    let columns = resolved.columns_of(&work.id);
    // PostgreSQL names a check for its column where it speaks of one only.
    let middle = match columns.len() {
        1 => columns.first().map(|c| c.to_string()),
        _ => None,
    };
    let check = Check {
        condition: resolved.expr,
        no_inherit: x.no_inherit,
    };
    let constraint = Constraint {
        validated: !x.not_valid,
        enforced: !x.not_enforced,
        ..Constraint::new(ConstraintBody::Check(check))
    };
    let given = column
        .and_then(|(_, clause)| clause.constraint.as_ref())
        .or(x.name.as_ref());
    let place = at(file, given.map_or(x.span, |n| n.span));
    let said = Said {
        name: given,
        docs: &x.docs,
        clauses: &x.clauses,
        place,
    };
    add(
        work,
        constraint,
        resolved.needs,
        said,
        "check",
        middle,
        world,
        lowered,
    );
}

/// `references` and `foreign key`. That its target is unique is seen once all tables are there.
pub(super) fn foreign_key<'t>(
    work: &TableWork<'t>,
    columns: Columns<'_>,
    x: &'t tree::References,
    said: Said<'t, '_>,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let file = columns.file;
    let own = world.columns_named(&work.id, file, columns.names, &mut lowered.faults);
    let target = world.table(file, &x.table, &mut lowered.faults);
    let (Some(own), Some(target)) = (own, target) else {
        return;
    };
    let target_columns = match x.columns.is_empty() {
        true => Some(primary_key_of(world, &target)),
        false if world.relation(&target).is_some() => {
            world.columns_named(&target, file, &x.columns, &mut lowered.faults)
        }
        false => Some(x.columns.iter().map(|c| c.name.clone()).collect()),
    };
    let limited = world.columns_named(&work.id, file, &x.delete_columns, &mut lowered.faults);
    let (Some(target_columns), Some(delete_columns)) = (target_columns, limited) else {
        return;
    };
    let mut needs: Vec<Id> = own
        .iter()
        .map(|c| work.id.within(Kind::Column, c.clone()))
        .collect();
    needs.extend(
        target_columns
            .iter()
            .map(|c| target.within(Kind::Column, c.clone())),
    );
    needs.push(target.clone());
    let middle = Some(names::columns_addition(own.iter().map(|c| c.as_str())));
    let body = ConstraintBody::ForeignKey(ForeignKey {
        columns: own,
        target,
        target_columns,
        on_delete: x.on_delete.unwrap_or(ForeignKeyAction::NoAction),
        on_update: x.on_update.unwrap_or(ForeignKeyAction::NoAction),
        delete_columns,
        matching: x.matching.unwrap_or(MatchKind::Simple),
        period: columns.period,
    });
    let constraint = Constraint {
        deferrable: deferrable(&x.deferrable),
        validated: !x.not_valid,
        enforced: !x.not_enforced,
        ..Constraint::new(body)
    };
    add(
        work, constraint, needs, said, "fkey", middle, world, lowered,
    );
}

/// The primary key of a table, from its statements: the columns a bare `references` means.
pub(super) fn primary_key_of(world: &World<'_>, table: &Id) -> Vec<Name> {
    let Some(work) = world.tables.get(table) else {
        // The platform's tables have `id`.
        let has_id = world
            .relation(table)
            .is_none_or(|r| r.columns.iter().any(|c| *c == *"id"));
        return if has_id {
            vec![Name::from("id")]
        } else {
            Vec::new()
        };
    };
    for placed in &work.items {
        match placed.item {
            tree::TableItem::Key(key) if key.primary => {
                return key.columns.iter().map(|c| c.name.clone()).collect();
            }
            tree::TableItem::Column(column) => {
                let primary = column
                    .clauses
                    .iter()
                    .any(|c| matches!(&c.kind, tree::ColumnClauseKind::Key(key) if key.primary));
                if primary {
                    return vec![column.name.name.clone()];
                }
            }
            _ => {}
        }
    }
    // A partition has its parent's key.
    let parent = work
        .table
        .partition_of
        .as_ref()
        .map(|p| world.id(Kind::Table, &p.parent));
    parent.map_or(Vec::new(), |parent| primary_key_of(world, &parent))
}

/// A named `not null`, or a constraint that only the server can read.
pub(super) fn other<'t>(
    work: &TableWork<'t>,
    file: FileId,
    x: &'t tree::OtherConstraint,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let mut needs = Vec::new();
    let body = match &x.body {
        tree::OtherBody::NotNull(column, no_inherit) => {
            let names = std::slice::from_ref(column);
            if world
                .columns_named(&work.id, file, names, &mut lowered.faults)
                .is_none()
            {
                return;
            }
            needs.push(work.id.within(Kind::Column, column.name.clone()));
            ConstraintBody::NotNull {
                column: column.name.clone(),
                no_inherit: *no_inherit,
            }
        }
        tree::OtherBody::Sql(text) => ConstraintBody::Other(Expr::new(&*text.value)),
    };
    let constraint = Constraint {
        validated: !x.not_valid,
        ..Constraint::new(body)
    };
    let said = Said {
        name: Some(&x.name),
        docs: &x.docs,
        clauses: &x.clauses,
        place: at(file, x.name.span),
    };
    add(work, constraint, needs, said, "check", None, world, lowered);
}
