//! What each persona of an intent could do before and can do afterwards: the matrix twice, on two
//! databases of the suite's own.
//!
//! Both are asked by the intent of afterwards; a table that is in one of the states only is nobody's
//! before, or nobody's any more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Id;
use model::quote::{literal, qualified};
use model::schema::{ConstraintBody, Intent, Meant, Name, Schema, Tie};

use super::Change;
use crate::access::{self, Found, Got, Verb};
use crate::rows::{Bench, Stop};
use crate::suite::Ground;

/// What the personas gain and lose, and the tables of which nothing can be said, with the reason.
#[derive(Debug, Default)]
pub(super) struct Personas {
    pub(super) changes: Vec<Change>,
    pub(super) answers: usize,
    pub(super) unsaid: Vec<String>,
}

/// What one try came to, by who, what and which row: whether it was done, and whether it was meant to
/// be.
type Tries = BTreeMap<(Name, Verb, String), (bool, bool)>;

/// What was tried in one state, by table, with the roles that were there.
struct State {
    tables: BTreeMap<Id, Result<Tries, String>>,
    roles: BTreeSet<String>,
}

/// Asks as every persona, before the statements and after them.
///
/// # Errors
///
/// [`Stop::Failed`] where the statements are refused; [`Stop::Fault`] where the server fails.
pub(super) fn compare(ground: &Ground, sql: &str, wanted: &Schema) -> Result<Personas, Stop> {
    let intent = wanted.intent();
    if intent.personas.is_empty() {
        return Ok(Personas::default());
    }
    let from = &ground.subject().schema;
    let old = Arc::new(Schema::clone(from).meaning(known_to(intent, from)));
    let new = Arc::new(wanted.clone());
    let (before, after) = std::thread::scope(|scope| {
        let before = scope.spawn(|| state(ground, None, &old));
        let after = state(ground, Some(sql), &new);
        (before.join(), after)
    });
    let before = before.map_err(|_| Stop::Fault("the matrix before was not made".into()))??;
    Ok(differences(intent, &before, &after?))
}

fn state(ground: &Ground, sql: Option<&str>, schema: &Arc<Schema>) -> Result<State, Stop> {
    let database = ground.migrated()?;
    let connect = || database.connect().map_err(crate::suite::GroundError::from);
    if let Some(sql) = sql {
        migrations::apply::script(&mut connect()?, sql)
            .map_err(|error| Stop::Failed(error.to_string()))?;
    }
    let path = ground.subject().default_schema.clone();
    let client = connect()?;
    let mut bench = Bench::new(client, Arc::clone(schema), path).keep(database);
    let intent = schema.intent();
    let named: Vec<String> = intent.personas.iter().map(|p| literal(&p.role)).collect();
    let sql = format!(
        "SELECT rolname AS role FROM pg_catalog.pg_roles WHERE rolname IN ({})",
        named.join(", ")
    );
    let rows = bench.query(&sql)?.into_iter();
    let roles: BTreeSet<String> = rows
        .filter_map(|mut r| r.remove("role").flatten())
        .collect();
    if intent
        .personas
        .iter()
        .any(|p| !roles.contains(p.role.as_str()))
    {
        // Who is not there yet can do nothing yet.
        let mut there = intent.clone();
        there.personas.retain(|p| roles.contains(p.role.as_str()));
        bench.think(Arc::new(Schema::clone(schema).meaning(there)));
    }
    let asked = access::matrix(&mut bench)?;
    let tries = |answer: access::Answer| answer.map(|found| tries(&found));
    Ok(State {
        tables: asked
            .into_iter()
            .map(|(id, answer)| (id, tries(answer)))
            .collect(),
        roles,
    })
}

/// What each try showed: done if it was done in any way.
fn tries(found: &Found) -> Tries {
    let mut tries = Tries::new();
    for probe in &found.probes {
        let done = match probe.got {
            Got::Allowed => true,
            Got::Refused(_) => false,
            Got::Unknown(_) => continue,
        };
        let key = (probe.persona.clone(), probe.verb.clone(), probe.row.clone());
        let known = tries.entry(key).or_insert((done, probe.meant));
        known.0 |= done;
    }
    tries
}

fn differences(intent: &Intent, before: &State, after: &State) -> Personas {
    let mut said = Personas::default();
    for (table, new) in &after.tables {
        let Some(old) = before.tables.get(table) else {
            continue;
        };
        let (old, new) = match (old, new) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => {
                let why = why.lines().next().unwrap_or_default();
                said.unsaid.push(format!("{table}: {why}"));
                continue;
            }
        };
        said.answers += old.len() + new.len();
        for persona in &intent.personas {
            let absent = !before.roles.contains(persona.role.as_str());
            let own = |key: &&(Name, Verb, String)| key.0 == persona.name;
            let verbs: BTreeSet<&Verb> = old
                .keys()
                .chain(new.keys())
                .filter(own)
                .map(|key| &key.1)
                .collect();
            for verb in verbs {
                let change = of_verb(verb, &persona.name, old, new, absent);
                let (gained, lost, reached) = change;
                if gained.is_empty() && lost.is_empty() {
                    continue;
                }
                said.changes.push(Change {
                    actor: format!("{} as {}", persona.role, persona.name),
                    what: verb.to_string(),
                    object: qualified(&table.schema, &table.name),
                    gained,
                    lost,
                    before: reached,
                    told: true,
                });
            }
        }
    }
    said
}

/// The rows that are gained and lost, and how many kinds of rows were reached before.
fn of_verb(
    verb: &Verb,
    persona: &Name,
    old: &Tries,
    new: &Tries,
    absent: bool,
) -> (Vec<String>, Vec<String>, usize) {
    let of = |tries: &Tries| -> BTreeMap<String, (bool, bool)> {
        let own = tries
            .iter()
            .filter(|((p, v, _), _)| p == persona && v == verb);
        own.map(|((.., row), answer)| (row.clone(), *answer))
            .collect()
    };
    let (old, new) = (of(old), of(new));
    // What is looked through may be made or dropped; any other try that one state lacks could not
    // be made there, and says nothing.
    let nothing_else = absent || matches!(verb, Verb::Through(_));
    let rows: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let (mut gained, mut lost) = (Vec::new(), Vec::new());
    for row in rows {
        let (did, does) = match (old.get(row), new.get(row)) {
            (Some(did), Some(does)) => (did.0, *does),
            (None, Some(does)) if nothing_else => (false, *does),
            (Some(did), None) if nothing_else => (did.0, (false, did.1)),
            _ => continue,
        };
        match (did, does) {
            (false, (true, true)) => gained.push(row.clone()),
            (false, (true, false)) => gained.push(format!("{row} (not meant)")),
            (true, (false, true)) => lost.push(format!("{row} (meant to be allowed)")),
            (true, (false, false)) => lost.push(row.clone()),
            _ => {}
        }
    }
    let reached = old.values().filter(|(done, _)| *done).count();
    (gained, lost, reached)
}

/// The intent as far as the schema has what it speaks of.
fn known_to(intent: &Intent, schema: &Schema) -> Intent {
    let mut known = intent.clone();
    let has = |table: &Id, column: &Name| schema.column(table, column).is_some();
    let row = |row: &model::schema::PersonRow| row.values.keys().all(|c| has(&row.table, c));
    known.rows.retain(row);
    for persona in &mut known.personas {
        persona.rows.retain(row);
    }
    let way = |table: &Id, way: &Tie| {
        let mut at = table.clone();
        for hop in way.path.iter().chain(&way.member) {
            let key = schema.get(hop).and_then(|n| n.object.as_constraint());
            let Some(ConstraintBody::ForeignKey(key)) = key.map(|c| &c.body) else {
                return false;
            };
            at = match Some(hop) == way.member.as_ref() {
                true => Id::table(hop.schema.clone(), hop.name.clone()),
                false => key.target.clone(),
            };
        }
        has(&at, &way.column)
    };
    let whole = |table: &Id, meant: &Meant| {
        let mut ways = meant.ties.values().flatten();
        schema.contains(table)
            && ways.all(|w| way(table, w))
            && meant.states.iter().all(|s| has(table, &s.column))
            && meant.of.as_ref().is_none_or(|of| schema.contains(of))
    };
    known.relations.retain(|table, meant| whole(table, meant));
    known
}
