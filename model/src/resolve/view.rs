//! Views: their columns, found in the order in which they select from each other, and their blocks.

use rustc_hash::FxHashMap;

use super::world::{Placed, World, at};
use super::{Lowered, Output, index, object, table, trigger};
use crate::expr::{self, Context, Relation};
use crate::schema::{Column, Expr, Id, Kind, Name, Node, Object, Settings, Type, View};
use crate::syntax::tree::{self, TableItem};

/// Makes every view a relation with the columns its query has.
///
/// A view is read once those that it mentions have been; where they mention each other in a circle
/// their columns stay unknown, and the server will say so.
pub(super) fn declare_columns(world: &mut World<'_>) {
    let mut mentions: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
    for id in world.views.keys() {
        let relation = Relation {
            id: id.clone(),
            columns: Vec::new(),
            open: true,
        };
        world.symbols.add_relation(relation);
    }
    for (id, (_, view)) in &world.views {
        let needs = expr::mentioned(&view.query.text, &world.symbols);
        let views = needs
            .into_iter()
            .filter(|n| n != id && world.views.contains_key(n))
            .collect();
        mentions.insert(id.clone(), views);
    }
    let mut order: Vec<Id> = Vec::new();
    let mut open = Vec::new();
    for id in world.views.keys() {
        visit(id, &mentions, &mut order, &mut open);
    }
    for id in order {
        let Some((_, view)) = world.views.get(&id) else {
            continue;
        };
        let columns: Vec<Name> = if view.columns.is_empty() {
            let context = Context {
                query: true,
                ..Context::default()
            };
            expr::columns(&view.query.text, context, &world.symbols)
        } else {
            view.columns.iter().map(|c| c.name.clone()).collect()
        };
        if !columns.is_empty() {
            world.symbols.close_relation(&id, columns);
        }
    }
}

fn visit(id: &Id, mentions: &FxHashMap<Id, Vec<Id>>, order: &mut Vec<Id>, open: &mut Vec<Id>) {
    if order.contains(id) || open.contains(id) {
        return;
    }
    open.push(id.clone());
    for next in mentions.get(id).into_iter().flatten() {
        visit(next, mentions, order, open);
    }
    open.pop();
    order.push(id.clone());
}

/// Lowers every view.
pub(super) fn lower<'t>(world: &World<'t>, out: &mut Output<'t>) {
    for (id, (file, view)) in &world.views {
        let mut lowered = Lowered::default();
        let mut node = Node::new(id.clone(), Object::Opaque);
        let context = Context {
            query: true,
            ..Context::default()
        };
        let resolved = world.expr(*file, &view.query, context, &mut lowered.faults);
        node.needs = resolved.needs;
        let named: Vec<Name> = view.columns.iter().map(|c| c.name.clone()).collect();
        let columns = if named.is_empty() {
            resolved.columns
        } else {
            named
        };
        let mut options: Settings = table::settings(&view.options);
        let mut tablespace = view.tablespace.as_ref().map(|t| t.name.clone());
        let mut clauses: Vec<&tree::ObjectClause> = view.clauses.iter().collect();
        for item in &view.body {
            let Placed { item, file, .. } = Placed {
                item,
                file: *file,
                include: None,
            };
            match item {
                TableItem::Index(x) => index::lower(id, file, x, world, &mut lowered),
                TableItem::Trigger(x) => trigger::lower(id, file, x, world, &mut lowered),
                TableItem::Clause(clause) => clauses.push(clause),
                TableItem::With(parameters) => options.extend(table::settings(parameters)),
                TableItem::Tablespace(name) => tablespace = Some(name.name.clone()),
                TableItem::ViewColumn(x) => {
                    view_column(id, file, x, &columns, world, &mut lowered);
                }
                TableItem::Column(_)
                | TableItem::Key(_)
                | TableItem::Check(_)
                | TableItem::ForeignKey(_)
                | TableItem::Exclude(_)
                | TableItem::Include(_)
                | TableItem::Use(_)
                | TableItem::Policy(_)
                | TableItem::Transitions(_)
                | TableItem::AppendOnly(_)
                | TableItem::Audited(_)
                | TableItem::RowSecurity(..)
                | TableItem::Inherited(_)
                | TableItem::OtherConstraint(_)
                | TableItem::ReplicaIdentity(..) => {}
            }
        }
        let query = if view.recursive {
            recursive(&resolved.expr, &id.name, &columns)
        } else {
            resolved.expr
        };
        node.object = Object::View(View {
            materialized: view.materialized,
            query,
            columns,
            options,
            populated: view.materialized && !view.with_no_data,
            tablespace,
            access_method: view.access_method.as_ref().map(|m| m.name.clone()),
        });
        let place = at(*file, view.name.span());
        let node = object::finish(node, place, &view.docs, clauses, world, &mut lowered);
        lowered.add(node);
        out.take(lowered);
    }
}

/// `recursive view` is short for this query, and the server keeps no more of it.
fn recursive(query: &Expr, name: &str, columns: &[Name]) -> Expr {
    let name = crate::quote::ident(name);
    let columns: Vec<_> = columns.iter().map(|c| crate::quote::ident(c)).collect();
    let columns = columns.join(", ");
    let head = format!("with recursive {name} ({columns}) as (");
    let tail = format!(") select {columns} from {name}");
    let mut whole = query.clone();
    whole.text = format!("{head}{}{tail}", query.text).into();
    for place in &mut whole.refs {
        place.start += head.len() as u32;
        place.end += head.len() as u32;
    }
    whole
}

/// A view's column is an object only where it says something; its type is the server's to know.
fn view_column(
    view: &Id,
    file: crate::source::FileId,
    x: &tree::ViewColumn,
    columns: &[Name],
    world: &World<'_>,
    lowered: &mut Lowered<'_>,
) {
    let place = at(file, x.name.span);
    if !columns.is_empty() && !columns.contains(&x.name.name) {
        let names = columns.iter().map(|n| n.as_str());
        let code = crate::diagnostic::code::UNKNOWN_COLUMN;
        lowered.faults.push(super::world::unknown(
            code,
            "column",
            &x.name.name,
            place,
            names,
        ));
        return;
    }
    let id = view.within(Kind::Column, x.name.name.clone());
    let mut column = Column::new(Type::builtin("unknown"));
    let mut node = Node::new(id, Object::Opaque);
    for clause in &x.clauses {
        match &clause.kind {
            tree::ColumnClauseKind::Default(default) => {
                let context = Context::default();
                let resolved = world.expr(file, default, context, &mut lowered.faults);
                node.needs.extend(resolved.needs);
                column.default = Some(resolved.expr);
            }
            tree::ColumnClauseKind::Storage(name) => {
                column.storage = Some(Name::from(name.name.to_ascii_lowercase()));
            }
            tree::ColumnClauseKind::Compression(name) => {
                column.compression = Some(Name::from(name.name.to_ascii_lowercase()));
            }
            tree::ColumnClauseKind::Statistics(target) => column.statistics = Some(*target),
            tree::ColumnClauseKind::With(all) => column.options = table::parameters(all),
            _ => {}
        }
    }
    node.object = Object::Column(column);
    node.comment = x.docs.as_deref().map(Into::into);
    node.origin = Some(place);
    lowered.add(node);
}
