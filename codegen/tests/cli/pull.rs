//! `pull` and `drift` against a real server.

use std::path::Path;

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

pub(super) fn database(sql: &str) -> Database {
    let database = Server::shared().database().unwrap();
    database.connect().unwrap().batch_execute(sql).unwrap();
    database
}

pub(super) fn said(project: &Project, url: &str, args: &[&str]) -> String {
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
    assert!(again.contains("exit 0"), "{again}");
    assert!(
        again.contains("the model says what the database holds"),
        "{again}"
    );
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

#[test]
fn a_database_of_ours_is_pulled_as_it_was_modelled() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/echo_alpha");
    let database = database(model::platform::supabase_sql());
    let url = database.url().expose();
    let project = Project::empty();
    let at = ["--config", folder.join("pilaster.toml").to_str().unwrap()].map(str::to_owned);
    let up = said(&project, &url, &[&at[0], &at[1], "migrate", "up"]);
    assert!(up.contains("exit 0"), "{up}");
    let pulled = said(&project, &url, &["pull", "--out", "echo.pilaster"]);
    assert!(pulled.contains("exit 0"), "{pulled}");
    let text = project.read("echo.pilaster");
    assert!(!text.contains("function "), "{text}");
    assert!(!text.contains("trigger "), "{text}");
    insta::assert_snapshot!(text);
    let drift = said(&project, &url, &["drift", "--model", "echo.pilaster"]);
    assert!(drift.contains("exit 0"), "{drift}");
    let model = folder.join("echo_alpha.pilaster");
    let drift = said(
        &project,
        &url,
        &["drift", "--model", model.to_str().unwrap()],
    );
    assert!(drift.contains("exit 0"), "{drift}");
}

#[test]
fn what_enforces_something_else_than_it_seems_is_written_as_it_is() {
    let model = "json Note {
  body  text
}
table notes {
  id          bigint  identity  primary key
  note        jsonb<Note>
  state       text  in ('new', 'old')
  updated_at  timestamptz  default now()  touch
  transitions state {
    new -> old
  }
}
";
    let database = database("");
    let url = database.url().expose();
    let project = Project::empty();
    project.write("notes.pilaster", model);
    let sql = project.run(&[
        "diff",
        "--from",
        "empty",
        "--to",
        "notes.pilaster",
        "--format",
        "sql",
    ]);
    let sql = sql
        .split_once("--- stdout\n")
        .unwrap()
        .1
        .split("--- stderr")
        .next()
        .unwrap();
    let mut client = database.connect().unwrap();
    client
        .batch_execute(&sql.replace("\\set ON_ERROR_STOP on", ""))
        .unwrap();
    let whole = said(&project, &url, &["pull"]);
    for word in ["jsonb<Note>", "touch", "new -> old"] {
        assert!(whole.contains(word), "{whole}");
    }
    let by_hand = "create or replace function touch_updated_at() returns trigger language plpgsql
      set search_path = '' as 'begin return new; end';
      create or replace function notes_state_transition() returns trigger language plpgsql
      set search_path = '' as 'begin return new; end';
      alter table notes drop constraint notes_note_shape;
      alter table notes add constraint notes_note_shape check (note is null or note_is_valid(note) or id > 7)";
    client.batch_execute(by_hand).unwrap();
    let changed = said(&project, &url, &["pull", "--out", "now.pilaster"]);
    assert!(changed.contains("exit 0"), "{changed}");
    let text = project.read("now.pilaster");
    for word in ["jsonb<Note>", " touch\n", "new -> old", "json Note"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    let drift = said(&project, &url, &["drift", "--model", "now.pilaster"]);
    assert!(drift.contains("exit 0"), "{drift}");
}

#[test]
fn documents_are_looked_at_and_nothing_is_written_of_them() {
    let database = database(
        "create table events (id bigint primary key, payload jsonb not null, other jsonb);
         insert into events select n, jsonb_build_object('kind', case n % 2 when 0 then 'open' else \
         'close' end, 'at', '2026-01-02T03:04:05Z', 'by', case when n < 5 then n end) \
         from generate_series(1, 20) n",
    );
    let url = database.url().expose();
    let project = Project::empty();
    let said = said(&project, &url, &["pull", "--sample", "10"]);
    let proposal = "  // 10 documents fit: jsonb<{ at timestamptz, by integer | null, kind 'close' | 'open' }>";
    assert!(said.contains(proposal), "{said}");
    assert_eq!(said.matches("//").count(), 1, "{said}");
}

#[test]
fn settings_of_the_database_are_pulled_and_secrets_stay_where_they_are() {
    let sql = r#"create table people (id int primary key);
        do $$ begin
          execute format('alter database %I set search_path = public, "$user"', current_database());
          execute format('alter database %I set app.jwt_secret = ''hidden''', current_database());
        end $$"#;
    let database = database(sql);
    let url = database.url().expose();
    let project = Project::empty();
    let pulled = said(&project, &url, &["pull", "--out", "people.pilaster"]);
    let why = "not modelled: settings app.jwt_secret for everybody: a secret by its name";
    assert!(pulled.contains(why), "{pulled}");
    let text = project.read("people.pilaster");
    assert!(
        text.contains("database set search_path = public, \"$user\"\n"),
        "{text}"
    );
    let drift = said(&project, &url, &["drift", "--model", "people.pilaster"]);
    assert!(drift.contains("exit 0"), "{drift}");
    assert!(
        !format!("{pulled}{text}{drift}").contains("hidden"),
        "{drift}"
    );

    // The next session finds it, and so does the one that brings it back.
    let by_hand = "do $$ begin
          execute format('alter database %I set search_path = elsewhere', current_database());
        end $$";
    database.connect().unwrap().batch_execute(by_hand).unwrap();
    let drift = said(&project, &url, &["drift", "--model", "people.pilaster"]);
    let expected = "~ database settings for everybody differs\n    search_path: the database has \
        elsewhere, the model has public, \"$user\"\n    back: DO $$ BEGIN EXECUTE format(\
        'ALTER DATABASE %I SET search_path TO public, \"$user\"', current_database()); END $$;";
    assert!(drift.contains(expected), "{drift}");
    let merged = ["pull", "--out", "people.pilaster", "--write"];
    let merged = said(&project, &url, &merged);
    assert!(merged.contains("exit 0"), "{merged}");
    let text = project.read("people.pilaster");
    assert!(
        text.contains("database set search_path = elsewhere\n"),
        "{text}"
    );
}
