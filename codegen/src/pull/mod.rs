//! A live database as a model: what it holds, in the words a person would have chosen.
//!
//! It never says more than the database does, and never less without saying so.

mod chunk;
mod comments;
pub mod into;
pub mod merge;
mod sample;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use migrations::Url;
use migrations::catalog::in_short;
use model::schema::{Name, Object};
use model::{Id, Schema, Sources, Style, printed, restored, restored_as_written};

use crate::console::Console;
use crate::deparsed::outside::missing;
use crate::deparsed::platform::without;
use crate::failure::{Failure, Outcome};
use crate::source::connect;

pub use sample::sampled;

/// A model, as text and as what it says.
pub struct Pulled {
    /// What the text says.
    pub schema: Schema,
    /// The text, in the one layout.
    pub text: String,
    /// Who owns what is written without an owner.
    pub owner: Option<Name>,
    /// Objects of which the text does not say everything.
    pub not_whole: Vec<Id>,
}

/// What was read from a catalog, as a model.
pub fn pulled(held: Schema, style: &Style) -> Pulled {
    let (schema, owner) = as_a_model(held);
    let schema = match &style.platform {
        Some(platform) => without(schema, &brought(platform)),
        None => schema,
    };
    let schema = in_short(schema);
    let mut schema = restored(&schema);
    let mut written = printed(&schema, style);
    let kept = restored_as_written(&schema, &written.schema);
    if kept.nodes().filter(|n| n.derived_from.is_some()).count()
        < schema.nodes().filter(|n| n.derived_from.is_some()).count()
    {
        schema = kept;
        written = printed(&schema, style);
    }
    Pulled {
        schema,
        text: written.text,
        owner,
        not_whole: written.differs,
    }
}

/// The schema without what a person leaves open: the owner of nearly everything, which is named,
/// and the versions of extensions, which are the server's to choose.
pub fn as_a_model(held: Schema) -> (Schema, Option<Name>) {
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

/// The platform that a live database stands on: the one of which it has everything.
///
/// # Errors
///
/// [`Cause::Outside`](crate::failure::Cause::Outside) where the database fails.
pub fn platform(url: &Url) -> Outcome<Option<Name>> {
    let mut client = connect(url)?;
    for platform in model::platform::PLATFORMS {
        let missing = missing(&mut client, &brought(platform))
            .map_err(|e| Failure::database("look for a platform", e))?;
        if missing.is_empty() {
            return Ok(Some(Name::from(platform)));
        }
    }
    Ok(None)
}

fn brought(platform: &str) -> Schema {
    read(&format!("platform {platform}\n"))
}

/// What a text says, as far as it can be read.
fn read(text: &str) -> Schema {
    let mut sources = Sources::new();
    sources.add("pulled", text);
    model::load(&sources).0.schema
}

/// Writes a model to a file that isn't there yet, or to the standard output.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where the file exists;
/// [`Cause::Outside`](crate::failure::Cause::Outside) where it can't be written.
pub fn save(console: &Console, out: Option<&Path>, text: &str) -> Outcome<()> {
    let Some(path) = out else {
        console.say(text);
        return Ok(());
    };
    if path.exists() {
        return Err(Failure::input(
            format_args!("{} exists", path.display()),
            "name another file, and `pilaster diff` says what differs",
        ));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| Failure::io("make", folder, &e))?;
    }
    fs::write(path, text).map_err(|e| Failure::io("write", path, &e))?;
    console.say(format!("created {}", path.display()));
    Ok(())
}
