//! `pull`: a live database as a model that a person would have written.
//!
//! It never writes over a model: what is there stays until somebody removes it.

use model::Style;

use crate::args::{Format, Pull};
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
use crate::pull::{platform, pulled, save};
use crate::source::{database_url, read_database};

pub(super) fn run(console: &Console, args: &Pull) -> Outcome {
    console.accepts("pull", &[Format::Human])?;
    let url = database_url(args.database.url.as_deref())?;
    if let Some(path) = args.out.as_ref().filter(|path| path.exists()) {
        return Err(Failure::input(
            format_args!("{} exists", path.display()),
            "name another file, and `pilaster diff` says what differs",
        ));
    }
    let held = read_database(&url, &args.schema, console)?;
    let style = Style {
        mixins: true,
        platform: platform(&url)?,
    };
    let pulled = pulled(held, &style);
    let text = pulled.text;
    if let Some(owner) = pulled.owner {
        console.note(format!(
            "what {owner} owns is written without an owner: whoever applies the model owns it"
        ));
    }
    for id in pulled.not_whole {
        let word = id.kind.word();
        console.note(format!(
            "not written whole: {word} {id}; `pilaster diff` says what of it"
        ));
    }
    save(console, args.out.as_deref(), &text)?;
    Ok(Exit::Fine)
}
