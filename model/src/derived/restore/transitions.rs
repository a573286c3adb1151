//! The states and steps that a transition's trigger function allows.

use std::sync::Arc;

use super::reader::Reader;
use crate::names;
use crate::quote::ident;
use crate::schema::{Body, ConstraintBody, Id, Kind, Name, Schema, Transitions};

/// What the functions of a column's transitions say, and the table's columns in the order in which
/// they name them; `None` where they aren't written by this crate.
pub(super) fn read(schema: &Schema, table: &Id, column: &Id) -> Option<(Transitions, Vec<Name>)> {
    let body = function(schema, table, &column.part, "transition")?;
    let own = ident(&column.part);
    let mut reader = Reader::new(body);
    reader.expect("begin if")?;
    let mut initial = Vec::new();
    if reader.eats("tg_op = 'INSERT' then if new .") {
        reader.eat(&[&own]).then_some(())?;
        reader.expect("in (")?;
        initial = reader.strings()?;
    }
    let mut edges: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    while reader.next().is_some() {
        if !(reader.eats("or old .") && reader.eat(&[&own]) && reader.eat(&["="])) {
            continue;
        }
        let from = reader.string()?;
        reader.expect("and new .")?;
        reader.eat(&[&own]).then_some(())?;
        let to = if reader.eat(&["="]) {
            vec![reader.string()?]
        } else {
            reader.expect("in (")?;
            reader.strings()?
        };
        edges.extend(to.into_iter().map(|to| (from.clone(), to)));
        // The next step begins at the very next word.
        reader.at -= 1;
    }
    let (frozen, order) = match function(schema, table, &column.part, "frozen") {
        Some(body) => frozen(body, &own)?,
        None => (Vec::new(), Vec::new()),
    };
    let mut named: Vec<Arc<str>> = Vec::new();
    let steps = edges.iter().flat_map(|(from, to)| [from, to]);
    for state in initial
        .iter()
        .chain(steps)
        .chain(frozen.iter().map(|f| &f.0))
    {
        if !named.contains(state) {
            named.push(state.clone());
        }
    }
    let transitions = Transitions {
        states: values(schema, table, column).unwrap_or(named),
        edges,
        initial,
        frozen,
    };
    Some((transitions, order))
}

/// The body of a function that bears its trigger's name.
fn function<'s>(schema: &'s Schema, table: &Id, column: &str, label: &str) -> Option<&'s str> {
    let name = names::object_name(&table.name, Some(column), label);
    let id = Id::in_schema(Kind::Function, table.schema.clone(), name);
    match &schema.get(&id)?.object.as_routine()?.body {
        Body::Text(body) => Some(&body.text),
        Body::Sql(_) | Body::Library(..) => None,
    }
}

/// States, each with the columns that may still change.
type Frozen = Vec<(Arc<str>, Vec<Name>)>;

/// The frozen states, each with the columns that the hint says may change; and the longest list of
/// columns that are compared.
fn frozen(body: &str, own: &str) -> Option<(Frozen, Vec<Name>)> {
    let mut order: Vec<Name> = Vec::new();
    let mut frozen = Frozen::new();
    let mut reader = Reader::new(body);
    let mut since = 0;
    while reader.next().is_some() {
        if reader.eats("old .") && reader.eat(&[own]) && reader.eats("in (") {
            since = frozen.len();
            let states = reader.strings()?;
            frozen.extend(states.into_iter().map(|state| (state, Vec::new())));
        } else if reader.eats("and row (") {
            let row = columns(&mut reader);
            if row.len() > order.len() {
                order = row;
            }
        } else if reader.eats("hint =") {
            let hint = reader.string()?;
            let columns = hint.strip_prefix("only ")?.strip_suffix(" may change")?;
            let columns: Vec<Name> = columns.split(", ").map(Name::from).collect();
            for (_, except) in &mut frozen[since..] {
                except.clone_from(&columns);
            }
        }
    }
    Some((frozen, order))
}

/// The names behind each `new.`, up to the closing parenthesis.
fn columns(reader: &mut Reader<'_>) -> Vec<Name> {
    let mut names = Vec::new();
    while let Some(word) = reader.next().filter(|word| *word != ")") {
        if word == "new" && reader.eat(&["."]) {
            let quoted = reader.next().unwrap_or("");
            let bare = quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"'));
            names.push(match bare {
                Some(bare) => Name::from(bare.replace("\"\"", "\"").as_str()),
                None => Name::from(quoted),
            });
        }
    }
    names
}

/// What the column can hold, where a type or a check says it.
fn values(schema: &Schema, table: &Id, column: &Id) -> Option<Vec<Arc<str>>> {
    let ty = &schema.get(column)?.object.as_column()?.ty;
    if let Some(of) = &ty.schema {
        let id = Id::in_schema(Kind::Enum, of.clone(), ty.name.clone());
        return Some(schema.get(&id)?.object.as_enum()?.labels.clone());
    }
    schema.constraints(table).find_map(|(_, constraint)| {
        let ConstraintBody::Check(check) = &constraint.body else {
            return None;
        };
        let mut reader = Reader::new(&check.condition.text);
        let own = ident(&column.part);
        (reader.eat(&[&own]) && reader.eats("in (")).then(|| reader.strings())?
    })
}
