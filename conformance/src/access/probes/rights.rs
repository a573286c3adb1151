//! What a role may do with columns, as the server says.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{literal, qualified};
use model::schema::{Name, Privilege};

use crate::rows::{Bench, Stop};

/// What a role may do with the columns of a table, as the server says.
pub(super) struct Rights {
    /// The table as a whole may be read.
    pub(super) whole: bool,
    pub(super) select: BTreeSet<Name>,
    pub(super) insert: BTreeSet<Name>,
    pub(super) update: BTreeSet<Name>,
}

impl Rights {
    pub(super) fn read(bench: &mut Bench, role: &str, table: &Id) -> Result<Self, Stop> {
        let relation = literal(&qualified(&table.schema, &table.name));
        let role = literal(role);
        let may = |privilege: &str| {
            format!("has_column_privilege({role}, {relation}::regclass, attnum, '{privilege}')")
        };
        let rows = bench.query(&format!(
            "SELECT attname AS name, {} AS s, {} AS i, {} AS u, \
             has_table_privilege({role}, {relation}::regclass, 'SELECT') AS w \
             FROM pg_attribute WHERE attrelid = {relation}::regclass AND attnum > 0 \
             AND NOT attisdropped ORDER BY attnum",
            may("SELECT"),
            may("INSERT"),
            may("UPDATE")
        ))?;
        let of = |column: &str| -> BTreeSet<Name> {
            let yes = rows
                .iter()
                .filter(|r| r.get(column).cloned().flatten().as_deref() == Some("t"));
            yes.filter_map(|r| r.get("name").cloned().flatten())
                .map(Name::from)
                .collect()
        };
        Ok(Rights {
            whole: !of("w").is_empty(),
            select: of("s"),
            insert: of("i"),
            update: of("u"),
        })
    }

    pub(super) fn of(&self, command: Privilege) -> &BTreeSet<Name> {
        match command {
            Privilege::Insert => &self.insert,
            Privilege::Update => &self.update,
            _ => &self.select,
        }
    }
}
