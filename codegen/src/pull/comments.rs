//! Comments of a stretch that is written anew, in their places again.

/// A comment, and the line that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comment<'t> {
    pub(super) text: &'t str,
    /// The line it stands in, without it; of one on a line of its own the next.
    pub(super) line: &'t str,
    /// Whether it stands on a line of its own.
    pub(super) is_alone: bool,
}

/// The text with the comments at the lines they are about. One whose line is gone comes first in
/// the block, so that none is lost.
pub(super) fn with_comments(comments: &[Comment<'_>], text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for comment in comments {
        let about = about(&lines, comment.line);
        match about {
            Some(at) if !comment.is_alone && !lines[at].contains("//") => {
                lines[at].push_str(&format!("  {}", comment.text));
            }
            _ => {
                let at = about.unwrap_or(1).min(lines.len());
                let near = lines.get(at).map_or("", String::as_str);
                let indent = match near.trim_start() {
                    "}" | "" => "  ",
                    words => &near[..near.len() - words.len()],
                };
                lines.insert(at, format!("{indent}{}", comment.text));
            }
        }
    }
    lines.join("\n") + "\n"
}

/// The line that says the same, or that says something of the same.
fn about(lines: &[String], line: &str) -> Option<usize> {
    let plain = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let subject = |line: &str| -> Vec<String> {
        let mut words = line.split_whitespace().map(str::to_owned);
        let first: Vec<String> = words.by_ref().take(1).collect();
        // Behind these words stands what it is about; a column is its own first word.
        const KINDS: [&str; 9] = [
            "check",
            "foreign",
            "index",
            "policy",
            "primary",
            "transitions",
            "trigger",
            "unique",
            "use",
        ];
        match first.first() {
            Some(kind) if KINDS.contains(&kind.as_str()) => {
                first.into_iter().chain(words.take(1)).collect()
            }
            _ => first,
        }
    };
    let same = lines.iter().position(|own| plain(own) == plain(line));
    same.or_else(|| {
        let wanted = subject(line);
        lines
            .iter()
            .skip(1)
            .position(|own| !wanted.is_empty() && subject(own) == wanted)
            .map(|at| at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stays_with_its_line() {
        let comment = |text, line, is_alone| Comment {
            text,
            line,
            is_alone,
        };
        let new = "table a {\n  id  bigint\n  b   text\n\n  index (b)\n}\n";
        let comments = [
            comment("// the key", "  id bigint", true),
            comment("// behind", "b varchar", false),
            comment("// gone", "  c text", true),
            comment("// an index", "  index (b)", true),
            comment("// the end", "}", true),
        ];
        assert_eq!(
            with_comments(&comments, new),
            "table a {\n  // gone\n  // the key\n  id  bigint\n  b   text  // behind\n\n  // an index\n  index (b)\n  // the end\n}\n"
        );
    }
}
