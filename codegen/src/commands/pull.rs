//! `pull`: a live database as a model.

use crate::args::{Format, Pull};
use crate::console::Console;
use crate::failure::{Exit, Outcome};
use crate::files::Files;
use crate::source::{Source, database_url};

pub(super) fn run(console: &Console, args: &Pull) -> Outcome {
    console.accepts("pull", &[Format::Human])?;
    let source = Source::Database(database_url(args.database.url.as_deref())?);
    let schema = source.schema(console)?;
    let wanted = |name: &str| args.schema.is_empty() || args.schema.iter().any(|s| s == name);
    let mut kept = model::schema::Builder::default();
    for node in schema.nodes() {
        let of = if node.id.kind == model::Kind::Schema {
            &node.id.name
        } else {
            &node.id.schema
        };
        if of.is_empty() || wanted(of) {
            // Ids are those of a schema, so none can be there twice.
            let _ = kept.insert(node.clone());
        }
    }
    let text = model::print(&kept.finish());
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
