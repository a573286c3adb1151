//! `migrate`: what is applied, what is undone by a failure, and who is let in.

use std::thread;
use std::time::Duration;

use conformance::server::{Database, Server, Wanted};
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
        let server = Server::start(&Wanted::default()).unwrap();
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

    fn add(&self, slug: &str, up: &str, down: &str) {
        let folder = self.project.path("migrations");
        let migration = History::read(&folder).unwrap().next(slug, up, down, "");
        for (path, text) in migration.files() {
            self.project
                .write(&format!("migrations/{}", path.display()), text);
        }
    }

    /// What the command says, without times.
    pub(super) fn migrate(&self, args: &[&str]) -> String {
        let said = self.project.run_with(
            &[&["migrate"], args].concat(),
            &[("DATABASE_URL", &self.url)],
        );
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
