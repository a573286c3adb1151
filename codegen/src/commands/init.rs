//! `init`: a new project whose model, tests and commands work at once.

use std::path::Path;

use crate::args::{Format, Init};
use crate::config::FILE_NAME;
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
use crate::files::Files;

const CONFIG: &str = include_str!("init/pilaster.toml");
const MODEL: &str = include_str!("init/model.pilaster");
const README: &str = include_str!("init/README.md");

pub(super) fn run(console: &Console, args: &Init) -> Outcome {
    console.accepts("init", &[Format::Human, Format::Json])?;
    let dir = if args.dir == Path::new(".") {
        Path::new("")
    } else {
        args.dir.as_path()
    };
    let mut files = Files::default();
    files.insert(dir.join(FILE_NAME), CONFIG);
    files.insert(dir.join("model.pilaster"), MODEL);
    files.insert(dir.join("README.md"), README);
    for (path, _) in files.iter() {
        // A README of the folder's own is nobody's business here.
        if path.exists() && !path.ends_with("README.md") {
            return Err(Failure::input(
                format_args!("{} exists", path.display()),
                "choose another folder: `pilaster init DIR`",
            ));
        }
    }
    let mut changes = files.compare(&[])?;
    changes.changes.retain(|change| change.word() == "created");
    changes.write()?;
    let created: Vec<_> = changes
        .changes
        .iter()
        .map(|c| c.path().display().to_string())
        .collect();
    if console.is_json() {
        console.json(&serde_json::json!({ "created": created }));
        return Ok(Exit::Fine);
    }
    created
        .iter()
        .for_each(|path| console.say(format!("created {path}")));
    let enter = match dir.to_string_lossy() {
        here if here.is_empty() => String::new(),
        dir => format!("cd {dir} && "),
    };
    console.note(format!("next: {enter}pilaster generate && pilaster test"));
    Ok(Exit::Fine)
}
