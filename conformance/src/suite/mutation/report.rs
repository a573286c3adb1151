//! What the mutants came to, for people and for machines.

use std::fmt::{self, Write};

use serde::Serialize;

use super::{Fate, Verdict};

/// How many mutants there are of each fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// A check failed on them.
    pub killed: usize,
    /// Of those, the ones that showed in what somebody could do, or no longer could: no list of the
    /// server had to be compared.
    pub acted: usize,
    /// No check did.
    pub survived: usize,
    /// They change nothing; not counted against the suite.
    pub equivalent: usize,
    /// The server refused the weakening; not counted against the suite.
    pub refused: usize,
    /// The checks could not be carried out on them.
    pub faults: usize,
}

impl Score {
    /// The score of these verdicts.
    pub fn of<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Self {
        let mut score = Score::default();
        for verdict in verdicts {
            match verdict.fate {
                Fate::Killed { acting, .. } => {
                    score.killed += 1;
                    score.acted += usize::from(acting);
                }
                Fate::Survived => score.survived += 1,
                Fate::Equivalent(_) => score.equivalent += 1,
                Fate::Refused(_) => score.refused += 1,
                Fate::Fault(_) => score.faults += 1,
            }
        }
        score
    }

    /// Whether every mutant that could be noticed was.
    pub fn is_full(&self) -> bool {
        self.survived == 0 && self.faults == 0
    }
}

impl Fate {
    fn word(&self) -> &'static str {
        match self {
            Fate::Killed { .. } => "killed",
            Fate::Survived => "survived",
            Fate::Equivalent(_) => "equivalent",
            Fate::Refused(_) => "refused",
            Fate::Fault(_) => "fault",
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Fate::Killed { why, .. } => Some(why),
            Fate::Survived => None,
            Fate::Equivalent(why) | Fate::Refused(why) | Fate::Fault(why) => Some(why),
        }
    }
}

/// Survivors with their SQL, what was not counted with its reason, then the score. `place` says
/// where an object stands, where that is known.
pub fn human(verdicts: &[Verdict], place: &dyn Fn(&Verdict) -> Option<String>) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let line = match &verdict.fate {
            Fate::Killed { .. } => continue,
            fate => format!("{}: {}", fate.word(), verdict.mutant.name),
        };
        let place = place(verdict).map_or_else(String::new, |place| format!(" ({place})"));
        let _ = writeln!(text, "{line}{place}");
        let detail = match &verdict.fate {
            Fate::Survived => verdict.mutant.sql.as_str(),
            fate => fate.reason().unwrap_or_default(),
        };
        let _ = writeln!(text, "    {}", detail.replace('\n', "\n    "));
    }
    let access = Score::of(verdicts.iter().filter(|v| v.mutant.access));
    if access != Score::default() {
        let _ = writeln!(
            text,
            "Of access: {access}; {} of the killed by what somebody could do",
            access.acted
        );
    }
    let _ = writeln!(text, "Mutants: {}", Score::of(verdicts));
    text
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noticeable = self.killed + self.survived + self.faults;
        write!(f, "killed {} of {noticeable}", self.killed)?;
        if self.equivalent > 0 {
            write!(f, ", {} equivalent", self.equivalent)?;
        }
        if self.refused > 0 {
            write!(f, ", {} refused by the server", self.refused)?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    object: String,
    kind: &'static str,
    sql: &'a str,
    access: bool,
    fate: &'static str,
    killed_by: Option<&'a str>,
    acted: bool,
    reason: Option<&'a str>,
    milliseconds: f64,
}

#[derive(Serialize)]
struct Report<'a> {
    score: Score,
    access: Score,
    mutants: Vec<Row<'a>>,
}

/// The same, complete, as one JSON object: `score`, that of `access` apart, and `mutants` with a row
/// each.
pub fn json(verdicts: &[Verdict]) -> String {
    let report = Report {
        score: Score::of(verdicts),
        access: Score::of(verdicts.iter().filter(|v| v.mutant.access)),
        mutants: verdicts.iter().map(row).collect(),
    };
    serde_json::to_string_pretty(&report).unwrap_or_default()
}

fn row(verdict: &Verdict) -> Row<'_> {
    Row {
        name: &verdict.mutant.name,
        object: verdict.mutant.subject.to_string(),
        kind: verdict.mutant.subject.kind.word(),
        sql: &verdict.mutant.sql,
        access: verdict.mutant.access,
        fate: verdict.fate.word(),
        killed_by: match &verdict.fate {
            Fate::Killed { by, .. } => Some(by),
            _ => None,
        },
        acted: matches!(verdict.fate, Fate::Killed { acting: true, .. }),
        reason: verdict.fate.reason(),
        milliseconds: verdict.time.as_secs_f64() * 1000.0,
    }
}
