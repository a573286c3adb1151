//! What a partition asks of its rows, in the server's own words.
//!
//! Never reads a bound: `pg_get_partition_constraintdef` turns it into a condition.

use model::Id;
use model::quote::{literal, qualified};

use super::answer::Stop;
use super::bench::Bench;

impl Bench {
    /// The condition under which a row fits: a partition's own, or that of any partition of a
    /// partitioned table. `None` for a table that is neither.
    pub(super) fn bound(&mut self, table: &Id) -> Result<Option<String>, Stop> {
        if let Some(known) = self.bounds.get(table) {
            return Ok(known.clone());
        }
        let schema = self.schema();
        let own = schema.get(table).and_then(|n| n.object.as_table());
        let bound = match own {
            Some(own) if own.partition_key.is_some() || own.partition_of.is_some() => {
                let leaves = self.leaf_conditions(table)?;
                Some(match leaves.is_empty() {
                    true => "false".to_owned(),
                    false => leaves.join(" OR "),
                })
            }
            _ => None,
        };
        self.bounds.insert(table.clone(), bound.clone());
        Ok(bound)
    }

    fn leaf_conditions(&mut self, table: &Id) -> Result<Vec<String>, Stop> {
        let name = literal(&qualified(&table.schema, &table.name));
        // A default partition comes last: its condition is the longest and says the least.
        let rows = self.query(&format!(
            "SELECT coalesce(pg_get_partition_constraintdef(t.relid), 'true') AS c \
             FROM pg_partition_tree({name}::regclass) t JOIN pg_class c ON c.oid = t.relid \
             WHERE t.isleaf AND c.relkind IN ('r', 'f') \
             ORDER BY pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', c.oid LIMIT 12"
        ))?;
        let condition = |mut row: super::TextRow| row.remove("c").flatten();
        Ok(rows
            .into_iter()
            .filter_map(condition)
            .map(|c| format!("({c})"))
            .collect())
    }

    /// The partitions that the model knows, below a partitioned table.
    pub(crate) fn leaves(&self, table: &Id) -> Vec<Id> {
        let schema = self.schema();
        let below = |above: &Id| -> Vec<Id> {
            let of = |t: &model::schema::Table| {
                t.partition_of.as_ref().is_some_and(|p| p.parent == *above)
            };
            let tables = schema.tables().filter(|(_, t)| of(t));
            tables.map(|(node, _)| node.id.clone()).collect()
        };
        let (mut leaves, mut open) = (Vec::new(), below(table));
        while let Some(next) = open.pop() {
            match below(&next) {
                inner if inner.is_empty() => leaves.push(next),
                inner => open.extend(inner),
            }
        }
        leaves
    }
}
