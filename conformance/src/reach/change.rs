//! What somebody gains and loses between two states.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Cell, Reach};

/// Something that a role can do afterwards and could not before, or the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The role, and what it claims to be where that makes a difference.
    pub actor: String,
    /// Such as `select`, `execute`, `set user_id`.
    pub what: String,
    /// The object, as it is called afterwards.
    pub object: String,
    /// The rows that are gained; one without a name for a privilege.
    pub gained: Vec<String>,
    /// The rows that are lost.
    pub lost: Vec<String>,
    /// How many rows the actor reached before.
    pub before: usize,
    /// Whether the rows are kinds of rows, in words, instead of a sample's.
    pub told: bool,
}

impl Change {
    /// Whether somebody can do more than before.
    pub fn widens(&self) -> bool {
        !self.gained.is_empty()
    }

    /// What is gained, or lost, as a sentence; `None` where nothing is.
    fn sentence(&self, verb: &str, rows: &[String]) -> Option<String> {
        let named = rows.iter().filter(|row| !row.is_empty()).count();
        let Change {
            actor,
            what,
            object,
            before,
            told,
            ..
        } = self;
        let plain = format!("{actor} {verb} {what} on {object}");
        match (rows.is_empty(), named) {
            (true, _) => None,
            (_, 0) => Some(plain),
            _ if *told => Some(format!("{plain}: {}", rows.join(", "))),
            (_, n) => {
                let rows = if n == 1 { "row" } else { "rows" };
                Some(format!(
                    "{plain}: {n} {rows} of the sample, where it was {before}"
                ))
            }
        }
    }

    /// Such as `anon gains select on public.deals: 2 rows of the sample, where it was 0`.
    pub fn gains(&self) -> Option<String> {
        self.sentence("gains", &self.gained)
    }

    /// The same of what is lost.
    pub fn loses(&self) -> Option<String> {
        self.sentence("loses", &self.lost)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let both = [self.gains(), self.loses()];
        f.write_str(&both.into_iter().flatten().collect::<Vec<_>>().join("; "))
    }
}

/// What is gained and lost from one state to the other, on what was there before and through what
/// came. A table that came holds no rows that anybody had a right to yet.
pub fn changes(before: &Reach, after: &Reach) -> Vec<Change> {
    type Place<'a> = (&'a str, &'a str, &'a str);
    let mut found: BTreeMap<Place<'_>, BTreeMap<&str, Difference>> = BTreeMap::new();
    let mut variants: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let nothing = BTreeSet::new();
    let cells: BTreeSet<&Cell> = before.cells.keys().chain(after.cells.keys()).collect();
    for cell in cells {
        if !cell.claims.is_empty() {
            variants.entry(&cell.role).or_default().insert(&cell.claims);
        }
        let is_new = !before.labels.contains_key(&cell.object);
        let is_gone = !after.labels.contains_key(&cell.object);
        if is_gone || (is_new && !through(&cell.object)) {
            continue;
        }
        let old = before.cells.get(cell).unwrap_or(&nothing);
        let new = after.cells.get(cell).unwrap_or(&nothing);
        let difference = Difference::of(old, new);
        if difference.gained.is_empty() && difference.lost.is_empty() {
            continue;
        }
        let place = (cell.role.as_str(), cell.object.as_str(), cell.what.as_str());
        found
            .entry(place)
            .or_default()
            .insert(&cell.claims, difference);
    }
    let mut changes = Vec::new();
    for ((role, object, what), by_claims) in found {
        let label = after.labels.get(object).map_or(object, String::as_str);
        let change = |actor: String, d: &Difference| Change {
            actor,
            what: what.to_owned(),
            object: label.to_owned(),
            gained: d.gained.clone(),
            lost: d.lost.clone(),
            before: d.before,
            told: false,
        };
        let everybody = variants.get(role).map_or(0, BTreeSet::len) == by_claims.len();
        let mut each = by_claims.values();
        let first = each.next();
        match first.filter(|first| everybody && each.all(|d| d == *first)) {
            Some(alike) => changes.push(change(role.to_owned(), alike)),
            None => {
                let each = by_claims.iter();
                changes.extend(each.map(|(claims, d)| match claims.is_empty() {
                    true => change(role.to_owned(), d),
                    false => change(format!("{role} {claims}"), d),
                }));
            }
        }
    }
    changes
}

/// Whether rows that were there before can be reached through a new object of that kind.
fn through(object: &str) -> bool {
    ["view ", "function ", "role ", "default "]
        .iter()
        .any(|kind| object.starts_with(kind))
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Difference {
    gained: Vec<String>,
    lost: Vec<String>,
    before: usize,
}

impl Difference {
    fn of(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Self {
        // Who may not read the keys of rows is told their number only.
        let counted = |rows: &BTreeSet<String>| rows.iter().any(|row| row.starts_with('#'));
        let numbered = |rows: &BTreeSet<String>| -> BTreeSet<String> {
            (1..=rows.len()).map(|n| format!("#{n}")).collect()
        };
        let (a, b) = match counted(old) != counted(new) {
            true => (numbered(old), numbered(new)),
            false => (old.clone(), new.clone()),
        };
        Difference {
            gained: b.difference(&a).cloned().collect(),
            lost: a.difference(&b).cloned().collect(),
            before: a.len(),
        }
    }
}
