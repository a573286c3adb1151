//! `append only`: the triggers that refuse to change, delete or empty what was written.

use super::{function, node};
use crate::names;
use crate::schema::{Id, Kind, Name, Node, Object, Schema, Trigger, TriggerEvent};

/// The function that the triggers of a schema share: SQLSTATE 23001 with all its fields.
const REFUSE: &str = "
begin
  raise exception using
    errcode = 'restrict_violation',
    message = format('%I.%I is append-only: its rows are never changed', tg_table_schema, tg_table_name),
    detail = format('%s was refused', tg_op),
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = tg_name;
end
";

/// The functions and triggers of every table that is `append only`.
pub(super) fn triggers(schema: &Schema) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (table, own) in schema.tables().filter(|(node, _)| !node.external) {
        if own.writes.append_only {
            nodes.extend(refuse(table, true));
        } else if own.partition_of.is_some() && schema.is_append_only(&table.id) {
            // A partition takes over its parent's triggers on rows, and can be emptied by itself.
            nodes.extend(refuse(table, false));
        }
    }
    nodes
}

/// The name of the trigger on rows, which is that of the constraint that it reports.
pub(super) fn on_rows(table: &Id) -> String {
    names::object_name(&table.name, None, "append_only")
}

fn refuse(table: &Node, rows: bool) -> Vec<Node> {
    let id = Id::in_schema(Kind::Function, table.id.schema.clone(), "append_only");
    let (id, mut routine) = function(id, "", "trigger", "plpgsql", REFUSE.to_owned());
    routine
        .settings
        .insert(Name::from("search_path"), Name::from("\"\""));
    let mut function = node(id.clone(), Object::Routine(routine), &table.id);
    function.comment = Some("Refuses to change what is only ever added to.".into());
    let mut nodes = vec![function];
    let update = vec![TriggerEvent::Delete, TriggerEvent::Update(Vec::new())];
    if rows {
        nodes.push(trigger(table, &id, on_rows(&table.id), update));
    }
    // A TRUNCATE has no rows that a trigger could see.
    let name = names::object_name(&table.id.name, None, "append_only_truncate");
    nodes.push(trigger(table, &id, name, vec![TriggerEvent::Truncate]));
    nodes
}

fn trigger(table: &Node, function: &Id, name: String, events: Vec<TriggerEvent>) -> Node {
    let trigger = Trigger::before(events, function.clone());
    let mut trigger = node(
        table.id.within(Kind::Trigger, name),
        Object::Trigger(trigger),
        &table.id,
    );
    trigger.needs.push(function.clone());
    trigger.origin = table.origin;
    trigger
}
