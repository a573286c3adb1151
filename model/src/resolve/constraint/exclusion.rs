//! Exclusion constraints.

use super::super::world::{TableWork, World, at};
use super::super::{Lowered, index, table};
use super::{Said, add, deferrable};
use crate::names;
use crate::schema::{Constraint, ConstraintBody, Exclusion, Id, Kind, Name};
use crate::source::FileId;
use crate::syntax::tree;

/// `exclude`.
pub(in crate::resolve) fn exclude<'t>(
    work: &TableWork<'t>,
    file: FileId,
    x: &'t tree::Exclude,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let mut needs = Vec::new();
    let mut elements = Vec::new();
    let mut key_names = Vec::new();
    for (key, operator) in &x.elements {
        let Some((name, key)) = index::key(&work.id, file, key, world, &mut needs, lowered) else {
            return;
        };
        key_names.push(name);
        elements.push((key, Name::from(operator.text.trim())));
    }
    let Some(include) = world.columns_named(&work.id, file, &x.include, &mut lowered.faults) else {
        return;
    };
    let predicate = x.predicate.as_ref().map(|predicate| {
        let resolved = world.table_expr(file, predicate, &work.id, &mut lowered.faults);
        needs.extend(resolved.needs);
        resolved.expr
    });
    // Scalars under gist have their operator classes from this extension.
    if world.symbols.extensions().any(|e| **e == *"btree_gist") {
        needs.push(Id::global(Kind::Extension, "btree_gist"));
    }
    let names = names::index_column_names(key_names.iter().map(String::as_str));
    let middle = Some(names::columns_addition(names.iter().map(String::as_str)));
    let body = ConstraintBody::Exclusion(Exclusion {
        method: x
            .method
            .as_ref()
            .map_or(Name::from("btree"), |m| m.name.clone()),
        elements,
        include,
        predicate,
        parameters: table::parameters(&x.parameters),
        tablespace: x.tablespace.as_ref().map(|t| t.name.clone()),
    });
    let constraint = Constraint {
        deferrable: deferrable(&x.deferrable),
        ..Constraint::new(body)
    };
    let place = at(file, x.name.as_ref().map_or(x.span, |n| n.span));
    let said = Said {
        name: x.name.as_ref(),
        docs: &x.docs,
        clauses: &x.clauses,
        place,
    };
    add(
        work, constraint, needs, said, "excl", middle, world, lowered,
    );
}
