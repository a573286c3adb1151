//! Documents that a migration would find wanting, told before it begins.
//!
//! The shapes come from the snapshots on both sides of the migration; the server judges.

use migrations::apply::{ApplyError, Direction};
use migrations::documents::{Unfit, unfit};
use migrations::history::{History, Migration, SNAPSHOT};
use migrations::plan::{Question, Way, questions};
use model::Schema;
use postgres::Client;

use crate::source;

/// Stops a migration of which the server says that documents in rows would not fit.
pub(super) fn judge(
    history: &History,
    client: &mut Client,
    migration: &Migration,
    direction: Direction,
) -> Result<(), ApplyError> {
    let found = all_unfit(client, &asked(history, migration, direction));
    if found.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = found.iter().map(Unfit::to_string).collect();
    Err(ApplyError::NotReady {
        fact: format!(
            "{} has not begun: {}",
            migration.folder_name(),
            lines.join("\n  ")
        ),
        help: "mend these rows, or give the shape a `default`, a `was`, or room for them".into(),
    })
}

/// What the server finds wanting. What it can't be asked yet is judged when the migration comes to
/// it: a schema may have to be made first.
pub(crate) fn all_unfit(client: &mut Client, questions: &[Question]) -> Vec<Unfit> {
    let answers = questions.iter().map(|question| unfit(client, question));
    answers.filter_map(Result::ok).flatten().collect()
}

fn asked(history: &History, migration: &Migration, direction: Direction) -> Vec<Question> {
    if migration.by_hand || !migration.snapshot.contains("jsonb<") {
        return Vec::new();
    }
    let before = history.migrations().iter();
    let before = before.take_while(|m| m.number < migration.number).last();
    let Some(before) = before else {
        return Vec::new();
    };
    let (Some(from), Some(to)) = (reached(before), reached(migration)) else {
        return Vec::new();
    };
    match direction {
        Direction::Up => questions(&from, &to, Way::Forth),
        Direction::Down => questions(&to, &from, Way::Back),
    }
}

/// The schema that a migration reaches, where its snapshot is still a model.
fn reached(migration: &Migration) -> Option<Schema> {
    let path = migration.folder_name() + "/" + SNAPSHOT;
    source::reached(path.into(), &migration.snapshot).ok()
}
