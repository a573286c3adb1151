//! `touch`: a column that is set to `now()` whenever its row changes.

use super::{function, node};
use crate::names;
use crate::quote;
use crate::schema::{Expr, Id, Kind, Name, Node, Object, Origin, Trigger, TriggerEvent};

/// The trigger of one column, and the function it shares with all columns of that name.
///
/// An update that changes nothing leaves the time alone, where rows can be compared: not in a table
/// with generated columns, which a BEFORE trigger sees before they are computed, nor with types
/// that have no equality.
pub(crate) fn touch(table: &Id, column: &Name, comparable: bool, place: Origin) -> Vec<Node> {
    let source = table.within(Kind::Column, column.clone());
    let name = names::object_name("touch", Some(column), "");
    let id = Id::in_schema(Kind::Function, table.schema.clone(), name);
    let column_sql = quote::ident(column);
    let body = format!("\nbegin\n  new.{column_sql} := now();\n  return new;\nend\n");
    let (id, mut routine) = function(id, "", "trigger", "plpgsql", body);
    routine
        .settings
        .insert(Name::from("search_path"), Name::from("\"\""));
    let mut function = node(id.clone(), Object::Routine(routine), &source);
    function.comment = Some(format!("Sets {column} to the time of the update.").into());
    let name = names::object_name(&table.name, Some(column), "touch");
    let trigger = Trigger {
        condition: comparable.then(|| Expr::new("old.* IS DISTINCT FROM new.*")),
        ..Trigger::before(vec![TriggerEvent::Update(Vec::new())], id.clone())
    };
    let mut trigger = node(
        table.within(Kind::Trigger, name),
        Object::Trigger(trigger),
        &source,
    );
    trigger.needs.extend([id, source]);
    trigger.origin = Some(place);
    vec![function, trigger]
}
