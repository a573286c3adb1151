//! The one layout of a model file.
//!
//! Tokens and comments are written in the order they stand in, each exactly once, so nothing can be
//! lost; only blanks, line ends, the case of keywords and separators that a line end replaces
//! change.

mod align;
mod layout;

use crate::diagnostic::Diagnostics;
use crate::resolve::{Model, resolve};
use crate::share;
use crate::source::{FileId, Sources};
use crate::syntax::tree::Comment;
use crate::syntax::{self, Marked};

/// The text in the one layout.
///
/// Line breaks inside a statement are the author's, and so is whether a block stands on one line.
/// Laying out what has been laid out changes nothing.
///
/// ```
/// let text = "table  t {\n  id   bigint identity primary key // never reused\n  note text? }";
/// assert_eq!(
///     model::fmt(text).unwrap(),
///     "table t {\n  id    bigint  identity  primary key  // never reused\n  note  text?\n}\n",
/// );
/// ```
///
/// # Errors
///
/// The faults of a text that cannot be read, in file number 0. Warnings do not stand in the way.
pub fn fmt(text: &str) -> Result<String, Diagnostics> {
    let (file, marked, diagnostics) = syntax::parse_marked(text, FileId(0));
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    Ok(laid_out(text, &marked, &file.comments))
}

/// [`load`](crate::load) and [`fmt`] at once, for which each file is read once: the model, and the text of each
/// file in the one layout. A file with faults stays as it is.
///
/// ```
/// let mut sources = model::Sources::new();
/// sources.add("shop.pilaster", "table  deals {\n  id bigint primary key }");
/// let (model, texts, diagnostics) = model::load_and_fmt(&sources);
/// assert!(diagnostics.is_empty());
/// assert_eq!(texts, ["table deals {\n  id  bigint  primary key\n}\n"]);
/// # assert_eq!(model.schema.len(), model::load(&sources).0.schema.len());
/// ```
pub fn load_and_fmt(sources: &Sources) -> (Model, Vec<String>, Diagnostics) {
    let mut all = Diagnostics::new();
    let (mut files, mut layouts) = (Vec::new(), Vec::new());
    for (id, _, text) in sources.files() {
        let (file, marked, faults) = syntax::parse_marked(text, id);
        let readable = !faults.has_errors();
        layouts.push((text, readable.then(|| (marked, file.comments.clone()))));
        files.push(file);
        all.extend(faults);
    }
    let ((model, faults), texts) = share::both(
        || resolve(files),
        || {
            let text = |(text, layout): &(&str, Option<(Marked, Vec<Comment>)>)| match layout {
                Some((marked, comments)) => laid_out(text, marked, comments),
                None => (*text).to_owned(),
            };
            layouts.iter().map(text).collect()
        },
    );
    all.extend(faults);
    (model, texts, all)
}

fn laid_out(text: &str, marked: &Marked, comments: &[Comment]) -> String {
    let mut lines = layout::lines(text, &marked.tokens, &marked.marks, comments);
    align::align(&mut lines);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in &lines {
        line.write(&mut out);
    }
    out
}
