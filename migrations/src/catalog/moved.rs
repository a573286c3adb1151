//! Which relations have to be read again since a database was found to be as its model says.
//!
//! Every change of a catalog writes rows or removes some. What was written later shows by the number
//! of the transaction (see [`fingerprint`](super::fingerprint)); what was removed, where nothing was
//! written beside it, by the count of rows that belong to one relation: its own, and those of its
//! constraints, indexes, triggers, policies, rules, comments and owned sequences. Functions and
//! types have such counts too, as what is deparsed of a relation may name them. A relation is read
//! again where
//!
//! - one of its rows is newer, or there are more or fewer of them;
//! - it depends, by however many steps, on something of which that is so: a view on a view on a
//!   table, a column on a type, a policy on a function;
//! - it has a foreign key to a relation that, or of which a key's column, has another name. Nothing
//!   else of a relation shows in a foreign key to it, which is why foreign keys are no such steps.
//!
//! Everything is read again where what changed has no count of its own: the names of roles and
//! schemas, operators and their classes, collations, whatever is the server's own. What is no
//! relation is always read, as there is little of it, so a change of it is never missed.
//!
//! Never says what has changed, and never takes two things for the same that are not.

mod sql;

use std::collections::BTreeSet;

use model::{Id, Kind, Schema};
use postgres::GenericClient;

use super::CatalogError;
use super::address::class::{PROC, RELATION, TYPE};

/// How a database stands: enough to tell later what of it has moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The database's oid.
    pub database: u32,
    /// The number of the oldest transaction that ran: whatever is older was there.
    pub since: i64,
    /// Of rows that were there, the transactions that are no older.
    pub newer: Vec<i64>,
    /// What is marked: a catalog's oid in the upper half, the object's in the lower; 0 stands for
    /// what has no mark of its own.
    pub keys: Vec<i64>,
    /// Its mark: how many rows it has; of a role or a schema a digest of the name.
    pub marks: Vec<i64>,
    /// Of a table, a digest of its name and those of its keys' columns.
    pub names: Vec<i64>,
}

impl Marks {
    /// Without those of the relations of these oids, which are then always read again.
    pub fn without(mut self, relations: &[u32]) -> Marks {
        let gone: BTreeSet<i64> = relations.iter().map(|oid| key(RELATION, *oid)).collect();
        let keep: Vec<bool> = self.keys.iter().map(|key| !gone.contains(key)).collect();
        for list in [&mut self.keys, &mut self.marks, &mut self.names] {
            let mut kept = keep.iter();
            list.retain(|_| kept.next().copied().unwrap_or(true));
        }
        self
    }
}

fn key(class: u32, oid: u32) -> i64 {
    i64::from(class) << 32 | i64::from(oid)
}

/// How the database stands now.
///
/// That is of use on this database only. As with a fingerprint the session must not be in a
/// transaction that has changed the catalog itself, unless each change had a savepoint of its own.
///
/// # Errors
///
/// [`CatalogError`].
pub fn marks<C: GenericClient>(client: &mut C) -> Result<Marks, CatalogError> {
    let row = client.query_one(&sql::marks(), &[])?;
    Ok(Marks {
        since: row.get(0),
        newer: row.get(1),
        keys: row.get(2),
        marks: row.get(3),
        names: row.get(4),
        database: row.get(5),
    })
}

/// The relations that have to be read again, by their oids; `None` where everything has to be, or
/// so much of it that little would be spared.
///
/// The session must be in a transaction of one snapshot, and the catalog is to be read in it too.
///
/// # Errors
///
/// [`CatalogError`].
pub fn moved<C: GenericClient>(
    client: &mut C,
    then: &Marks,
) -> Result<Option<Vec<u32>>, CatalogError> {
    if then.keys.is_empty() {
        return Ok(None);
    }
    // What it costs to compile the queries is more than they cost.
    client.batch_execute("SET LOCAL jit = off")?;
    let row = client.query_one(
        &sql::moved(),
        &[
            &then.since,
            &then.newer,
            &then.keys,
            &then.marks,
            &then.names,
            &then.database,
        ],
    )?;
    let (everything, relations): (bool, i64) = (row.get(0), row.get(1));
    let (changed, referring): (Vec<i64>, Vec<i64>) = (row.get(2), row.get(3));
    if everything {
        return Ok(None);
    }
    let mut touched: BTreeSet<i64> = changed.iter().copied().collect();
    let mut latest = changed;
    while !latest.is_empty() && !is_most(&touched, relations) {
        let of = |class| oids(&latest, class);
        let lists = [of(RELATION), of(TYPE), of(PROC)];
        let [on_relations, on_types, on_routines] = &lists;
        let rows = client.query(&sql::dependents(), &[on_relations, on_types, on_routines])?;
        latest = rows.iter().filter_map(|row| row.get(0)).collect();
        latest.retain(|key| touched.insert(*key));
    }
    touched.extend(referring);
    if is_most(&touched, relations) {
        return Ok(None);
    }
    let touched: Vec<i64> = touched.into_iter().collect();
    Ok(Some(oids(&touched, RELATION)))
}

/// Of few relations little is spared, and nothing lost either.
const FEW: usize = 100;

fn is_most(touched: &BTreeSet<i64>, relations: i64) -> bool {
    touched.len() > FEW.max(usize::try_from(relations / 2).unwrap_or(usize::MAX))
}

/// The oids of those keys that are of that catalog.
fn oids(keys: &[i64], class: u32) -> Vec<u32> {
    let own = keys.iter().filter(|key| **key >> 32 == i64::from(class));
    own.filter_map(|key| u32::try_from(*key & 0xffff_ffff).ok())
        .collect()
}

/// The live database with its unread relations as the model says they are: they were so when they
/// got their marks.
pub fn completed(live: Schema, unread: &BTreeSet<Id>, model: &Schema) -> Schema {
    if unread.is_empty() {
        return live;
    }
    live.with_those_of(model, |node| {
        let id = &node.id;
        match id.kind {
            Kind::Table | Kind::View | Kind::Sequence => unread.contains(id),
            kind if kind.is_part_of_relation() && !kind.is_model_only() => {
                let of = |kind| Id::in_schema(kind, id.schema.clone(), id.name.clone());
                unread.contains(&of(Kind::Table)) || unread.contains(&of(Kind::View))
            }
            _ => false,
        }
    })
}
