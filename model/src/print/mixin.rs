//! Columns that several tables have in common, as mixins.
//!
//! It compares lines as they are printed, so whatever differs in a column keeps it apart.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::text::name;

/// The longest group that is looked for.
const LONGEST: usize = 12;
/// How many tables must have a group before it is one.
const TABLES: usize = 3;

/// Columns that stand in several tables, one behind the other.
#[derive(Clone, Debug)]
pub(super) struct Mixin {
    pub(super) name: String,
    pub(super) lines: Vec<String>,
}

/// One column's line, as [`super::Printer::column_lines`] gives it.
pub(super) struct Line {
    pub(super) column: String,
    pub(super) text: String,
    /// Whether a group may hold it: a key says what its own table's rows are.
    pub(super) may_repeat: bool,
}

/// The groups that save most lines, each column in at most one.
pub(super) fn repeated(tables: &[Vec<Line>]) -> Vec<Mixin> {
    let texts: BTreeSet<&str> = tables.iter().flatten().map(|l| l.text.as_str()).collect();
    let texts: Vec<&str> = texts.into_iter().collect();
    let numbers: FxHashMap<&str, u32> = texts.iter().copied().zip(0..).collect();
    let numbered = |lines: &Vec<Line>| lines.iter().map(|l| numbers[l.text.as_str()]).collect();
    let numbered: Vec<Vec<u32>> = tables.iter().map(numbered).collect();
    let mut free: Vec<Vec<bool>> = tables
        .iter()
        .map(|lines| lines.iter().map(|line| line.may_repeat).collect())
        .collect();
    let mut mixins: Vec<Mixin> = Vec::new();
    let mut names = BTreeSet::new();
    while let Some(group) = best(&numbered, &free, &texts) {
        let mut columns: Vec<&str> = Vec::new();
        for ((lines, numbers), free) in tables.iter().zip(&numbered).zip(&mut free) {
            if let Some(at) = first(numbers, free, group) {
                free[at..at + group.len()].fill(false);
                columns = lines[at..at + group.len()]
                    .iter()
                    .map(|line| line.column.as_str())
                    .collect();
            }
        }
        let name = unused(&title(&columns), &mut names);
        let lines = group.iter().map(|n| texts[*n as usize].to_owned());
        let lines = lines.collect();
        mixins.push(Mixin { name, lines });
    }
    mixins
}

/// Where a table has the group, in columns that no other group took.
pub(super) fn place(lines: &[Line], free: &[bool], group: &[&str]) -> Option<usize> {
    let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    first(&lines, free, group)
}

fn first<T: PartialEq>(lines: &[T], free: &[bool], group: &[T]) -> Option<usize> {
    let mut windows = lines
        .windows(group.len().max(1))
        .zip(free.windows(group.len().max(1)));
    windows.position(|(lines, free)| lines == group && free.iter().all(|free| *free))
}

/// The group that saves most lines; of several the one whose text sorts last. Lines are known by
/// their place among all texts, sorted.
fn best<'t>(tables: &'t [Vec<u32>], free: &[Vec<bool>], texts: &[&str]) -> Option<&'t [u32]> {
    // How many tables have each, and the last that was counted.
    let mut having: FxHashMap<&[u32], (usize, usize)> = FxHashMap::default();
    for (table, (lines, free)) in tables.iter().zip(free).enumerate() {
        for start in 0..lines.len() {
            let longest = (start..lines.len().min(start + LONGEST))
                .take_while(|at| free[*at])
                .count();
            for length in 2..=longest {
                let (count, last) = having
                    .entry(&lines[start..start + length])
                    .or_insert((0, usize::MAX));
                if *last != table {
                    (*count, *last) = (*count + 1, table);
                }
            }
        }
    }
    let worth = |group: &[u32], tables: usize| {
        let lines: Vec<&str> = group.iter().map(|n| texts[*n as usize]).collect();
        is_worth_it(&lines, tables)
    };
    having
        .into_iter()
        .filter(|(_, (count, _))| *count >= TABLES)
        .filter(|(group, (count, _))| worth(group, *count))
        .max_by_key(|(group, (count, _))| ((count - 1) * (group.len() - 1), *group))
        .map(|(group, _)| group)
}

/// Two columns alone are a group where they say when something happened, or where many tables have
/// them; never where they point elsewhere, which says what a table is about.
fn is_worth_it(group: &[&str], tables: usize) -> bool {
    let times = group.iter().all(|line| line.contains(" timestamp"));
    let points = group.iter().any(|line| line.contains(" references "));
    tables >= TABLES && (group.len() > 2 || times || (tables > TABLES && !points))
}

/// What a person would call the group.
fn title(columns: &[&str]) -> String {
    match columns {
        all if all.iter().all(|c| c.ends_with("_at") || c.ends_with("At")) => {
            "timestamps".to_owned()
        }
        [one, other] => format!("{one}_and_{other}"),
        [first, .., last] => format!("{first}_to_{last}"),
        _ => "shared".to_owned(),
    }
}

fn unused(title: &str, names: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{title}_{n}"));
    let free = std::iter::once(title.to_owned())
        .chain(numbered)
        .find(|name| names.insert(name.clone()));
    name(&free.unwrap_or_default())
}
