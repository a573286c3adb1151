//! `fmt`: one layout, no comment lost.

use super::Project;

const UNTIDY: &str = "table   t{\n a   integer // why\n b text?\n}\n";

#[test]
fn a_file_is_laid_out_once() {
    let project = Project::new(UNTIDY);
    let said = [
        project.run(&["fmt", "--check"]),
        project.run(&["fmt"]),
        project.run(&["fmt", "--check"]),
    ];
    insta::assert_snapshot!(said.join("\n"));
    insta::assert_snapshot!("a_laid_out_file", project.read("shop.pilaster"));
}

#[test]
fn a_file_that_cannot_be_read_as_a_model_stays_as_it_is() {
    let project = Project::new("table {\n");
    let said = project.run(&["fmt"]);
    assert!(said.contains("exit 2"), "{said}");
    assert_eq!(project.read("shop.pilaster"), "table {\n");
}

#[test]
fn files_can_be_named_without_a_project() {
    let folder = Project::empty();
    folder.write("a.pilaster", UNTIDY);
    let said = folder.run(&["fmt", "a.pilaster"]);
    assert!(said.contains("formatted a.pilaster"), "{said}");
    assert!(folder.run(&["fmt", "b.pilaster"]).contains("exit 2"));
}
