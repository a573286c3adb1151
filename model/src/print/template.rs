//! Policies and grants that several tables have in common, as templates.
//!
//! It compares lines as they are printed, with one column of the table's own left open, so whatever
//! else differs keeps tables apart.

use std::collections::{BTreeMap, BTreeSet};

use super::text::name;
use crate::expr::lexer::{self, Token, TokenKind};
use crate::syntax::quoted_name;

/// How many tables must share a template before it is one.
const TABLES: usize = 3;
/// With more different tables than this, what only parts of them share is not looked for.
const COMPARED: usize = 64;
/// What stands for the column that is left open, until it has a name.
const OPEN: char = '\u{1}';
/// Where a line may be broken.
const SEAM: char = '\u{2}';

/// What one table says of access, a line a thing.
pub(super) struct Access {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) lines: Vec<Line>,
}

/// A policy, or a grant.
#[derive(Clone)]
pub(super) struct Line {
    /// A policy's name; none for other lines.
    pub(super) policy: Option<String>,
    /// What stands before its expressions, without its name.
    pub(super) before: String,
    /// Its expressions, each behind the words that begin it.
    pub(super) exprs: Vec<(&'static str, String)>,
}

/// Lines with a parameter or none.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) name: String,
    pub(super) parameter: Option<String>,
    /// Each with the places where it may be broken.
    pub(super) lines: Vec<Vec<String>>,
}

/// A template in a table: which of the table's lines it stands for, and the line that says so.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) line: String,
    pub(super) covered: Vec<usize>,
}

/// A table's lines as they read with one column open and one manner of naming.
struct Variant {
    table: usize,
    column: Option<String>,
    prefixed: bool,
    /// Each line as it reads, and which of the table's lines it is.
    lines: BTreeMap<String, usize>,
}

/// The templates that save most lines, and their uses by table.
pub(super) fn repeated(tables: &[Access]) -> (Vec<Template>, BTreeMap<usize, Vec<Use>>) {
    let mut variants: Vec<Variant> = (0..tables.len()).flat_map(|n| of(n, &tables[n])).collect();
    let (mut templates, mut uses) = (Vec::new(), BTreeMap::<usize, Vec<Use>>::new());
    let mut names = BTreeSet::new();
    while let Some((lines, chosen)) = best(&variants) {
        let template = template(&lines, chosen.iter().map(|n| &variants[*n]), &mut names);
        let mut gone: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for variant in chosen.iter().map(|n| &variants[*n]) {
            let covered: Vec<usize> = lines.iter().map(|line| variant.lines[line]).collect();
            let column = variant.column.as_deref().map(name).unwrap_or_default();
            let mut line = format!("use {}({column})", template.name);
            if variant.prefixed {
                line.push_str(&format!(" as {}", name(&tables[variant.table].table)));
            }
            gone.entry(variant.table).or_default().extend(&covered);
            uses.entry(variant.table)
                .or_default()
                .push(Use { line, covered });
        }
        for variant in &mut variants {
            if let Some(gone) = gone.get(&variant.table) {
                variant.lines.retain(|_, at| !gone.contains(at));
            }
        }
        variants.retain(|variant| !variant.lines.is_empty());
        templates.push(template);
    }
    (templates, uses)
}

/// The ways to read a table's lines.
fn of(table: usize, access: &Access) -> Vec<Variant> {
    let named = |column: &&String| {
        let mut exprs = access.lines.iter().flat_map(|line| &line.exprs);
        exprs.any(|(_, expr)| opened(expr, &access.table, column).is_some())
    };
    let columns = access.columns.iter().filter(named).map(Some);
    let prefix = format!("{}_", access.table);
    let mut variants = Vec::new();
    for column in columns.chain([None]) {
        for prefixed in [false, true] {
            let mut lines = BTreeMap::new();
            for (at, line) in access.lines.iter().enumerate() {
                let mut text = line.before.clone();
                if let Some(policy) = &line.policy {
                    let own = match prefixed {
                        true => policy.strip_prefix(&prefix).filter(|rest| !rest.is_empty()),
                        false => Some(policy.as_str()),
                    };
                    let Some(own) = own else { continue };
                    text = format!("policy {}{SEAM}{text}", name(own));
                }
                for (words, expr) in &line.exprs {
                    let open = column.and_then(|c| opened(expr, &access.table, c));
                    text.push_str(&format!("{SEAM}{words} {}", open.as_ref().unwrap_or(expr)));
                }
                lines.insert(text, at);
            }
            let any = |has: &dyn Fn(&str) -> bool| lines.keys().any(|line| has(line));
            let policies = any(&|line| line.starts_with("policy "));
            if policies && (column.is_none() || any(&|line| line.contains(OPEN))) {
                variants.push(Variant {
                    table,
                    column: column.cloned(),
                    prefixed,
                    lines,
                });
            }
        }
    }
    variants
}

/// An expression with one of its table's own columns left open; none where it doesn't name that.
fn opened(expr: &str, table: &str, column: &str) -> Option<String> {
    if !expr.contains(column) {
        return None;
    }
    let tokens = lexer::tokens(expr, false);
    let is = |token: Option<&Token>, word: &str| {
        token.is_some_and(|t| match t.kind {
            TokenKind::Word => t.text(expr) == word,
            TokenKind::Quoted => t.text(expr) == format!("\"{word}\""),
            _ => false,
        })
    };
    let mark =
        |token: Option<&Token>, mark: u8| token.is_some_and(|t| t.kind == TokenKind::Mark(mark));
    // Whether each bracket that is open holds a query.
    let mut brackets: Vec<bool> = Vec::new();
    let (mut text, mut done, mut any) = (String::new(), 0, false);
    for (at, token) in tokens.iter().enumerate() {
        let before = |n: usize| at.checked_sub(n).and_then(|at| tokens.get(at));
        match token.kind {
            TokenKind::Mark(b'(') => {
                brackets.push(is(tokens.get(at + 1), "SELECT") || is(tokens.get(at + 1), "select"));
            }
            TokenKind::Mark(b')') => {
                brackets.pop();
            }
            _ => {}
        }
        if !is(Some(token), column) || mark(tokens.get(at + 1), b'(') {
            continue;
        }
        let start = match (brackets.contains(&true), mark(before(1), b'.')) {
            // Inside a query it is known by its table; the use puts that before it again.
            (true, true) if is(before(2), table) && !mark(before(3), b'.') => {
                before(2).map_or(token.start, |t| t.start)
            }
            (false, false) => token.start,
            _ => continue,
        };
        text.push_str(expr.get(done..start as usize)?);
        text.push(OPEN);
        done = token.end as usize;
        any = true;
    }
    text.push_str(expr.get(done..)?);
    any.then_some(text)
}

/// The lines that save most, with a variant of each table that has them.
fn best(variants: &[Variant]) -> Option<(BTreeSet<String>, Vec<usize>)> {
    let mut whole: BTreeSet<BTreeSet<&String>> = BTreeSet::new();
    let mut having: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (n, variant) in variants.iter().enumerate() {
        whole.insert(variant.lines.keys().collect());
        for line in variant.lines.keys() {
            having.entry(line).or_default().push(n);
        }
    }
    // A line that too few have is in no template: what is left says what tables share.
    let common = |lines: &BTreeSet<&String>| -> BTreeSet<String> {
        let shared = lines.iter().filter(|line| having[**line].len() >= TABLES);
        shared.map(|line| (*line).clone()).collect()
    };
    let mut groups: BTreeSet<BTreeSet<String>> = whole.iter().map(common).collect();
    if groups.len() <= COMPARED {
        let all: Vec<_> = groups.iter().cloned().collect();
        for (n, one) in all.iter().enumerate() {
            for other in &all[n + 1..] {
                groups.insert(one.intersection(other).cloned().collect());
            }
        }
    }
    let mut best: Option<(usize, BTreeSet<String>, Vec<usize>)> = None;
    for group in groups {
        if !group.iter().any(|line| line.starts_with("policy ")) {
            continue;
        }
        let open = group.iter().any(|line| line.contains(OPEN));
        let fewest = group.iter().filter_map(|line| having.get(line));
        let Some(fewest) = fewest.min_by_key(|list| list.len()) else {
            continue;
        };
        let mut chosen: BTreeMap<usize, usize> = BTreeMap::new();
        for &n in fewest {
            let variant = &variants[n];
            if variant.column.is_some() == open
                && group.iter().all(|line| variant.lines.contains_key(line))
            {
                chosen.entry(variant.table).or_insert(n);
            }
        }
        // A template costs its head, and each table a line that uses it.
        let saved = (chosen.len() * group.len()).saturating_sub(chosen.len() + group.len() + 1);
        let long = group.iter().any(|line| line.len() > 80);
        let worth = chosen.len() >= TABLES && (saved > 0 || long);
        if worth && best.as_ref().is_none_or(|(most, ..)| saved > *most) {
            best = Some((saved, group, chosen.into_values().collect()));
        }
    }
    best.map(|(_, group, chosen)| (group, chosen))
}

fn template<'v>(
    lines: &BTreeSet<String>,
    variants: impl Iterator<Item = &'v Variant>,
    names: &mut BTreeSet<String>,
) -> Template {
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    for column in variants.filter_map(|v| v.column.as_deref()) {
        *columns.entry(column).or_default() += 1;
    }
    let usual = columns.iter().max_by_key(|(_, count)| **count);
    let parameter = usual.map(|(column, _)| parameter(column, lines));
    let policies: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("policy "))
        .collect();
    let title = match (&policies[..], &parameter) {
        ([only], _) => first_word(only),
        (_, Some(parameter)) => format!("access_by_{parameter}"),
        _ => "shared_access".to_owned(),
    };
    let numbered = (2..).map(|n| format!("{title}_{n}"));
    let name = std::iter::once(title.clone())
        .chain(numbered)
        .find(|name| names.insert(name.clone()))
        .unwrap_or(title);
    let stand = parameter.clone().unwrap_or_default();
    // Policies first, then what is granted, as in a table.
    let (policies, others): (Vec<_>, Vec<_>) =
        lines.iter().partition(|line| line.starts_with("policy "));
    Template {
        name,
        parameter,
        lines: policies
            .into_iter()
            .chain(others)
            .map(|line| line.replace(OPEN, &stand))
            .map(|line| line.split(SEAM).map(str::to_owned).collect())
            .collect(),
    }
}

/// A name for the open column: the one that most tables give it, unless the lines say that of
/// something else.
fn parameter(column: &str, lines: &BTreeSet<String>) -> String {
    let free = |word: &String| {
        quoted_name(word) == **word
            && name(word) == **word
            && lines.iter().all(|line| {
                let tokens = lexer::tokens(line, false);
                tokens
                    .iter()
                    .all(|token| token.text(line).trim_matches('"') != word)
            })
    };
    let others = (1..).map(|n| match n {
        1 => "own_column".to_owned(),
        n => format!("own_column_{n}"),
    });
    std::iter::once(column.to_owned())
        .chain(others)
        .find(free)
        .unwrap_or_default()
}

/// A policy's name as a template's: small letters, digits and low lines.
fn first_word(policy: &str) -> String {
    let tokens = lexer::tokens(policy, false);
    let own = tokens.first().map_or("", |token| token.text(policy));
    let mut slug = String::new();
    for c in own.chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_alphanumeric() => slug.push(c),
            _ if slug.ends_with('_') || slug.is_empty() => {}
            _ => slug.push('_'),
        }
    }
    let slug = slug.trim_end_matches('_');
    match slug.chars().next() {
        Some(c) if c.is_alphabetic() && name(slug) == slug => slug.to_owned(),
        _ => format!("policy_{slug}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_left_open_where_it_is_the_tables_own() {
        let open = |expr: &str| opened(expr, "trips", "owner_id");
        assert_eq!(
            open("(owner_id = ( SELECT auth.uid() AS uid))").as_deref(),
            Some("(\u{1} = ( SELECT auth.uid() AS uid))")
        );
        assert_eq!(
            open("(EXISTS ( SELECT 1 FROM guests g WHERE (g.owner_id = trips.owner_id)))")
                .as_deref(),
            Some("(EXISTS ( SELECT 1 FROM guests g WHERE (g.owner_id = \u{1})))")
        );
        assert_eq!(open("(owner_id() = 'owner_id'::text)"), None);
    }
}
