//! `pull` and `drift` against a real server.

use conformance::server::{Database, Server};

use super::{Project, SHOP};

/// A database that was made by hand, in ways that deparse to something else than what was written.
const BY_HAND: &str = "
create type mood as enum ('sad', 'happy');
create table people (
  id serial primary key,
  name varchar(80) not null unique,
  mood mood not null default 'sad',
  state varchar(10) not null check (state in ('in', 'out')),
  born date check (born > date '1900-01-01'),
  boss integer references people on delete set null
);
comment on table people is 'Who is here.';
create index on people (lower(name)) where state = 'in';
create view present as select id, name from people where state in ('in');
";

fn database(sql: &str) -> Database {
    let database = Server::shared().database().unwrap();
    database.connect().unwrap().batch_execute(sql).unwrap();
    database
}

fn said(project: &Project, url: &str, args: &[&str]) -> String {
    let all = [args, &["--url", url]].concat();
    project.run(&all).replace(url, "URL")
}

#[test]
fn a_database_becomes_a_model() {
    let database = database(BY_HAND);
    let url = database.url().expose();
    let project = Project::empty();
    let pulled = said(&project, &url, &["pull", "--out", "people.pilaster"]);
    assert!(pulled.contains("exit 0"), "{pulled}");
    insta::assert_snapshot!(project.read("people.pilaster"));
    let drift = said(&project, &url, &["drift", "--model", "people.pilaster"]);
    assert!(drift.contains("exit 0"), "{drift}");
    let again = said(&project, &url, &["pull", "--out", "people.pilaster"]);
    assert!(again.contains("exit 2") && again.contains("people.pilaster exists"));
    let printed = said(&project, &url, &["pull"]);
    assert!(printed.contains(project.read("people.pilaster").trim_end()));
}

#[test]
fn a_written_model_has_no_false_drift() {
    let model = "enum mood { sad, happy }
table people {
  id     serial       primary key
  name   varchar(80)  unique
  mood   mood         default 'sad'
  state  varchar(10)  in ('in', 'out')
  born   date?        check (born > date '1900-01-01')
  boss   integer?     references people on delete set null
  index (lower(name)) where (state = 'in')
}
view present as (select id, name from people where state in ('in'))
";
    let database = database(BY_HAND);
    let url = database.url().expose();
    let project = Project::empty();
    project.write("people.pilaster", model);
    let drift = said(&project, &url, &["drift", "--model", "people.pilaster"]);
    let expected = "exit 1\n--- stdout\n~ table public.people differs\n    comment: the database has \
        Who is here., the model has none\n    back: COMMENT ON TABLE public.people IS NULL;\n\
        1 difference\n";
    assert!(drift.contains(expected), "{drift}");
}

#[test]
fn every_difference_is_told_with_its_way_back() {
    let database = database(
        "create table products (id bigint generated always as identity primary key, \
         name varchar(80) not null, price numeric(12, 2) not null default 7, extra text)",
    );
    let url = database.url().expose();
    let project = Project::new(SHOP);
    insta::assert_snapshot!(without_version(&said(&project, &url, &["drift"])));
    let json = said(&project, &url, &["drift", "--format", "json"]);
    let json = json.split_once("--- stdout\n").unwrap().1;
    let json = json.split("--- stderr").next().unwrap();
    let report: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(report["missing"], serde_json::json!([]));
    assert!(
        report["compared"]
            .as_str()
            .unwrap()
            .contains("scratch database")
    );
    assert!(report["differences"].as_array().unwrap().len() > 2);
    // Nothing is left behind.
    let query = "select count(*) from pg_database where datname like 'pilaster_scratch%'";
    let left: i64 = database
        .connect()
        .unwrap()
        .query_one(query, &[])
        .unwrap()
        .get(0);
    assert_eq!(left, 0);
}

#[test]
fn external_objects_are_looked_for() {
    let database =
        database("create schema there; create table there.things (id bigint primary key)");
    let url = database.url().expose();
    let project = Project::empty();
    let model = "external schema there, elsewhere
external role nobody_at_all
external table there.things {
  id  bigint  primary key
}
";
    project.write("model.pilaster", model);
    let drift = said(&project, &url, &["drift", "--model", "model.pilaster"]);
    assert!(drift.contains("exit 1"), "{drift}");
    assert!(
        drift.contains("! external schema elsewhere is not there"),
        "{drift}"
    );
    assert!(
        drift.contains("! external role nobody_at_all is not there"),
        "{drift}"
    );
    assert!(!drift.contains("! external table"), "{drift}");
}

#[test]
fn a_server_that_does_not_answer_exits_3() {
    let project = Project::new(SHOP);
    let url = "postgres://nobody@127.0.0.1:1/nothing";
    for command in ["pull", "drift"] {
        let said = said(&project, url, &[command]);
        assert!(said.contains("exit 3"), "{said}");
    }
}

fn without_version(text: &str) -> String {
    let line = |line: &str| match line.split_once("(PostgreSQL ") {
        Some((head, _)) => format!("{head}(…)"),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
