//! `generate`: what it writes, what it says, and what stops it.

use std::fs;

use super::{Project, SHOP, without_hashes};

#[test]
fn a_second_run_has_nothing_to_do() {
    let project = Project::new(SHOP);
    let said = [
        project.run(&["generate", "--check"]),
        project.run(&[]),
        project.run(&["generate"]),
    ];
    insta::assert_snapshot!(said.join("\n"));
    assert!(project.run(&["generate", "--check"]).contains("exit 0"));
}

#[test]
fn the_first_migration_is_written_for_people() {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    let read = |name: &str| project.read(&format!("migrations/0001_initial/{name}"));
    let all =
        ["up.sql", "down.sql", "schema.pilaster"].map(|name| format!("-- {name}\n{}", read(name)));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_new_column_becomes_one_migration_and_a_field() {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    project.write(
        "shop.pilaster",
        SHOP.replace("  price ", "  notes  text?\n  price "),
    );
    let said = [
        project.run(&["generate", "--check"]),
        project.run(&["generate"]),
    ];
    insta::assert_snapshot!(said.join("\n"));
    insta::assert_snapshot!(
        "a_new_column_up",
        without_hashes(&project.read("migrations/0002_add_products_notes/up.sql"))
    );
    assert!(project.read("src/db.rs").contains("notes: Option<String>"));
    assert!(project.run(&["generate", "--check"]).contains("exit 0"));
}

#[test]
fn a_migration_can_be_named() {
    let project = Project::new(SHOP);
    project.run(&["generate", "--name", "opening_day"]);
    assert!(project.path("migrations/0001_opening_day/up.sql").exists());
}

#[test]
fn a_hazard_that_is_not_allowed_stops_before_anything_is_written() {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    let before = project.files();
    let smaller: String = SHOP
        .lines()
        .filter(|line| !line.contains("name"))
        .map(|l| l.to_owned() + "\n")
        .collect();
    project.write("shop.pilaster", smaller);
    insta::assert_snapshot!(project.run(&["generate"]));
    assert_eq!(project.files(), before);
    let allowed = project.run(&["generate", "--allow", "data_loss"]);
    assert!(allowed.contains("exit 0"), "{allowed}");
}

#[test]
fn a_likely_rename_is_an_error_with_both_ways_to_say_it() {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    let renamed = SHOP.replace("name   varchar(80)", "title  varchar(80)");
    project.write("shop.pilaster", &renamed);
    insta::assert_snapshot!(project.run(&["generate"]));
    project.write(
        "shop.pilaster",
        renamed.replace("(80)  unique", "(80)  unique  was name"),
    );
    let said = project.run(&["generate"]);
    assert!(said.contains("exit 0"), "{said}");
    assert!(project.run(&["generate", "--check"]).contains("exit 0"));
}

#[test]
fn a_was_that_can_be_read_in_two_ways_is_an_error_with_both() {
    let project =
        Project::new(&SHOP.replace("  price ", "  notes  text?\n  remarks  date?\n  price "));
    project.run(&["generate"]);
    let moved = "  remarks  text?  was notes\n  price ";
    project.write("shop.pilaster", SHOP.replace("  price ", moved));
    insta::assert_snapshot!(project.run(&["generate"]));
    let written = fs::read_dir(project.path("migrations")).unwrap();
    let folders = written.filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(folders.count(), 1);
}

#[test]
fn a_wrong_model_is_exit_2_and_writes_nothing() {
    let project = Project::new("table t {\n  a intger\n  b text references nobody\n}\n");
    insta::assert_snapshot!(project.run(&["generate"]));
    assert_eq!(project.files(), "pilaster.toml\nshop.pilaster");
}

#[test]
fn a_file_that_is_not_text_is_named_with_its_line() {
    let project = Project::new("");
    project.write("shop.pilaster", b"// a\n// b \xff\n");
    insta::assert_snapshot!(project.run(&["generate"]));
}

#[test]
fn an_edited_history_is_exit_2() {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    project.write(
        "shop.pilaster",
        SHOP.replace("  price ", "  notes  text?\n  price "),
    );
    project.run(&["generate"]);
    let up = project.read("migrations/0001_initial/up.sql");
    project.write("migrations/0001_initial/up.sql", up + "-- tuned\n");
    insta::assert_snapshot!(project.run(&["generate"]));
}

#[test]
fn a_derived_file_that_is_no_longer_derived_goes_and_others_stay() {
    let shape = format!("json Size {{ width integer }}\n{SHOP}")
        .replace("  price ", "  size  jsonb<Size>?\n  price ");
    let project = Project::new(&shape);
    project.run(&["generate"]);
    project.write("schemas/mine.json", "{}");
    let before = project.files();
    project.write("shop.pilaster", SHOP);
    project.run(&["generate", "--allow", "data_loss"]);
    let gone: Vec<_> = before
        .lines()
        .filter(|name| !project.path(name).exists())
        .collect();
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(gone[0].starts_with("schemas/"), "{gone:?}");
    assert!(project.path("schemas/mine.json").exists());
}

#[test]
fn a_root_brings_all_its_projects_up_to_date() {
    let root = Project::empty();
    root.write("pilaster.toml", "projects = ['a', 'b']\n");
    for name in ["a", "b"] {
        root.write(&format!("{name}/pilaster.toml"), "model = 'm.pilaster'\n");
        root.write(&format!("{name}/m.pilaster"), SHOP);
    }
    insta::assert_snapshot!(root.run(&["generate"]));
    // From below, the nearest project's file counts.
    fs::create_dir_all(root.path("a/sub")).unwrap();
    root.write("b/m.pilaster", "table broken {");
    assert!(root.run(&["generate"]).contains("exit 2"));
    assert!(
        root.run(&["generate", "--config", "a/pilaster.toml"])
            .contains("exit 0")
    );
}

#[test]
fn json_is_complete() {
    let project = Project::new(SHOP);
    insta::assert_snapshot!(project.run(&["generate", "--check", "--format", "json"]));
}

#[test]
fn json_says_what_is_wrong_too() {
    let project = Project::new("table t {\n  a intger\n}\n");
    insta::assert_snapshot!(project.run(&["generate", "--format", "json"]));
}

#[test]
fn the_plain_script_is_written_when_asked_for() {
    let index = SHOP.replace("\n}\n", "\n  index (price)\n}\n");
    let script = |arguments: &[&str]| {
        let project = Project::new(SHOP);
        project.run(&["generate"]);
        project.write("shop.pilaster", &index);
        let said = project.run(&[&["generate", "--name", "by_price"], arguments].concat());
        assert!(said.contains("exit 0"), "{said}");
        project.read("migrations/0002_by_price/up.sql")
    };
    let online = script(&[]);
    assert!(online.contains("\nCREATE INDEX CONCURRENTLY "), "{online}");
    let offline = script(&["--offline", "--allow", "long_lock"]);
    assert!(offline.contains("\nCREATE INDEX "), "{offline}");
    assert!(
        !offline.contains("CONCURRENTLY") && !offline.contains("no transaction"),
        "{offline}"
    );
}

#[test]
fn a_type_that_rewrites_its_table_is_offered_in_steps() {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    project.write(
        "shop.pilaster",
        SHOP.replace("numeric(12, 2)", "double precision"),
    );
    let said = project.run(&["generate"]);
    assert!(said.contains("error[table_rewrite]"), "{said}");
    assert!(said.contains("fill it by `pilaster migrate new`"), "{said}");
    assert!(said.contains("nothing was written"), "{said}");
}
