//! Stretches of a model's text that are written, replaced and taken out as one: a statement of a
//! file, a table's head, a line of its block.
//!
//! It never takes a comment with it that stands on lines of its own.

use std::ops::Range;

use model::FileId;
use model::syntax::parse;
use model::syntax::tree::Item;

use super::comments::Comment;

/// What a stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A statement of the file, block and all.
    Whole,
    /// A table's docs and head, up to its brace.
    Head,
    /// A statement in a table's block.
    Line,
}

/// A stretch of whole lines.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) range: Range<usize>,
    pub(super) part: Part,
    /// Which statement of the file it belongs to.
    pub(super) item: usize,
}

/// A file in stretches.
#[derive(Clone, Debug)]
pub(super) struct Chunks {
    pub(super) text: String,
    pub(super) all: Vec<Chunk>,
    /// Places of comments that document nothing.
    comments: Vec<Range<usize>>,
    /// The statements that are mixins, and their names.
    mixins: Vec<(usize, String)>,
}

impl Chunks {
    pub(super) fn read(text: &str, file: FileId) -> Self {
        let (tree, _) = parse(text, file);
        let comments = tree.comments.iter().filter(|comment| !comment.doc);
        let mut chunks = Chunks {
            text: text.to_owned(),
            all: Vec::new(),
            comments: comments
                .map(|comment| comment.span.start as usize..comment.span.end as usize)
                .collect(),
            mixins: Vec::new(),
        };
        for (number, item) in tree.items.iter().enumerate() {
            let span = item.span();
            let start = with_docs(text, line_start(text, span.start as usize));
            let end = line_end(text, span.end as usize);
            chunks.push(start..end, Part::Whole, number);
            match item {
                Item::Table(_) => chunks.block(span.start as usize, start..end, number),
                Item::Mixin(mixin) => {
                    chunks.mixins.push((number, mixin.name.name.to_string()));
                }
                _ => {}
            }
        }
        chunks
    }

    /// The stretch around a place; the smallest, unless `whole` is asked for.
    pub(super) fn around(&self, at: usize, whole: bool) -> Option<usize> {
        let holds = |chunk: &&(usize, &Chunk)| {
            chunk.1.range.contains(&at) && (chunk.1.part == Part::Whole || !whole)
        };
        let all: Vec<(usize, &Chunk)> = self.all.iter().enumerate().collect();
        let found = all
            .iter()
            .filter(holds)
            .min_by_key(|(_, chunk)| chunk.range.len());
        found.map(|(number, _)| *number)
    }

    /// The name of the mixin that a stretch is in.
    pub(super) fn mixin(&self, chunk: usize) -> Option<&str> {
        let item = self.all[chunk].item;
        let mixin = self.mixins.iter().find(|(number, _)| *number == item);
        mixin.map(|(_, name)| name.as_str())
    }

    pub(super) fn text_of(&self, chunk: usize) -> &str {
        &self.text[self.all[chunk].range.clone()]
    }

    /// The comment behind the last line of a stretch.
    pub(super) fn comment_behind(&self, chunk: usize) -> Option<&str> {
        let range = &self.all[chunk].range;
        let last = line_start(&self.text, range.end.saturating_sub(1));
        let comment = self
            .comments
            .iter()
            .find(|c| (last..range.end).contains(&c.start))?;
        let before = &self.text[last..comment.start];
        (!before.trim().is_empty()).then(|| self.text[comment.clone()].trim_end())
    }

    /// The comments inside a stretch, in their order.
    pub(super) fn comments_in(&self, chunk: usize) -> Vec<Comment<'_>> {
        let range = &self.all[chunk].range;
        let own = self.comments.iter().filter(|c| range.contains(&c.start));
        own.map(|place| {
            let line = line_start(&self.text, place.start);
            let before = self.text[line..place.start].trim();
            let mut behind = self.text[line_end(&self.text, place.start)..range.end].lines();
            let next = behind.find(|line| {
                let line = line.trim();
                !line.is_empty() && !line.starts_with("//")
            });
            Comment {
                text: self.text[place.clone()].trim_end(),
                line: if before.is_empty() {
                    next.unwrap_or("")
                } else {
                    before
                },
                is_alone: before.is_empty(),
            }
        })
        .collect()
    }

    fn push(&mut self, range: Range<usize>, part: Part, item: usize) {
        self.all.push(Chunk { range, part, item });
    }

    /// The head and the lines of a table's block.
    fn block(&mut self, from: usize, whole: Range<usize>, item: usize) {
        let text = self.text.clone();
        let Some(open) = Scanner::new(&text, from, whole.end).find_open() else {
            return;
        };
        let body = line_end(&text, open);
        if body >= whole.end {
            return;
        }
        self.push(whole.start..body, Part::Head, item);
        let mut base = None;
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut documented = false;
        for (start, depth) in Scanner::new(&text, open, whole.end).lines() {
            let line = &text[start..line_end(&text, start)];
            let words = line.trim_start();
            let indent = line.len() - words.len();
            if words.trim().is_empty() || self.comments.iter().any(|c| c.start == start + indent) {
                continue;
            }
            let is_doc = words.starts_with("///");
            let base = *base.get_or_insert(indent);
            let begins = depth == 1 && indent <= base && !words.starts_with('}');
            if depth == 1 && words.starts_with('}') && start + line.len() == whole.end {
                break;
            }
            match found.last_mut() {
                Some(last) if documented || !begins => last.end = start + line.len(),
                _ => found.push(start..start + line.len()),
            }
            documented = is_doc && (begins || documented);
        }
        for range in found {
            self.push(range, Part::Line, item);
        }
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Behind the newline of the line that holds `at`.
fn line_end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

/// The start of the docs above a line.
fn with_docs(text: &str, mut start: usize) -> usize {
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with("///") {
            break;
        }
        start = above;
    }
    start
}

/// Goes through a text and knows what stands in strings and comments.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    depth: usize,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, at: usize, end: usize) -> Self {
        let depth = 0;
        Scanner {
            text,
            at,
            end,
            depth,
        }
    }

    /// The place of the first `{` that stands in no parentheses.
    fn find_open(mut self) -> Option<usize> {
        while self.at < self.end {
            if self.depth == 0 && self.text.as_bytes()[self.at] == b'{' {
                return Some(self.at);
            }
            self.step();
        }
        None
    }

    /// The lines that begin in no string, behind the first, each with how many brackets are open.
    fn lines(mut self) -> Vec<(usize, usize)> {
        let mut lines = Vec::new();
        while self.at < self.end {
            let newline = self.text.as_bytes()[self.at] == b'\n';
            self.step();
            if newline && self.at < self.end {
                lines.push((self.at, self.depth));
            }
        }
        lines
    }

    /// Past one character, or one string or comment.
    fn step(&mut self) {
        let rest = &self.text[self.at..self.end];
        let until = |from: usize, what: &str| {
            rest[from..]
                .find(what)
                .map_or(rest.len(), |found| from + found + what.len())
        };
        self.at += match rest.as_bytes()[0] {
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'\'' => until(1, "'"),
            b'"' => until(1, "\""),
            b'$' => match rest[1..].find('$') {
                Some(tag)
                    if rest[1..=tag]
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
                {
                    until(tag + 2, &rest[..tag + 2])
                }
                _ => 1,
            },
            b'(' | b'[' | b'{' => {
                self.depth += 1;
                1
            }
            b')' | b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                1
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Sources;

    fn lines(text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let file = sources.add("m.pilaster", text);
        let chunks = Chunks::read(text, file);
        let own = chunks
            .all
            .iter()
            .enumerate()
            .filter(|(_, c)| c.part != Part::Whole);
        own.map(|(number, _)| chunks.text_of(number).to_owned())
            .collect()
    }

    #[test]
    fn a_block_is_cut_where_its_statements_end() {
        let text = "// all\n/// What is sold.\ntable a {\n  /// The key.\n  id bigint\n\n  // a note\n  \
            b text  // behind\n    default '}'\n  transitions b {\n    x -> y\n  }\n  check (\n  b > 'a'\n  )\n}\n";
        assert_eq!(
            lines(text),
            [
                "/// What is sold.\ntable a {\n",
                "  /// The key.\n  id bigint\n",
                "  b text  // behind\n    default '}'\n",
                "  transitions b {\n    x -> y\n  }\n",
                "  check (\n  b > 'a'\n  )\n",
            ]
        );
    }
}
