//! `seed`: rows that can be brought any number of times.

use std::path::Path;

use conformance::server::{Server, Wanted};

use super::Project;

const MODEL: &str = "table cities {
  id    bigint  identity always  primary key
  name  text  unique
  info  json?
}
table airports {
  code     varchar(3)  primary key
  city_id  bigint  references cities
  name     text
}
seed airports (code, city_id, name) {
  'CDG', 7, 'Charles de Gaulle'
  'ORY', 7, 'Orly'
}
seed cities (id, name, info) { 7, 'Paris', '{\"river\": \"Seine\"}' }
seed sample cities (name) key (name) { 'Lyon' }
";

#[test]
fn referenced_tables_come_first() {
    insta::assert_snapshot!(Project::new(MODEL).run(&["seed", "--print"]));
}

#[test]
fn a_key_that_is_not_unique_is_refused() {
    let model = MODEL.replace("name  text  unique", "name  text");
    insta::assert_snapshot!(Project::new(&model).run(&["seed", "--print"]));
}

#[test]
fn rows_are_brought_kept_and_left() {
    let server = Server::start(&Wanted::default()).unwrap();
    let database = server.database().unwrap();
    let url = database.url().expose().to_string();
    let project = Project::new(MODEL);
    project.run(&["generate"]);
    let mut client = database.connect().unwrap();
    client
        .batch_execute(&project.read("migrations/0001_initial/up.sql"))
        .unwrap();

    let seed = || {
        project
            .run(&["seed", "--url", &url])
            .split_once("exit")
            .unwrap()
            .1
            .to_owned()
    };
    insta::assert_snapshot!("first_seed", seed());
    insta::assert_snapshot!("second_seed", seed());
    // A reference row is brought back; a sample row is left as it is.
    client
        .batch_execute(
            "update airports set name = 'x'; update cities set info = '1' where name = 'Lyon'",
        )
        .unwrap();
    insta::assert_snapshot!("third_seed", seed());
    // The sequence has moved past the seeded number.
    let id: i64 = client
        .query_one(
            "insert into cities (name) values ('Nice') returning id",
            &[],
        )
        .unwrap()
        .get(0);
    assert!(id > 7, "{id}");
}

/// Each with what must be there before its first migration.
#[test]
fn the_samples_of_the_examples_are_taken_once() {
    let roles = include_str!("../../../examples/ai_sales_agent/roles.sql");
    let supabase = model::platform::supabase_sql();
    for (name, before) in [("jetvision", supabase), ("ai_sales_agent", roles)] {
        let database = Server::shared().database().unwrap();
        database.connect().unwrap().batch_execute(before).unwrap();
        let url = database.url().expose();
        let config =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../examples/{name}/pilaster.toml"));
        let config = config.to_str().unwrap();
        let run = |command: &[&str]| {
            let said =
                Project::empty().run(&[command, &["--url", &url, "--config", config]].concat());
            assert!(said.contains("exit 0"), "{said}");
            said
        };
        run(&["migrate", "up"]);
        let (first, second) = (run(&["seed"]), run(&["seed"]));
        assert!(first.contains(" rows written"), "{first}");
        assert!(!first.contains(": 0 of"), "{first}");
        let written = second.lines().filter(|line| line.contains("rows written"));
        assert!(written.clone().count() > 5, "{second}");
        assert!(
            written.clone().all(|line| line.contains(": 0 of")),
            "{second}"
        );
    }
}
