//! Usage: what is wrong with a command line is said, and ends with exit code 2.

use super::{Project, SHOP};

#[test]
fn wrong_usage_exits_2_and_says_what_is_meant() {
    let project = Project::new(SHOP);
    let commands: [&[&str]; 7] = [
        &["generat"],
        &["generate", "--chek"],
        &["diff", "--from", "empty"],
        &["lint", "--format", "sql"],
        &["generate", "--name", "../x"],
        &["generate", "--allow", "dataloss"],
        &["lint", "--deny", "redundant_indexes"],
    ];
    let said: Vec<_> = commands
        .iter()
        .map(|command| project.run(command))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_folder_without_a_project_exits_2() {
    insta::assert_snapshot!(Project::empty().run(&["generate"]));
}

#[test]
fn a_password_is_never_shown() {
    let project = Project::new(SHOP);
    for url in [
        "postgres://app:secret@127.0.0.1:1/shop",
        "postgres://app:secret@[/shop",
        "postgres://app:secret@127.0.0.1:port/shop",
    ] {
        let said = project.run_with(&["seed"], &[("DATABASE_URL", url)]);
        assert!(!said.contains("secret"), "{said}");
        assert!(!said.contains("exit 0"), "{said}");
    }
    let unreachable = project.run(&["seed", "--url", "postgres://app:secret@127.0.0.1:1/shop"]);
    assert!(
        unreachable.contains("exit 3") && unreachable.contains("app:***@"),
        "{unreachable}"
    );
}
