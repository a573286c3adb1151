//! A pulled model into one that a person keeps: what differs is replaced where it stands, and
//! everything else stays as it was written.
//!
//! It never decides what differs, and never whether the outcome is right: a server does both.

use std::collections::{BTreeMap, BTreeSet};

use model::{FileId, Id, Kind, Schema, Sources};

use super::chunk::{Chunks, Part};
use super::comments::with_comments;

/// What is to be brought over.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The objects that differ.
    pub ids: BTreeSet<Id>,
    /// Tables of which grants, row security or storage differ.
    pub attributes: BTreeSet<Id>,
    /// Tables of which the head differs: comment, kind, partitioning.
    pub heads: BTreeSet<Id>,
    /// Relations whose text is replaced as a whole, because less did not do.
    pub whole: BTreeSet<Id>,
}

/// The files of a model, with what is wanted as `pulled` says it.
///
/// Where a mixin says something that differs for one of its tables, the mixin's columns stand in
/// that table in the place of `include`.
pub fn merged(
    mine: (&Sources, &Schema),
    pulled: (&Sources, &Schema),
    wanted: &mut Wanted,
) -> Vec<(FileId, String)> {
    for id in wanted.ids.iter().filter(|id| id.kind == Kind::Table) {
        if mine.1.contains(id) != pulled.1.contains(id) {
            wanted.whole.insert(id.clone());
        }
    }
    let (mine, pulled) = (
        Side::new(mine, &wanted.whole),
        Side::new(pulled, &wanted.whole),
    );
    Merge::new(&mine, &pulled).texts(wanted)
}

/// A stretch: which file, which of its stretches.
type Place = (usize, usize);

/// A model in stretches, and the objects that each says.
struct Side {
    files: Vec<(FileId, Chunks)>,
    places: BTreeMap<Id, Place>,
    said: BTreeMap<Place, Vec<Id>>,
}

impl Side {
    fn new((sources, schema): (&Sources, &Schema), whole: &BTreeSet<Id>) -> Self {
        let files = sources.files();
        let mut side = Side {
            files: files
                .map(|(id, _, text)| (id, Chunks::read(text, id)))
                .collect(),
            places: BTreeMap::new(),
            said: BTreeMap::new(),
        };
        for node in schema.nodes().filter(|node| !node.external) {
            let Some(origin) = node.origin else { continue };
            let file = side.files.iter().position(|(id, _)| id.0 == origin.file);
            let relation = node.id.relation().unwrap_or_else(|| node.id.clone());
            let is_whole = whole.contains(&relation);
            let Some(file) = file else { continue };
            let chunks = &side.files[file].1;
            let Some(chunk) = chunks.around(origin.start as usize, is_whole) else {
                continue;
            };
            let place = match chunks.mixin(chunk) {
                // What a mixin says, its table says by `include`.
                Some(mixin) => match side.places.get(&relation) {
                    Some(table) => side.include(*table, mixin),
                    None => continue,
                },
                None => (file, chunk),
            };
            side.places.insert(node.id.clone(), place);
            side.said.entry(place).or_default().push(node.id.clone());
        }
        side
    }

    /// The line of a table's block that includes a mixin; the table's own where there is none.
    fn include(&self, table: Place, mixin: &str) -> Place {
        let line = self.lines(table).into_iter().find(|place| {
            let mut words = self.text(*place).split_whitespace();
            words.next() == Some("include") && words.next() == Some(mixin)
        });
        line.filter(|_| self.part(table) == Part::Head)
            .unwrap_or(table)
    }

    fn text(&self, (file, chunk): Place) -> &str {
        self.files[file].1.text_of(chunk)
    }

    /// Whether the stretch is a line that uses a template.
    fn is_use(&self, place: Place) -> bool {
        self.part(place) == Part::Line && self.text(place).split_whitespace().next() == Some("use")
    }

    fn part(&self, (file, chunk): Place) -> Part {
        self.files[file].1.all[chunk].part
    }

    fn item(&self, (file, chunk): Place) -> (usize, usize) {
        (file, self.files[file].1.all[chunk].item)
    }

    /// The lines of the block that `head` opens, in their order.
    fn lines(&self, head: Place) -> Vec<Place> {
        let chunks = &self.files[head.0].1.all;
        let item = chunks[head.1].item;
        let own = chunks.iter().enumerate();
        let own = own.filter(|(_, c)| c.item == item && c.part == Part::Line);
        own.map(|(number, _)| (head.0, number)).collect()
    }

    /// The lines of a block that say what a table is beside its parts.
    fn silent(&self, head: Place) -> Vec<Place> {
        const WORDS: [&str; 7] = [
            "grant",
            "revoke",
            "rls",
            "with",
            "tablespace",
            "replica",
            "comment",
        ];
        let mut lines = self.lines(head);
        lines.retain(|place| {
            let first = self.text(*place).split_whitespace().next().unwrap_or("");
            !self.said.contains_key(place) && WORDS.contains(&first)
        });
        lines
    }
}

/// A change of a text: what stands in a range, and what shall.
struct Edit {
    file: usize,
    start: usize,
    end: usize,
    text: String,
}

struct Merge<'a> {
    mine: &'a Side,
    pulled: &'a Side,
    edits: Vec<Edit>,
}

impl<'a> Merge<'a> {
    fn new(mine: &'a Side, pulled: &'a Side) -> Self {
        let edits = Vec::new();
        Merge {
            mine,
            pulled,
            edits,
        }
    }

    fn texts(mut self, wanted: &Wanted) -> Vec<(FileId, String)> {
        let mut done: BTreeSet<(bool, Place)> = BTreeSet::new();
        let mut attributes = wanted.attributes.clone();
        for id in &wanted.ids {
            let sides = [
                (false, self.mine.places.get(id)),
                (true, self.pulled.places.get(id)),
            ];
            let start = sides
                .into_iter()
                .filter_map(|(side, place)| Some((side, *place?)));
            let start: Vec<_> = start
                .filter(|(side, place)| !self.is_head(*side, *place) || wanted.heads.contains(id))
                .filter(|place| !done.contains(place))
                .collect();
            if start.is_empty() {
                continue;
            }
            let together = self.together(start);
            done.extend(together.iter().copied());
            // What a template granted beside its policies is said by the table itself from now on.
            if together
                .iter()
                .any(|(pulled, place)| !pulled && self.mine.is_use(*place))
            {
                attributes.extend(id.relation());
            }
            self.replace(&together);
        }
        for id in attributes.difference(&wanted.whole) {
            let places = (self.mine.places.get(id), self.pulled.places.get(id));
            if let (Some(mine), Some(pulled)) = places {
                self.attributes(*mine, *pulled);
            }
        }
        self.applied()
    }

    fn side(&self, pulled: bool) -> &'a Side {
        if pulled { self.pulled } else { self.mine }
    }

    fn is_head(&self, pulled: bool, place: Place) -> bool {
        self.side(pulled).part(place) == Part::Head
    }

    /// All stretches that say what these say, on both sides.
    fn together(&self, start: Vec<(bool, Place)>) -> BTreeSet<(bool, Place)> {
        let mut found: BTreeSet<(bool, Place)> = BTreeSet::new();
        let mut open = start;
        while let Some((pulled, place)) = open.pop() {
            if !found.insert((pulled, place)) {
                continue;
            }
            for id in self.side(pulled).said.get(&place).into_iter().flatten() {
                if let Some(there) = self.side(!pulled).places.get(id) {
                    open.push((!pulled, *there));
                }
            }
        }
        found
    }

    fn replace(&mut self, together: &BTreeSet<(bool, Place)>) {
        let of = |side: bool| {
            together
                .iter()
                .filter(move |(s, _)| *s == side)
                .map(|(_, p)| *p)
        };
        let old: Vec<Place> = of(false).collect();
        let new: Vec<Place> = of(true).collect();
        match (old.split_first(), new.first()) {
            (Some((first, rest)), Some(_)) => {
                let mut text = new.iter().map(|p| self.pulled.text(*p)).collect::<String>();
                let (file, chunk) = *first;
                if let Some(comment) = self.mine.files[file].1.comment_behind(chunk) {
                    let end = text.trim_end().len();
                    text.insert_str(end, &format!("  {comment}"));
                }
                if self.mine.part(*first) == Part::Whole {
                    text = with_comments(&self.mine.files[file].1.comments_in(chunk), &text);
                }
                self.edit(*first, text);
                rest.iter()
                    .for_each(|place| self.edit(*place, String::new()));
            }
            (Some(_), None) => old
                .iter()
                .for_each(|place| self.edit(*place, String::new())),
            (None, Some(_)) => new.iter().for_each(|place| self.insert(*place)),
            (None, None) => {}
        }
    }

    fn edit(&mut self, (file, chunk): Place, text: String) {
        let range = &self.mine.files[file].1.all[chunk].range;
        self.edits.push(Edit {
            file,
            start: range.start,
            end: range.end,
            text,
        });
    }

    /// Puts a stretch behind what stands before it where it was pulled.
    fn insert(&mut self, place: Place) {
        let text = self.pulled.text(place).to_owned();
        let is_line = self.pulled.part(place) == Part::Line;
        let (file, item) = self.pulled.item(place);
        let before = self.pulled.said.iter().rev().filter(|(other, _)| {
            let same =
                self.pulled.part(**other) != Part::Whole && self.pulled.item(**other).1 == item;
            **other < place && (same || !is_line) && other.0 == file
        });
        let mine = before
            .flat_map(|(_, ids)| ids)
            .find_map(|id| self.mine.places.get(id).copied());
        match (mine, is_line) {
            (Some((file, chunk)), true) => {
                let at = self.mine.files[file].1.all[chunk].range.end;
                self.put(file, at, text);
            }
            (Some(near), false) => {
                let item = self.mine.item(near);
                let chunks = &self.mine.files[item.0].1.all;
                let whole = chunks
                    .iter()
                    .find(|c| c.item == item.1 && c.part == Part::Whole);
                let at = whole.map_or(0, |chunk| chunk.range.end);
                self.put(item.0, at, format!("\n{text}"));
            }
            (None, _) => {
                let last = self.mine.files.len().saturating_sub(1);
                if let Some((_, chunks)) = self.mine.files.get(last) {
                    let at = chunks.text.len();
                    self.put(last, at, format!("\n{text}"));
                }
            }
        }
    }

    fn put(&mut self, file: usize, at: usize, text: String) {
        self.edits.push(Edit {
            file,
            start: at,
            end: at,
            text,
        });
    }

    /// Grants, row security and storage of a table: lines that both have stay.
    fn attributes(&mut self, mine: Place, pulled: Place) {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (old, new) = (self.mine.silent(mine), self.pulled.silent(pulled));
        let has = |side: &Side, places: &[Place], text: &str| {
            places.iter().any(|p| plain(side.text(*p)) == plain(text))
        };
        for place in &old {
            if !has(self.pulled, &new, self.mine.text(*place)) {
                self.edit(*place, String::new());
            }
        }
        let last = self.mine.lines(mine).last().copied().unwrap_or(mine);
        let at = self.mine.files[last.0].1.all[last.1].range.end;
        for place in &new {
            let text = self.pulled.text(*place);
            if !has(self.mine, &old, text) {
                self.put(last.0, at, text.to_owned());
            }
        }
    }

    /// The texts with all changes, one behind the other.
    fn applied(mut self) -> Vec<(FileId, String)> {
        self.edits
            .sort_by_key(|edit| (edit.file, edit.start, edit.end));
        let files = self.mine.files.iter().enumerate();
        let text = |(number, (id, chunks)): (usize, &(FileId, Chunks))| {
            let mut text = String::with_capacity(chunks.text.len());
            let mut at = 0;
            for edit in self.edits.iter().filter(|edit| edit.file == number) {
                if edit.start < at {
                    continue;
                }
                text.push_str(&chunks.text[at..edit.start]);
                text.push_str(&edit.text);
                at = edit.end;
            }
            text.push_str(&chunks.text[at..]);
            (*id, tidy(&text, &chunks.text))
        };
        files.map(text).collect()
    }
}

/// In the one layout, where the file was in it before; without the empty lines that are left.
fn tidy(text: &str, before: &str) -> String {
    if text == before {
        return text.to_owned();
    }
    match (model::fmt(before), model::fmt(text)) {
        (Ok(was), Ok(is)) if was == before => is,
        _ => text.to_owned(),
    }
}
