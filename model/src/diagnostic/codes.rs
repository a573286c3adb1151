//! Every code a diagnostic may carry: `P01` syntax, `P02` names, `P03` meaning, `P04` advice.
//!
//! A code, once given, never means anything else.

use super::code::RESOLVER;

/// The codes in order, each with what it says in one line. `DIAGNOSTICS.md` lists the same.
pub const CODES: &[(&str, &str)] = &ALL;

const ALL: [(&str, &str); SYNTAX.len() + RESOLVER.len()] = {
    let mut all = [("", ""); SYNTAX.len() + RESOLVER.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < SYNTAX.len() {
            SYNTAX[at]
        } else {
            RESOLVER[at - SYNTAX.len()]
        };
        at += 1;
    }
    all
};

/// The parser's.
const SYNTAX: &[(&str, &str)] = &[
    ("P0101", "a character that begins no token"),
    ("P0102", "a string that is never closed"),
    ("P0103", "a quoted name that is never closed"),
    ("P0104", "a dollar-quoted string that is never closed"),
    ("P0105", "a parenthesis or bracket that is never closed"),
    ("P0106", "a block that is never closed"),
    ("P0107", "a closing bracket that closes nothing"),
    ("P0108", "a comment written as in SQL"),
    ("P0109", "a doc comment that documents nothing"),
    ("P0110", "a name that begins with a digit"),
    ("P0111", "nesting that is too deep"),
    ("P0112", "a file that is too long"),
    ("P0120", "a statement that begins with no known word"),
    ("P0121", "an unknown word where a clause is expected"),
    ("P0122", "no name where one is expected"),
    ("P0123", "no type where one is expected"),
    ("P0124", "no keyword or sign where one is expected"),
    ("P0125", "something left over at the end of a statement"),
    ("P0126", "no expression where one is expected"),
    (
        "P0127",
        "an expression of several parts without parentheses",
    ),
    ("P0128", "no string where one is expected"),
    (
        "P0129",
        "no number where one is expected, or one out of range",
    ),
    ("P0130", "`not null`, which holds anyway"),
    ("P0131", "`null`, which is written `?`"),
    ("P0132", "a comma at the end of a statement or list"),
    ("P0133", "`create`, which a model does not say"),
    ("P0134", "a statement that changes something"),
    ("P0135", "a table's block in parentheses"),
    ("P0136", "`?` twice, or where it has no meaning"),
    ("P0137", "a column without a type"),
    ("P0138", "an unknown action of a foreign key"),
    ("P0139", "the same clause twice"),
    ("P0140", "limits that limit nothing or everything"),
    ("P0141", "an unknown privilege"),
    ("P0143", "a statement of the file in a table's block"),
    ("P0144", "a line of a table's block outside of one"),
    ("P0146", "a statement that lacks its main part"),
    ("P0147", "a JSON value that is none"),
    ("P0150", "a seed row with too many or too few values"),
];

/// What a code says.
pub fn explain(code: &str) -> Option<&'static str> {
    let at = CODES.binary_search_by_key(&code, |(code, _)| code).ok()?;
    Some(CODES[at].1)
}
