//! Columns: type, default, identity, generation, and the constraints said in their clauses.

mod default;

use default::default_fits;

use super::world::{ColumnWork, TableWork, World, at};
use super::{Lowered, constraint, object, table};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::Context;
use crate::names;
use crate::quote;
use crate::schema::{
    Column, Documents, Expr, Generated, GeneratedKind, Id, Identity, IdentityMode, Kind, Name,
    Node, Object, Sequence, SequenceOptions, SoftDelete, Trail,
};
use crate::source::FileId;
use crate::syntax::tree::{self, ColumnClauseKind};

/// Lowers the columns of a table, in order.
pub(super) fn lower<'t>(work: &TableWork<'t>, world: &World<'t>, lowered: &mut Lowered<'t>) {
    for (position, column) in work.columns.iter().enumerate() {
        let node = match column.tree {
            Some((file, tree)) => one(work, column, file, tree, world, lowered),
            None => inherited(work, column),
        };
        let mut node = node;
        node.ordinal = position as u32 + 1;
        lowered.add(node);
    }
}

fn inherited(work: &TableWork<'_>, column: &ColumnWork<'_>) -> Node {
    let object = Column {
        not_null: column.not_null,
        inherited: true,
        ..Column::new(column.ty.clone())
    };
    let mut node = Node::new(
        work.id.within(Kind::Column, column.name.clone()),
        Object::Column(object),
    );
    node.needs.extend(column.needs.clone());
    node
}

fn one<'t>(
    work: &TableWork<'t>,
    column: &ColumnWork<'t>,
    file: FileId,
    tree: &'t tree::Column,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
    let id = work.id.within(Kind::Column, column.name.clone());
    let mut object = Column {
        not_null: column.not_null,
        ..Column::new(column.ty.clone())
    };
    let mut node = Node::new(id.clone(), Object::Opaque);
    node.needs.extend(column.needs.clone());
    if crate::types::is_pseudo(&column.ty.name) && column.ty.schema.is_none() {
        let place = at(file, tree.ty.span);
        lowered.faults.push(
            Diagnostic::error(
                code::PSEUDO_TYPE,
                format!("a column can't have the pseudo-type `{}`", column.ty),
                place,
            )
            .help("it stands for a kind of value; choose the type of the values"),
        );
    }
    let (documents, shapes) = super::shape::of_column(column, file, tree, world, lowered);
    object.documents = Documents(documents.map(Box::new));
    node.needs.extend(shapes);
    let mut own = Vec::new();
    let mut values: Vec<(&str, &tree::ColumnClause)> = Vec::new();
    for clause in &tree.clauses {
        let said = match &clause.kind {
            ColumnClauseKind::Default(_) => Some("a default"),
            ColumnClauseKind::Identity(..) => Some("an identity"),
            ColumnClauseKind::Generated(..) => Some("a generation expression"),
            _ => None,
        };
        if let Some(said) = said {
            values.push((said, clause));
        }
        match &clause.kind {
            ColumnClauseKind::Key(key) => {
                constraint::key(work, file, key, Some((column, clause)), world, lowered);
            }
            ColumnClauseKind::Check(check) => {
                constraint::check(work, file, check, Some((column, clause)), world, lowered);
            }
            ColumnClauseKind::In(values) => {
                constraint::one_of(work, column, file, clause, values, world, lowered);
            }
            ColumnClauseKind::References(references) => {
                let names = std::slice::from_ref(&tree.name);
                let columns = constraint::Columns {
                    file,
                    names,
                    period: false,
                };
                let place = clause
                    .constraint
                    .as_ref()
                    .map_or(references.span, |n| n.span);
                let said = constraint::Said {
                    name: clause.constraint.as_ref(),
                    docs: &None,
                    clauses: &[],
                    place: at(file, place),
                };
                constraint::foreign_key(work, columns, references, said, world, lowered);
            }
            ColumnClauseKind::Default(default) => {
                let resolved = world.expr(file, default, Context::default(), &mut lowered.faults);
                node.needs.extend(resolved.needs);
                default_fits(column, file, default, world, lowered);
                object.default = Some(resolved.expr);
            }
            ColumnClauseKind::Identity(mode, options, name) => {
                let integer = ["smallint", "integer", "bigint"]
                    .iter()
                    .any(|t| column.ty.is(t));
                if !integer && !column.broken {
                    let message = format!(
                        "an identity column is an integer, and `{}` is {}",
                        column.name, column.ty
                    );
                    lowered.faults.push(
                        Diagnostic::error(code::IDENTITY_TYPE, message, at(file, clause.span))
                            .secondary(at(file, tree.ty.span), "not an integer")
                            .help("write `bigint`, `integer` or `smallint`")
                            .suggest(at(file, tree.ty.span), "bigint"),
                    );
                }
                let mut identity = Identity::new(
                    mode.unwrap_or(IdentityMode::Always),
                    object::sequence_options(&column.ty, options),
                );
                identity.named.0 = name.as_ref().map(|name| name.name.clone());
                object.identity = Some(Box::new(identity));
            }
            ColumnClauseKind::Generated(expr, kind) => {
                let resolved = world.table_expr(file, expr, &work.id, &mut lowered.faults);
                node.needs.extend(resolved.needs);
                let kind = kind.unwrap_or(GeneratedKind::Stored);
                object.generated = Some(Box::new(Generated {
                    expr: resolved.expr,
                    kind,
                }));
            }
            ColumnClauseKind::Collate(name) => object.collation = Some(world.collation(name)),
            ColumnClauseKind::Storage(name) => object.storage = Some(lower_case(name)),
            ColumnClauseKind::Compression(name) => object.compression = Some(lower_case(name)),
            ColumnClauseKind::Statistics(target) => object.statistics = Some(*target),
            ColumnClauseKind::With(parameters) => object.options = table::parameters(parameters),
            ColumnClauseKind::Options(parameters) => {
                object.foreign_options = table::parameters(parameters);
            }
            ColumnClauseKind::Using(expr) => {
                // The old column may have another name, so nothing in it is looked up.
                node.hints.using = Some(crate::expr::folded(&expr.text));
            }
            ColumnClauseKind::Touch => touch(work, column, file, clause, tree, lowered),
            ColumnClauseKind::SoftDelete => {
                soft_delete(column, file, clause, tree, lowered);
                object.soft_delete = SoftDelete(true);
            }
            ColumnClauseKind::Trail(part) => {
                let place = at(file, clause.span);
                let part = super::audited::part(column, *part, place, world, lowered);
                object.trail = Trail(Some(part));
            }
            ColumnClauseKind::Clause(clause) => own.push(clause),
        }
    }
    if column.serial {
        serial(
            work,
            column,
            file,
            tree,
            &mut object,
            &mut node,
            &values,
            lowered,
        );
    }
    one_source_of_values(column, file, &values, lowered);
    node.object = Object::Column(object);
    object::finish(
        node,
        at(file, tree.name.span),
        &tree.docs,
        own,
        world,
        lowered,
    )
}

fn lower_case(name: &tree::Ident) -> Name {
    Name::from(name.name.to_ascii_lowercase())
}

fn one_source_of_values(
    column: &ColumnWork<'_>,
    file: FileId,
    values: &[(&str, &tree::ColumnClause)],
    lowered: &mut Lowered<'_>,
) {
    if let [(first, one), (second, two), ..] = values {
        let message = format!("`{}` has both {first} and {second}", column.name);
        lowered.faults.push(
            Diagnostic::error(code::VALUE_TWICE, message, at(file, two.span))
                .label("a column gets its value in one way")
                .secondary(at(file, one.span), "given here already")
                .help("remove one of the two"),
        );
    }
}

/// `serial`: an integer, a sequence that the column owns, and the default that draws from it.
#[allow(clippy::too_many_arguments)]
fn serial<'t>(
    work: &TableWork<'t>,
    column: &ColumnWork<'t>,
    file: FileId,
    tree: &'t tree::Column,
    object: &mut Column,
    node: &mut Node,
    values: &[(&str, &tree::ColumnClause)],
    lowered: &mut Lowered<'t>,
) {
    if let Some((_, clause)) = values.first() {
        lowered.faults.push(
            Diagnostic::error(
                code::SERIAL,
                "a serial column has its default already",
                at(file, clause.span),
            )
            .secondary(at(file, tree.ty.span), "draws from a sequence of its own")
            .help("remove the clause, or write `integer`"),
        );
    }
    if tree.ty.nullable {
        lowered.faults.push(
            Diagnostic::error(
                code::SERIAL,
                "a serial column is never null",
                at(file, tree.ty.span),
            )
            .help("remove the `?`, or write `integer?`"),
        );
        object.not_null = true;
    }
    let name = names::object_name(&work.id.name, Some(&column.name), "seq");
    let id = Id::in_schema(Kind::Sequence, work.id.schema.clone(), name.as_str());
    let text = quote::literal(&quote::qualified(&id.schema, &id.name));
    object.default = Some(Expr::new(format!("nextval({text}::regclass)")));
    node.needs.push(id.clone());
    let mut sequence = Node::new(
        id,
        Object::Sequence(Sequence {
            ty: column.ty.clone(),
            options: SequenceOptions::default_for(&column.ty),
            owned_by: Some(node.id.clone()),
            unlogged: work.table.unlogged,
        }),
    );
    sequence
        .needs
        .push(Id::global(Kind::Schema, work.id.schema.clone()));
    sequence.derived_from = Some(node.id.clone());
    sequence.origin = Some(at(file, tree.ty.span));
    lowered.add(sequence);
}

/// A row that isn't deleted has no time of it.
fn soft_delete(
    column: &ColumnWork<'_>,
    file: FileId,
    clause: &tree::ColumnClause,
    tree: &tree::Column,
    lowered: &mut Lowered<'_>,
) {
    let time = ["timestamp with time zone", "timestamp without time zone"];
    let fits = time.iter().any(|t| column.ty.is(t)) && tree.ty.nullable;
    if !fits && !column.broken {
        let null = if tree.ty.nullable { "" } else { ", never null" };
        let message = format!(
            "`soft delete` says when a row was deleted, and `{}` is {}{null}",
            column.name, column.ty
        );
        lowered.faults.push(
            Diagnostic::error(code::SOFT_DELETE_TYPE, message, at(file, clause.span))
                .secondary(at(file, tree.ty.span), "not a time that may be missing")
                .help("write `timestamptz?`")
                .suggest(at(file, tree.ty.span), "timestamptz?"),
        );
    }
}

fn touch(
    work: &TableWork<'_>,
    column: &ColumnWork<'_>,
    file: FileId,
    clause: &tree::ColumnClause,
    tree: &tree::Column,
    lowered: &mut Lowered<'_>,
) {
    let time = [
        "timestamp with time zone",
        "timestamp without time zone",
        "date",
    ]
    .iter()
    .any(|t| column.ty.is(t));
    if !time && !column.broken {
        lowered.faults.push(
            Diagnostic::error(
                code::TOUCH_TYPE,
                format!(
                    "`touch` sets a column to `now()`, and `{}` is {}",
                    column.name, column.ty
                ),
                at(file, clause.span),
            )
            .secondary(at(file, tree.ty.span), "not a time")
            .help("write `timestamptz`")
            .suggest(at(file, tree.ty.span), "timestamptz"),
        );
        return;
    }
    let comparable = work.columns.iter().all(|c| {
        let generated = c.tree.is_some_and(|(_, t)| {
            t.clauses
                .iter()
                .any(|c| matches!(c.kind, ColumnClauseKind::Generated(..)))
        });
        !generated && crate::derived::has_equality(&c.ty)
    });
    let nodes = crate::derived::touch(&work.id, &column.name, comparable, at(file, clause.span));
    nodes.into_iter().for_each(|node| lowered.add(node));
}
