//! Every code a diagnostic may carry: `P01` syntax, `P02` names, `P03` meaning, `P04` advice.
//!
//! A code, once given, never means anything else.

/// The codes in order, each with what it says in one line. `DIAGNOSTICS.md` lists the same.
pub const CODES: &[(&str, &str)] = &[];

/// What a code says.
pub fn explain(code: &str) -> Option<&'static str> {
    let at = CODES.binary_search_by_key(&code, |(code, _)| code).ok()?;
    Some(CODES[at].1)
}
