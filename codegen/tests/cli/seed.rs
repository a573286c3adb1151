//! `seed`: rows that can be brought any number of times.

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
