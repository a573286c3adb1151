//! Echo Alpha as its users would change it: one column more, and everything follows.

use std::fs;
use std::path::Path;

use super::{Project, below, without_hashes};

/// A copy of the example.
fn echo_alpha() -> Project {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/echo_alpha");
    let project = Project::empty();
    let mut files = Vec::new();
    below(&example, &mut files);
    for file in files {
        let name = file.strip_prefix(&example).unwrap();
        project.write(name.to_str().unwrap(), fs::read(&file).unwrap());
    }
    project
}

#[test]
fn the_example_is_up_to_date() {
    let said = echo_alpha().run(&["generate", "--check"]);
    assert!(said.contains("exit 0"), "{said}");
}

#[test]
fn a_column_more_is_one_migration_up_and_down_and_the_types_follow() {
    let project = echo_alpha();
    let model = project.read("echo_alpha.pilaster");
    let (before, after) = model.split_once("table deals {\n").unwrap();
    let model = format!("{before}table deals {{\n  priority  varchar(20)?\n{after}");
    project.write("echo_alpha.pilaster", model);
    let mut told = project.run(&["generate", "--check"]);
    told += &project.run(&["generate"]);
    told += &project.run(&["generate", "--check"]);
    for file in ["up", "down"] {
        told += &project.read(&format!("migrations/0007_add_deals_priority/{file}.sql"));
    }
    assert_eq!(
        project
            .read("src/schema.rs")
            .matches("pub priority:")
            .count(),
        3
    );
    insta::assert_snapshot!(without_hashes(&told));
}
