//! The first lines of a migration's files, which name it and the one it follows.
//!
//! Nothing below the headers is ever looked at.

use super::Hash;

const NAME: &str = "-- pilaster: ";
const FOLLOWS: &str = "-- follows: ";

/// What `up.sql` says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Its own number and slug.
    pub(super) number: u32,
    pub(super) slug: String,
    /// The number and hash of the migration before it.
    pub(super) follows: Option<(u32, Hash)>,
}

pub(super) fn up(number: u32, slug: &str, follows: Option<(u32, Hash)>) -> String {
    match follows {
        Some((before, hash)) => {
            format!("{NAME}{number:04} {slug}\n{FOLLOWS}{before:04} {hash}\n\n")
        }
        None => format!("{NAME}{number:04} {slug}\n{FOLLOWS}nothing\n\n"),
    }
}

pub(super) fn down(number: u32, slug: &str) -> String {
    format!("{NAME}{number:04} {slug}, the way back\n\n")
}

pub(super) fn snapshot(number: u32, slug: &str) -> String {
    format!("// The schema that {number:04}_{slug} reaches. The next migration starts from it.\n\n")
}

/// The header of an `up.sql`, where its first two lines are one.
pub(super) fn parse(up: &str) -> Option<Header> {
    let mut lines = up.lines();
    let (number, slug) = lines
        .next()?
        .strip_prefix(NAME)?
        .trim_end()
        .split_once(' ')?;
    let follows = match lines.next()?.strip_prefix(FOLLOWS)?.trim_end() {
        "nothing" => None,
        line => {
            let (before, hash) = line.split_once(' ')?;
            Some((before.parse().ok()?, Hash::parse(hash)?))
        }
    };
    Some(Header {
        number: number.parse().ok()?,
        slug: slug.to_owned(),
        follows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let hash = Hash::of("a", "b", "c");
        for follows in [None, Some((6, hash))] {
            let read = parse(&up(7, "add_notes", follows)).unwrap();
            assert_eq!(
                read,
                Header {
                    number: 7,
                    slug: "add_notes".into(),
                    follows
                }
            );
        }
        assert_eq!(parse("select 1;\n"), None);
    }
}
