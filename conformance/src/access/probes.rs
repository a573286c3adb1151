//! The tries: every command, by every person, on rows of every kind.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::Id;
use model::quote::{ident, literal, qualified};
use model::schema::{Columns, Meant, Name, Persona, Privilege, Schema};

use super::act::{Answer, Ask, act};
use super::kinds::{Kind, classes, kinds};
use super::people::{request, role};
use super::rows::{Ready, World, place};
use super::through::{Sight, sights};
use super::{Found, Got, Probe, Verb};
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

/// What a role may do with the columns of a table, as the server says.
struct Rights {
    /// The table as a whole may be read.
    whole: bool,
    select: BTreeSet<Name>,
    insert: BTreeSet<Name>,
    update: BTreeSet<Name>,
}

impl Rights {
    fn read(bench: &mut Bench, role: &str, table: &Id) -> Result<Self, Stop> {
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

    fn of(&self, command: Privilege) -> &BTreeSet<Name> {
        match command {
            Privilege::Insert => &self.insert,
            Privilege::Update => &self.update,
            _ => &self.select,
        }
    }
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

    /// What is tried with one row.
    fn of_row(
        &self,
        kind: &Kind,
        ready: &Ready,
        persona: &Persona,
        names: &[Name],
        plan: &mut Vec<Planned>,
    ) {
        let (relation, at) = (self.relation(), place(&ready.row));
        let may = |command| kind.allows(self.meant, persona, command);
        let (select, insert) = (may(Privilege::Select), may(Privilege::Insert));
        let update = may(Privilege::Update);
        let mut push = |verb, meant, ask: Ask| {
            plan.push(Planned {
                personas: names.to_vec(),
                verb,
                row: kind.label.clone(),
                meant,
                ask,
                reading: Reading::Plain,
            });
        };
        let sql = format!("SELECT 1 FROM {relation} WHERE {at}");
        push(Verb::Select, select, self.ask(sql));
        if let Some((column, value)) = self.changeable(ready, kind, persona) {
            let sql = format!(
                "UPDATE {relation} SET {} = {value} WHERE {at}",
                ident(&column)
            );
            push(Verb::Update, update, self.ask(sql));
        }
        let sql = format!("DELETE FROM {relation} WHERE {at}");
        push(Verb::Delete, may(Privilege::Delete), self.ask(sql));
        // Without a condition nothing is read, and no policy for reading stands in the way.
        let blind = |sql: String| Ask {
            before: format!(
                "SET LOCAL session_replication_role = replica; \
                 DELETE FROM {relation} WHERE NOT ({at}); \
                 SET LOCAL session_replication_role = origin"
            ),
            ..Ask::of(sql)
        };
        if let (true, false, Some((column, value))) =
            (self.alters, update, self.changeable(ready, kind, persona))
        {
            let sql = format!("UPDATE {relation} SET {} = {value}", ident(&column));
            push(Verb::Update, false, blind(sql));
        }
        if self.alters && !may(Privilege::Delete) {
            push(
                Verb::Delete,
                false,
                blind(format!("DELETE FROM {relation}")),
            );
        }
        if let Ok(made) = &ready.insertion {
            let sql = made.without(self.schema, &ready.fixed, self.alters, &|column| {
                self.rights.insert.is_empty() || self.rights.insert.contains(column)
            });
            push(Verb::Insert, insert, Ask::of(sql.clone()));
            if let Some(column) = self.readable() {
                let sql = format!("{sql} RETURNING {}", ident(&column));
                push(Verb::Returning, insert && select, Ask::of(sql));
            }
        }
        if let Some(sql) = self.upsert(ready, kind, persona) {
            push(Verb::Upsert, insert && update && select, Ask::of(sql));
        }
    }

    /// A statement that finds a row by its place, which needs the right to read the table. Where
    /// the role may read some columns only, it is given the right for this try: which rows it
    /// reaches is what policies say.
    fn ask(&self, sql: String) -> Ask {
        let some = !self.rights.whole && !self.rights.select.is_empty();
        Ask {
            before: match some {
                true => format!(
                    "GRANT SELECT ON {} TO {}",
                    self.relation(),
                    ident(&self.class[0].role)
                ),
                false => String::new(),
            },
            ..Ask::of(sql)
        }
    }

    fn readable(&self) -> Option<Name> {
        let columns = self.schema.columns(self.table);
        let mut names = columns.iter().map(|(node, _)| node.id.part.clone());
        self.rights.select.first().cloned().or_else(|| names.next())
    }

    /// A column to write the value to that it holds: one the persona may change, and of no key.
    fn changeable(&self, ready: &Ready, kind: &Kind, persona: &Persona) -> Option<(Name, String)> {
        let cell = kind.cell(self.meant, persona);
        let columns = cell.and_then(|c| c.allowed.get(&Privilege::Update));
        let said = |name: &Name| columns.is_none_or(|c| c.contain(name));
        let read = cell.and_then(|c| c.allowed.get(&Privilege::Select));
        let read = |name: &Name| read.is_none_or(|c| c.contain(name));
        let rank = |(name, _): &&(Name, String)| {
            let column = self.schema.column(self.table, name);
            let identity = column.is_some_and(|c| c.identity.is_some());
            (
                identity,
                !said(name),
                !read(name),
                !self.rights.update.contains(name),
                ready.fixed.contains_key(name),
                self.in_a_key(name),
            )
        };
        ready.values.iter().min_by_key(rank).cloned()
    }

    fn in_a_key(&self, name: &Name) -> bool {
        use model::schema::ConstraintBody::{ForeignKey, PrimaryKey, Unique};
        let constraints = self.schema.constraints(self.table);
        constraints.into_iter().any(|(_, c)| match &c.body {
            PrimaryKey(key) | Unique(key) => key.columns.contains(name),
            ForeignKey(key) => key.columns.contains(name),
            _ => false,
        })
    }

    /// The row once more, which is there already.
    fn upsert(&self, ready: &Ready, kind: &Kind, persona: &Persona) -> Option<String> {
        let key = self.schema.primary_key(self.table);
        let base = self.meant.cell(&persona.name, None)?;
        let whole = |command| base.allowed.get(&command) == Some(&Columns::All);
        if key.is_empty() || !whole(Privilege::Insert) || !whole(Privilege::Update) {
            return None;
        }
        let (column, _) = self.changeable(ready, kind, persona)?;
        // `EXCLUDED` is read as the table is.
        if !base.allowed.get(&Privilege::Select)?.contain(&column) {
            return None;
        }
        let columns = ready
            .values
            .iter()
            .map(|(name, _)| ident(name).into_owned());
        let values = ready.values.iter().map(|(_, value)| value.clone());
        let key = key.iter().map(|name| ident(name).into_owned());
        let list = |all: &mut dyn Iterator<Item = String>| all.collect::<Vec<_>>().join(", ");
        Some(format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) \
             ON CONFLICT ({}) DO UPDATE SET {column} = EXCLUDED.{column}",
            self.relation(),
            list(&mut columns.into_iter()),
            list(&mut values.into_iter()),
            list(&mut key.into_iter()),
            column = ident(&column),
        ))
    }

    /// Gives the row to whom the other kinds belong.
    fn moves(
        &self,
        kind: &Kind,
        ready: &Ready,
        persona: &Persona,
        names: &[Name],
        stock: &[Stock],
        plan: &mut Vec<Planned>,
    ) {
        let update = Privilege::Update;
        if kind.state.is_some() || !kind.allows(self.meant, persona, update) {
            return;
        }
        let key = self.schema.primary_key(self.table);
        for (other, made) in stock.iter().filter(|(k, _)| k.state.is_none()) {
            let (Ok(theirs), Some(then)) = (
                made,
                other.personas(self.class, self.meant).first().copied(),
            ) else {
                continue;
            };
            let changes: Vec<(&Name, &String)> = theirs
                .fixed
                .iter()
                .filter(|(c, v)| ready.fixed.get(*c).is_some_and(|own| own != *v))
                .collect();
            if changes.is_empty() || changes.iter().any(|(c, _)| key.contains(c)) {
                continue;
            }
            let own = kind.cell(self.meant, persona);
            let columns = own.and_then(|c| c.allowed.get(&update));
            let named = columns.is_some_and(|all| changes.iter().all(|(c, _)| all.contain(c)));
            let kept = other.allows(self.meant, then, update)
                && other.allows(self.meant, then, Privilege::Select);
            let set = changes.iter().map(|(c, v)| format!("{} = {v}", ident(c)));
            plan.push(Planned {
                personas: names.to_vec(),
                verb: Verb::Move,
                row: format!("{} to {}", kind.label, other.label),
                meant: named && kept,
                ask: self.ask(format!(
                    "UPDATE {} SET {} WHERE {}",
                    self.relation(),
                    set.collect::<Vec<_>>().join(", "),
                    place(&ready.row)
                )),
                reading: Reading::Plain,
            });
        }
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
            let Ok(ready) = made else { continue };
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
                        place(&ready.row)
                    )),
                    reading: Reading::Without { exact },
                });
            }
        }
    }

    /// The answers, as tries of each persona.
    fn read(&self, stock: &[Stock], plan: Vec<Planned>, answers: Vec<Answer>, found: &mut Found) {
        let mut shown: Option<Answer> = None;
        for (planned, answer) in plan.into_iter().zip(answers) {
            let got = match planned.reading {
                Reading::Plain => answer.got(),
                Reading::Done if answer.is_done() => Got::Allowed,
                Reading::Done => answer.got(),
                Reading::Before => {
                    shown = Some(answer);
                    continue;
                }
                Reading::Without { exact } => {
                    let before = shown.as_ref().filter(|a| a.is_done());
                    let got = match before {
                        // Who can't look sees nothing.
                        None => {
                            Got::Refused(shown.as_ref().map_or(String::new(), |a| a.words.clone()))
                        }
                        Some(_) if !answer.is_done() => Got::Unknown(answer.words.clone()),
                        Some(before) if before.words != answer.words => Got::Allowed,
                        Some(_) => Got::Refused("it does not show".into()),
                    };
                    if planned.meant && !exact {
                        continue;
                    }
                    got
                }
            };
            for persona in planned.personas {
                let probe = Probe {
                    persona,
                    verb: planned.verb.clone(),
                    row: planned.row.clone(),
                    meant: planned.meant,
                    got: got.clone(),
                };
                if !found.probes.contains(&probe) {
                    found.probes.push(probe);
                }
            }
        }
        for (kind, made) in stock {
            for persona in kind.personas(self.class, self.meant) {
                match made {
                    Ok(_) => self.columns(kind, persona, found),
                    Err(why) => unknown(kind, persona, why, found),
                }
            }
        }
    }

    /// Columns that the role may use and the persona is not meant to, and the other way round.
    fn columns(&self, kind: &Kind, persona: &Persona, found: &mut Found) {
        let Some(cell) = kind
            .cell(self.meant, persona)
            .filter(|_| kind.state.is_none())
        else {
            return;
        };
        let verbs = [
            (Privilege::Select, Verb::Select),
            (Privilege::Insert, Verb::Insert),
            (Privilege::Update, Verb::Update),
        ];
        for (command, verb) in verbs {
            let Some(meant) = cell.allowed.get(&command) else {
                continue;
            };
            let held = self.rights.of(command);
            for (node, column) in self.schema.columns(self.table) {
                let name = &node.id.part;
                let written = command != Privilege::Select;
                if written && column.generated.is_some() {
                    continue;
                }
                let (meant, has) = (meant.contain(name), held.contains(name));
                if meant == has {
                    continue;
                }
                found.probes.push(Probe {
                    persona: persona.name.clone(),
                    verb: verb.clone(),
                    row: format!("{}, column {name}", kind.label),
                    meant,
                    got: match has {
                        true => Got::Allowed,
                        false => Got::Refused("no privilege on the column".into()),
                    },
                });
            }
        }
    }
}

/// No row of the kind could be made.
fn unknown(kind: &Kind, persona: &Persona, why: &str, found: &mut Found) {
    for verb in [Verb::Select, Verb::Insert, Verb::Update, Verb::Delete] {
        found.probes.push(Probe {
            persona: persona.name.clone(),
            verb,
            row: kind.label.clone(),
            meant: false,
            got: Got::Unknown(why.to_owned()),
        });
    }
}
