//! What stands between a check and its subject, set aside for the length of one transaction.
//!
//! A row that breaks one constraint often breaks another first, and a trigger may rewrite it on its
//! way in. Both can be removed inside the transaction that is rolled back anyway; what then refuses
//! the row is the subject alone. Never done on a database that is not the suite's own: the locks
//! would be felt there.

use std::collections::BTreeSet;

use model::quote::{ident, literal, qualified};
use model::schema::{Schema, Type};
use model::{Id, Kind};

use super::answer::{Refusal, Stop};
use super::bench::Bench;
use super::conditions::conditions;
use super::maker::foreign_key;

/// Something that comes before the subject, and the statement that removes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Obstacle {
    /// The relation, or the domain.
    pub(super) of: String,
    /// The constraint's name, or the column's for `NOT NULL`.
    pub(super) name: String,
    sql: String,
}

impl Obstacle {
    pub(super) fn constraint(schema: &Schema, id: &Id) -> Self {
        let inherited = |id: &Id| {
            schema
                .get(id)
                .and_then(|n| n.object.as_constraint())
                .is_some_and(|c| c.inherited)
        };
        let mut own = id.clone();
        // An inherited constraint can only be dropped where it is declared.
        while inherited(&own) {
            let table = schema.get(&Id::table(own.schema.clone(), own.name.clone()));
            let above = table.and_then(|n| n.object.as_table()).and_then(|t| {
                let partition = t.partition_of.as_ref().map(|p| &p.parent);
                partition.into_iter().chain(&t.inherits).find_map(|parent| {
                    let id = parent.within(Kind::Constraint, id.part.clone());
                    schema.contains(&id).then_some(id)
                })
            });
            match above {
                Some(above) => own = above,
                None => break,
            }
        }
        let table = qualified(&own.schema, &own.name);
        let sql = match schema.contains(&own.within(Kind::Index, own.part.clone())) {
            true => format!("DROP INDEX {}", qualified(&own.schema, &own.part)),
            false => format!("ALTER TABLE {table} DROP CONSTRAINT {}", ident(&own.part)),
        };
        Obstacle {
            of: qualified(&id.schema, &id.name),
            name: id.part.to_string(),
            sql,
        }
    }

    pub(super) fn of_domain(ty: &Type, name: &str) -> Self {
        let of = qualified(ty.schema.as_deref().unwrap_or_default(), &ty.name);
        Obstacle {
            sql: format!("ALTER DOMAIN {of} DROP CONSTRAINT {}", ident(name)),
            of,
            name: name.to_owned(),
        }
    }

    pub(super) fn not_null(table: &Id, column: &str) -> Self {
        let of = qualified(&table.schema, &table.name);
        Obstacle {
            sql: format!("ALTER TABLE {of} ALTER {} DROP NOT NULL", ident(column)),
            of,
            name: column.to_owned(),
        }
    }

    /// What refused, by the names that the server gives.
    fn of_refusal(schema: &Schema, refusal: &Refusal) -> Option<Self> {
        let owner = refusal.schema.as_deref()?;
        if let (Some(domain), Some(name)) = (&refusal.data_type, &refusal.constraint) {
            return Some(Obstacle::of_domain(
                &Type::user(owner, domain.as_str()),
                name,
            ));
        }
        let table = Id::table(owner, refusal.table.as_deref()?);
        match (&refusal.constraint, &refusal.column) {
            (Some(name), _) => {
                let id = table.within(Kind::Constraint, name.as_str());
                Some(Obstacle::constraint(schema, &id))
            }
            (None, Some(column)) => Some(Obstacle::not_null(&table, column)),
            (None, None) => None,
        }
    }
}

impl Bench {
    /// Remembers that something other than the subject refused a row.
    pub(crate) fn obstructed_by(&mut self, refusal: &Refusal) {
        let schema = self.schema();
        self.obstructions
            .extend(Obstacle::of_refusal(&schema, refusal));
    }

    /// The same, where these keys may be what refuses.
    pub(crate) fn obstructed_by_keys(&mut self, keys: &[Id]) {
        let schema = self.schema();
        let obstacles = keys.iter().map(|key| {
            let table = Id::table(key.schema.clone(), key.name.clone());
            Obstacle::constraint(&schema, &table.within(Kind::Constraint, key.part.clone()))
        });
        self.obstructions.extend(obstacles);
    }

    /// The same, where conditions on that column may be what refuses.
    pub(crate) fn obstructed_by_conditions(&mut self, table: &Id, column: &str) {
        let conditions = conditions(&self.schema(), table);
        let touching = conditions
            .into_iter()
            .filter(|c| c.columns.contains(&model::Name::from(column)));
        self.obstructions
            .extend(touching.filter_map(|c| c.obstacle));
    }

    /// Whether a constraint or index that refused is the part of `subject` in a partition, which has
    /// a name of its own.
    pub(crate) fn is_part_of(&mut self, refusal: &Refusal, name: &str) -> Result<bool, Stop> {
        let (Some(schema), Some(table), Some(own)) =
            (&refusal.schema, &refusal.table, &refusal.constraint)
        else {
            return Ok(false);
        };
        let place = format!("{}::regclass", literal(&qualified(schema, table)));
        let rows = self.query(&format!(
            "WITH RECURSIVE up AS (\
               SELECT oid, conparentid, conname FROM pg_constraint \
               WHERE conrelid = {place} AND conname = {own} \
               UNION ALL SELECT c.oid, c.conparentid, c.conname \
               FROM pg_constraint c JOIN up ON up.conparentid = c.oid) \
             SELECT 1 FROM up WHERE conname = {name} \
             UNION ALL SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid, \
               pg_partition_ancestors(c.oid) a JOIN pg_class p ON p.oid = a.relid \
             WHERE i.indrelid = {place} AND c.relname = {own} AND p.relname = {name}",
            own = literal(own),
            name = literal(name),
        ))?;
        Ok(!rows.is_empty())
    }

    /// Removes those obstacles, and the triggers and rules of those tables, until the rollback.
    pub(super) fn set_aside(
        &mut self,
        obstacles: &BTreeSet<Obstacle>,
        tables: &[Id],
        cascade: bool,
    ) -> Result<(), Stop> {
        for obstacle in obstacles {
            // What can't be removed stays in the way, and the check says so. A key that others
            // refer to goes with their foreign keys, unless one of those is the subject.
            if self.attempt(&obstacle.sql)?.is_err() && cascade {
                drop(self.attempt(&format!("{} CASCADE", obstacle.sql))?);
            }
        }
        let schema = self.schema();
        for table in tables {
            let name = qualified(&table.schema, &table.name);
            drop(self.attempt(&format!("ALTER TABLE {name} DISABLE TRIGGER USER"))?);
            for rule in schema.parts(table, Kind::Rule) {
                let rule = ident(&rule.id.part).into_owned();
                drop(self.attempt(&format!("ALTER TABLE {name} DISABLE RULE {rule}"))?);
            }
        }
        Ok(())
    }

    /// Disables the triggers and rules of a table until the rollback, where it has some and that may
    /// be done; says whether.
    pub(crate) fn quieten(&mut self, table: &Id) -> Result<bool, Stop> {
        if !self.alters() || !is_triggered(&self.schema(), table) {
            return Ok(false);
        }
        self.set_aside(&BTreeSet::new(), std::slice::from_ref(table), false)?;
        Ok(true)
    }

    /// Disables the triggers of the tables that `around` hangs together with, where asked.
    pub(crate) fn silence(&mut self, around: &Id, which: impl Fn(&Id) -> bool) -> Result<(), Stop> {
        for table in triggered(&self.schema(), around)
            .iter()
            .filter(|table| which(table))
        {
            let name = qualified(&table.schema, &table.name);
            drop(self.attempt(&format!("ALTER TABLE {name} DISABLE TRIGGER USER"))?);
        }
        Ok(())
    }

    /// Whether an obstacle of that name on that relation has been set aside.
    pub(super) fn is_aside(&self, obstacle: Option<&Obstacle>) -> bool {
        obstacle.is_some_and(|o| self.aside.contains(o))
    }
}

/// The tables with triggers or rules that rows of `table` may set off: those it hangs together with
/// through foreign keys and partitions.
pub(crate) fn triggered(schema: &Schema, table: &Id) -> Vec<Id> {
    let mut near = BTreeSet::from([table.clone()]);
    let mut links: Vec<(Id, Id)> = Vec::new();
    for (node, own) in schema.tables() {
        let keys = schema.constraints(&node.id).filter_map(foreign_key);
        links.extend(keys.map(|key| (node.id.clone(), key.target.clone())));
        let parents = own.partition_of.iter().map(|p| &p.parent);
        let parents = parents.chain(&own.inherits);
        links.extend(parents.map(|parent| (node.id.clone(), parent.clone())));
    }
    loop {
        let before = near.len();
        for (one, other) in &links {
            if near.contains(one) || near.contains(other) {
                near.extend([one.clone(), other.clone()]);
            }
        }
        if near.len() == before {
            break;
        }
    }
    near.retain(|table| is_triggered(schema, table));
    near.into_iter().collect()
}

fn is_triggered(schema: &Schema, table: &Id) -> bool {
    schema.triggers(table).next().is_some() || schema.parts(table, Kind::Rule).next().is_some()
}
