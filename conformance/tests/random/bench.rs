//! One worker's place on the server: makes worlds in it, and takes out of a world what the server
//! refuses.

use std::collections::BTreeSet;

use conformance::server::{Database, Server};
use migrations::catalog::{self, Catalog, ReadOptions};
use model::Kind;
use model::schema::{Builder, Name};
use postgres::{Client, SimpleQueryMessage};

use super::rows;
use super::sql::{Made, script};
use super::world::*;

/// After so many pairs the catalog has seen so many rolled back rows that a new database is faster.
const PAIRS_A_DATABASE: u32 = 60;

pub(crate) struct Bench {
    server: &'static Server,
    /// What ends the names of this worker's roles.
    pub(crate) suffix: String,
    database: Database,
    pub(crate) client: Client,
    /// The role that all is done as.
    pub(crate) me: Name,
    used: u32,
}

impl Bench {
    pub(crate) fn new(server: &'static Server, worker: usize) -> Bench {
        let database = server.database().unwrap();
        let mut client = database.connect().unwrap();
        let me: String = client
            .query_one("SELECT current_user::text", &[])
            .unwrap()
            .get(0);
        Bench {
            server,
            me: Name::from(me),
            suffix: format!("_w{worker}"),
            database,
            client,
            used: 0,
        }
    }

    /// A transaction in an empty database.
    pub(crate) fn begin(&mut self) {
        self.used += 1;
        if self.used > PAIRS_A_DATABASE {
            self.renew();
        }
        self.run("BEGIN; SET LOCAL client_min_messages = error; SET LOCAL search_path = public");
    }

    pub(crate) fn rollback(&mut self) {
        self.run("ROLLBACK");
    }

    /// An empty database in the place of the one before, and none of this worker's roles.
    pub(crate) fn renew(&mut self) {
        self.used = 0;
        self.database = self.server.database().unwrap();
        self.client = self.database.connect().unwrap();
        let pattern = format!("%\\{}", self.suffix);
        let left = "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname LIKE $1";
        for row in self.client.query(left, &[&pattern]).unwrap() {
            let role: String = row.get(0);
            self.run(&format!("DROP ROLE {role}"));
        }
        self.run("VACUUM pg_authid; VACUUM pg_auth_members; VACUUM pg_shdepend; VACUUM pg_db_role_setting");
        self.run("SET client_min_messages = error; SET search_path = public");
    }

    pub(crate) fn url(&self) -> &migrations::Url {
        self.database.url()
    }

    pub(crate) fn run(&mut self, sql: &str) {
        // VACUUM refuses to run among others.
        if sql.starts_with("VACUUM") {
            return sql
                .split("; ")
                .for_each(|one| self.client.batch_execute(one).unwrap());
        }
        self.client.batch_execute(sql).unwrap();
    }

    /// Makes the world; what the server refuses is taken out of it.
    pub(crate) fn make(&mut self, world: &mut World, in_transaction: bool) {
        loop {
            let made = script(world);
            if in_transaction {
                self.run("SAVEPOINT world");
            } else {
                self.run("BEGIN");
            }
            let end = |bench: &mut Bench, good: bool| {
                bench.run(match (in_transaction, good) {
                    (true, true) => "RELEASE world",
                    (true, false) => "ROLLBACK TO world; RELEASE world",
                    (false, true) => "COMMIT",
                    (false, false) => "ROLLBACK",
                });
            };
            let all: Vec<&str> = made
                .iter()
                .flat_map(|made| made.statements.iter().map(String::as_str))
                .collect();
            // By itself: a mistake of syntax further on would undo it too.
            self.run("SAVEPOINT whole");
            if self.client.batch_execute(&all.join(";\n")).is_ok() {
                return end(self, true);
            }
            self.run("ROLLBACK TO whole");
            let refused = self.refused(&made);
            let mut left = world.clone();
            left.remove(refused.clone());
            let whole = |uid: &Uid| {
                let mut own = made.iter().filter(|made| made.uid == *uid);
                own.next().is_some() && own.next().is_none()
            };
            // Where nothing else goes along, what was accepted one by one is the world.
            let done =
                left.items.len() + refused.len() == world.items.len() && refused.iter().all(whole);
            end(self, done);
            *world = left;
            if done {
                return;
            }
        }
    }

    fn refused(&mut self, made: &[Made]) -> BTreeSet<Uid> {
        let mut refused = BTreeSet::new();
        for made in made {
            self.run("SAVEPOINT one");
            let sql = made.statements.join(";\n");
            if let Err(error) = self.client.batch_execute(&sql) {
                if std::env::var_os("PILASTER_RANDOM_REFUSED").is_some() {
                    println!("refused: {}\n{}", text(&error), made.statements.join(";\n"));
                }
                self.run("ROLLBACK TO one");
                refused.insert(made.uid);
            }
            self.run("RELEASE one");
        }
        refused
    }

    /// Rows in the tables; how many tables have some.
    pub(crate) fn fill(&mut self, world: &World) -> usize {
        let mut filled = 0;
        for attempts in rows::inserts(world) {
            for sql in attempts {
                self.run("SAVEPOINT one");
                let sql = format!(
                    "{sql}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; \
                     RELEASE one"
                );
                if self.client.batch_execute(&sql).is_ok() {
                    filled += 1;
                    break;
                }
                self.run("ROLLBACK TO one; RELEASE one");
            }
        }
        self.run("SET CONSTRAINTS ALL IMMEDIATE");
        filled
    }

    pub(crate) fn read(&mut self, in_transaction: bool) -> Catalog {
        let options = ReadOptions {
            roles: true,
            in_transaction,
            version: Some(self.server.version()),
            prepared: true,
            ..ReadOptions::default()
        };
        let mut catalog = catalog::read(&mut self.client, &options).unwrap();
        // The other workers' roles are on the same server.
        let mut mine = Builder::default();
        for node in catalog.schema.nodes() {
            if node.id.kind != Kind::Role || node.id.name.ends_with(&self.suffix) {
                mine.insert(node.clone()).unwrap();
            }
        }
        catalog.schema = mine.finish();
        catalog
    }

    /// What the tables hold, for those columns: a line each.
    pub(crate) fn sums(&mut self, queries: &[String]) -> Vec<String> {
        if queries.is_empty() {
            return Vec::new();
        }
        let all = queries.iter().enumerate();
        let all: Vec<_> = all
            .map(|(n, query)| format!("SELECT {n} AS n, ({query}) AS sum"))
            .collect();
        let all = format!("{} ORDER BY n", all.join(" UNION ALL "));
        match self.client.simple_query(&all) {
            Ok(messages) => {
                let sum = |message| match message {
                    SimpleQueryMessage::Row(row) => Some(row.get(1).unwrap_or("").to_owned()),
                    _ => None,
                };
                messages.into_iter().filter_map(sum).collect()
            }
            Err(error) => vec![text(&error); queries.len()],
        }
    }

    /// `pg_dump --schema-only`, where there is such a program.
    pub(crate) fn dump(&self) -> Option<String> {
        let program = self.server.client_program("pg_dump")?;
        let (address, password) = self.url().without_password();
        let mut command = std::process::Command::new(program);
        command.args(["--schema-only", "--no-password"]);
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        let output = command.arg(format!("--dbname={address}")).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let kept = text.lines().filter(|line| !line.starts_with('\\'));
        let kept: Vec<_> = kept.collect();
        Some(without_grants_on_members(&kept.join("\n")))
    }
}

/// The dump without privileges of functions and types that it doesn't make: an extension's. They are
/// the default ones of the moment in which the extension was made, and a plan may make it later than
/// a script does.
fn without_grants_on_members(dump: &str) -> String {
    let entry = |piece: &'_ str| -> Option<(String, String)> {
        let (name, rest) = piece.strip_prefix("-- Name: ")?.split_once("; Type: ")?;
        Some((name.to_owned(), rest.split(';').next()?.to_owned()))
    };
    let entries = dump.lines().filter_map(entry);
    let made: BTreeSet<String> = entries
        .filter(|(_, kind)| kind != "ACL")
        .map(|(name, _)| name)
        .collect();
    let of_member = |piece: &str| {
        entry(piece).is_some_and(|(name, kind)| {
            let subject = ["FUNCTION ", "TYPE "];
            let subject = subject.iter().find_map(|word| name.strip_prefix(word));
            kind == "ACL" && subject.is_some_and(|name| !made.contains(name))
        })
    };
    // A heading stands between two rules, what it is about after the second one.
    let mut pieces = dump.split("\n--\n");
    let mut kept = Vec::new();
    while let Some(piece) = pieces.next() {
        match of_member(piece) {
            true => drop(pieces.next()),
            false => kept.push(piece),
        }
    }
    kept.join("\n--\n")
}

pub(crate) fn text(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(e) => {
            let detail = e.detail().map_or_else(String::new, |d| format!(" ({d})"));
            format!("{} {}{detail}", e.code().code(), e.message())
        }
        None => error.to_string(),
    }
}

/// Whether rows are what the server refuses.
pub(crate) fn is_about_rows(error: &postgres::Error) -> bool {
    let Some(error) = error.as_db_error() else {
        return false;
    };
    let code = error.code().code();
    // A composite type that holds a json can be a key for as long as there are no two rows.
    let incomparable = code == "42883" && error.message().starts_with("could not identify a");
    code.starts_with("22") || code.starts_with("23") || incomparable
}
