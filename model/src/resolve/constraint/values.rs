//! The check that a column is one of several values.

use super::super::Lowered;
use super::super::world::{ColumnWork, TableWork, World, at};
use super::{Said, add};
use crate::schema::{Check, Constraint, ConstraintBody, Expr, Kind, Ref};
use crate::source::FileId;
use crate::syntax::tree::{self, ColumnClause};

/// `in (…)`: the column holds one of these values.
pub(in crate::resolve) fn one_of<'t>(
    work: &TableWork<'t>,
    column: &ColumnWork<'t>,
    file: FileId,
    clause: &'t ColumnClause,
    values: &'t [tree::ExprText],
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let own = work.id.within(Kind::Column, column.name.clone());
    let quoted = crate::quote::ident(&column.name);
    let mut text = format!("{quoted} in (");
    let mut refs = vec![Ref {
        start: 0,
        end: quoted.len() as u32,
        id: own.clone(),
    }];
    let mut needs = vec![own];
    for (i, value) in values.iter().enumerate() {
        let context = crate::expr::Context::default();
        let resolved = world.expr(file, value, context, &mut lowered.faults);
        text.push_str(if i > 0 { ", " } else { "" });
        let offset = text.len() as u32;
        refs.extend(resolved.expr.refs.iter().map(|r| Ref {
            start: r.start + offset,
            end: r.end + offset,
            id: r.id.clone(),
        }));
        text.push_str(&resolved.expr.text);
        needs.extend(resolved.needs);
    }
    text.push(')');
    let condition = Expr {
        text: text.into(),
        refs,
        opaque: false,
    };
    let body = ConstraintBody::Check(Check {
        condition,
        no_inherit: false,
    });
    let given = clause.constraint.as_ref();
    let place = at(file, given.map_or(clause.span, |n| n.span));
    let said = Said {
        name: given,
        docs: &None,
        clauses: &[],
        place,
    };
    let middle = Some(column.name.to_string());
    add(
        work,
        Constraint::new(body),
        needs,
        said,
        "check",
        middle,
        world,
        lowered,
    );
}
