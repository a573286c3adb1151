//! `pull`: a live database as a model that a person would have written.
//!
//! It never writes over a model: what is there stays until somebody removes it.

use std::collections::BTreeMap;
use std::fs;

use migrations::catalog::in_short;
use model::schema::{Name, Object};
use model::{Schema, differs, print};

use crate::args::{Format, Pull};
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
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
    let (schema, owner) = as_a_model(held);
    if let Some(owner) = owner {
        console.note(format!(
            "what {owner} owns is written without an owner: whoever applies the model owns it"
        ));
    }
    let schema = in_short(&schema);
    let text = print(&schema);
    for id in differs(&schema, &text) {
        let word = id.kind.word();
        console.note(format!(
            "not written whole: {word} {id}; `pilaster diff` says what of it"
        ));
    }
    match &args.out {
        None => console.say(text),
        Some(path) => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|e| Failure::io("make", folder, &e))?;
            }
            fs::write(path, text).map_err(|e| Failure::io("write", path, &e))?;
            console.say(format!("created {}", path.display()));
        }
    }
    Ok(Exit::Fine)
}

/// The schema without what a person leaves open: the owner of nearly everything, which is named,
/// and the versions of extensions, which are the server's to choose.
pub(crate) fn as_a_model(held: Schema) -> (Schema, Option<Name>) {
    let mut owners: BTreeMap<Name, usize> = BTreeMap::new();
    for owner in held.nodes().filter_map(|node| node.owner.as_ref()) {
        *owners.entry(owner.clone()).or_default() += 1;
    }
    let usual = owners
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(owner, _)| owner);
    let mut builder = held.into_builder();
    for node in builder.nodes_mut() {
        if node.owner == usual {
            node.owner = None;
        }
        if let Object::Extension(extension) = &mut node.object {
            extension.version = None;
        }
    }
    (builder.finish(), usual)
}
