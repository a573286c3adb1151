//! Columns that several tables have in common, as mixins.
//!
//! It compares lines as they are printed, so whatever differs in a column keeps it apart.

use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::{FxHashMap, FxHashSet};

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

/// The groups that save most lines, each column in at most one; and of each table which it includes,
/// with the place of the first column of each.
pub(super) fn repeated(tables: &[Vec<Line>]) -> (Vec<Mixin>, Vec<Vec<(usize, usize)>>) {
    let texts: BTreeSet<&str> = tables.iter().flatten().map(|l| l.text.as_str()).collect();
    let texts: Vec<&str> = texts.into_iter().collect();
    let numbers: FxHashMap<&str, u32> = texts.iter().copied().zip(0..).collect();
    let numbered = |lines: &Vec<Line>| lines.iter().map(|l| numbers[l.text.as_str()]).collect();
    let numbered: Vec<Vec<u32>> = tables.iter().map(numbered).collect();
    let free = tables
        .iter()
        .map(|lines| lines.iter().map(|line| line.may_repeat).collect());
    let mut groups = Groups::new(&numbered, free.collect(), &texts);
    let mut mixins: Vec<Mixin> = Vec::new();
    let mut included = vec![Vec::new(); tables.len()];
    let mut names = BTreeSet::new();
    while let Some(group) = groups.best() {
        let mut columns: Vec<&str> = Vec::new();
        for (table, at) in groups.take(group) {
            included[table].push((at, mixins.len()));
            let lines = &tables[table][at..at + group.len()];
            columns = lines.iter().map(|line| line.column.as_str()).collect();
        }
        let name = unused(&title(&columns), &mut names);
        let lines = group.iter().map(|n| texts[*n as usize].to_owned());
        let lines = lines.collect();
        mixins.push(Mixin { name, lines });
    }
    (mixins, included)
}

/// All groups of lines that tables have, with how many tables have each. Lines are known by their
/// place among all texts, sorted.
struct Groups<'t> {
    tables: &'t [Vec<u32>],
    /// Of each table the lines that no group took.
    free: Vec<Vec<bool>>,
    texts: &'t [&'t str],
    having: FxHashMap<&'t [u32], usize>,
    /// What each group saves, or saved before others took some of its lines.
    saving: BinaryHeap<(usize, &'t [u32])>,
    /// The tables that have each line.
    with: Vec<Vec<usize>>,
}

impl<'t> Groups<'t> {
    fn new(tables: &'t [Vec<u32>], free: Vec<Vec<bool>>, texts: &'t [&'t str]) -> Self {
        let mut having: FxHashMap<&[u32], usize> = FxHashMap::default();
        let mut with = vec![Vec::new(); texts.len()];
        for (table, (lines, free)) in tables.iter().zip(&free).enumerate() {
            for group in runs(lines, free) {
                *having.entry(group).or_default() += 1;
            }
            for line in lines {
                with[*line as usize].push(table);
            }
        }
        let shared = having.iter().filter(|(_, count)| **count >= TABLES);
        let saving = shared.map(|(group, count)| (saved(group, *count), *group));
        Groups {
            saving: saving.collect(),
            tables,
            free,
            texts,
            having,
            with,
        }
    }

    /// The group that saves most lines; of several the one whose text sorts last.
    fn best(&mut self) -> Option<&'t [u32]> {
        while let Some((most, group)) = self.saving.pop() {
            let count = self.having.get(group).copied().unwrap_or_default();
            let lines: Vec<&str> = group.iter().map(|n| self.texts[*n as usize]).collect();
            // What fewer tables have is worth no more than it was.
            if !is_worth_it(&lines, count) {
                continue;
            }
            let now = saved(group, count);
            if now == most {
                return Some(group);
            }
            self.saving.push((now, group));
        }
        None
    }

    /// Takes the group's lines out of the tables that have them; gives those tables and places.
    fn take(&mut self, group: &[u32]) -> Vec<(usize, usize)> {
        let fewest = group.iter().map(|line| &self.with[*line as usize]);
        let mut tables = fewest.min_by_key(|t| t.len()).cloned().unwrap_or_default();
        tables.dedup();
        let mut taken = Vec::new();
        for table in tables {
            let (lines, free) = (&self.tables[table], &mut self.free[table]);
            let Some(at) = first(lines, free, group) else {
                continue;
            };
            let before = runs(lines, free);
            free[at..at + group.len()].fill(false);
            let after = runs(lines, free);
            for gone in before.difference(&after) {
                if let Some(count) = self.having.get_mut(gone) {
                    *count -= 1;
                }
            }
            taken.push((table, at));
        }
        taken
    }
}

/// How many lines a group saves: each table says it in one.
fn saved(group: &[u32], tables: usize) -> usize {
    tables.saturating_sub(1) * (group.len() - 1)
}

/// The groups of a table's free lines, each once.
fn runs<'t>(lines: &'t [u32], free: &[bool]) -> FxHashSet<&'t [u32]> {
    let mut runs = FxHashSet::default();
    for start in 0..lines.len() {
        let longest = (start..lines.len().min(start + LONGEST))
            .take_while(|at| free[*at])
            .count();
        runs.extend((2..=longest).map(|length| &lines[start..start + length]));
    }
    runs
}

/// Where a table has the group, in lines that no other group took.
fn first(lines: &[u32], free: &[bool], group: &[u32]) -> Option<usize> {
    let length = group.len().max(1);
    let mut windows = lines.windows(length).zip(free.windows(length));
    windows.position(|(lines, free)| lines == group && free.iter().all(|free| *free))
}

/// A group makes the text shorter by two lines at least, its own lines, braces and the blank before
/// it counted; or its columns say when something happened, which everybody looks for in one place.
/// Two columns alone are none where they point elsewhere, which says what a table is about.
fn is_worth_it(group: &[&str], tables: usize) -> bool {
    let times = group.iter().all(|line| line.contains(" timestamp"));
    let points = group.iter().any(|line| line.contains(" references "));
    let shorter = tables * (group.len() - 1) >= group.len() + 3 + 2;
    tables >= TABLES && (times || shorter && (group.len() > 2 || !points))
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
