//! `diff`: the plan between two sources, in three formats.

use conformance::server::Server;

use super::{Project, SHOP};

fn pair() -> Project {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    project.write(
        "shop.pilaster",
        SHOP.replace("varchar(80)  unique", "varchar(20)  unique\n  notes  text?"),
    );
    project
}

#[test]
fn steps_are_for_people() {
    insta::assert_snapshot!(pair().run(&["diff", "--from", "migrations", "--to", "shop.pilaster"]));
}

#[test]
fn sql_is_for_psql() {
    let command = [
        "diff",
        "--from",
        "migrations",
        "--to",
        "shop.pilaster",
        "--format",
        "sql",
    ];
    insta::assert_snapshot!(pair().run(&command));
}

#[test]
fn json_is_complete() {
    let command = [
        "diff",
        "--from",
        "migrations",
        "--to",
        "shop.pilaster",
        "--format",
        "json",
    ];
    insta::assert_snapshot!(pair().run(&command));
}

#[test]
fn equal_sources_exit_0() {
    let project = pair();
    let said = project.run(&["diff", "--from", "shop.pilaster", "--to", "."]);
    assert_eq!(
        said,
        "$ pilaster diff --from shop.pilaster --to .\nexit 0\n--- stdout\nnothing differs\n"
    );
}

#[test]
fn an_unknown_source_exits_2() {
    let said = pair().run(&["diff", "--from", "empty", "--to", "shoop.pilaster"]);
    assert!(
        said.contains("exit 2") && said.contains("shoop.pilaster does not exist"),
        "{said}"
    );
}

#[test]
fn a_live_database_is_a_source_and_the_rows_at_risk_are_counted() {
    let database = Server::shared().database().unwrap();
    let sql = "CREATE TABLE deals (id bigint PRIMARY KEY, notes text, size text NOT NULL);
               INSERT INTO deals VALUES (1, 'a', '1'), (2, NULL, '2'), (3, 'c', '3')";
    database.connect().unwrap().batch_execute(sql).unwrap();
    let url = database.url().expose().to_string();
    let project = Project::new("table deals {\n  id    bigint  primary key\n  size  integer\n}\n");
    let diff = ["diff", "--from", &url, "--to", "shop.pilaster"];
    let said = project.run(&diff);
    assert!(said.contains("exit 1"), "{said}");
    for line in [
        "data_loss: the values of deals.notes are gone (2 of 3 rows have a value)",
        "table_rewrite: every row of deals is written anew while all wait (3 rows)",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    // The other way round nothing is lost.
    let back = project.run(&["diff", "--from", "shop.pilaster", "--to", &url]);
    assert!(back.contains("+ add column deals.notes"), "{back}");
    assert!(!back.contains("rows have a value"), "{back}");
}
