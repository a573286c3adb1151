//! `pull`: a live database as a model.

use crate::args::{Format, Pull};
use crate::console::Console;
use crate::failure::{Exit, Outcome};
use crate::files::Files;
use crate::source::{database_url, read_database};

pub(super) fn run(console: &Console, args: &Pull) -> Outcome {
    console.accepts("pull", &[Format::Human])?;
    let url = database_url(args.database.url.as_deref())?;
    let text = model::print(&read_database(&url, &args.schema, console)?);
    match &args.out {
        None => console.say(text),
        Some(path) => {
            let mut files = Files::default();
            files.insert(path, text);
            let changes = files.compare(&[])?;
            changes.write()?;
            for change in &changes.changes {
                console.say(format!("{} {}", change.word(), change.path().display()));
            }
        }
    }
    Ok(Exit::Fine)
}
