//! Row-level security: each role sees and changes exactly the rows that the policies say.
//!
//! The policies' expressions are evaluated by the server, as the role, on the same rows with
//! row-level security off; what the role can reach with it on must be the same. Whether the policies
//! are what anybody meant is not asked here.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{ident, literal, qualified};
use model::schema::{Command, Name, PUBLIC, Policy, Privilege, Schema};

use super::{Check, Family, said};
use crate::rows::{Bench, Stop, TextRow, this_row};

/// Who asks, where policies look at the claims of a request.
pub(crate) const SUBJECT: &str = "0c0ffee0-0000-4000-8000-00000000cafe";

#[derive(Clone)]
pub(super) struct Guard {
    pub(super) table: Id,
    role: Name,
    /// Those that are for the role.
    policies: Vec<Policy>,
    /// All of the table's: rows that another role's let pass are worth a look too.
    pub(super) all: Vec<Policy>,
    /// The role may read some columns, and not the table.
    by_column: Option<Name>,
}

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let Some(node) = schema.get(table) else {
        return;
    };
    if !node.object.as_table().is_some_and(|t| t.row_security) {
        return;
    }
    let roles: BTreeSet<&Name> = schema
        .tables()
        .flat_map(|(node, _)| node.privileges.keys())
        .filter(|n| **n != *PUBLIC && node.owner.as_ref() != Some(*n))
        .collect();
    for role in roles {
        let may = |privilege| {
            [role.as_str(), PUBLIC].iter().any(|who| {
                let own = node.privileges.get(&Name::from(*who));
                own.is_some_and(|p| p.contains_key(&privilege))
            })
        };
        let guard = Guard {
            table: table.clone(),
            role: role.clone(),
            policies: schema
                .policies(table)
                .map(|(_, policy)| policy)
                .filter(|p| p.roles.contains(&Name::from(PUBLIC)) || p.roles.contains(role))
                .cloned()
                .collect(),
            all: schema.policies(table).map(|(_, p)| p.clone()).collect(),
            by_column: schema
                .columns(table)
                .iter()
                .find(|(column, _)| {
                    let own = column.privileges.get(role);
                    own.is_some_and(|p| p.contains_key(&Privilege::Select))
                })
                .map(|(column, _)| column.id.part.clone())
                .filter(|_| !may(Privilege::Select)),
        };
        if guard.by_column.is_some() {
            guard.push(Command::Select, "sees", found);
        }
        if !may(Privilege::Select) {
            continue;
        }
        guard.push(Command::Select, "sees", found);
        if may(Privilege::Update) {
            guard.push(Command::Update, "updates", found);
        }
        if may(Privilege::Delete) {
            guard.push(Command::Delete, "deletes", found);
        }
        if may(Privilege::Insert) {
            guard.push(Command::Insert, "inserts", found);
        }
    }
    flag(table, "is enabled", "relrowsecurity", found);
    if node.object.as_table().is_some_and(|t| t.force_row_security) {
        flag(table, "holds for its owner", "relforcerowsecurity", found);
    }
}

/// A flag that no role of the model need notice (`FORCE` shows only in the owner, and policies may
/// let everything pass): the catalog is asked.
fn flag(table: &Id, what: &str, column: &'static str, found: &mut Vec<Check>) {
    let relation = literal(&qualified(&table.schema, &table.name));
    let name = format!("{}: row-level security {what}", said(table));
    let check = Check::new(Family::Access, table, name, move |bench| {
        let sql = format!("SELECT {column} AS yes FROM pg_class WHERE oid = {relation}::regclass");
        let rows = bench.query(&sql)?;
        let yes = rows
            .first()
            .and_then(|row| row.get("yes").cloned().flatten());
        match yes.as_deref() {
            Some("t") => Ok(()),
            _ => Err(Stop::Failed("it does not".into())),
        }
    });
    found.push(check.of_lists());
}

impl Guard {
    fn push(&self, command: Command, verb: &str, found: &mut Vec<Check>) {
        let own = self.clone();
        let name = format!(
            "{}: {} {verb} the rows that its policies say",
            said(&self.table),
            self.role
        );
        found.push(Check::altering(
            Family::Access,
            &self.table,
            name,
            move |bench| own.run(bench, command),
        ));
    }

    fn relation(&self) -> String {
        qualified(&self.table.schema, &self.table.name)
    }

    /// What the policies for these commands let pass: one permissive one, and all restrictive ones.
    fn says(&self, command: Command, part: impl Fn(&Policy) -> Option<String>) -> String {
        let applies = |p: &&Policy| p.command == command || p.command == Command::All;
        let of_kind = |permissive: bool| -> Vec<String> {
            let own = self.policies.iter().filter(applies);
            own.filter(|p| p.permissive == permissive)
                .filter_map(&part)
                .map(|sql| format!("coalesce(({sql}), false)"))
                .collect()
        };
        let mut all = of_kind(false);
        let one = of_kind(true);
        all.push(match one.is_empty() {
            true => "false".to_owned(),
            false => format!("({})", one.join(" OR ")),
        });
        all.join(" AND ")
    }

    fn using(&self, command: Command) -> String {
        self.says(command, |p| {
            Some(
                p.using
                    .as_ref()
                    .map_or("true".into(), |e| e.text.to_string()),
            )
        })
    }

    fn with_check(&self, command: Command) -> String {
        self.says(command, |p| {
            let expr = p.with_check.as_ref().or(p.using.as_ref());
            Some(expr.map_or("true".into(), |e| e.text.to_string()))
        })
    }

    fn run(&self, bench: &mut Bench, command: Command) -> Result<(), Stop> {
        // A role that row-level security passes by, or one with other roles' policies, shows nothing.
        let exempt = bench.query(&format!(
            "SELECT 1 FROM pg_roles r WHERE r.rolname = {} AND (r.rolsuper OR r.rolbypassrls \
             OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid))",
            literal(&self.role)
        ))?;
        if !exempt.is_empty() {
            return Ok(());
        }
        let claims = format!("{{\"sub\": \"{SUBJECT}\", \"role\": \"{}\"}}", self.role);
        bench.query(&format!(
            "SELECT set_config('request.jwt.claims', {}, true), \
             set_config('request.jwt.claim.sub', '{SUBJECT}', true), \
             set_config('request.jwt.claim.role', {}, true)",
            literal(&claims),
            literal(&self.role)
        ))?;
        bench.silence(&self.table, |_| true)?;
        let rows = self.rows(bench, command)?;
        if rows.is_empty() {
            return Err(Stop::Undecided(format!(
                "no row of {} could be made",
                self.table
            )));
        }
        if let Some(column) = &self.by_column {
            return self.count(bench, column);
        }
        for row in &rows {
            self.judge(bench, command, row)?;
        }
        Ok(())
    }

    /// Who may read some columns only can't be asked for a row by its place; the number will do.
    fn count(&self, bench: &mut Bench, column: &Name) -> Result<(), Stop> {
        let (relation, column) = (self.relation(), ident(column));
        let open = format!("ALTER TABLE {relation} DISABLE ROW LEVEL SECURITY");
        let ask = format!(
            "SELECT count({column}) FILTER (WHERE {}) AS n FROM {relation}",
            self.using(Command::Select)
        );
        let all = format!("SELECT count({column}) AS n FROM {relation}");
        let number = |rows: Vec<TextRow>| {
            rows.into_iter()
                .find_map(|mut row| row.remove("n").flatten())
                .unwrap_or_default()
        };
        let Ok(said) = bench.acting(&self.role, &open, &ask)? else {
            return Ok(());
        };
        let seen = match bench.acting(&self.role, "SELECT 1", &all)? {
            Ok(rows) => number(rows),
            Err(refusal) => return Err(Stop::Failed(format!("refused with {refusal}"))),
        };
        let said = number(said);
        match said == seen {
            true => Ok(()),
            false => Err(Stop::Failed(format!(
                "{} sees {seen} rows, and its policies say {said}",
                self.role
            ))),
        }
    }

    /// One row: what the expressions say of it, and what the role can do with it.
    fn judge(&self, bench: &mut Bench, command: Command, row: &TextRow) -> Result<(), Stop> {
        let (relation, place) = (self.relation(), this_row(row));
        let said = |expr: &str| format!("coalesce(bool_or({expr}), false)");
        let seen = self.using(Command::Select);
        let (reached, kept) = match command {
            Command::Select | Command::All => (seen.clone(), "true".to_owned()),
            Command::Update => {
                let reached = format!("({seen}) AND ({})", self.using(command));
                (
                    reached,
                    format!("({seen}) AND ({})", self.with_check(command)),
                )
            }
            Command::Delete => {
                let reached = format!("({seen}) AND ({})", self.using(command));
                (reached, "true".to_owned())
            }
            Command::Insert => ("true".to_owned(), self.with_check(command)),
        };
        let open = format!("ALTER TABLE {relation} DISABLE ROW LEVEL SECURITY");
        let ask = format!(
            "SELECT {} AS reached, {} AS kept FROM {relation} WHERE {place}",
            said(&reached),
            said(&kept)
        );
        // An expression that raises an error says nothing about the row.
        let Ok(answer) = bench.acting(&self.role, &open, &ask)? else {
            return Ok(());
        };
        let answer = answer.into_iter().next().unwrap_or_default();
        let is = |column: &str| answer.get(column).cloned().flatten().as_deref() == Some("t");
        let (reached, kept) = (is("reached"), is("kept"));
        let statement = match command {
            Command::Select | Command::All => {
                format!("SELECT 1 AS n FROM {relation} WHERE {place}")
            }
            Command::Delete => format!("DELETE FROM {relation} WHERE {place} RETURNING 1 AS n"),
            Command::Update => {
                let Some(column) = self.changeable(bench) else {
                    return Ok(());
                };
                let column = ident(&column).into_owned();
                format!("UPDATE {relation} SET {column} = {column} WHERE {place} RETURNING 1 AS n")
            }
            Command::Insert => return self.insert(bench, row, kept, &open),
        };
        let outcome = bench.acting(&self.role, "SELECT 1", &statement)?;
        let plain = bench.acting(&self.role, &open, &statement)?;
        match (outcome, plain) {
            // Refused with and without: by a constraint or a privilege, not by a policy.
            (Err(_), Err(_)) => Ok(()),
            (Err(refusal), Ok(_)) if reached && kept => self.differs(row, &refusal.to_string()),
            (Err(refusal), Ok(_)) if !reached => self.differs(row, &refusal.to_string()),
            (Err(_), Ok(_)) => Ok(()),
            (Ok(rows), _) => {
                // Statements of ours return a row as well; only the last one's is numbered.
                let touched = rows.iter().any(|r| r.contains_key("n"));
                match (touched, reached && kept) {
                    (true, true) | (false, false) => Ok(()),
                    // An update that must be refused is no update that finds nothing.
                    (true, false) => self.differs(row, "it can"),
                    (false, true) => self.differs(row, "it can't"),
                }
            }
        }
    }

    /// The row once more, as the role: taken out by us first, because its keys are its own.
    fn insert(&self, bench: &mut Bench, row: &TextRow, kept: bool, open: &str) -> Result<(), Stop> {
        let schema = bench.schema();
        let relation = self.relation();
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for (node, column) in schema.columns(&self.table) {
            let always = column.identity.as_ref().map(|i| i.mode)
                == Some(model::schema::IdentityMode::Always);
            if column.generated.is_some() || always {
                continue;
            }
            if let Some(value) = crate::rows::held(&schema, &self.table, row, &node.id.part) {
                columns.push(ident(&node.id.part).into_owned());
                values.push(value);
            }
        }
        let gone = format!("DELETE FROM {relation} WHERE {}", this_row(row));
        let statement = format!(
            "INSERT INTO {relation} ({}) VALUES ({})",
            columns.join(", "),
            values.join(", ")
        );
        let plain = bench.acting(&self.role, &format!("{gone}; {open}"), &statement)?;
        if plain.is_err() {
            return Ok(());
        }
        match (bench.acting(&self.role, &gone, &statement)?, kept) {
            (Ok(_), true) | (Err(_), false) => Ok(()),
            (Ok(_), false) => self.differs(row, "it can"),
            (Err(refusal), true) => self.differs(row, &refusal.to_string()),
        }
    }

    fn changeable(&self, bench: &Bench) -> Option<Name> {
        let schema = bench.schema();
        let columns = schema.columns(&self.table);
        let plain = columns
            .iter()
            .find(|(_, c)| c.generated.is_none() && c.identity.is_none());
        plain.map(|(node, _)| node.id.part.clone())
    }

    fn differs(&self, row: &TextRow, what: &str) -> Result<(), Stop> {
        let columns = row
            .iter()
            .filter(|(name, _)| !name.ends_with("oid") && *name != "ctid");
        let text: Vec<String> = columns
            .map(|(name, value)| format!("{name}: {}", value.as_deref().unwrap_or("null")))
            .collect();
        Err(Stop::Failed(format!(
            "{what}, and its policies say otherwise of the row ({})",
            text.join(", ")
        )))
    }
}
