//! `lint`: advice, with its place; a fault only where it is denied.

use super::Project;

const MODEL: &str = "table logs {
  at    timestamp
  json  json
}
";

#[test]
fn advice_shows_its_place_and_exits_0() {
    insta::assert_snapshot!(Project::new(MODEL).run(&["lint"]));
}

#[test]
fn what_is_denied_exits_1() {
    let project = Project::new(MODEL);
    let said = project.run(&[
        "lint",
        "--only",
        "table_without_primary_key",
        "--deny",
        "all",
    ]);
    assert!(said.contains("exit 1"), "{said}");
    project.write(
        "pilaster.toml",
        "model = 'shop.pilaster'\n[lint]\ndeny = ['json_instead_of_jsonb']\n",
    );
    assert!(project.run(&["lint"]).contains("exit 1"));
    assert!(
        project
            .run(&["lint", "--allow", "json_instead_of_jsonb"])
            .contains("exit 0")
    );
}

#[test]
fn json_is_complete() {
    let said = Project::new(MODEL).run(&["lint", "--format", "json"]);
    insta::assert_snapshot!(said);
}

#[test]
fn the_rules_are_listed_with_their_reasons() {
    insta::assert_snapshot!(Project::empty().run(&["lint", "--rules"]));
}
