//! What a run came to, for people, for machines and for CI.

use std::collections::BTreeMap;
use std::fmt::Write;

use model::Kind;
use serde::Serialize;

use super::{Answer, Outcome};
use crate::checks::Family;

/// How many answers there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Checks that held.
    pub passed: usize,
    /// Checks that did not hold, or could not be carried out.
    pub failed: usize,
    /// Checks for which no row was found that would show it either way.
    pub undecided: usize,
}

impl Counts {
    /// The counts of these answers.
    pub fn of<'a>(answers: impl IntoIterator<Item = &'a Answer>) -> Self {
        let mut counts = Counts::default();
        for answer in answers {
            match answer.outcome {
                Outcome::Passed => counts.passed += 1,
                Outcome::Undecided(_) => counts.undecided += 1,
                Outcome::Failed(_) | Outcome::Fault(_) => counts.failed += 1,
            }
        }
        counts
    }
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed(_) => "failed",
            Outcome::Undecided(_) => "undecided",
            Outcome::Fault(_) => "fault",
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Outcome::Passed => None,
            Outcome::Failed(why) | Outcome::Undecided(why) | Outcome::Fault(why) => Some(why),
        }
    }
}

/// A line a table and one a failure, for a terminal or a log; the closing line has the counts.
pub fn human(answers: &[Answer]) -> String {
    let mut groups: BTreeMap<(bool, String), Vec<&Answer>> = BTreeMap::new();
    for answer in answers {
        groups.entry(line(answer)).or_default().push(answer);
    }
    let width = groups
        .keys()
        .map(|(_, group)| group.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for ((_, group), answers) in &groups {
        let mut families: BTreeMap<_, usize> = BTreeMap::new();
        for answer in answers {
            *families.entry(answer.family).or_default() += 1;
        }
        let families: Vec<String> = families
            .iter()
            .map(|(family, n)| format!("{n} {}", family.word()))
            .collect();
        let counts = Counts::of(answers.iter().copied());
        let state = if counts.failed > 0 { "FAILED" } else { "ok" };
        let _ = writeln!(text, "{group:width$}  {state:6}  {}", families.join(", "));
    }
    for answer in answers {
        if let Some(why) = answer.outcome.detail() {
            let why = why.replace('\n', "\n    ");
            let _ = write!(
                text,
                "\n{}: {}\n    {why}\n",
                answer.outcome.word(),
                answer.name
            );
        }
    }
    let counts = Counts::of(answers);
    let _ = write!(text, "\n{} passed, {} failed", counts.passed, counts.failed);
    if counts.undecided > 0 {
        let _ = write!(text, ", {} undecided", counts.undecided);
    }
    text.push('\n');
    text
}

/// The line that an answer is counted in: tables and views have one each and come first, what is
/// many and small has one a kind, and so has what is asked of the database as a whole.
fn line(answer: &Answer) -> (bool, String) {
    let many = match answer.subject.kind {
        _ if answer.family != Family::Access => None,
        Kind::Function | Kind::Aggregate => Some("functions"),
        Kind::Sequence => Some("sequences"),
        Kind::Role => Some("roles"),
        Kind::Schema => Some("schemas"),
        _ => None,
    };
    let whole = matches!(
        answer.family,
        Family::Drift | Family::Rollback | Family::Door
    );
    let own = || answer.name.split([':', '.']).next().unwrap_or_default();
    (whole || many.is_some(), many.unwrap_or_else(own).to_owned())
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    object: String,
    kind: &'static str,
    family: &'static str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    microseconds: u128,
}

#[derive(Serialize)]
struct Document<'a> {
    counts: Counts,
    checks: Vec<Row<'a>>,
}

/// Every answer as one JSON document: `{"counts": {…}, "checks": [{"name", "object", "kind",
/// "family", "outcome", "detail"?, "microseconds"}]}`.
pub fn json(answers: &[Answer]) -> String {
    let checks = answers
        .iter()
        .map(|answer| Row {
            name: &answer.name,
            object: answer.subject.to_string(),
            kind: answer.subject.kind.word(),
            family: answer.family.word(),
            outcome: answer.outcome.word(),
            detail: answer.outcome.detail(),
            microseconds: answer.time.as_micros(),
        })
        .collect();
    let document = Document {
        counts: Counts::of(answers),
        checks,
    };
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

/// The answers as a JUnit document, which CI systems show.
pub fn junit(suite: &str, answers: &[Answer]) -> String {
    let counts = Counts::of(answers);
    let seconds: f64 = answers.iter().map(|a| a.time.as_secs_f64()).sum();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" time=\"{seconds:.3}\">",
        xml(suite),
        answers.len(),
        counts.failed,
        counts.undecided
    );
    for answer in answers {
        let _ = write!(
            text,
            "  <testcase classname=\"{}\" name=\"{}\" time=\"{:.6}\"",
            xml(answer.family.word()),
            xml(&answer.name),
            answer.time.as_secs_f64()
        );
        let element = match answer.outcome {
            Outcome::Passed => None,
            Outcome::Undecided(_) => Some("skipped"),
            Outcome::Failed(_) => Some("failure"),
            Outcome::Fault(_) => Some("error"),
        };
        match (element, answer.outcome.detail()) {
            (Some(element), Some(why)) => {
                let _ = writeln!(text, "><{element} message=\"{}\"/></testcase>", xml(why));
            }
            _ => text.push_str("/>\n"),
        }
    }
    text.push_str("</testsuite>\n");
    text
}

fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            // XML 1.0 has no place for other control characters, not even escaped.
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
