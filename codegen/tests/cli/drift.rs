//! `drift` by the least rights: what was recorded, the database's own words, and what can't be
//! decided.

use conformance::server::{Database, Server, Wanted};

use super::{Project, SHOP};

/// Server programs that are not there: no server of our own can be started.
const ALONE: (&str, &str) = ("PILASTER_SERVER", "download");

fn database(sql: &str) -> Database {
    let database = Server::shared().database().unwrap();
    database.connect().unwrap().batch_execute(sql).unwrap();
    database
}

/// A role that may log in and nothing else.
fn plain(database: &Database, name: &str) -> String {
    let sql = format!("create role {name} login password 'plain'");
    database.connect().unwrap().batch_execute(&sql).unwrap();
    database.url().with_user(name, Some("plain")).expose()
}

/// Takes the role away again: it would outlive the database.
fn gone(database: &Database, name: &str) {
    let sql = format!("drop owned by {name}; drop role {name}");
    database.connect().unwrap().batch_execute(&sql).unwrap();
}

fn drift(project: &Project, url: &str, more: &[&str]) -> String {
    let words = [&["drift", "--url", url], more].concat();
    project.run_with(&words, &[ALONE])
}

#[test]
fn what_a_migration_recorded_is_enough() {
    let database = database("");
    let url = database.url().expose();
    let project = Project::new(SHOP);
    // A role that may only look: no scratch database, no server, no right on any table.
    let plain = plain(&database, "drift_may_look");
    assert!(project.run(&["generate"]).contains("exit 0"));
    let up = project.run(&["migrate", "up", "--url", &url]);
    assert!(up.contains("exit 0"), "{up}");
    let same = drift(&project, &plain, &[]);
    assert!(same.contains("exit 0"), "{same}");
    assert!(
        same.contains("nothing in the catalog has changed since"),
        "{same}"
    );
    let by_hand = "alter table products alter price set default 7;
        alter table products drop constraint products_price_not_negative,
          add constraint products_price_not_negative check (price > 0)";
    database.connect().unwrap().batch_execute(by_hand).unwrap();
    let moved = drift(&project, &plain, &[]);
    gone(&database, "drift_may_look");
    assert!(moved.contains("exit 1"), "{moved}");
    assert!(moved.contains("in the words recorded at"), "{moved}");
    assert!(
        moved.contains("~ column public.products.price differs"),
        "{moved}"
    );
    assert!(
        moved.contains("constraint public.products.products_price_not_negative"),
        "{moved}"
    );
    assert!(moved.contains("2 differences"), "{moved}");
    // Back again, with other rows in the catalog: the words are compared, and they are the same.
    let back = "alter table products alter price drop default;
        alter table products drop constraint products_price_not_negative,
          add constraint products_price_not_negative check (price >= 0)";
    database.connect().unwrap().batch_execute(back).unwrap();
    let same = drift(&project, &url, &[]);
    assert!(same.contains("exit 0"), "{same}");
    assert!(same.contains("in the words recorded at"), "{same}");
}

#[test]
fn what_has_not_moved_since_the_record_is_not_read_and_no_change_is_missed() {
    let database = database(
        "create table rooms (id bigint primary key, code text not null default 'a' || 'b');
         create table beds (room bigint not null references rooms, n integer default 1 + 1);
         create view codes as select code from rooms;
         create table clustered (id bigint primary key); cluster clustered using clustered_pkey",
    );
    let url = database.url().expose();
    let project = Project::empty();
    let pulled = project.run(&["pull", "--url", &url, "--out", "m.pilaster"]);
    assert!(pulled.contains("exit 0"), "{pulled}");
    let words = ["--model", "m.pilaster", "--record"];
    let first = drift(&project, &url, &words);
    assert!(first.contains("exit 0"), "{first}");
    let mut client = database.connect().unwrap();
    let mut moved = |change: &str| {
        client.batch_execute(change).unwrap();
        let said = drift(&project, &url, &words[..2]);
        // What was reported of a relation is reported, whether it has moved or not.
        assert!(said.contains("marked as clustered"), "{said}");
        said
    };
    let said = moved("alter table beds alter n set default 3");
    assert!(
        said.contains("2 relations were read, which have moved"),
        "{said}"
    );
    assert!(said.contains("~ column public.beds.n differs"), "{said}");
    assert!(said.contains("1 difference"), "{said}");
    // Something that goes, and nothing is written.
    let said = moved("alter table beds alter n set default 1 + 1; drop view codes");
    assert!(
        said.contains("- view public.codes is in the model"),
        "{said}"
    );
    assert!(said.contains("1 difference"), "{said}");
    let said = moved("create view codes as select code from rooms");
    assert!(
        said.contains("exit 0") && said.contains("relations were read"),
        "{said}"
    );
    // What a text elsewhere repeats.
    let said = moved("alter table rooms rename id to no; comment on column beds.n is 'n'");
    assert!(said.contains("~ column public.beds.n differs"), "{said}");
    assert!(
        said.contains("constraint public.beds.beds_room_fkey"),
        "{said}"
    );
    // What came.
    let said = moved(
        "alter table rooms rename no to id; comment on column beds.n is null;
         create function f() returns integer language sql as 'select 1'; create table more ()",
    );
    assert!(
        said.contains("+ function public.f() is in the database"),
        "{said}"
    );
    assert!(
        said.contains("+ table public.more is in the database"),
        "{said}"
    );
    assert!(said.contains("2 differences"), "{said}");
}

#[test]
fn a_record_is_of_one_text_and_can_be_renewed() {
    let database =
        database("create table products (id bigint primary key, n integer default 1 + 1)");
    let url = database.url().expose();
    let project = Project::empty();
    let model = "table products {\n  id  bigint    primary key\n  n   integer?  default (1+1)\n}\n";
    project.write("model.pilaster", model);
    let words = ["--model", "model.pilaster", "--record"];
    let first = drift(&project, &url, &words);
    assert!(first.contains("exit 0"), "{first}");
    assert!(first.contains("compared in a scratch database"), "{first}");
    let second = drift(&project, &url, &words[..2]);
    assert!(
        second.contains("nothing in the catalog has changed"),
        "{second}"
    );
    project.write("model.pilaster", model.replace("1+1", "1+2"));
    let other = drift(&project, &url, &words[..2]);
    assert!(other.contains("exit 1"), "{other}");
    assert!(other.contains("the model has (1 + 2)"), "{other}");
}

#[test]
fn a_pulled_model_needs_no_server_and_no_rights() {
    let database = database(
        "create type mood as enum ('sad', 'happy');
         create table people (id serial primary key, name varchar(80) not null,
           mood mood not null default 'sad', state varchar(10) check (state in ('in', 'out')),
           born date check (born > date '1900-01-01'));
         create index on people (lower(name)) where state = 'in';
         create view present as select id, name from people where state in ('in')",
    );
    let plain = plain(&database, "drift_may_pull");
    let project = Project::empty();
    let pulled = project.run(&["pull", "--url", &plain, "--out", "people.pilaster"]);
    let same = drift(&project, &plain, &["--model", "people.pilaster"]);
    gone(&database, "drift_may_pull");
    assert!(pulled.contains("exit 0"), "{pulled}");
    assert!(same.contains("exit 0"), "{same}");
    assert!(
        same.contains("compared in the database's own words"),
        "{same}"
    );
}

#[test]
fn what_cannot_be_decided_is_said() {
    let database =
        database("create table products (id bigint primary key, n integer default 1 + 1)");
    let plain = plain(&database, "drift_may_not");
    let project = Project::empty();
    let model = "table products {\n  id  bigint    primary key\n  n   integer?  default (1+1)\n}\n";
    project.write("model.pilaster", model);
    let said = drift(&project, &plain, &["--model", "model.pilaster"]);
    let json = drift(
        &project,
        &plain,
        &["--model", "model.pilaster", "--format", "json"],
    );
    gone(&database, "drift_may_not");
    assert!(said.contains("exit 0"), "{said}");
    assert!(said.contains("compared as text, because"), "{said}");
    assert!(
        said.contains("? column public.products.n: the texts differ"),
        "{said}"
    );
    assert!(
        said.contains("nothing differs that could be decided; 1 object could not"),
        "{said}"
    );
    let json = json.split_once("--- stdout\n").unwrap().1;
    let json = json.split("--- stderr").next().unwrap();
    let report: serde_json::Value = serde_json::from_str(json).unwrap();
    let undecided = serde_json::json!([{ "kind": "column", "name": "public.products.n" }]);
    assert_eq!(report["undecided"], undecided);
    assert_eq!(report["notes"], serde_json::json!([]));
}

#[test]
fn a_role_that_the_model_declares_is_compared() {
    let database = database("create role drift_clerk; create role drift_stranger login");
    let url = database.url().expose();
    let project = Project::empty();
    project.write(
        "model.pilaster",
        "role drift_clerk\n\ntable t {\n  id  integer\n}\n",
    );
    database
        .connect()
        .unwrap()
        .batch_execute("create table t (id integer not null)")
        .unwrap();
    let words = ["--model", "model.pilaster"];
    let same = drift(&project, &url, &["--model", "model.pilaster", "--record"]);
    let by_hand = "alter role drift_clerk bypassrls; alter role drift_clerk set work_mem = '1MB'";
    database.connect().unwrap().batch_execute(by_hand).unwrap();
    let moved = drift(&project, &url, &words);
    let drop = "drop role drift_clerk; drop role drift_stranger";
    database.connect().unwrap().batch_execute(drop).unwrap();
    let none = drift(&project, &url, &words);
    assert!(same.contains("exit 0"), "{same}");
    assert!(moved.contains("~ role drift_clerk differs"), "{moved}");
    assert!(moved.contains("NOBYPASSRLS"), "{moved}");
    assert!(!moved.contains("stranger"), "{moved}");
    assert!(
        none.contains("- role drift_clerk is in the model"),
        "{none}"
    );
}

#[test]
fn what_no_model_can_hold_is_named_with_every_answer() {
    let database = database("create table t (id integer not null); select lo_create(0)");
    let url = database.url().expose();
    let project = Project::empty();
    project.write("model.pilaster", "table t {\n  id  integer\n}\n");
    for way in [
        "compared in the database's own words",
        "nothing in the catalog",
    ] {
        let said = drift(&project, &url, &["--model", "model.pilaster", "--record"]);
        assert!(said.contains("exit 0") && said.contains(way), "{said}");
        assert!(
            said.contains("not modelled: large object 1 of them"),
            "{said}"
        );
    }
}

#[test]
fn the_rules_are_listed() {
    let said = Project::empty().run(&["drift", "--rules"]);
    assert!(said.contains("exit 0"), "{said}");
    assert!(said.contains("- members of extensions"), "{said}");
    assert!(said.contains("- the schema pilaster"), "{said}");
}

/// A platform's default privileges reach the sequence of an identity, which is no object of its own.
#[test]
fn what_a_platform_opens_of_an_identity_is_taken_back() {
    // Its roles are the server's, so it has one of its own.
    let server = Server::start(&Wanted::from_env().unwrap()).unwrap();
    let database = server.database().unwrap();
    let mut client = database.connect().unwrap();
    let platform = model::platform::supabase_sql();
    client.batch_execute(platform).unwrap();
    let model = "platform supabase\n\ntable people {\n  id  bigint  identity  primary key\n  \
        grant insert to authenticated\n}\n";
    let project = Project::new(model);
    assert!(project.run(&["generate"]).contains("exit 0"));
    let url = database.url().expose();
    let up = project.run(&["migrate", "up", "--url", &url]);
    assert!(up.contains("exit 0"), "{up}");
    let same = drift(&project, &url, &[]);
    assert!(same.contains("exit 0"), "{same}");
    let may = "select has_sequence_privilege('anon', 'people_id_seq', 'usage')";
    assert!(!client.query_one(may, &[]).unwrap().get::<_, bool>(0));
    client
        .batch_execute("set role authenticated; insert into people default values")
        .unwrap();
}
