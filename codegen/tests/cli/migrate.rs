//! `migrate`: what is applied, what is undone by a failure, and who is let in.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use conformance::server::{Database, Server, Wanted};
use migrations::Url;
use migrations::history::History;
use postgres::Client;

use super::Project;

/// A project with that history, and an empty database.
pub(super) struct Ground {
    pub(super) project: Project,
    database: Database,
    pub(super) url: String,
}

impl Ground {
    pub(super) fn new(scripts: &[(&str, &str, &str)]) -> Self {
        Ground::on(Server::shared(), scripts)
    }

    /// On a server of its own, which may be made to crash.
    pub(super) fn apart(scripts: &[(&str, &str, &str)]) -> Self {
        Ground::on(&Server::start(&Wanted::default()).unwrap(), scripts)
    }

    fn on(server: &Server, scripts: &[(&str, &str, &str)]) -> Self {
        let database = server.database().unwrap();
        let url = database.url().expose().to_string();
        let ground = Ground {
            project: Project::new(""),
            database,
            url,
        };
        scripts
            .iter()
            .for_each(|(slug, up, down)| ground.add(slug, up, down));
        ground
    }

    /// The command, running, with what it says in pipes.
    pub(super) fn start(&self, url: &str, args: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_pilaster"))
            .args([&["migrate"], args].concat())
            .current_dir(self.project.path(""))
            .env("DATABASE_URL", url)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Waits until a session of the database answers to that condition on pg_stat_activity, and
    /// answers with its process.
    pub(super) fn session(&self, condition: &str) -> i32 {
        let sql = format!(
            "select pid from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid() and {condition}"
        );
        let (mut client, begun) = (self.client(), Instant::now());
        loop {
            if let Some(row) = client.query_opt(&sql, &[]).unwrap() {
                return row.get(0);
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{condition}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub(super) fn add(&self, slug: &str, up: &str, down: &str) {
        let folder = self.project.path("migrations");
        let migration = History::read(&folder).unwrap().next(slug, up, down, "");
        for (path, text) in migration.files() {
            self.project
                .write(&format!("migrations/{}", path.display()), text);
        }
    }

    /// The same project on the same server, with another, empty database.
    pub(super) fn again(self) -> Self {
        let database = self.database.server().database().unwrap();
        let url = database.url().expose().to_string();
        Ground {
            project: self.project,
            database,
            url,
        }
    }

    /// The address by which the database is reached over the network.
    pub(super) fn network(&self) -> Url {
        let network = self.database.server().network_url().unwrap();
        network.with_database(self.database.url().database().unwrap())
    }

    /// What the command says, without times.
    pub(super) fn migrate(&self, args: &[&str]) -> String {
        self.migrate_at(&self.url, args)
    }

    pub(super) fn migrate_at(&self, url: &str, args: &[&str]) -> String {
        let said = self
            .project
            .run_with(&[&["migrate"], args].concat(), &[("DATABASE_URL", url)]);
        let lines = said.lines().map(|line| {
            let line = line.split(" (").next().unwrap();
            match line.split_once("  applied ") {
                Some((name, _)) => format!("{name}  applied"),
                None => line.to_owned(),
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(super) fn client(&self) -> Client {
        self.database.connect().unwrap()
    }

    pub(super) fn has(&self, relation: &str) -> bool {
        let sql = "select to_regclass($1) is not null";
        self.client().query_one(sql, &[&relation]).unwrap().get(0)
    }
}

const TWO: [(&str, &str, &str); 2] = [
    ("initial", "create table a (id int);\n", "drop table a;\n"),
    (
        "add_index",
        "alter table a add b int;\n-- pilaster: no transaction\ncreate index concurrently a_b on a (b);\n",
        "drop index a_b;\nalter table a drop b;\n",
    ),
];

#[test]
fn up_status_down_and_up_again() {
    let ground = Ground::new(&TWO);
    let said = [
        ground.migrate(&["status"]),
        ground.migrate(&["up"]),
        ground.migrate(&["status"]),
        ground.migrate(&["up"]),
        ground.migrate(&["down"]),
        ground.migrate(&["status"]),
        ground.migrate(&["down", "--to", "0"]),
        ground.migrate(&["up", "--to", "1"]),
    ];
    insta::assert_snapshot!(said.join("\n"));
    assert!(ground.has("a") && !ground.has("a_b"));
}

#[test]
fn a_refused_statement_undoes_its_unit_and_up_goes_on_there() {
    let ground = Ground::new(&TWO);
    let up = "create table c (id int);\n-- pilaster: no transaction\n\
        create index concurrently c_id on c (id);\n-- pilaster: transaction\n\
        create table d (id int);\ninsert into d select id from late;\n";
    ground.add("add_c", up, "drop table d, c;\n");
    let refused = ground.migrate(&["up"]);
    assert!(ground.has("c_id") && !ground.has("d"));
    let status = ground.migrate(&["status"]);
    let back = ground.migrate(&["down"]);
    ground
        .client()
        .batch_execute("create table late (id int)")
        .unwrap();
    let said = [
        refused,
        status,
        back,
        ground.migrate(&["up"]),
        ground.migrate(&["status"]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_database_that_tells_another_story_is_exit_2() {
    let ground = Ground::new(&TWO);
    ground.migrate(&["up"]);
    let up = ground.project.read("migrations/0002_add_index/up.sql");
    ground.project.write(
        "migrations/0002_add_index/up.sql",
        format!("{up}-- tuned\n"),
    );
    let edited = ground.migrate(&["status"]);
    std::fs::remove_dir_all(ground.project.path("migrations/0002_add_index")).unwrap();
    insta::assert_snapshot!([edited, ground.migrate(&["up"])].join("\n"));
}

#[test]
fn two_migrators_together_apply_everything_once() {
    let ground = Ground::new(&[(
        "initial",
        "select pg_sleep(0.5);\ncreate table a (id int);\n",
        "",
    )]);
    let said = thread::scope(|scope| {
        let first = scope.spawn(|| ground.migrate(&["up"]));
        thread::sleep(Duration::from_millis(150));
        let second = scope.spawn(|| ground.migrate(&["up"]));
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert!(said.iter().all(|text| text.contains("exit 0")), "{said:?}");
    assert_eq!(
        said.iter()
            .filter(|text| text.contains("applied 0001_initial"))
            .count(),
        1
    );
    assert_eq!(
        said.iter()
            .filter(|text| text.contains("waiting for another migrator"))
            .count(),
        1
    );
}

#[test]
fn json_is_complete() {
    let ground = Ground::new(&TWO);
    ground.migrate(&["up", "--to", "1"]);
    let said = ground.project.run_with(
        &["migrate", "status", "--format", "json"],
        &[("DATABASE_URL", &ground.url)],
    );
    let json: serde_json::Value =
        serde_json::from_str(said.split("--- stdout\n").nth(1).unwrap()).unwrap();
    let states: Vec<_> = json["migrations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["state"])
        .collect();
    assert_eq!(states, ["applied", "pending"]);
    assert_eq!(json["migrations"][0]["statements"], 1);
}

#[test]
fn two_migrators_together_do_not_wait_for_each_other_s_snapshots() {
    // A migrator that waited for the lock within a statement would hold a snapshot, for which the
    // other's index build would wait: a deadlock.
    let up = "-- pilaster: no transaction\ncreate index concurrently a_id on a (id);\n";
    let ground = Ground::new(&[TWO[0], ("add_index", up, "drop index a_id;\n")]);
    ground.migrate(&["up", "--to", "1"]);
    let mut reader = ground.client();
    let mut open = reader.transaction().unwrap();
    open.batch_execute("declare c cursor for select * from a")
        .unwrap();
    let first = ground.start(&ground.url, &["up"]);
    ground.session("query ilike 'create index concurrently%' and wait_event_type = 'Lock'");
    let second = ground.start(&ground.url, &["up"]);
    thread::sleep(Duration::from_millis(1500));
    open.rollback().unwrap();
    for child in [first, second] {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert!(ground.migrate(&["status"]).contains("exit 0"));
}

#[test]
fn a_database_on_another_branch_is_named_with_both_ways_out() {
    let ground = Ground::new(&TWO);
    ground.migrate(&["up"]);
    std::fs::remove_dir_all(ground.project.path("migrations/0002_add_index")).unwrap();
    ground.add(
        "add_phone",
        "alter table a add phone text;\n",
        "alter table a drop phone;\n",
    );
    insta::assert_snapshot!(ground.migrate(&["status"]));
}

#[test]
fn what_a_stopped_migration_has_not_run_may_be_mended_and_what_it_has_may_not() {
    let ground = Ground::new(&TWO[..1]);
    let up = "alter table a add b int;\n-- pilaster: transaction\nalter table a add c nonsense;\n";
    ground.add("add_two", up, "alter table a drop c, drop b;\n");
    assert!(
        ground
            .migrate(&["up"])
            .contains("type \"nonsense\" does not exist")
    );
    let file = "migrations/0002_add_two/up.sql";
    let text = ground.project.read(file);
    ground
        .project
        .write(file, text.replace("add b int", "add b bigint"));
    let refused = ground.migrate(&["up"]);
    assert!(
        refused.contains("was applied with another text"),
        "{refused}"
    );
    ground.project.write(file, text.replace("nonsense", "text"));
    let said = [
        ground.migrate(&["status"]),
        ground.migrate(&["up"]),
        ground.migrate(&["status"]),
        ground.migrate(&["down"]),
    ];
    assert!(said.iter().all(|text| !text.contains("error")), "{said:?}");
    insta::assert_snapshot!(said[0]);
}

#[test]
fn the_record_says_who_when_how_long_and_with_which_hash() {
    let ground = Ground::new(&TWO);
    ground.migrate(&["up"]);
    let sql = "select bool_and(applied_by = session_user),
                      bool_and(applied_at between now() - interval '5 minutes' and clock_timestamp()),
                      bool_and(milliseconds >= 0), array_agg(hash order by number)
                 from pilaster.migrations";
    let row = ground.client().query_one(sql, &[]).unwrap();
    assert!((0..3).all(|n| row.get::<_, bool>(n)));
    let history = History::read(&ground.project.path("migrations")).unwrap();
    let hashes = history.migrations().iter().map(|m| m.hash.to_string());
    assert_eq!(row.get::<_, Vec<String>>(3), hashes.collect::<Vec<_>>());
}
