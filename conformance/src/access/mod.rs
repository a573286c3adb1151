//! Access, proven: every persona of the model's intent acts on rows of every kind, and what happens is
//! compared with what was meant.
//!
//! It reads no policy: rows come from the ties that the intent states, and the server answers. All of
//! it happens in a transaction that is rolled back.

mod act;
mod board;
mod kinds;
mod people;
mod probes;
mod rows;
mod through;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use model::Id;
use model::schema::{Columns, ConstraintBody, Meant, Name, Persona, Privilege, Schema, Tie};

use crate::rows::{Bench, Manner, Stop};

pub(crate) use board::Board;
pub(crate) use people::sign_in;

/// What a persona tries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `INSERT … RETURNING`.
    Returning,
    /// `UPDATE` that leaves the row where it belongs.
    Update,
    /// `UPDATE` that gives the row to somebody else.
    Move,
    /// `INSERT … ON CONFLICT DO UPDATE`.
    Upsert,
    /// `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
    /// Whether a row shows in that view, or in what that function returns.
    Through(String),
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verb::Select => "select",
            Verb::Insert => "insert",
            Verb::Returning => "insert returning",
            Verb::Update => "update",
            Verb::Move => "give away",
            Verb::Upsert => "upsert",
            Verb::Delete => "delete",
            Verb::Truncate => "truncate",
            Verb::Through(name) => return write!(f, "see through {name}"),
        })
    }
}

/// What became of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// It was done.
    Allowed,
    /// It was refused, or found no row; with the server's words.
    Refused(String),
    /// Something else stood in the way, so that it shows nothing.
    Unknown(String),
}

/// One try: a persona, a row, and what was meant to become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Who.
    pub persona: Name,
    /// What they tried.
    pub verb: Verb,
    /// With which row, in words.
    pub row: String,
    /// Whether it was meant to be allowed.
    pub meant: bool,
    /// What became of it.
    pub got: Got,
}

impl Probe {
    /// Whether what happened is what was meant; none where nothing was shown.
    pub fn is_as_meant(&self) -> Option<bool> {
        match &self.got {
            Got::Allowed => Some(self.meant),
            Got::Refused(_) => Some(!self.meant),
            Got::Unknown(_) => None,
        }
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |allowed| if allowed { "allowed" } else { "refused" };
        let (persona, verb, row, meant) = (&self.persona, &self.verb, &self.row, word(self.meant));
        write!(f, "{persona}, {row}, {verb}: meant {meant}, ")?;
        match &self.got {
            Got::Allowed => f.write_str("got allowed"),
            Got::Refused(why) => write!(f, "got refused ({why})"),
            Got::Unknown(why) => write!(f, "got no answer ({why})"),
        }
    }
}

/// Everything that was tried with one table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Each try, in a fixed order.
    pub probes: Vec<Probe>,
}

/// What was tried with one table, or why its rows could not be made.
pub type Answer = Result<Found, String>;

/// Tries everything with the rows of one table, inside a transaction of the caller's.
///
/// # Errors
///
/// [`Stop`] where the rows could not be made, or the connection failed.
pub fn found(bench: &mut Bench, table: &Id) -> Result<Found, Stop> {
    let schema = bench.schema();
    let intent = schema.intent();
    let Some(meant) = intent.relations.get(table) else {
        return Ok(Found::default());
    };
    probes::run(bench, &schema, table, meant)
}

/// Tries everything with the rows of every table that the intent is about, each table in a transaction
/// that is rolled back.
///
/// # Errors
///
/// [`Stop::Fault`] where the connection failed. A table whose rows could not be made has the
/// reason in its place.
pub fn matrix(bench: &mut Bench) -> Result<Vec<(Id, Answer)>, Stop> {
    let schema = bench.schema();
    let manner = Manner {
        triggers_count: false,
        cascade: false,
    };
    let all = Mutex::new(Vec::new());
    for table in tables(&schema) {
        bench.check(
            |_| Vec::new(),
            manner,
            |bench| {
                let answer = board::apart(bench, &table)?;
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                all.push((table.clone(), answer));
                Ok(())
            },
        )?;
    }
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The tables that the intent is about and whose rows can be made.
pub fn tables(schema: &Schema) -> Vec<Id> {
    let all = schema.intent().relations.keys();
    all.filter(|id| crate::rows::rows_can_be_made(schema, id))
        .cloned()
        .collect()
}

/// The cells of a table that are put to the proof: each persona with what it tries.
pub fn cells(schema: &Schema, table: &Id) -> Vec<(Name, Verb)> {
    let intent = schema.intent();
    let Some(meant) = intent.relations.get(table) else {
        return Vec::new();
    };
    let sights = through::sights(schema, table);
    let kinds = kinds::kinds(schema, table, meant, intent);
    let classes = kinds::classes(intent);
    let mut found = Vec::new();
    for persona in &intent.personas {
        let may = |command| may(meant, persona, command);
        let class = classes.iter().find(|c| c.contains(&persona));
        let mut push = |verb: Verb| found.push((persona.name.clone(), verb));
        push(Verb::Select);
        push(Verb::Insert);
        if may(Privilege::Insert) {
            push(Verb::Returning);
        }
        push(Verb::Update);
        let several = class.is_some_and(|c| {
            let ties: BTreeSet<_> = c.iter().map(|p| meant.ties_of(p)).collect();
            ties.len() > 1
        });
        let key = schema.primary_key(table);
        // A row that is the persona's by its key is nobody else's.
        let by_key = |(tie, ways): (&Name, &Vec<Tie>)| {
            let own = |way: &Tie| way.path.is_empty() && way.member.is_none();
            let keyed = ways.iter().any(|way| own(way) && key.contains(&way.column));
            keyed && meant.ties_of(persona).contains(tie)
        };
        let kept = meant.ties.iter().any(by_key);
        if may(Privilege::Update) && several && !kept && movable(schema, table, meant) {
            push(Verb::Move);
        }
        let key = !key.is_empty();
        let whole = |command| {
            let cell = meant.cell(&persona.name, None);
            cell.and_then(|c| c.allowed.get(&command)) == Some(&Columns::All)
        };
        if whole(Privilege::Insert) && whole(Privilege::Update) && key {
            push(Verb::Upsert);
        }
        push(Verb::Delete);
        push(Verb::Truncate);
        let hidden = kinds.iter().any(|kind| {
            let own = class.is_some_and(|c| kind.personas(c, meant).contains(&persona));
            own && !kind.allows(meant, persona, Privilege::Select)
        });
        for sight in &sights {
            let said = intent.relations.get(&sight.id);
            if hidden || said.is_some_and(|m| m.of.as_ref() == Some(table)) {
                push(Verb::Through(sight.name.clone()));
            }
        }
    }
    found
}

/// Whether a row can be given away: what it is tied by is no part of its key.
fn movable(schema: &Schema, table: &Id, meant: &Meant) -> bool {
    let key = schema.primary_key(table);
    meant.ties.values().flatten().any(|way| {
        let hop = way.path.first().and_then(|id| schema.get(id));
        match hop.and_then(|n| n.object.as_constraint()).map(|c| &c.body) {
            Some(ConstraintBody::ForeignKey(hop)) => !hop.columns.iter().any(|c| key.contains(c)),
            Some(_) => false,
            None => way.path.is_empty() && way.member.is_none() && !key.contains(&way.column),
        }
    })
}

/// Whether the persona may do that with its own rows.
fn may(meant: &Meant, persona: &Persona, command: Privilege) -> bool {
    let cell = meant.cell(&persona.name, None);
    cell.is_some_and(|c| c.allowed.contains_key(&command))
}

/// What the tries of one cell came to.
pub(crate) fn judge(found: &Found, persona: &Name, verb: &Verb) -> Result<(), Stop> {
    let own: Vec<&Probe> = found
        .probes
        .iter()
        .filter(|p| p.persona == *persona && p.verb == *verb)
        .collect();
    let lines = |wanted: Option<bool>| -> BTreeSet<String> {
        let some = own.iter().filter(|p| p.is_as_meant() == wanted);
        some.map(|p| p.to_string()).collect()
    };
    let joined = |lines: BTreeSet<String>| lines.into_iter().collect::<Vec<_>>().join("\n");
    let wrong = lines(Some(false));
    if !wrong.is_empty() {
        return Err(Stop::Failed(joined(wrong)));
    }
    let unknown = lines(None);
    match (unknown.is_empty(), own.is_empty()) {
        (false, _) => Err(Stop::Undecided(joined(unknown))),
        (true, true) => Err(Stop::Undecided(format!(
            "no row shows what {persona} may {verb}"
        ))),
        (true, false) => Ok(()),
    }
}
