//! Documents in rows when their shape changes: what `migrate` and `diff` say before anything is done.

use conformance::server::{Database, Server};
use postgres::Client;

use super::Project;

const BEFORE: &str = "json Wish {
  seats  integer
}
table deals {
  id    bigint  primary key
  wish  jsonb<Wish>
}
";

/// A project with that model and its migration applied, and rows; then another model, generated.
fn ground(then: &str, rows: &str) -> (Project, Database, Client) {
    let project = Project::new(BEFORE);
    let database = Server::shared().database().unwrap();
    project.run(&["generate"]);
    let said = migrate(&project, &database, "up");
    assert!(said.contains("exit 0"), "{said}");
    let mut client = database.connect().unwrap();
    client.batch_execute(rows).unwrap();
    project.write("shop.pilaster", then);
    let said = project.run(&["generate", "--name", "wishes"]);
    assert!(said.contains("exit 0"), "{said}");
    (project, database, client)
}

fn migrate(project: &Project, database: &Database, way: &str) -> String {
    let url = database.url().expose().to_string();
    project.run_with(&["migrate", way], &[("DATABASE_URL", &url)])
}

fn wishes(client: &mut Client) -> Vec<String> {
    let rows = client.query("SELECT wish::text FROM deals ORDER BY id", &[]);
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

#[test]
fn a_migration_stops_before_it_begins() {
    let narrower = BEFORE.replace("integer", "integer(0..4)  was places");
    let rows = r#"INSERT INTO deals SELECT n, jsonb_build_object('seats', n) FROM generate_series(1, 20) n"#;
    let (project, database, mut client) = ground(&narrower, rows);
    insta::assert_snapshot!(migrate(&project, &database, "up"));
    let status = migrate(&project, &database, "status");
    assert!(status.contains("0002_wishes  not applied"), "{status}");
    client
        .batch_execute("DELETE FROM deals WHERE id > 4")
        .unwrap();
    let said = migrate(&project, &database, "up");
    assert!(said.contains("applied 0002_wishes"), "{said}");
    let refused = client.batch_execute(r#"INSERT INTO deals VALUES (9, '{"seats": 9}')"#);
    assert!(refused.is_err());
}

#[test]
fn documents_go_up_and_come_back() {
    let then = BEFORE.replace(
        "seats  integer",
        "places  integer  was seats\n  open    boolean  default true",
    );
    let (project, database, mut client) =
        ground(&then, r#"INSERT INTO deals VALUES (1, '{"seats": 3}')"#);
    insta::assert_snapshot!(super::without_hashes(
        &project.read("migrations/0002_wishes/up.sql")
    ));
    insta::assert_snapshot!(super::without_hashes(
        &project.read("migrations/0002_wishes/down.sql")
    ));
    let said = migrate(&project, &database, "up");
    assert!(said.contains("applied 0002_wishes"), "{said}");
    assert_eq!(wishes(&mut client), [r#"{"open": true, "places": 3}"#]);
    let said = migrate(&project, &database, "down");
    assert!(said.contains("reverted 0002_wishes"), "{said}");
    assert_eq!(wishes(&mut client), [r#"{"seats": 3}"#]);
    // Proven on a server of its own, with rows in every table.
    let said = project.run(&["migrate", "verify"]);
    assert!(said.contains("exit 0"), "{said}");
}

#[test]
fn a_way_down_is_asked_about_too() {
    let wider = BEFORE.replace("integer", "numeric");
    let (project, database, mut client) = ground(&wider, "");
    assert!(migrate(&project, &database, "up").contains("exit 0"));
    client
        .batch_execute(r#"INSERT INTO deals VALUES (7, '{"seats": 0.5}')"#)
        .unwrap();
    let said = migrate(&project, &database, "down");
    assert!(
        said.contains("1 of 1 documents in deals.wish would not fit: id = 7"),
        "{said}"
    );
    assert!(said.contains("exit 2"), "{said}");
    assert_eq!(wishes(&mut client), [r#"{"seats": 0.5}"#]);
}

#[test]
fn diff_from_a_live_database_counts() {
    let narrower = BEFORE.replace("integer", "integer(0..4)");
    let rows = r#"INSERT INTO deals VALUES (1, '{"seats": 1}'), (2, '{"seats": 5}')"#;
    let (project, database, _client) = ground(&narrower, rows);
    let url = database.url().expose().to_string();
    let said = project.run(&["diff", "--from", &url, "--to", "shop.pilaster"]);
    assert!(
        said.contains("1 of 2 documents in deals.wish would not fit: id = 2"),
        "{said}"
    );
    let wider = BEFORE.replace("integer", "numeric");
    project.write("shop.pilaster", wider);
    let said = project.run(&["diff", "--from", &url, "--to", "shop.pilaster"]);
    assert!(
        said.contains("exit 1") && !said.contains("would not fit"),
        "{said}"
    );
    assert!(!said.contains("VALIDATE"), "{said}");
}
