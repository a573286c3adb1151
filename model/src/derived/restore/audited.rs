//! `audited into`, read from triggers and the function that they share.

use std::collections::{BTreeMap, BTreeSet};

use crate::derived::audited::{names_in, parts_in};
use crate::schema::{
    Audited, Body, Builder, Id, Kind, Name, Object, Place, Schema, Trail, TrailPart, Trigger,
};

/// What audited tables say, and what the columns of their trails hold.
#[derive(Default)]
pub(super) struct Audits {
    tables: BTreeMap<Id, Audited>,
    trails: BTreeMap<Id, Vec<(Name, TrailPart)>>,
}

impl Audits {
    /// Takes up what the trigger of a table seems to say.
    pub(super) fn read(&mut self, schema: &Schema, table: &Id, trigger: &Trigger) -> Option<()> {
        let function = schema.get(&trigger.function)?;
        let name = function.id.name.strip_suffix("_trail")?;
        let into = Id::table(function.id.schema.clone(), name);
        let Body::Text(body) = &function.object.as_routine()?.body else {
            return None;
        };
        let parts = parts_in(schema, &into, &body.text)?;
        let [_, _, except, held @ ..] = &*trigger.arguments else {
            return None;
        };
        let columns = parts.iter().filter(|(_, part)| *part == TrailPart::Column);
        let columns = columns.map(|(trail, _)| trail).zip(held);
        let audited = Audited {
            columns: columns
                .filter(|(trail, own)| !own.is_empty() && trail != own)
                .map(|(trail, own)| (trail.clone(), own.clone()))
                .collect(),
            except: names_in(except)?,
            into: into.clone(),
            place: Place::default(),
        };
        self.tables.insert(table.clone(), audited);
        self.trails.insert(into, parts);
        Some(())
    }

    /// Says it in the schema.
    pub(super) fn say(&self, builder: &mut Builder) {
        for (trail, parts) in &self.trails {
            for (name, part) in parts {
                if let Some(node) = builder.get_mut(&trail.within(Kind::Column, name.clone()))
                    && let Object::Column(column) = &mut node.object
                {
                    column.trail = Trail(Some(*part));
                }
            }
        }
        for (table, audited) in &self.tables {
            if let Some(node) = builder.get_mut(table)
                && let Object::Table(table) = &mut node.object
            {
                table.writes.audited = Some(Box::new(audited.clone()));
            }
        }
    }

    /// Forgets what one of these says, a table or the trail that it writes into.
    pub(super) fn leave_out(&mut self, wrong: &BTreeSet<Id>) {
        self.tables
            .retain(|table, audited| !wrong.contains(table) && !wrong.contains(&audited.into));
        let tables = &self.tables;
        self.trails
            .retain(|trail, _| tables.values().any(|audited| audited.into == *trail));
    }
}
