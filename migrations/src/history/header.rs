//! The first lines of a migration's files, which name it and the one it follows.
//!
//! Nothing below the headers is ever looked at.

use super::{Hash, Replaced};

const NAME: &str = "-- pilaster: ";
const FOLLOWS: &str = "-- follows: ";
const BY_HAND: &str = "-- written: by hand";
const REPLACES: &str = "-- replaces: ";
const HOLDS: &str = "-- holds: ";
const REACHED: &str = "// The schema that ";

/// What `up.sql` says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Its own number and slug.
    pub(super) number: u32,
    pub(super) slug: String,
    /// The number and hash of the migration before it.
    pub(super) follows: Option<(u32, Hash)>,
    /// Whether no plan could write it again.
    pub(super) by_hand: bool,
    /// What it was folded from, where it is a squash.
    pub(super) replaces: Vec<Replaced>,
    /// The hash of what stands below the headers, where it is a squash: nothing that comes after it
    /// need name its own hash.
    pub(super) holds: Option<Hash>,
}

pub(super) fn up(header: &Header) -> String {
    let mut text = format!("{NAME}{:04} {}\n{FOLLOWS}", header.number, header.slug);
    text += &match header.follows {
        Some((before, hash)) => format!("{before:04} {hash}\n"),
        None => "nothing\n".to_owned(),
    };
    if header.by_hand {
        text += BY_HAND;
        text.push('\n');
    }
    for one in &header.replaces {
        text += &format!("{REPLACES}{:04} {} {}\n", one.number, one.slug, one.hash);
    }
    if let Some(hash) = header.holds {
        text += &format!("{HOLDS}{hash}\n");
    }
    text.push('\n');
    text
}

pub(super) fn down(header: &Header) -> String {
    format!(
        "{NAME}{:04} {}, the way back\n\n",
        header.number, header.slug
    )
}

pub(super) fn snapshot(header: &Header) -> String {
    format!(
        "{REACHED}{:04}_{} reaches. The next migration starts from it.\n\n",
        header.number, header.slug
    )
}

/// What stands below a file's header lines and the empty line behind them.
pub(super) fn body(text: &str) -> &str {
    const LINES: [&str; 6] = [NAME, FOLLOWS, BY_HAND, REPLACES, HOLDS, REACHED];
    let mut rest = text;
    while let Some((line, below)) = rest.split_once('\n') {
        let is_header = LINES.iter().any(|start| line.starts_with(start));
        if !is_header && !line.trim_end().is_empty() {
            break;
        }
        rest = below;
        if !is_header {
            break;
        }
    }
    rest
}

/// The header of an `up.sql`, where its first lines are one.
pub(super) fn parse(up: &str) -> Option<Header> {
    let mut lines = up.lines().map(str::trim_end).peekable();
    let (number, slug) = lines.next()?.strip_prefix(NAME)?.split_once(' ')?;
    let follows = match lines.next()?.strip_prefix(FOLLOWS)? {
        "nothing" => None,
        line => {
            let (before, hash) = line.split_once(' ')?;
            Some((before.parse().ok()?, Hash::parse(hash)?))
        }
    };
    let by_hand = lines.next_if_eq(&BY_HAND).is_some();
    let mut replaces = Vec::new();
    while let Some(line) = lines.next_if(|line| line.starts_with(REPLACES)) {
        let (name, hash) = line.strip_prefix(REPLACES)?.rsplit_once(' ')?;
        let (number, slug) = name.split_once(' ')?;
        replaces.push(Replaced {
            number: number.parse().ok()?,
            slug: slug.to_owned(),
            hash: Hash::parse(hash)?,
        });
    }
    let holds = match lines.next_if(|line| line.starts_with(HOLDS)) {
        Some(line) => Some(Hash::parse(line.strip_prefix(HOLDS)?)?),
        None => None,
    };
    if replaces.is_empty() != holds.is_none() {
        return None;
    }
    Some(Header {
        number: number.parse().ok()?,
        slug: slug.to_owned(),
        follows,
        by_hand,
        replaces,
        holds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let hash = Hash::of("a", "b", "c");
        let plain = Header {
            number: 7,
            slug: "add_notes".into(),
            ..Header::default()
        };
        let second = Header {
            follows: Some((6, hash)),
            ..plain.clone()
        };
        let by_hand = Header {
            by_hand: true,
            ..second.clone()
        };
        let squash = Header {
            replaces: vec![Replaced {
                number: 7,
                slug: "add_notes".into(),
                hash,
            }],
            holds: Some(hash),
            ..plain.clone()
        };
        for header in [plain, second, by_hand, squash] {
            let text = up(&header);
            assert_eq!(parse(&text), Some(header));
            let below = "select 1;\n\nselect 2;\n";
            assert_eq!(body(&format!("{text}{below}")), below);
            assert_eq!(
                body(&format!(
                    "{}{below}",
                    text.trim_end_matches('\n').to_owned() + "\n"
                )),
                below
            );
        }
        assert_eq!(parse("select 1;\n"), None);
    }
}
