//! What is tried with one row: every command, and giving it to somebody else.

use model::quote::ident;
use model::schema::{Columns, Name, Persona, Privilege};

use super::{Planned, Reading, Stock, Turn};
use crate::access::Verb;
use crate::access::act::Ask;
use crate::access::kinds::Kind;
use crate::access::rows::Ready;

impl Turn<'_> {
    /// What is tried with one row.
    pub(super) fn of_row(
        &self,
        kind: &Kind,
        ready: &Ready,
        persona: &Persona,
        names: &[Name],
        plan: &mut Vec<Planned>,
    ) {
        let (relation, at) = (self.relation(), &ready.place);
        let may = |command| kind.allows(self.meant, persona, command);
        let (select, insert) = (may(Privilege::Select), may(Privilege::Insert));
        let update = may(Privilege::Update);
        let mut push = |verb, meant, mut ask: Ask| {
            let first = [ready.shift.as_str(), ask.before.as_str()];
            let first: Vec<&str> = first.into_iter().filter(|s| !s.is_empty()).collect();
            ask.before = first.join("; ");
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
                self.rights.insert.is_empty() || self.rights.insert.contains(&Name::from(column))
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
    pub(super) fn moves(
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
                    ready.place
                )),
                reading: Reading::Plain,
            });
        }
    }
}
