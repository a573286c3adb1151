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
