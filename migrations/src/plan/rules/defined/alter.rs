//! What of a definition can change where the object stands.
//!
//! Whatever else differs, the object is made anew: this never guesses.

use model::quote::ident;
use model::schema::{Defined, Kind, Node, Settings};

use crate::plan::address::address;
use crate::plan::changes::Context;
use crate::plan::rules::{Difference, sql};
use crate::plan::step::{Lock, Statement};
use crate::script::{Token, TokenKind, tokens};

/// Changes options and versions of foreign objects, what a publication publishes and what a
/// subscription asks for.
///
/// Made anew, a user mapping would lose its password and a subscription its connection, which no
/// catalog shows to everybody and no model holds.
pub(in crate::plan::rules) fn alter(
    context: &Context<'_>,
    node: &Node,
    a: &Defined,
    b: &Defined,
) -> Difference {
    let change = match node.id.kind {
        Kind::ForeignServer | Kind::ForeignDataWrapper | Kind::UserMapping => foreign,
        Kind::Publication => publication,
        Kind::Subscription => subscription,
        _ => return Difference::Replace,
    };
    let alter = format!("ALTER {}", address(context.to, node));
    let clauses = (a.then == b.then)
        .then(|| {
            change(
                &words(a.definition.as_str())?,
                &words(b.definition.as_str())?,
            )
        })
        .flatten();
    match clauses {
        Some(clauses) if !clauses.is_empty() => Difference::main(
            clauses
                .iter()
                .map(|clause| Statement::new(Lock::None, format!("{alter} {clause}")))
                .collect(),
        ),
        _ => Difference::Replace,
    }
}

/// The tokens of a definition; `None` where it holds a comment.
fn words(text: &str) -> Option<Vec<Token<'_>>> {
    let mut words: Vec<_> = tokens(text).collect();
    if words.last().is_some_and(|last| last.text == ";") {
        words.pop();
    }
    (!words.iter().any(|word| word.kind.is_comment())).then_some(words)
}

fn is(word: &Token<'_>, keyword: &str) -> bool {
    word.text.eq_ignore_ascii_case(keyword)
}

fn same(a: &[Token<'_>], b: &[Token<'_>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.text == b.text)
}

/// The definition before the last list that the keyword begins, and what stands between its
/// parentheses.
fn with_list<'t, 'w>(
    words: &'w [Token<'t>],
    keyword: &str,
) -> Option<(&'w [Token<'t>], &'w [Token<'t>])> {
    let (mut depth, mut begins) = (0usize, None);
    for (at, word) in words.iter().enumerate() {
        match word.text {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ if depth == 0 && is(word, keyword) => begins = Some(at),
            _ => {}
        }
    }
    match begins {
        None => Some((words, &[])),
        Some(at) => {
            let list = &words[at + 1..];
            let (first, last) = (list.first()?, list.last()?);
            (first.text == "(" && last.text == ")")
                .then(|| (&words[..at], &list[1..list.len() - 1]))
        }
    }
}

/// What an identifier or a plain string stands for.
fn meant(word: &Token<'_>) -> Option<String> {
    let within = |quote: char| {
        let inner = word.text.strip_prefix(quote)?.strip_suffix(quote)?;
        Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
    };
    match word.text.chars().next()? {
        '\'' => within('\''),
        '"' => within('"'),
        _ => (word.kind == TokenKind::Word).then(|| word.text.to_ascii_lowercase()),
    }
}

/// The items of a list, by its commas.
fn items<'t, 'w>(list: &'w [Token<'t>]) -> impl Iterator<Item = &'w [Token<'t>]> {
    list.split(|word| word.text == ",")
        .filter(|item| !item.is_empty())
}

/// `VERSION` and `OPTIONS` of a server, a wrapper or a user mapping.
fn foreign(a: &[Token<'_>], b: &[Token<'_>]) -> Option<Vec<String>> {
    let options = |list: &[Token<'_>]| -> Option<Settings> {
        items(list)
            .map(|item| match item {
                [name, value] => Some((meant(name)?.into(), meant(value)?.into())),
                _ => None,
            })
            .collect()
    };
    let ((a, old), (b, new)) = (with_list(a, "OPTIONS")?, with_list(b, "OPTIONS")?);
    let version = |head: &[Token<'_>]| head.iter().position(|word| is(word, "VERSION"));
    let mut clauses = Vec::new();
    if !same(a, b) {
        // A server that had none is given one, and none is ever taken back.
        let to = version(b)?;
        let without = |head: &[Token<'_>]| -> Vec<String> {
            let at = version(head).unwrap_or(head.len());
            let rest = head.iter().enumerate();
            rest.filter(|(i, _)| *i != at && *i != at + 1)
                .map(|(_, word)| word.text.to_owned())
                .collect()
        };
        if without(a) != without(b) {
            return None;
        }
        clauses.push(format!("VERSION {}", b.get(to + 1)?.text));
    }
    let between = sql::foreign_options_between(&options(old)?, &options(new)?);
    if !between.is_empty() {
        clauses.push(format!("OPTIONS ({between})"));
    }
    Some(clauses)
}

/// What is published, and how.
fn publication(a: &[Token<'_>], b: &[Token<'_>]) -> Option<Vec<String>> {
    let ((a, old), (b, new)) = (with_list(a, "WITH")?, with_list(b, "WITH")?);
    let mut clauses = Vec::new();
    if !same(a, b) {
        // `CREATE PUBLICATION name FOR TABLE …`: of all tables, none can be added or taken out.
        let objects = |head: &[Token<'_>]| {
            let some = head.get(3).is_some_and(|word| is(word, "FOR"));
            some && !head.get(4).is_some_and(|word| is(word, "ALL"))
        };
        if !objects(a) || !objects(b) {
            return None;
        }
        clauses.push(format!("SET {}", text_of(&b[4..])));
    }
    clauses.extend(settings(
        old,
        new,
        &[("publish_via_partition_root", "false")],
    )?);
    Some(clauses)
}

/// The publications that are asked for, and the parameters that can change.
fn subscription(a: &[Token<'_>], b: &[Token<'_>]) -> Option<Vec<String>> {
    let ((a, old), (b, new)) = (with_list(a, "WITH")?, with_list(b, "WITH")?);
    // `CREATE SUBSCRIPTION name CONNECTION '…' PUBLICATION …`
    let of = |head: &[Token<'_>]| head.iter().position(|word| is(word, "PUBLICATION"));
    let (from, to) = (of(a)?, of(b)?);
    let mut clauses = Vec::new();
    if !same(&a[from..], &b[to..]) {
        // What is new is copied by REFRESH PUBLICATION, which needs the other server.
        let list = text_of(&b[to + 1..]);
        clauses.push(format!("SET PUBLICATION {list} WITH (refresh = false)"));
    }
    let defaults = [
        ("binary", "false"),
        ("streaming", "off"),
        ("synchronous_commit", "off"),
        ("disable_on_error", "false"),
        ("password_required", "true"),
        ("run_as_owner", "false"),
        ("origin", "any"),
        ("slot_name", ""),
    ];
    clauses.extend(settings(old, new, &defaults)?);
    Some(clauses)
}

/// `SET (…)` of the parameters that differ; `None` where one of them can't be set, or has no
/// default to go back to.
fn settings(
    old: &[Token<'_>],
    new: &[Token<'_>],
    defaults: &[(&str, &str)],
) -> Option<Option<String>> {
    let read = |list: &[Token<'_>]| -> Option<Vec<(String, String)>> {
        items(list)
            .map(|item| match item {
                [name] => Some((meant(name)?, "true".to_owned())),
                [name, equals, value @ ..] if equals.text == "=" => {
                    Some((meant(name)?, text_of(value)))
                }
                _ => None,
            })
            .collect()
    };
    let (old, new) = (read(old)?, read(new)?);
    let mut set = Vec::new();
    for (name, value) in &new {
        if !old.contains(&(name.clone(), value.clone())) {
            set.push((name, value.clone()));
        }
    }
    for (name, _) in &old {
        if !new.iter().any(|(other, _)| other == name) {
            let (_, value) = defaults.iter().find(|(known, _)| known == name)?;
            set.push((name, (*value).to_owned()));
        }
    }
    let known = |name: &str| name == "publish" || defaults.iter().any(|(known, _)| *known == name);
    if !set
        .iter()
        .all(|(name, value)| known(name) && !value.is_empty())
    {
        return None;
    }
    let set: Vec<_> = set
        .iter()
        .map(|(name, value)| format!("{} = {value}", ident(name)))
        .collect();
    Some((!set.is_empty()).then(|| format!("SET ({})", set.join(", "))))
}

/// The text of tokens that stand one after the other, with a blank where one is needed.
fn text_of(words: &[Token<'_>]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        let touches = at.checked_sub(1).is_none_or(|before| {
            let before = &words[before];
            before.start + before.text.len() == word.start
        });
        if !touches {
            text.push(' ');
        }
        text += word.text;
    }
    text
}
