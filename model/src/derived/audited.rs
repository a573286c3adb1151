//! `audited into`: the triggers that write a line for each change of a row, and the function of the
//! trail that they share.
//!
//! The function runs as its owner. Whoever changes a row so needs no right on the trail, and a right
//! to insert there would let them write what never happened.

use std::fmt::Write as _;

use super::{function, node};
use crate::names;
use crate::quote::{ident, qualified, type_name};
use crate::schema::{
    Audited, Column, Id, Kind, Name, Node, Object, PUBLIC, Privileges, Schema, TrailPart, Trigger,
    TriggerEvent, TriggerTiming,
};

/// How the function begins. What a row holds is read once, and what is excepted is left out at once.
const HEAD: &str = "
declare
  before jsonb := to_jsonb(old) - tg_argv[2]::text[];
  after jsonb := to_jsonb(new) - tg_argv[2]::text[];
  held jsonb := coalesce(to_jsonb(new), to_jsonb(old));
begin
  -- No line can tell of rows that nobody sees go.
  if tg_op = 'TRUNCATE' then
    raise exception using
      errcode = 'restrict_violation',
      message = format('%I.%I is audited: its rows are deleted one by one', tg_table_schema, tg_table_name),
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_name;
  end if;
  -- Nothing changed that would be written down.
  if before = after then
    return null;
  end if;
";

/// The columns that differ, each with both values.
const CHANGES: &str = "(
      select coalesce(jsonb_object_agg(key, jsonb_build_object('before', before -> key, 'after', after -> key)), '{}')
      from jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) as key
      where before -> key is distinct from after -> key
    )";

/// A key as a document, whatever it consists of.
const KEY_DOCUMENT: &str =
    "(select jsonb_object_agg(key, held -> key) from unnest(tg_argv[1]::text[]) as key)";

/// The trails' functions, and the triggers of every table that is audited.
pub(super) fn triggers(schema: &Schema) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (table, own) in schema.tables().filter(|(node, _)| !node.external) {
        let said = own.writes.audited.as_deref();
        let Some((_, audited)) = schema.audited(&table.id) else {
            continue;
        };
        let Some(trail) = schema.get(&audited.into).filter(|node| !node.external) else {
            continue;
        };
        let function = routine(schema, trail);
        // A partition takes over its parent's triggers on rows, and can be emptied by itself.
        if said.is_some() {
            let arguments = arguments(schema, &table.id, audited);
            let events = [TriggerEvent::Insert, TriggerEvent::Delete];
            let update = TriggerEvent::Update(Vec::new());
            let trigger = Trigger {
                timing: TriggerTiming::After,
                arguments,
                ..Trigger::before(events.into_iter().chain([update]).collect(), id(&trail.id))
            };
            nodes.push(of(table, on_rows(&table.id), trigger));
        }
        let trigger = Trigger::before(vec![TriggerEvent::Truncate], id(&trail.id));
        let name = names::object_name(&table.id.name, None, "audited_truncate");
        nodes.push(of(table, name, trigger));
        nodes.push(function);
    }
    nodes
}

/// The name of the trigger that writes the lines.
pub(super) fn on_rows(table: &Id) -> String {
    names::object_name(&table.name, None, "audited")
}

/// The function that writes into a trail.
fn id(trail: &Id) -> Id {
    let name = names::object_name(&trail.name, None, "trail");
    Id::in_schema(Kind::Function, trail.schema.clone(), name)
}

fn of(table: &Node, name: String, trigger: Trigger) -> Node {
    let function = trigger.function.clone();
    let object = Object::Trigger(trigger);
    let mut trigger = node(table.id.within(Kind::Trigger, name), object, &table.id);
    trigger.needs.push(function);
    trigger.origin = table.origin;
    trigger
}

/// What the triggers of a table tell the function: its name, its key, what is excepted, and where it
/// has what the trail holds of a row.
fn arguments(schema: &Schema, table: &Id, audited: &Audited) -> Vec<Name> {
    let trail = &audited.into;
    let name = match table.schema == trail.schema {
        true => table.name.to_string(),
        false => format!("{}.{}", table.schema, table.name),
    };
    let parts = schema.trail(trail);
    let document = parts.iter().any(|(node, part)| {
        *part == TrailPart::Key && schema.column(trail, &node.id.part).is_some_and(is_document)
    });
    let primary = schema.primary_key(table);
    let key = match (document, &*primary) {
        (false, [column]) => column.to_string(),
        _ => array(&primary),
    };
    let held = parts.iter().filter(|(_, part)| *part == TrailPart::Column);
    let held = held.map(|(node, _)| {
        let column = schema.audited_column(table, audited, &node.id.part);
        column.unwrap_or_default()
    });
    let all = [
        Name::from(name),
        Name::from(key),
        Name::from(array(&audited.except)),
    ];
    all.into_iter().chain(held).collect()
}

fn is_document(column: &Column) -> bool {
    column.ty.is("jsonb")
}

/// An array of text, as PostgreSQL reads it.
fn array(names: &[Name]) -> String {
    let quoted = |name: &Name| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        match name.chars().all(plain) && !name.eq_ignore_ascii_case("null") {
            true => name.to_string(),
            false => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
        }
    };
    let names: Vec<String> = names.iter().map(quoted).collect();
    format!("{{{}}}", names.join(","))
}

/// The names in an array of text that this module wrote.
pub(super) fn names_in(array: &str) -> Option<Vec<Name>> {
    let mut rest = array
        .strip_prefix('{')?
        .strip_suffix('}')?
        .chars()
        .peekable();
    let mut names = Vec::new();
    while rest.peek().is_some() {
        let mut name = String::new();
        let inside = rest.next_if_eq(&'"').is_some();
        while let Some(c) = rest.next_if(|c| *c != if inside { '"' } else { ',' }) {
            name.push(if c == '\\' { rest.next()? } else { c });
        }
        if inside {
            rest.next_if_eq(&'"')?;
        }
        names.push(Name::from(name));
        if rest.peek().is_some() {
            rest.next_if_eq(&',')?;
        }
    }
    Some(names)
}

fn routine(schema: &Schema, trail: &Node) -> Node {
    let (id, mut routine) = function(id(&trail.id), "", "trigger", "plpgsql", body(schema, trail));
    routine.security_definer = true;
    routine
        .settings
        .insert(Name::from("search_path"), Name::from("\"\""));
    let mut function = node(id, Object::Routine(routine), &trail.id);
    let says = format!(
        "Writes a line of {} for each change of a row.",
        trail.id.name
    );
    function.comment = Some(says.into());
    // Whoever may execute it could make it the trigger of a table of their own.
    function.privileges.insert(PUBLIC.into(), Privileges::new());
    // It inserts as its owner, and so is the trail owner's.
    function.owner.clone_from(&trail.owner);
    function.needs.push(trail.id.clone());
    function
}

fn body(schema: &Schema, trail: &Node) -> String {
    let parts = schema.trail(&trail.id);
    let columns: Vec<_> = parts.iter().map(|(node, _)| ident(&node.id.part)).collect();
    let mut text = String::from(HEAD);
    let relation = qualified(&trail.id.schema, &trail.id.name);
    // Writing to a String can't fail.
    let _ = writeln!(
        text,
        "  insert into {relation} ({})\n  values (",
        columns.join(", ")
    );
    let mut held = 3;
    let mut values = Vec::new();
    for (node, part) in &parts {
        if let Some(column) = schema.column(&trail.id, &node.id.part) {
            values.push(format!("    {}", value(column, *part, held)));
            held += usize::from(*part == TrailPart::Column);
        }
    }
    text + &values.join(",\n") + "\n  );\n  return null;\nend\n"
}

/// What a column of the trail is given. `held` is the argument that names the row's column.
pub(super) fn value(column: &Column, part: TrailPart, held: usize) -> String {
    let is_text = ["text", "character varying"]
        .iter()
        .any(|t| column.ty.is(t));
    let cast = |text: String| match is_text {
        true => text,
        false => format!("{text}::{}", type_name(&column.ty)),
    };
    match part {
        TrailPart::Operation { lower: true } => cast("lower(tg_op)".to_owned()),
        TrailPart::Operation { lower: false } => cast("tg_op".to_owned()),
        TrailPart::Table => cast("tg_argv[0]".to_owned()),
        TrailPart::Key if is_document(column) => KEY_DOCUMENT.to_owned(),
        TrailPart::Key => cast("(held ->> tg_argv[1])".to_owned()),
        TrailPart::Before => "before".to_owned(),
        TrailPart::After => "after".to_owned(),
        TrailPart::Changes => CHANGES.to_owned(),
        TrailPart::Column if is_document(column) => format!("held -> tg_argv[{held}]"),
        TrailPart::Column => cast(format!("(held ->> tg_argv[{held}])")),
    }
}

/// What the columns of a trail say, as the body of its function tells.
pub(super) fn parts_in(schema: &Schema, trail: &Id, body: &str) -> Option<Vec<(Name, TrailPart)>> {
    let relation = qualified(&trail.schema, &trail.name);
    let rest = body.strip_prefix(HEAD)?;
    let rest = rest.strip_prefix(&format!("  insert into {relation} ("))?;
    let (columns, mut rest) = rest.split_once(")\n  values (\n")?;
    let mut parts = Vec::new();
    let mut held = 3;
    for named in columns.split(", ") {
        let mut own = schema.columns(trail).into_iter();
        let (node, column) = own.find(|(node, _)| ident(&node.id.part) == named)?;
        let written = |part: &TrailPart| format!("    {}", value(column, *part, held));
        let part = ALL.into_iter().find(|part| {
            let after = rest.strip_prefix(&written(part));
            after.is_some_and(|after| after.starts_with(",\n") || after.starts_with("\n  );"))
        })?;
        rest = &rest[written(&part).len()..];
        rest = rest.strip_prefix(",\n").unwrap_or(rest);
        held += usize::from(part == TrailPart::Column);
        parts.push((node.id.part.clone(), part));
    }
    Some(parts)
}

const ALL: [TrailPart; 8] = [
    TrailPart::Operation { lower: true },
    TrailPart::Operation { lower: false },
    TrailPart::Table,
    TrailPart::Key,
    TrailPart::Before,
    TrailPart::After,
    TrailPart::Changes,
    TrailPart::Column,
];
