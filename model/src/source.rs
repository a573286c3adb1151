//! The files a model was read from, by number, and places in them.
//!
//! It holds text and never reads a file: whoever does hands the text over.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::schema::Origin;

/// The number of a file in its [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A byte range of one file; `start` and `end` lie between characters.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The range from `start` to before `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Span { start, end }
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The text it covers; empty where the range is not one of this text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }

    /// The place in that file.
    pub fn in_file(self, file: FileId) -> Origin {
        Origin {
            file: file.0,
            start: self.start,
            end: self.end,
        }
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// The files of one model.
///
/// ```
/// let mut sources = model::Sources::new();
/// let file = sources.add("shop.pilaster", "role a\nrole b\n");
/// let origin = model::Span::new(12, 13).in_file(file);
/// assert_eq!(sources.line_column(origin), (2, 6));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

#[derive(Clone, Debug)]
struct Source {
    path: PathBuf,
    text: Arc<String>,
    /// Where its lines end; looked up once somebody asks for a line.
    ends: OnceLock<Vec<u32>>,
}

impl Source {
    fn ends(&self) -> &[u32] {
        let found = || {
            let ends = self.text.match_indices('\n');
            ends.map(|(at, _)| at as u32).collect()
        };
        self.ends.get_or_init(found)
    }
}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Sources::default()
    }

    /// Adds a file. Its path is what diagnostics will show.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(Source {
            path: path.into(),
            text: Arc::new(text.into()),
            ends: OnceLock::new(),
        });
        id
    }

    /// The files in the order they were added.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileId, &Path, &str)> {
        self.files
            .iter()
            .enumerate()
            .map(|(i, f)| (FileId(i as u32), f.path.as_path(), f.text.as_str()))
    }

    /// The text of a file; empty where there is no such file.
    pub fn text(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |f| &f.text)
    }

    /// The path of a file; empty where there is no such file.
    pub fn path(&self, file: FileId) -> &Path {
        self.files
            .get(file.0 as usize)
            .map_or(Path::new(""), |f| &f.path)
    }

    /// Line and column of the place's first character, both counted from one, columns in characters.
    pub fn line_column(&self, origin: Origin) -> (u32, u32) {
        let Some(source) = self.files.get(origin.file as usize) else {
            return (1, 1);
        };
        let before = source.text.get(..origin.start as usize);
        let before = before.unwrap_or(&source.text);
        let ends = source.ends();
        let line = ends.partition_point(|&end| (end as usize) < before.len());
        let start = line
            .checked_sub(1)
            .map_or(0, |last| ends[last] as usize + 1);
        (line as u32 + 1, before[start..].chars().count() as u32 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_its_line_and_column() {
        let text = "a\n\nbö\r\nc";
        let mut sources = Sources::new();
        let file = sources.add("m.pilaster", text);
        let (mut line, mut column) = (1, 1);
        for (at, c) in text.char_indices() {
            let place = Span::new(at as u32, at as u32).in_file(file);
            assert_eq!(sources.line_column(place), (line, column), "{at}");
            (line, column) = match c {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        let end = text.len() as u32;
        assert_eq!(
            sources.line_column(Span::new(end, end).in_file(file)),
            (4, 2)
        );
        assert_eq!(
            Sources::new().line_column(Span::new(3, 4).in_file(file)),
            (1, 1)
        );
    }
}
