//! Triggers of tables and views.

use super::world::{World, at, unknown};
use super::{Lowered, object};
use crate::diagnostic::code;
use crate::expr::{Called, Context};
use crate::schema::{Deferrable, Id, Kind, Name, Node, Object, Trigger, TriggerEvent};
use crate::source::FileId;
use crate::syntax::tree;

/// `trigger`.
pub(super) fn lower<'t>(
    relation: &Id,
    file: FileId,
    x: &'t tree::Trigger,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let mut node = Node::new(
        relation.within(Kind::Trigger, x.name.name.clone()),
        Object::Opaque,
    );
    let mut events = Vec::new();
    for event in &x.events {
        events.push(match event {
            tree::TriggerEvent::Insert => TriggerEvent::Insert,
            tree::TriggerEvent::Delete => TriggerEvent::Delete,
            tree::TriggerEvent::Truncate => TriggerEvent::Truncate,
            tree::TriggerEvent::Update(columns) => {
                let found = world.columns_named(relation, file, columns, &mut lowered.faults);
                let columns = found.unwrap_or_default();
                node.needs.extend(
                    columns
                        .iter()
                        .map(|c| relation.within(Kind::Column, c.clone())),
                );
                TriggerEvent::Update(columns)
            }
        });
    }
    events.sort_by_key(|e| match e {
        TriggerEvent::Insert => 0,
        TriggerEvent::Delete => 1,
        TriggerEvent::Update(_) => 2,
        TriggerEvent::Truncate => 3,
    });
    let condition = x.when.as_ref().map(|when| {
        let table = world.relation(relation);
        let context = Context {
            table,
            trigger: true,
            ..Context::default()
        };
        let resolved = world.expr(file, when, context, &mut lowered.faults);
        node.needs.extend(resolved.needs);
        resolved.expr
    });
    let function = function(file, &x.function, world, lowered);
    node.needs.push(function.clone());
    let from_table = x
        .from
        .as_ref()
        .and_then(|from| world.table(file, from, &mut lowered.faults));
    node.needs.extend(from_table.clone());
    node.object = Object::Trigger(Trigger {
        timing: x.timing,
        events,
        for_each_row: x.for_each_row,
        condition,
        function,
        arguments: x.arguments.iter().map(|a| Name::from(&*a.value)).collect(),
        constraint: x
            .constraint
            .then(|| x.deferrable.map_or(Deferrable::No, |d| d.deferrable)),
        from_table,
        old_table: x.old_table.as_ref().map(|n| n.name.clone()),
        new_table: x.new_table.as_ref().map(|n| n.name.clone()),
        enabled: x.enabled,
        inherited: false,
    });
    let node = object::finish(
        node,
        at(file, x.name.span),
        &x.docs,
        &x.clauses,
        world,
        lowered,
    );
    lowered.add(node);
}

/// A trigger's function has no declared arguments.
fn function(file: FileId, name: &tree::QName, world: &World<'_>, lowered: &mut Lowered<'_>) -> Id {
    let schema = name.schema.as_ref().map(|s| s.name.as_str());
    let own = name.name.name.as_str();
    match world.symbols.function(schema, own, 0) {
        Called::Own(functions) => functions[0].id.clone(),
        Called::Extension(_, lives) => Id::in_schema(Kind::Function, lives, own),
        Called::Builtin => Id::in_schema(Kind::Function, "pg_catalog", own),
        Called::Unverified | Called::Unlisted => world.id(Kind::Function, name),
        Called::Unknown => {
            let names = world.symbols.function_names().map(|n| n.as_str());
            let place = at(file, name.span());
            lowered.faults.push(unknown(
                code::UNKNOWN_FUNCTION,
                "function",
                own,
                place,
                names,
            ));
            world.id(Kind::Function, name)
        }
    }
}
