//! A plan as a script for people: statements, what they risk, and where a unit ends.
//!
//! It never changes a plan, and runs nothing.

use crate::plan::{InTransaction, Lock, Plan, Statement};
use crate::script::{NO_TRANSACTION, TRANSACTION};

/// What every migration runs under, each statement one line.
///
/// Names in statements are always qualified, but expressions and bodies are the author's own text,
/// which means what it means under `public`. A body may use what a later step makes, so bodies
/// aren't checked when they are stored. `migrate` sets the same for each unit, with `SET LOCAL`
/// where the unit is a transaction.
pub const SETTINGS: [&str; 2] = [
    "SET search_path = public",
    "SET check_function_bodies = off",
];

/// The script of a plan: one statement a step, a blank line between subjects, hazards as comments.
///
/// A unit that can't run in a transaction stands between marker lines that
/// [`units`](crate::script::units) reads back. The empty plan is the empty script.
pub fn script(plan: &Plan) -> String {
    let lengths = plan.statements().map(|statement| statement.sql.len() + 4);
    let mut text = String::with_capacity(lengths.sum::<usize>() + 1024);
    let mut mode = Mode::Transaction;
    let mut subject = None;
    // Where the last statement begins.
    let mut last = 0;
    for step in &plan.steps {
        let here = (&step.id.schema, &step.id.name);
        for (n, statement) in step.statements.iter().enumerate() {
            let wanted = match statement.transaction {
                InTransaction::Yes => Mode::Transaction,
                InTransaction::Never => Mode::Apart,
            };
            let together = (subject == Some(here) || n > 0) && !is_long(statement, &text[last..]);
            if !text.is_empty() && !together {
                text.push('\n');
            }
            if mode != wanted {
                if together {
                    text.push('\n');
                }
                text += match wanted {
                    Mode::Apart => NO_TRANSACTION,
                    Mode::Transaction | Mode::Committed => TRANSACTION,
                };
                text.push('\n');
                mode = wanted;
            }
            last = text.len();
            write(&mut text, statement);
            if statement.commit_after {
                mode = Mode::Committed;
            }
        }
        subject = Some(here);
    }
    text
}

/// The script with its settings, for a session of `psql` that has none of its own to keep.
pub fn standalone(plan: &Plan) -> String {
    if plan.is_empty() {
        return String::new();
    }
    let settings: Vec<_> = SETTINGS
        .iter()
        .map(|setting| format!("{setting};\n"))
        .collect();
    format!("{}\n{}", settings.concat(), script(plan))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Transaction,
    Apart,
    /// What was done must be committed before what follows.
    Committed,
}

/// A statement of several lines stands by itself, and so does what follows one.
fn is_long(statement: &Statement, before: &str) -> bool {
    statement.sql.contains('\n')
        || before
            .lines()
            .any(|l| l.starts_with(')') || l.starts_with("  "))
}

fn write(text: &mut String, statement: &Statement) {
    if let Some(comment) = &statement.comment {
        push_comment(text, comment);
    }
    for hazard in &statement.hazards {
        let kind = hazard.kind.name().replace('_', " ");
        push_comment(text, &format!("{kind}: {}", hazard.message));
    }
    let strong = statement.lock > Lock::ShareUpdateExclusive;
    if strong
        && statement
            .hazards
            .iter()
            .any(|h| h.kind == crate::plan::HazardKind::LongLock)
    {
        push_comment(text, &format!("lock: {}", statement.lock.name()));
    }
    text.push_str(&statement.sql);
    // A line comment at the end would swallow the semicolon.
    let last = statement.sql.rsplit('\n').next().unwrap_or_default();
    if last.contains("--") {
        text.push('\n');
    }
    text.push_str(";\n");
}

fn push_comment(text: &mut String, comment: &str) {
    for line in comment.lines() {
        text.push_str("-- ");
        text.push_str(line);
        text.push('\n');
    }
}
