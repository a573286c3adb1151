//! Pulling into a model that is there: what differs, object by object, and the text it would be.
//!
//! Nothing is offered that a server has not read back as the database.

use std::collections::BTreeSet;
use std::path::PathBuf;

use migrations::Url;
use model::schema::Node;
use model::{Id, Kind, Name, Schema, Sources, Style};

use super::merge::{Wanted, merged};
use super::pulled;
use crate::console::Console;
use crate::deparsed::with_live;
use crate::failure::Outcome;
use crate::source::read_model;

/// What a live database would change in a model.
#[derive(Debug, Default)]
pub struct Changes {
    /// How the model was put into the server's words.
    pub way: Option<String>,
    /// The objects: a sign, the kind and the name. `+` is in the database alone, `-` in the model.
    pub objects: Vec<String>,
    /// The files that change: path, text before, text behind.
    pub files: Vec<(PathBuf, String, String)>,
    /// Objects that would still differ, and are left to a person.
    pub left: Vec<Id>,
}

/// Compares a model with what was read from a database, and merges what differs into its text.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where the model has faults;
/// [`Cause::Outside`](crate::failure::Cause::Outside) where the database fails.
pub fn changes(
    paths: &[PathBuf],
    held: Schema,
    schemas: &[Name],
    url: &Url,
    console: &Console,
) -> Outcome<Changes> {
    let mine = read_model(paths, console)?;
    let platform = mine.model.schema.of_kind(Kind::DefaultPrivileges);
    let platform = platform.filter(|node| node.external).count() > 0;
    let style = Style {
        mixins: false,
        templates: false,
        platform: platform.then(|| Name::from(model::platform::PLATFORMS[0])),
    };
    let reached = |id: &Id| {
        let own = if id.kind == Kind::Schema {
            &id.name
        } else {
            &id.schema
        };
        schemas.is_empty() || schemas.contains(own)
    };
    let pair = with_live(&mine.model.schema, &held, url, console)?;
    let differing = differing(&pair.from, &pair.to, &mine.model.schema, &reached);
    let mut changes = Changes {
        way: pair.way,
        objects: differing.iter().map(|(sign, id)| line(*sign, id)).collect(),
        ..Changes::default()
    };
    if differing.is_empty() {
        return Ok(changes);
    }
    let mut wanted = wanted(&pair.from, &pair.to, &differing);
    let theirs = pulled(held.clone(), &style);
    let mut sources = Sources::new();
    sources.add("pulled", theirs.text.as_str());
    let (theirs, _) = model::load(&sources);
    loop {
        let texts = merged(
            (&mine.sources, &mine.model.schema),
            (&sources, &theirs.schema),
            &mut wanted,
        );
        let mut again = Sources::new();
        for ((_, path, _), (_, text)) in mine.sources.files().zip(&texts) {
            again.add(path, text.as_str());
        }
        let (model, faults) = model::load(&again);
        let (left, said) = match faults.has_errors() {
            true => {
                let relations = wanted.ids.iter().map(relation).collect();
                (relations, wanted.ids.iter().cloned().collect())
            }
            false => {
                let pair = with_live(&model.schema, &held, url, console)?;
                let left = self::differing(&pair.from, &pair.to, &model.schema, &reached);
                let ids: Vec<Id> = left.into_iter().map(|(_, id)| id).collect();
                (ids.iter().map(relation).collect::<BTreeSet<Id>>(), ids)
            }
        };
        if left.is_subset(&wanted.whole) {
            if !faults.has_errors() {
                for ((_, path, before), (_, text)) in mine.sources.files().zip(texts) {
                    if before != text {
                        changes
                            .files
                            .push((path.to_path_buf(), before.to_owned(), text));
                    }
                }
            }
            changes.left = said;
            return Ok(changes);
        }
        wanted.whole.extend(left);
        wanted.ids.extend(said);
    }
}

fn relation(id: &Id) -> Id {
    id.relation().unwrap_or_else(|| id.clone())
}

fn line(sign: char, id: &Id) -> String {
    format!("{sign} {} {id}", id.kind.word())
}

/// The objects of which one side says something else.
fn differing(
    live: &Schema,
    model: &Schema,
    written: &Schema,
    reached: &dyn Fn(&Id) -> bool,
) -> Vec<(char, Id)> {
    let counts =
        |node: &&Node| !node.external && !node.id.kind.is_model_only() && reached(&node.id);
    let declared = |id: &Id| written.get(id).is_some_and(|node| node.external);
    let mut found = Vec::new();
    for node in live
        .nodes()
        .filter(counts)
        .filter(|node| !declared(&node.id))
    {
        match model.get(&node.id) {
            None => found.push(('+', node.id.clone())),
            Some(there) if !node.conforms_to(there) => found.push(('~', node.id.clone())),
            Some(_) => {}
        }
    }
    for node in model.nodes().filter(counts) {
        if !live.contains(&node.id) {
            found.push(('-', node.id.clone()));
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

fn wanted(live: &Schema, model: &Schema, differing: &[(char, Id)]) -> Wanted {
    let mut wanted = Wanted::default();
    for (_, id) in differing {
        wanted.ids.insert(id.clone());
        let (Some(one), Some(other)) = (live.get(id), model.get(id)) else {
            continue;
        };
        let grants = one.privileges != other.privileges;
        match id.kind {
            Kind::Table => {
                wanted.attributes.insert(id.clone());
                if one.comment != other.comment || !grants {
                    wanted.heads.insert(id.clone());
                }
            }
            Kind::Column if grants => wanted.attributes.extend(id.relation()),
            _ => {}
        }
    }
    wanted
}
