//! `diff`: the plan between two sources, in three formats.

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
