//! `test`: which checks there are, and what is said of a model that holds and of a database that
//! does not.

use conformance::server::Server;
use serde_json::Value;

use super::{Project, SHOP};

/// A shop with its first migration.
fn shop() -> Project {
    let project = Project::new(SHOP);
    let said = project.run(&["generate"]);
    assert!(said.contains("exit 0"), "{said}");
    project
}

fn stdout(said: &str) -> &str {
    let (_, rest) = said.split_once("--- stdout\n").expect("an answer");
    rest.split("--- stderr\n").next().unwrap_or_default()
}

#[test]
fn checks_are_listed_and_filtered_and_a_filter_that_finds_none_is_exit_2() {
    let project = shop();
    let all = project.run(&["test", "--list"]);
    let some = project.run(&["test", "--list", "--filter", "price"]);
    let has_price = |text: &str| text.lines().filter(|line| line.contains("price")).count();
    assert!(has_price(stdout(&all)) < stdout(&all).trim().lines().count());
    assert_eq!(
        has_price(stdout(&all)),
        stdout(&some).trim().lines().count()
    );
    insta::assert_snapshot!([some, project.run(&["test", "--filter", "prize"])].join("\n"));
}

#[test]
fn a_model_that_holds_is_said_so_for_people_machines_and_ci() {
    let project = shop();
    let listed = project.run(&["test", "--list"]);
    let listed: Vec<&str> = stdout(&listed).trim().lines().collect();
    let people = project.run(&["test"]);
    assert!(people.contains("exit 0"), "{people}");
    insta::assert_snapshot!(stdout(&people));

    let machines = project.run(&["test", "--format", "json"]);
    let report: Value = serde_json::from_str(stdout(&machines)).expect("JSON");
    let report = &report["projects"][0];
    assert_eq!(report["counts"]["passed"], listed.len(), "{report}");
    let checks = report["checks"].as_array().expect("checks");
    let names: Vec<&str> = checks.iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(names, listed);
    assert!(checks.iter().all(|check| check["outcome"] == "passed"));

    let ci = project.run(&["test", "--format", "junit"]);
    let cases = stdout(&ci).matches("<testcase ").count();
    assert_eq!(cases, listed.len(), "{ci}");
    assert!(stdout(&ci).contains("failures=\"0\""), "{ci}");
}

#[test]
fn a_database_as_it_stands_is_checked_and_left_as_it_was() {
    let project = shop();
    let database = Server::shared().database().unwrap();
    let url = database.url().expose().to_string();
    let mut client = database.connect().unwrap();
    let up = project.read("migrations/0001_initial/up.sql");
    client.batch_execute(&up).unwrap();
    let held = project.run(&["test", "--url", &url]);
    assert!(held.contains("exit 0"), "{held}");
    let hand = "alter table products drop constraint products_price_not_negative";
    client.batch_execute(hand).unwrap();
    let said = project.run(&["test", "--url", &url]);
    assert!(said.contains("exit 1"), "{said}");
    assert!(
        said.contains("failed: products: products_price_not_negative refuses"),
        "{said}"
    );
    let rows = client
        .query_one("select count(*) from products", &[])
        .unwrap();
    assert_eq!(rows.get::<_, i64>(0), 0);
}
