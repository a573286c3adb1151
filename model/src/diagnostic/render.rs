//! Diagnostics for a person: the source line, the fault underlined, what was expected, the mend.
//!
//! It writes to a string and never asks what terminal there is.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Severity};
use crate::schema::Origin;
use crate::source::{FileId, Sources};

/// Whether a rendering is coloured, by ANSI escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// With ANSI escapes.
    Always,
}

impl Diagnostics {
    /// All of them as text, a blank line between two.
    pub fn render(&self, sources: &Sources, color: Color) -> String {
        let all: Vec<String> = self.iter().map(|d| d.render(sources, color)).collect();
        all.join("\n")
    }
}

impl Diagnostic {
    /// The diagnostic as text that ends in a newline.
    pub fn render(&self, sources: &Sources, color: Color) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Advice => Level::INFO.with_name("advice"),
        };
        let title = level.primary_title(self.message.as_str()).id(self.code);
        let mut group = title.elements(self.excerpts(sources));
        let mut groups = Vec::new();
        match (&self.help, &self.suggestion) {
            (help, Some(suggestion)) => {
                groups.push(group);
                let excerpt = Excerpt::new(sources, &[suggestion.origin]);
                let patch = Patch::new(
                    excerpt.range(suggestion.origin),
                    suggestion.replacement.as_str(),
                );
                let title = help.as_deref().unwrap_or("write it so");
                groups.push(
                    Level::HELP
                        .with_name("mend")
                        .secondary_title(title)
                        .element(excerpt.snippet().patch(patch)),
                );
            }
            (Some(help), None) => {
                group = group.element(Level::HELP.with_name("mend").message(help.as_str()));
                groups.push(group);
            }
            (None, None) => groups.push(group),
        }
        let renderer = match color {
            Color::Never => Renderer::plain(),
            Color::Always => Renderer::styled(),
        };
        let mut text = renderer.render(&groups as &[Group<'_>]);
        text.push('\n');
        text
    }

    /// One excerpt for each file it speaks of, its own first.
    fn excerpts<'a>(
        &'a self,
        sources: &'a Sources,
    ) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
        let mut files = vec![self.origin.file];
        for (origin, _) in &self.secondary {
            if !files.contains(&origin.file) {
                files.push(origin.file);
            }
        }
        files
            .into_iter()
            .map(|file| {
                let own = (file == self.origin.file).then_some(self.origin);
                let others = || self.secondary.iter().filter(move |(o, _)| o.file == file);
                let places: Vec<Origin> =
                    own.into_iter().chain(others().map(|(o, _)| *o)).collect();
                let excerpt = Excerpt::new(sources, &places);
                let mut snippet = excerpt.snippet();
                if let Some(origin) = own {
                    let annotation = AnnotationKind::Primary.span(excerpt.range(origin));
                    snippet = snippet.annotation(match &self.label {
                        Some(label) => annotation.label(label.as_str()),
                        None => annotation,
                    });
                }
                snippet.annotations(others().map(|(origin, label)| {
                    AnnotationKind::Context
                        .span(excerpt.range(*origin))
                        .label(label.as_str())
                }))
            })
            .collect()
    }
}

/// The lines of a file from the first place to the last: handing over the whole file would make
/// rendering many faults of a long file quadratic.
struct Excerpt<'a> {
    path: String,
    text: &'a str,
    start: usize,
    line: u32,
}

impl<'a> Excerpt<'a> {
    fn new(sources: &'a Sources, places: &[Origin]) -> Self {
        let file = FileId(places.first().map_or(0, |o| o.file));
        let text = sources.text(file);
        let first = places.iter().map(|o| o.start as usize).min().unwrap_or(0);
        let last = places.iter().map(|o| o.end as usize).max().unwrap_or(0);
        let start = text
            .get(..first)
            .and_then(|t| t.rfind('\n'))
            .map_or(0, |i| i + 1);
        let end = text
            .get(last..)
            .and_then(|t| t.find('\n'))
            .map_or(text.len(), |i| last + i + 1);
        let place = Origin {
            file: file.0,
            start: start as u32,
            end: start as u32,
        };
        Excerpt {
            path: sources.path(file).display().to_string(),
            text: text.get(start..end).unwrap_or(""),
            start,
            line: sources.line_column(place).0,
        }
    }

    fn range(&self, origin: Origin) -> Range<usize> {
        let place = |byte: u32| {
            let byte = (byte as usize)
                .saturating_sub(self.start)
                .min(self.text.len());
            (0..=byte)
                .rev()
                .find(|b| self.text.is_char_boundary(*b))
                .unwrap_or(0)
        };
        place(origin.start)..place(origin.end)
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text)
            .path(self.path.clone())
            .line_start(self.line as usize)
    }
}
