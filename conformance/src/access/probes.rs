//! The tries: every command, by every person, on rows of every kind.

mod read;
mod rights;
mod tries;

use std::sync::Arc;

use model::Id;
use model::quote::{literal, qualified};
use model::schema::{Meant, Name, Persona, Privilege, Schema};

use rights::Rights;

use super::act::{Ask, act};
use super::kinds::{Kind, classes, kinds};
use super::people::{request, role};
use super::rows::{Ready, World};
use super::through::{Sight, sights};
use super::{Found, Verb};
use crate::rows::{Bench, Stop};

/// A row of a kind, or why there is none.
type Stock = (Kind, Result<Ready, String>);

pub(super) fn run(
    bench: &mut Bench,
    schema: &Arc<Schema>,
    table: &Id,
    meant: &Meant,
) -> Result<Found, Stop> {
    let intent = schema.intent();
    let mut world = World::new(bench, schema)?;
    let mut stock: Vec<Stock> = Vec::new();
    for kind in kinds(schema, table, meant, intent) {
        let made = match world.ready(table, meant, &kind) {
            Ok(ready) => Ok(ready),
            Err(Stop::Fault(why)) => return Err(Stop::Fault(why)),
            Err(Stop::Failed(why) | Stop::Undecided(why)) => Err(why),
        };
        stock.push((kind, made));
    }
    let sights = match world.bench.alters() {
        true => sights(schema, table),
        false => Vec::new(),
    };
    let mut found = Found::default();
    for class in classes(intent) {
        world.bench.query("SAVEPOINT persona")?;
        world.equip(class[0])?;
        let rights = Rights::read(world.bench, &class[0].role, table)?;
        let turn = Turn {
            schema,
            table,
            meant,
            class: &class,
            rights: &rights,
            alters: world.bench.alters(),
        };
        let plan = turn.plan(&stock, &sights);
        let asks: Vec<Ask> = plan.iter().map(|p| p.ask.clone()).collect();
        let request = request(class[0], &world.me, intent);
        let answers = act(world.bench, (&request, &role(class[0])), &asks)?;
        turn.read(&stock, plan, answers, &mut found);
        world
            .bench
            .query("ROLLBACK TO SAVEPOINT persona; RELEASE SAVEPOINT persona")?;
    }
    Ok(found)
}

/// One statement, and what is to be read from its answer.
struct Planned {
    personas: Vec<Name>,
    verb: Verb,
    row: String,
    meant: bool,
    ask: Ask,
    reading: Reading,
}

enum Reading {
    /// Whether it found a row.
    Plain,
    /// Whether it was done, with however many rows.
    Done,
    /// What a sight shows while every row is there.
    Before,
    /// The same without one row; whether what is meant is exact, or the most that is allowed.
    Without { exact: bool },
}

/// One person's turn.
struct Turn<'a> {
    schema: &'a Schema,
    table: &'a Id,
    meant: &'a Meant,
    class: &'a [&'a Persona],
    rights: &'a Rights,
    alters: bool,
}

impl Turn<'_> {
    fn relation(&self) -> String {
        qualified(&self.table.schema, &self.table.name)
    }

    fn plan(&self, stock: &[Stock], sights: &[Sight]) -> Vec<Planned> {
        let mut plan = Vec::new();
        for (kind, made) in stock {
            let personas = kind.personas(self.class, self.meant);
            let (Some(first), Ok(ready)) = (personas.first(), made) else {
                continue;
            };
            let names: Vec<Name> = personas.iter().map(|p| p.name.clone()).collect();
            self.of_row(kind, ready, first, &names, &mut plan);
            self.moves(kind, ready, first, &names, stock, &mut plan);
        }
        self.of_table(&mut plan);
        for sight in sights {
            self.through(sight, stock, &mut plan);
        }
        plan
    }

    /// What is tried with the table as a whole.
    fn of_table(&self, plan: &mut Vec<Planned>) {
        let relation = self.relation();
        for persona in self.class {
            let cell = self.meant.cell(&persona.name, None);
            let meant = cell.is_some_and(|c| c.allowed.contains_key(&Privilege::Truncate));
            // Its lock would be felt in a database that others use.
            let sql = match self.alters {
                true => format!("TRUNCATE {relation}"),
                false => format!(
                    "SELECT 1 WHERE has_table_privilege(current_user, {}::regclass, 'TRUNCATE')",
                    literal(&relation)
                ),
            };
            plan.push(Planned {
                personas: vec![persona.name.clone()],
                verb: Verb::Truncate,
                row: "all rows".into(),
                meant,
                ask: Ask::of(sql),
                reading: match self.alters {
                    true => Reading::Done,
                    false => Reading::Plain,
                },
            });
        }
    }

    /// Whether what a view or a function shows changes when a row is not there.
    fn through(&self, sight: &Sight, stock: &[Stock], plan: &mut Vec<Planned>) {
        let own = self.schema.intent().relations.get(&sight.id);
        let own = own.filter(|m| m.of.as_ref() == Some(self.table));
        let verb = Verb::Through(sight.name.clone());
        let ask = |before: String| Ask {
            before,
            sql: sight.sql.clone(),
            value: true,
        };
        plan.push(Planned {
            personas: Vec::new(),
            verb: verb.clone(),
            row: String::new(),
            meant: true,
            ask: ask(String::new()),
            reading: Reading::Before,
        });
        for (kind, made) in stock {
            // A row that is brought into its state first would change what is shown by that alone.
            let Some(ready) = made.as_ref().ok().filter(|r| r.shift.is_empty()) else {
                continue;
            };
            for persona in kind.personas(self.class, self.meant) {
                let exact = own.is_some() && kind.state.is_none();
                let meant = match own {
                    Some(own) => own
                        .cell(&persona.name, None)
                        .is_some_and(|c| c.allowed.contains_key(&Privilege::Select)),
                    None => kind.allows(self.meant, persona, Privilege::Select),
                };
                plan.push(Planned {
                    personas: vec![persona.name.clone()],
                    verb: verb.clone(),
                    row: kind.label.clone(),
                    meant,
                    ask: ask(format!(
                        "SET LOCAL session_replication_role = replica; DELETE FROM {} WHERE {}",
                        self.relation(),
                        ready.place
                    )),
                    reading: Reading::Without { exact },
                });
            }
        }
    }
}
