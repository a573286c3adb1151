//! Reading a folder of migrations and checking its chain.
//!
//! It never stops at the first fault.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::header::{self, Header};
use super::{Broken, DOWN, Fault, Hash, History, Migration, SNAPSHOT, UP};

pub(super) fn read(folder: &Path) -> Result<History, Broken> {
    let mut faults = Vec::new();
    let links = links(folder, Trust::Nothing, &mut faults);
    if faults.is_empty() {
        chain(folder, &links, &mut faults);
    }
    if !faults.is_empty() {
        return Err(Broken { faults });
    }
    let migrations = links.into_iter().map(|(migration, _)| migration).collect();
    Ok(History {
        folder: folder.to_path_buf(),
        migrations,
    })
}

/// What is taken as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Every name and hash must be right.
    Nothing,
    /// What an author may have changed on purpose: the text of a squash, and the number and name of
    /// the folder of what was written by hand.
    Author,
}

/// Every migration with what its header says, in the order of their numbers.
pub(super) fn links(
    folder: &Path,
    trust: Trust,
    faults: &mut Vec<Fault>,
) -> Vec<(Migration, Header)> {
    let folders = numbered_folders(folder, faults);
    let mut links = Vec::new();
    for (number, slugs) in &folders {
        if let [one, two, ..] = slugs.as_slice() {
            faults.push(doubled(folder, *number, one, two));
        }
        if let Some(slug) = slugs.first() {
            links.extend(migration(folder, *number, slug, trust, faults));
        }
    }
    let base = first_number(folder, &folders);
    missing(folder, &folders, base, faults);
    links
}

/// The number that a history begins with: 1, or that of the squash that took the first ones' place.
fn first_number(folder: &Path, folders: &BTreeMap<u32, Vec<String>>) -> u32 {
    let Some((&number, slugs)) = folders.first_key_value() else {
        return 1;
    };
    let slug = slugs.first().map_or("", String::as_str);
    let up = folder.join(format!("{number:04}_{slug}")).join(UP);
    let header = fs::read_to_string(up)
        .ok()
        .and_then(|text| header::parse(&text));
    match header {
        Some(header) if !header.replaces.is_empty() => number,
        _ => 1,
    }
}

/// Slugs by number. Hidden entries and plain files are nobody's business here.
fn numbered_folders(folder: &Path, faults: &mut Vec<Fault>) -> BTreeMap<u32, Vec<String>> {
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return found,
        Err(e) => {
            faults.push(Fault::io(folder.to_path_buf(), &e));
            return found;
        }
    };
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(e) => {
                faults.push(Fault::io(folder.to_path_buf(), &e));
                continue;
            }
        };
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') || !path.is_dir() {
            continue;
        }
        match name
            .split_once('_')
            .map(|(number, slug)| (number.parse(), slug))
        {
            Some((Ok(number), slug)) if name == format!("{number:04}_{slug}") && number > 0 => {
                found.entry(number).or_default().push(slug.to_owned());
            }
            _ => faults.push(Fault::new(
                path,
                "is not named like a migration",
                "name it NNNN_slug, as in 0007_add_deals_notes, or move it elsewhere",
            )),
        }
    }
    found.values_mut().for_each(|slugs| slugs.sort());
    found
}

fn migration(
    folder: &Path,
    number: u32,
    slug: &str,
    trust: Trust,
    faults: &mut Vec<Fault>,
) -> Option<(Migration, Header)> {
    let own = folder.join(format!("{number:04}_{slug}"));
    let mut text = |name: &str| match fs::read_to_string(own.join(name)) {
        Ok(text) => Some(text),
        Err(e) => {
            faults.push(match e.kind() {
                io::ErrorKind::NotFound => Fault::new(
                    own.join(name),
                    "is missing",
                    "restore it from version control",
                ),
                io::ErrorKind::InvalidData => Fault::new(
                    own.join(name),
                    "is not UTF-8",
                    "restore it from version control",
                ),
                _ => Fault::io(own.join(name), &e),
            });
            None
        }
    };
    let (up, down, snapshot) = (text(UP), text(DOWN), text(SNAPSHOT));
    let (up, down, snapshot) = (up?, down?, snapshot?);
    let Some(header) = header::parse(&up) else {
        faults.push(Fault::new(
            own.join(UP),
            "does not begin with its name and the hash it follows",
            "its first two lines are `-- pilaster: NNNN slug` and `-- follows: …`; restore them \
             from version control",
        ));
        return None;
    };
    let may_move = trust == Trust::Author && header.by_hand && header.replaces.is_empty();
    if (header.number, header.slug.as_str()) != (number, slug) && !may_move {
        faults.push(Fault::new(
            own.join(UP),
            format!("says that it is {:04}_{}", header.number, header.slug),
            "a migration keeps its number and name; rename the folder back, or remove it and run \
             `pilaster generate` to have the change planned anew",
        ));
        return None;
    }
    let below = Hash::of(header::body(&up), &down, &snapshot);
    if trust == Trust::Nothing && header.holds.is_some_and(|holds| holds != below) {
        faults.push(Fault::new(
            own,
            "was edited after it was folded together",
            "restore it from version control; where it was not applied anywhere yet, `pilaster \
             migrate rehash` takes it as it is now",
        ));
        return None;
    }
    if let Some(fact) = wrong_squash(&header) {
        faults.push(Fault::new(
            own.join(UP),
            fact,
            "restore its header from version control",
        ));
        return None;
    }
    let hash = Hash::of(&up, &down, &snapshot);
    Some((
        Migration {
            number,
            slug: slug.to_owned(),
            up,
            down,
            snapshot,
            hash,
            by_hand: header.by_hand,
            replaces: header.replaces.clone(),
        },
        header,
    ))
}

/// A squash stands for the first migration and all up to its own number.
fn wrong_squash(header: &Header) -> Option<&'static str> {
    let last = header.replaces.last()?;
    match header.follows {
        Some(_) => Some("folds the first migrations together, and says that it follows another"),
        None if last.number != header.number => {
            Some("has another number than the last migration that it replaces")
        }
        None => None,
    }
}

fn doubled(folder: &Path, number: u32, one: &str, two: &str) -> Fault {
    Fault::new(
        folder.join(format!("{number:04}_{two}")),
        format!("has the number of {number:04}_{one}: two branches both added number {number}"),
        format!(
            "keep the one that was applied or merged first, remove the other folder, and run \
             `pilaster generate`: what it did comes back as number {next}. One that was written by \
             hand is kept: rename its folder to {next:04}_…, and run `pilaster migrate rehash`",
            next = number + 1
        ),
    )
}

fn missing(folder: &Path, found: &BTreeMap<u32, Vec<String>>, base: u32, faults: &mut Vec<Fault>) {
    let mut expected = base;
    for (&number, slugs) in found {
        if number > expected {
            let name = format!("{number:04}_{}", slugs.first().map_or("", String::as_str));
            let gap = match number - expected {
                1 => format!("number {expected} is"),
                _ => format!("numbers {expected} to {} are", number - 1),
            };
            faults.push(Fault::new(
                folder.join(name),
                format!("does not follow on: {gap} missing before it"),
                "restore what is missing from version control",
            ));
        }
        expected = number + 1;
    }
}

fn chain(folder: &Path, links: &[(Migration, Header)], faults: &mut Vec<Fault>) {
    let mut before: Option<&Migration> = None;
    for (migration, header) in links {
        if !is_next(before, header) {
            let own = migration.folder_name();
            faults.push(match before {
                Some(edited) => Fault::new(
                    folder.join(edited.folder_name()),
                    format!("was edited, or replaced, after {own} was written"),
                    format!(
                        "restore it from version control; where neither it nor {own} was applied \
                         anywhere yet, `pilaster migrate rehash` takes it as it is now"
                    ),
                ),
                None => Fault::new(
                    folder.join(&own).join(UP),
                    "says that it follows another, and is the first",
                    "restore the migrations before it from version control",
                ),
            });
        }
        before = Some(migration);
    }
}

/// Whether a migration with that header comes right behind `before`.
pub(super) fn is_next(before: Option<&Migration>, header: &Header) -> bool {
    match (before, header.follows) {
        (None, None) => true,
        (Some(before), Some((number, hash))) => before.is_followed_by(number, hash),
        _ => false,
    }
}
