//! The rows that a row refers to: made first, so that its foreign keys hold.
//!
//! Never makes a parent where the wish asks for a row with as little as it may have.

use std::collections::BTreeMap;

use model::Id;
use model::quote::{ident, literal, qualified, type_name};
use model::schema::{ForeignKey, Name, Schema};

use super::answer::{Stop, TextRow};
use super::aside::Obstacle;
use super::bench::Bench;
use super::conditions::{Condition, replace_name};
use super::maker::foreign_key;
use super::solve::null_of;
use super::types::refuses_null;
use super::wish::Wish;

/// What the foreign keys leave to choose for the referencing columns.
#[derive(Default)]
pub(super) struct References {
    /// Columns that must hold this value.
    pub(super) fixed: BTreeMap<Name, String>,
    /// Columns that may hold one of these.
    pub(super) offered: BTreeMap<Name, Vec<String>>,
}

impl References {
    /// Where the check to be broken compares columns that refer to the same key, as that a flight goes
    /// somewhere else does, each may hold what another does.
    fn exchange(&mut self, keys: &[&ForeignKey], wish: &Wish, conditions: &[Condition]) {
        let broken = conditions
            .iter()
            .find(|c| wish.broken.as_ref() == Some(&c.name));
        let Some(broken) = broken else { return };
        let compared = keys.iter().flat_map(|key| {
            let pairs = key.columns.iter().zip(&key.target_columns);
            pairs.map(|(own, theirs)| (own, (&key.target, theirs)))
        });
        let compared: Vec<_> = compared
            .filter(|(own, _)| broken.columns.contains(*own) && !wish.fixed.contains_key(*own))
            .collect();
        let mut offered = BTreeMap::new();
        for (own, of) in &compared {
            let alike = compared.iter().filter(|(_, other)| other == of);
            let values: Vec<String> = alike
                .filter_map(|(column, _)| self.fixed.get(*column).cloned())
                .collect();
            if values.len() > 1 {
                offered.insert((*own).clone(), values);
            }
        }
        for (column, values) in offered {
            self.fixed.remove(&column);
            self.offered.insert(column, values);
        }
    }
}

impl Bench {
    /// Makes the row's parents, and limits the referencing columns to their keys and null.
    pub(super) fn make_parents(
        &mut self,
        schema: &Schema,
        table: &Id,
        wish: &Wish,
        conditions: &[Condition],
        above: &mut Vec<Id>,
    ) -> Result<References, Stop> {
        let mut found = References {
            fixed: wish.fixed.clone(),
            offered: BTreeMap::new(),
        };
        let mut keys: Vec<&ForeignKey> = Vec::new();
        // A partition may have keys that the partitioned table has not.
        let leaves = self.leaves(table);
        for own in leaves.iter().chain([table]).rev() {
            for (node, constraint) in schema.constraints(own) {
                let Some(key) = foreign_key((node, constraint)) else {
                    continue;
                };
                let known = |k: &&ForeignKey| k.columns == key.columns && k.target == key.target;
                let aside = self.is_aside(Some(&Obstacle::constraint(schema, &node.id)));
                if constraint.enforced && !aside && !keys.iter().any(known) {
                    keys.push(key);
                }
            }
        }
        // A key of which something is given first, then a composite one: the columns that it shares
        // with others then agree.
        keys.sort_by_key(|key| {
            let given = key.columns.iter().any(|c| wish.fixed.contains_key(c));
            (!given, std::cmp::Reverse(key.columns.len()))
        });
        for &key in &keys {
            // What is fixed may be the key of a row that is not there yet, as that of a composite key
            // is above the row that shares its columns. One null is enough to refer to nothing.
            let given = |c: &Name| wish.fixed.get(c);
            let is_null = |c: &Name| given(c).is_some_and(|value| value.starts_with("NULL"));
            if key.columns.iter().all(|c| given(c).is_some())
                && (above.is_empty() || key.columns.iter().any(is_null))
            {
                continue;
            }
            let may_be_null = |column: &&Name| {
                !wish.fixed.contains_key(*column)
                    && !wish.present.contains(*column)
                    && schema
                        .column(table, column)
                        .is_some_and(|c| !refuses_null(schema, c) && c.generated.is_none())
            };
            let null_column = key.columns.iter().find(may_be_null);
            let to_itself = key.target == *table;
            // The row that all others are made for may be full; below it every row is the least, so
            // that its own kind may stand there once more.
            let circular = to_itself || above.iter().skip(1).any(|table| *table == key.target);
            if let (Some(column), true) = (null_column, wish.least || circular) {
                if let Some(c) = schema.column(table, column) {
                    found.fixed.insert(column.clone(), null_of(&c.ty));
                }
                continue;
            }
            if to_itself {
                // A row may refer to itself: the columns then agree, which a condition says.
                continue;
            }
            if circular {
                return Err(Stop::Undecided(format!(
                    "{table} and {} need each other before either can have a row",
                    key.target
                )));
            }
            let asked: Vec<(&Condition, bool)> = conditions
                .iter()
                .map(|c| (c, wish.broken.as_ref() != Some(&c.name)))
                .collect();
            let row = match (
                self.parent(schema, table, key, &asked, &found, above),
                null_column,
            ) {
                (Err(Stop::Undecided(_)), Some(column)) => {
                    if let Some(c) = schema.column(table, column) {
                        found.fixed.insert(column.clone(), null_of(&c.ty));
                    }
                    continue;
                }
                // A check on the referencing column may ask for a parent that can't be.
                (Err(Stop::Undecided(why)), None) if wish.broken.is_some() => {
                    let own = schema
                        .constraints(table)
                        .find(|entry| foreign_key(*entry).is_some_and(|k| std::ptr::eq(k, key)));
                    if let Some((node, _)) = own {
                        let obstacle = Obstacle::constraint(schema, &node.id);
                        self.obstructions.push(obstacle);
                    }
                    return Err(Stop::Undecided(why));
                }
                (row, _) => row?,
            };
            let Some(row) = row else { continue };
            for (column, target) in key.columns.iter().zip(&key.target_columns) {
                let Some(ty) = schema.column(table, column).map(|c| &c.ty) else {
                    continue;
                };
                let value = match row.get(target.as_str()).cloned().flatten() {
                    Some(text) => format!("{}::{}", literal(&text), type_name(ty)),
                    None => null_of(ty),
                };
                if may_be_null(&column) && null_column.is_some() {
                    let values = vec![value, null_of(ty)];
                    found.offered.entry(column.clone()).or_insert(values);
                } else {
                    found.fixed.entry(column.clone()).or_insert(value);
                }
            }
        }
        found.exchange(&keys, wish, conditions);
        Ok(found)
    }

    /// A row of the key's target that agrees with what is fixed; none where it is there already.
    fn parent(
        &mut self,
        schema: &Schema,
        table: &Id,
        key: &ForeignKey,
        conditions: &[(&Condition, bool)],
        found: &References,
        above: &mut Vec<Id>,
    ) -> Result<Option<TextRow>, Stop> {
        let mut wish = Wish {
            least: true,
            ..Wish::present(&key.target_columns)
        };
        for (column, target) in key.columns.iter().zip(&key.target_columns) {
            let offered = found.offered.get(column).and_then(|values| values.first());
            if let Some(value) = found.fixed.get(column).or(offered) {
                wish.fixed.insert(target.clone(), value.clone());
            }
            if let Some(generated) = schema
                .column(table, column)
                .and_then(|c| c.generated.as_ref())
            {
                let sql = format!("{} = ({})", ident(target), generated.expr.text);
                wish.demands.push(sql);
            }
        }
        if wish.fixed.len() == key.columns.len() {
            let same: Vec<String> = wish
                .fixed
                .iter()
                .map(|(target, value)| format!("{} = {value}", ident(target)))
                .collect();
            let target = qualified(&key.target.schema, &key.target.name);
            let sql = format!(
                "SELECT 1 FROM {target} WHERE {} LIMIT 1",
                same.join(" AND ")
            );
            if !self.query(&sql)?.is_empty() {
                return Ok(None);
            }
        }
        // What the child's checks ask of the key's columns alone, they ask of the parent's.
        for (condition, holds) in conditions {
            let within = condition.columns.iter().all(|c| key.columns.contains(c));
            if within && !condition.columns.is_empty() {
                let mut sql = condition.sql.clone();
                for (at, column) in key.columns.iter().enumerate() {
                    sql = replace_name(&sql, column, &format!("\"?{at}\""));
                }
                for (at, target) in key.target_columns.iter().enumerate() {
                    sql = sql.replace(&format!("\"?{at}\""), &ident(target));
                }
                wish.demands.push(match holds {
                    true => sql,
                    false => format!("NOT ({sql})"),
                });
            }
        }
        if schema.get(&key.target).is_none_or(|node| node.external) {
            return self.existing(schema, key, &wish, above).map(Some);
        }
        above.push(table.clone());
        let made = self.insert_below(&key.target, &wish, above);
        above.pop();
        match made {
            Err(Stop::Fault(why)) => Err(Stop::Fault(why)),
            // Where no new one may be had, one that is there may do.
            Err(why) => self
                .standing(&key.target, &wish)?
                .map_or(Err(why), |row| Ok(Some(row))),
            Ok(row) => Ok(Some(row)),
        }
    }

    /// An external table's rows are not ours to make where the model does not know its columns:
    /// one that exists is referred to.
    fn existing(
        &mut self,
        schema: &Schema,
        key: &ForeignKey,
        wish: &Wish,
        above: &mut Vec<Id>,
    ) -> Result<TextRow, Stop> {
        if schema.get(&key.target).is_some()
            && !schema.columns(&key.target).is_empty()
            && let Ok(row) = self.insert_below(&key.target, wish, above)
        {
            return Ok(row);
        }
        let target = qualified(&key.target.schema, &key.target.name);
        let rows = self
            .attempt(&format!("SELECT * FROM {target} LIMIT 1"))?
            .unwrap_or_default();
        rows.into_iter().next().ok_or_else(|| {
            Stop::Undecided(format!(
                "the external table {} has no row to refer to",
                key.target
            ))
        })
    }
}
