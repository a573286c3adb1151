//! `transitions`: the triggers that refuse a change of state, or an edit of a frozen row.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{function, has_equality, node};
use crate::names;
use crate::quote::{ident, literal};
use crate::schema::{Id, Kind, Name, Node, Object, Schema, Transitions, Trigger, TriggerEvent};

/// The functions and triggers of every `transitions` block.
pub(super) fn triggers(schema: &Schema) -> Vec<Node> {
    let mut nodes = Vec::new();
    for source in schema.of_kind(Kind::Transitions) {
        let Some(transitions) = source.object.as_transitions() else {
            continue;
        };
        let table = Id::table(source.id.schema.clone(), source.id.name.clone());
        let events = [TriggerEvent::Insert, TriggerEvent::Update(Vec::new())];
        let skip = usize::from(transitions.initial.is_empty());
        let body = changes(&table, &source.id.part, transitions);
        nodes.extend(pair(
            source,
            &table,
            "transition",
            body,
            events[skip..].to_vec(),
        ));
        if !transitions.frozen.is_empty() {
            let body = frozen(&table, &source.id.part, transitions, schema);
            let events = vec![TriggerEvent::Update(Vec::new())];
            nodes.extend(pair(source, &table, "frozen", body, events));
        }
    }
    nodes
}

/// A trigger and its function, which bear one name: that of the constraint they report.
fn pair(
    source: &Node,
    table: &Id,
    label: &str,
    body: String,
    events: Vec<TriggerEvent>,
) -> [Node; 2] {
    let name = constraint_name(table, &source.id.part, label);
    let id = Id::in_schema(Kind::Function, table.schema.clone(), name.as_str());
    let (id, mut routine) = function(id, "", "trigger", "plpgsql", body);
    routine
        .settings
        .insert(Name::from("search_path"), Name::from("\"\""));
    let function = node(id.clone(), Object::Routine(routine), &source.id);
    let trigger = Trigger::before(events, id.clone());
    let mut trigger = node(
        table.within(Kind::Trigger, name),
        Object::Trigger(trigger),
        &source.id,
    );
    trigger
        .needs
        .extend([id, table.within(Kind::Column, source.id.part.clone())]);
    trigger.origin = source.origin;
    [function, trigger]
}

fn constraint_name(table: &Id, column: &str, label: &str) -> String {
    names::object_name(&table.name, Some(column), label)
}

fn list(states: &[Arc<str>]) -> String {
    states
        .iter()
        .map(|s| literal(s))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The statement that refuses: SQLSTATE 23514 with all its fields, as a CHECK would.
fn refuse(table: &Id, column: &str, label: &str, message: &str, hint: Option<String>) -> String {
    let mut options = vec![
        ("errcode", literal("check_violation")),
        ("message", message.to_owned()),
    ];
    options.extend(hint.map(|hint| ("hint", hint)));
    options.extend([
        ("schema", literal(&table.schema)),
        ("table", literal(&table.name)),
        ("column", literal(column)),
        (
            "constraint",
            literal(&constraint_name(table, column, label)),
        ),
    ]);
    let lines: Vec<String> = options
        .iter()
        .map(|(name, value)| format!("      {name} = {value}"))
        .collect();
    format!("    raise exception using\n{};\n", lines.join(",\n"))
}

/// Refuses a new row in a state that is not initial, and a step that is not listed.
///
/// Null is no state: a column that accepts it leaves it for an initial state, and never returns.
fn changes(table: &Id, column: &str, transitions: &Transitions) -> String {
    let column_sql = ident(column);
    let what = format!("{}.{column}", table.name);
    let mut body = String::from("\nbegin\n");
    let mut word = "if";
    let initial = list(&transitions.initial);
    if !transitions.initial.is_empty() {
        let message = format!(
            "format({}, new.{column_sql})",
            literal(&format!("{} can't begin as %L", what.replace('%', "%%")))
        );
        let hint = literal(&format!(
            "a new row may begin as {}",
            plain(&transitions.initial)
        ));
        body.push_str(&format!(
            "  if tg_op = 'INSERT' then\n    if new.{column_sql} in ({initial}) or new.{column_sql} is null then\n      return new;\n    end if;\n"
        ));
        body.push_str(&refuse(table, column, "transition", &message, Some(hint)));
        word = "elsif";
    }
    let mut steps: BTreeMap<usize, (Arc<str>, Vec<Arc<str>>)> = BTreeMap::new();
    for (from, to) in &transitions.edges {
        let place = transitions
            .states
            .iter()
            .position(|s| s == from)
            .unwrap_or(usize::MAX);
        steps
            .entry(place)
            .or_insert_with(|| (from.clone(), Vec::new()))
            .1
            .push(to.clone());
    }
    let mut allowed = vec![format!(
        "new.{column_sql} is not distinct from old.{column_sql}"
    )];
    allowed.push(match transitions.initial.is_empty() {
        true => format!("old.{column_sql} is null"),
        false => format!("old.{column_sql} is null and new.{column_sql} in ({initial})"),
    });
    for (from, to) in steps.values() {
        let targets = match &to[..] {
            [one] => format!("new.{column_sql} = {}", literal(one)),
            several => format!("new.{column_sql} in ({})", list(several)),
        };
        allowed.push(format!(
            "old.{column_sql} = {} and {targets}",
            literal(from)
        ));
    }
    let message = format!(
        "format({}, old.{column_sql}, new.{column_sql})",
        literal(&format!(
            "{} can't change from %L to %L",
            what.replace('%', "%%")
        ))
    );
    // `coalesce`: a comparison with null would count as allowed under NOT.
    body.push_str(&format!(
        "  {word} not coalesce(\n    {},\n    false\n  ) then\n",
        allowed.join("\n    or ")
    ));
    body.push_str(&refuse(table, column, "transition", &message, None));
    body.push_str("  end if;\n  return new;\nend\n");
    body
}

fn plain(states: &[Arc<str>]) -> String {
    states
        .iter()
        .map(|s| format!("'{s}'"))
        .collect::<Vec<_>>()
        .join(" or ")
}

/// Refuses every edit of a row in a frozen state but of the columns that are excepted.
///
/// Generated columns follow the others, and a touched one is the trigger's to set.
fn frozen(table: &Id, column: &str, transitions: &Transitions, schema: &Schema) -> String {
    let column_sql = ident(column);
    let touched: Vec<Name> = schema
        .triggers(table)
        .filter_map(|(node, _)| node.derived_from.as_ref())
        .filter(|id| id.kind == Kind::Column)
        .map(|id| id.part.clone())
        .collect();
    let mut groups: Vec<(&[Name], Vec<Arc<str>>)> = Vec::new();
    for (state, except) in &transitions.frozen {
        match groups.iter_mut().find(|(e, _)| *e == except) {
            Some((_, states)) => states.push(state.clone()),
            None => groups.push((except, vec![state.clone()])),
        }
    }
    let mut body = String::from("\nbegin\n");
    for (except, states) in groups {
        let side = |row: &str| {
            let columns: Vec<String> = schema
                .columns(table)
                .iter()
                .filter(|(n, c)| {
                    c.generated.is_none()
                        && !except.contains(&n.id.part)
                        && !touched.contains(&n.id.part)
                })
                .map(|(n, c)| {
                    let cast = if has_equality(&c.ty) { "" } else { "::text" };
                    format!("{row}.{}{cast}", ident(&n.id.part))
                })
                .collect();
            format!("row({})", columns.join(", "))
        };
        let message = format!(
            "format({}, old.{column_sql})",
            literal(&format!(
                "{} can't be edited while {} is %L",
                table.name.replace('%', "%%"),
                column.replace('%', "%%")
            ))
        );
        let hint = (!except.is_empty()).then(|| {
            let names: Vec<&str> = except.iter().map(|n| n.as_str()).collect();
            literal(&format!("only {} may change", names.join(", ")))
        });
        body.push_str(&format!(
            "  if old.{column_sql} in ({})\n    and {}\n      is distinct from {}\n  then\n",
            list(&states),
            side("new"),
            side("old")
        ));
        body.push_str(&refuse(table, column, "frozen", &message, hint));
        body.push_str("  end if;\n");
    }
    body.push_str("  return new;\nend\n");
    body
}
