//! How a table's rows are written: only ever added, or audited, each change a line in a trail.
//!
//! Both are known to the model only. What enforces them are functions and triggers.

use std::collections::BTreeMap;

use super::{Id, Kind, Name, Node, Origin, Schema};

/// `audited into TRAIL (COLUMN = COLUMN) except (COLUMN)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// The table that each change of a row is written into.
    pub into: Id,
    /// By the name of a column of the trail that is [`TrailPart::Column`]: the column of the audited
    /// table that it holds, where that has another name.
    pub columns: BTreeMap<Name, Name>,
    /// Columns that never reach the trail.
    pub except: Vec<Name>,
    /// Where the model says so.
    pub place: Place,
}

/// Where something stands in the model; equal to every other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place(pub Option<Origin>);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// What a column of a trail says of a change; equal to every other, because no catalog knows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trail(pub Option<TrailPart>);

impl PartialEq for Trail {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Trail {}

/// What a column of a trail says of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrailPart {
    /// `insert`, `update` or `delete`.
    Operation {
        /// Whether the column's values are these words in small letters.
        lower: bool,
    },
    /// The audited table's name; with its schema where that is not the trail's own.
    Table,
    /// The row's primary key: its value, or a document of all columns.
    Key,
    /// The row before the change.
    Before,
    /// The row after it.
    After,
    /// The columns that changed, each with what it held before and holds after.
    Changes,
    /// A column of the row.
    Column,
}

impl TrailPart {
    /// The word behind `trail`.
    pub fn word(self) -> &'static str {
        match self {
            TrailPart::Operation { .. } => "operation",
            TrailPart::Table => "table",
            TrailPart::Key => "key",
            TrailPart::Before => "before",
            TrailPart::After => "after",
            TrailPart::Changes => "changes",
            TrailPart::Column => "column",
        }
    }
}

impl Schema {
    /// Whether the rows of a table are never changed: it says `append only`, or is a partition of
    /// one that does.
    pub fn is_append_only(&self, table: &Id) -> bool {
        let mut table = self.get(table).and_then(|node| node.object.as_table());
        for _ in 0..16 {
            let Some(own) = table else { return false };
            if own.writes.append_only {
                return true;
            }
            let parent = own.partition_of.as_ref().map(|of| &of.parent);
            table = parent.and_then(|id| self.get(id)?.object.as_table());
        }
        false
    }

    /// What is said of the lines that a change of a row of that table writes, and the table that
    /// says it: the table itself, or the one it is a partition of.
    pub fn audited(&self, table: &Id) -> Option<(&Node, &Audited)> {
        let mut node = self.get(table);
        for _ in 0..16 {
            let own = node?.object.as_table()?;
            if let Some(audited) = &own.writes.audited {
                return Some((node?, audited));
            }
            node = self.get(&own.partition_of.as_ref()?.parent);
        }
        None
    }

    /// The columns of a trail that say something of a change, by what they say and by name: a table
    /// may have its columns in another order than the model, and that never counts.
    pub fn trail(&self, trail: &Id) -> Vec<(&Node, TrailPart)> {
        let columns = self.parts(trail, Kind::Column);
        let mut parts: Vec<_> = columns
            .filter_map(|node| Some((node, node.object.as_column()?.trail.0?)))
            .collect();
        parts.sort_by_key(|(_, part)| *part);
        parts
    }

    /// The column of the audited table that a column of its trail holds; none where it has none of
    /// that name.
    pub fn audited_column(&self, table: &Id, audited: &Audited, column: &Name) -> Option<Name> {
        let own = audited.columns.get(column).unwrap_or(column);
        let exists = self.contains(&table.within(Kind::Column, own.clone()));
        exists.then(|| own.clone())
    }
}
