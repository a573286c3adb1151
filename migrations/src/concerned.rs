//! How many rows of a live database a statement concerns: those that lose something, are written
//! anew, or are read while others wait.
//!
//! Only looks; what can't be counted is not said, and no count is ever guessed from a plan.

mod subject;

use std::collections::HashMap;
use std::fmt;

use model::quote::literal;
use postgres::{GenericClient, SimpleQueryMessage};

use crate::plan::{HazardKind, Plan};
use crate::script::units;
use subject::{Renames, Subject};

/// Up to so many bytes a table is read to count its rows; of a larger one the planner's estimate
/// is taken, which its last `ANALYZE` or `VACUUM` left.
const READ: u64 = 8 << 20;

/// Rows of one table, with those of the tables below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concerned {
    /// How many there are.
    pub rows: u64,
    /// Whether they were counted; otherwise it is the planner's estimate.
    pub exact: bool,
    /// How many of them have a value in the column that goes, where one goes and they were counted.
    pub with_value: Option<u64>,
}

/// A hazard that a script's comment says, and the rows it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// Which one.
    pub kind: HazardKind,
    /// What would happen.
    pub message: String,
    /// To how many rows, where that can be told.
    pub concerned: Option<Concerned>,
}

impl fmt::Display for Concerned {
    /// Such as `12 of 30 rows have a value`, `1 row`, `about 1200000 rows`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = |n: u64| if n == 1 { "row" } else { "rows" };
        match (self.with_value, self.exact) {
            (Some(n), _) => {
                let verb = if n == 1 { "has" } else { "have" };
                write!(f, "{n} of {} {} {verb} a value", self.rows, rows(self.rows))
            }
            (None, true) => write!(f, "{} {}", self.rows, rows(self.rows)),
            (None, false) => write!(f, "about {} {}", self.rows, rows(self.rows)),
        }
    }
}

impl fmt::Display for Risk {
    /// As a script's comment says it, with the rows behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", words(self.kind), self.message)?;
        match &self.concerned {
            Some(concerned) => write!(f, " ({concerned})"),
            None => Ok(()),
        }
    }
}

/// Adds to the plan's hazards how many rows each concerns in the database that the plan begins at.
pub fn count_in_plan<C: GenericClient>(client: &mut C, plan: &mut Plan) {
    let mut counter = Counter::new(client);
    let statements = plan.steps.iter_mut().flat_map(|step| &mut step.statements);
    for statement in statements {
        let subject = counter.renames.follow(&statement.sql);
        for hazard in statement.hazards.iter_mut().filter(|h| has_rows(h.kind)) {
            if let Some(concerned) = counter.concerned(subject.as_ref()) {
                hazard.message += &format!(" ({concerned})");
            }
        }
    }
}

/// The hazards that the script of a migration says in its comments, each with the rows it concerns
/// in the database as it is.
pub fn risks<C: GenericClient>(client: &mut C, script: &str) -> Vec<Risk> {
    let mut counter = Counter::new(client);
    let lines: Vec<&str> = script.lines().collect();
    let mut risks = Vec::new();
    for piece in units(script).into_iter().flat_map(|unit| unit.statements) {
        let subject = counter.renames.follow(&piece.sql);
        let above = lines[..piece.line.saturating_sub(1).min(lines.len())]
            .iter()
            .rev();
        let mut comments: Vec<&str> = above.map_while(|line| line.strip_prefix("-- ")).collect();
        comments.reverse();
        for (kind, message) in comments.into_iter().filter_map(said) {
            let concerned = has_rows(kind).then(|| counter.concerned(subject.as_ref()));
            risks.push(Risk {
                kind,
                message: message.to_owned(),
                concerned: concerned.flatten(),
            });
        }
    }
    risks
}

fn words(kind: HazardKind) -> String {
    kind.name().replace('_', " ")
}

fn said(comment: &str) -> Option<(HazardKind, &str)> {
    HazardKind::ALL.into_iter().find_map(|kind| {
        let message = comment.strip_prefix(words(kind).as_str())?;
        Some((kind, message.strip_prefix(": ")?.trim_end()))
    })
}

fn has_rows(kind: HazardKind) -> bool {
    match kind {
        HazardKind::DataLoss | HazardKind::TableRewrite | HazardKind::LongLock => true,
        HazardKind::WidenedAccess | HazardKind::NarrowedAccess | HazardKind::Irreversible => false,
    }
}

/// Counts, each table and column once.
struct Counter<'c, C> {
    client: &'c mut C,
    renames: Renames,
    known: HashMap<Subject, Option<Concerned>>,
}

impl<'c, C: GenericClient> Counter<'c, C> {
    fn new(client: &'c mut C) -> Self {
        Counter {
            client,
            renames: Renames::default(),
            known: HashMap::new(),
        }
    }

    fn concerned(&mut self, subject: Option<&Subject>) -> Option<Concerned> {
        let subject = subject?;
        if let Some(known) = self.known.get(subject) {
            return *known;
        }
        let concerned = self.ask(subject);
        self.known.insert(subject.clone(), concerned);
        concerned
    }

    fn ask(&mut self, subject: &Subject) -> Option<Concerned> {
        let size = format!(
            "WITH RECURSIVE tree AS (SELECT to_regclass({})::oid AS oid \
               UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree t ON i.inhparent = t.oid) \
             SELECT coalesce(sum(pg_catalog.pg_relation_size(c.oid)), 0)::int8, \
               coalesce(sum(greatest(c.reltuples, 0)), 0)::int8, \
               coalesce(bool_and(c.relkind IN ('r', 'p', 'm') \
                 AND (c.relkind = 'p' OR c.reltuples > 0 OR pg_catalog.pg_relation_size(c.oid) = 0)), false), \
               coalesce(bool_and(c.relkind IN ('r', 'p', 'm')), false) \
             FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid",
            literal(&subject.relation)
        );
        let row = first(self.client, &[], &size)?;
        let number = |at: usize| row.get(at)?.as_deref()?.parse::<u64>().ok();
        let holds = |at: usize| row.get(at).and_then(|v| v.as_deref()) == Some("t");
        let (bytes, estimate) = (number(0)?, number(1)?);
        let estimated = Concerned {
            rows: estimate,
            exact: false,
            with_value: None,
        };
        let estimated = holds(2).then_some(estimated);
        if !holds(3) || bytes > READ {
            return estimated;
        }
        let value = match &subject.column {
            Some(column) => format!(", count({column})"),
            None => String::new(),
        };
        let sql = format!("SELECT count(*){value} FROM {}", subject.relation);
        // Who doesn't see all rows is told so instead of a part of them being counted.
        let settings = [
            "row_security = off",
            "statement_timeout = '2s'",
            "lock_timeout = '100ms'",
        ];
        let Some(row) = first(self.client, &settings, &sql) else {
            return estimated;
        };
        let number = |at: usize| row.get(at)?.as_deref()?.parse::<u64>().ok();
        Some(Concerned {
            rows: number(0)?,
            exact: true,
            with_value: number(1),
        })
    }
}

/// The first row, in a transaction of its own with those settings; `None` where it is refused.
fn first<C: GenericClient>(
    client: &mut C,
    settings: &[&str],
    sql: &str,
) -> Option<Vec<Option<String>>> {
    let mut transaction = client.transaction().ok()?;
    let mut batch: Vec<String> = vec!["SET LOCAL search_path = public".to_owned()];
    batch.extend(
        settings
            .iter()
            .map(|setting| format!("SET LOCAL {setting}")),
    );
    batch.push(sql.to_owned());
    let answer = transaction.simple_query(&batch.join("; ")).ok()?;
    let row = answer.into_iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    })?;
    let values = (0..row.len())
        .map(|at| row.get(at).map(str::to_owned))
        .collect();
    transaction.rollback().ok()?;
    Some(values)
}
