//! `init`: a project that works at once.

use super::Project;

#[test]
fn everything_works_at_once() {
    let folder = Project::empty();
    let said = [
        folder.run(&["init"]),
        folder.run(&["generate"]),
        folder.run(&["generate", "--check"]),
        folder.run(&["fmt", "--check"]),
        folder.run(&["lint", "--deny", "all"]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_project_that_exists_is_left_alone() {
    let folder = Project::empty();
    folder.write("shop/pilaster.toml", "model = 'mine.pilaster'\n");
    let said = folder.run(&["init", "shop"]);
    assert!(
        said.contains("exit 2") && said.contains("pilaster.toml exists"),
        "{said}"
    );
    assert_eq!(folder.files(), "shop/pilaster.toml");
    assert!(
        folder
            .run(&["init", "other"])
            .contains("created other/model.pilaster")
    );
}

#[test]
fn its_readme_names_every_way_of_migrate_and_no_other() {
    let folder = Project::empty();
    folder.run(&["init"]);
    let readme = folder.read("README.md");
    let named = readme
        .lines()
        .filter_map(|line| line.strip_prefix("    pilaster migrate "))
        .filter_map(|line| line.split_whitespace().next());
    let mut named: Vec<&str> = named.collect();
    let help = folder.run(&["migrate", "--help"]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let words = listed.filter_map(|line| line.split_whitespace().next());
    let mut there: Vec<&str> = words.filter(|word| *word != "help").collect();
    named.sort_unstable();
    there.sort_unstable();
    assert_eq!(named, there, "{help}");
}
