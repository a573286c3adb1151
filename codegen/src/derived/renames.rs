//! Likely renames: something that went and something that came, alike but for the name.
//!
//! A rename is never guessed: it is said in the model by `was`, or the loss is allowed.

use std::path::PathBuf;

use migrations::plan::{HazardKind, Suspected, detect_likely_renames};
use model::quote::ident;
use model::schema::Origin;
use model::{Diagnostic, Diagnostics, FileId, Id, Kind, Schema};

use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::files::Files;
use crate::source;

/// Renames that look likely and are not said.
#[derive(Debug, Default)]
pub struct Likely {
    pairs: Vec<Pair>,
}

#[derive(Debug)]
struct Pair {
    from: Id,
    to: Id,
    origin: Origin,
}

/// The likely renames between two schemas; none where losing data is allowed, for that says it.
pub(super) fn likely(from: &Schema, to: &Schema, allow: &[HazardKind]) -> Likely {
    if allow.contains(&HazardKind::DataLoss) {
        return Likely::default();
    }
    let pair = |suspected: Suspected| {
        let node = to.get(&suspected.to)?;
        let table = node.id.relation().and_then(|id| to.get(&id));
        let allowed = table
            .into_iter()
            .chain([node])
            .flat_map(|node| &node.hints.allow);
        let mut names = allowed.map(|name| HazardKind::parse(name));
        let said = names.any(|kind| kind == Some(HazardKind::DataLoss));
        let origin = node.origin.filter(|_| !said)?;
        Some(Pair {
            from: suspected.from,
            to: suspected.to,
            origin,
        })
    };
    Likely {
        pairs: detect_likely_renames(from, to)
            .into_iter()
            .filter_map(pair)
            .collect(),
    }
}

impl Likely {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Asks about each on a terminal, and writes `was` into the model where the answer is yes.
    ///
    /// # Errors
    ///
    /// [`Cause::Input`](crate::failure::Cause::Input) with both ways to say it, where nobody can be asked, where nothing may be
    /// written, or where the answer is no.
    pub fn settle(&self, model: &[PathBuf], console: &Console, check: bool) -> Outcome<()> {
        let sources = source::read_files(model)?;
        let mut unsettled = Diagnostics::new();
        let mut edits: Vec<(Origin, String)> = Vec::new();
        for Pair { from, to, origin } in &self.pairs {
            let (kind, old) = (to.kind.word(), from.own_name());
            let question = format!("was {kind} {to} named {old}? (yes keeps its data)");
            let was = format!(" was {}", ident(old));
            let after = clause_end(sources.text(FileId(origin.file)), to.kind, *origin);
            if console.interactive && !check && console.ask(&question) {
                edits.push((after, was));
                continue;
            }
            let fact = format!("{kind} {from} went and {kind} {to} came: is it the same, renamed?");
            let ways = "to rename it and keep its data write this; to drop the one and make the \
                other say `pilaster generate --allow data_loss`";
            let diagnostic = Diagnostic::error("likely_rename", fact, *origin);
            unsettled.push(diagnostic.help(ways).suggest(after, was));
        }
        if !unsettled.is_empty() {
            return Err(Failure::faults(&unsettled, &sources, console.error_color()));
        }
        // Later places first, so that the earlier ones stay where they are.
        edits.sort_by_key(|(origin, _)| std::cmp::Reverse((origin.file, origin.end)));
        let mut files = Files::default();
        for (id, path, text) in sources.files() {
            let mut text = text.to_owned();
            for (origin, was) in edits.iter().filter(|(origin, _)| FileId(origin.file) == id) {
                text.insert_str(origin.end as usize, was);
            }
            files.insert(path, text);
        }
        files.compare(&[])?.write()
    }
}

/// Where a clause of the object can be added: behind a column's last clause on its line, and right
/// behind the name of everything else.
fn clause_end(text: &str, kind: Kind, name: Origin) -> Origin {
    let mut end = name.end as usize;
    if kind == Kind::Column {
        let rest = text.get(end..).unwrap_or_default();
        let (mut quote, mut depth) = (None, 0);
        let mut stop = rest.len();
        for (at, c) in rest.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(c),
                (None, '(' | '[') => depth += 1,
                (None, ')' | ']') => depth -= 1,
                (None, '\n' | ';' | '}') if depth == 0 => stop = at,
                (None, '/') if rest[at..].starts_with("//") => stop = at,
                (None, _) => {}
            }
            if stop == at {
                break;
            }
        }
        end += rest[..stop].trim_end().len();
    }
    let end = u32::try_from(end).unwrap_or(name.end);
    Origin {
        start: end,
        end,
        ..name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_goes_behind_the_last_one() {
        let ends = [
            ("title text  // why", "title text"),
            ("title text default '//;' }", "title text default '//;'"),
            ("title numeric(\n2)\nnext text", "title numeric(\n2)"),
            ("title text; b text", "title text"),
        ];
        for (text, expected) in ends {
            let name = Origin {
                file: 0,
                start: 0,
                end: 5,
            };
            let end = clause_end(text, Kind::Column, name).end as usize;
            assert_eq!(&text[..end], expected);
        }
    }
}
