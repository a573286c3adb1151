//! `pull`: a live database as a model that a person would have written.
//!
//! It never writes over a model unasked: where there is one, it shows what it would change in it.

use std::path::{Path, PathBuf};

use model::{Name, Schema, Style};
use similar::TextDiff;

use crate::args::{Format, Pull};
use crate::config::projects;
use crate::console::Console;
use crate::deparsed::at_once;
use crate::failure::{Exit, Outcome};
use crate::files::Files;
use crate::memory::in_small_pages;
use crate::pull::into::{Changes, changes};
use crate::pull::{platform, pulled, sampled, save};
use crate::source::{database_url, read_database};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Pull) -> Outcome {
    console.accepts("pull", &[Format::Human])?;
    in_small_pages();
    let url = database_url(args.database.url.as_deref())?;
    let model = model(config, args)?;
    if let Some(paths) = model {
        let held = read_database(&url, &args.schema, console)?;
        return into(console, args, &paths, held, &url);
    }
    let (platform, held) = at_once(
        || platform(&url),
        || read_database(&url, &args.schema, console),
    );
    let (held, platform) = (held?, platform?);
    let style = Style {
        mixins: true,
        templates: true,
        platform,
    };
    let pulled = pulled(held, &style);
    if let Some(owner) = &pulled.owner {
        console.note(format!(
            "what {owner} owns is written without an owner: whoever applies the model owns it"
        ));
    }
    for id in &pulled.not_whole {
        let word = id.kind.word();
        console.note(format!(
            "not written whole: {word} {id}; `pilaster diff` says what of it"
        ));
    }
    let text = match args.sample {
        Some(rows) => sampled(&url, &pulled, rows)?,
        None => pulled.text,
    };
    save(console, args.out.as_deref(), &text)?;
    Ok(Exit::Fine)
}

/// The model to pull into: the file or folder that is named and there, or else the project's.
fn model(config: Option<&Path>, args: &Pull) -> Outcome<Option<Vec<PathBuf>>> {
    match &args.out {
        Some(path) if path.exists() => Ok(Some(vec![path.clone()])),
        Some(_) => Ok(None),
        None if args.print => Ok(None),
        None => match projects(config) {
            Ok(mut all) if all.len() == 1 => Ok(all.pop().map(|project| project.model)),
            Ok(_) => Ok(None),
            Err(failure) if config.is_some() => Err(failure),
            Err(_) => Ok(None),
        },
    }
}

fn into(
    console: &Console,
    args: &Pull,
    paths: &[PathBuf],
    held: Schema,
    url: &migrations::Url,
) -> Outcome {
    let schemas: Vec<Name> = args.schema.iter().map(Name::from).collect();
    let changes = changes(paths, held, &schemas, url, console)?;
    if let Some(way) = &changes.way {
        console.note(way);
    }
    if changes.objects.is_empty() {
        console.say("the model says what the database holds");
        return Ok(Exit::Fine);
    }
    show(console, &changes);
    if changes.files.is_empty() {
        return Ok(Exit::Different);
    }
    let asked = !args.write && console.interactive && console.ask("write this into the model?");
    if !args.write && !asked {
        console.note("nothing was written; `--write` does");
        return Ok(Exit::Different);
    }
    let mut files = Files::default();
    for (path, _, text) in &changes.files {
        files.insert(path, text.as_str());
    }
    files.compare(&[])?.write()?;
    for (path, _, _) in &changes.files {
        console.say(format!("wrote {}", path.display()));
    }
    Ok(match changes.left.is_empty() {
        true => Exit::Fine,
        false => Exit::Different,
    })
}

fn show(console: &Console, changes: &Changes) {
    changes.objects.iter().for_each(|line| console.say(line));
    for (path, before, text) in &changes.files {
        let diff = TextDiff::from_lines(before.as_str(), text.as_str());
        let path = path.display().to_string();
        let diff = diff.unified_diff().header(&path, &path).to_string();
        console.say(format!("\n{}", diff.trim_end()));
    }
    for id in &changes.left {
        console.say(format!(
            "! {} {id}: change it by hand; `pilaster drift` says what of it",
            id.kind.word()
        ));
    }
}
