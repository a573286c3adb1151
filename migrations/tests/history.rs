//! A folder of migrations is trusted only with an unbroken chain.

use std::fs;
use std::path::Path;

use migrations::history::{History, Migration};

fn write(folder: &Path, migration: &Migration) {
    for (path, text) in migration.files() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A history of three, then whatever `spoil` does to its folder, then what reading it says.
fn check(spoil: impl Fn(&Path)) -> String {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    for slug in ["initial", "add_notes", "drop_notes"] {
        let history = History::read(folder).unwrap();
        write(
            folder,
            &history.next(
                slug,
                "select 1;\n",
                "select 2;\n",
                "table t { a integer }\n",
            ),
        );
    }
    spoil(folder);
    let said = match History::read(folder) {
        Ok(history) => {
            let names: Vec<_> = history
                .migrations()
                .iter()
                .map(Migration::folder_name)
                .collect();
            names.join("\n")
        }
        Err(broken) => broken.to_string(),
    };
    said.replace(&folder.display().to_string(), "migrations")
}

fn append(path: impl AsRef<Path>, text: &str) {
    let old = fs::read_to_string(&path).unwrap();
    fs::write(path, old + text).unwrap();
}

#[test]
fn an_unbroken_history_is_read_in_order() {
    insta::assert_snapshot!(check(|_| ()), @"
    0001_initial
    0002_add_notes
    0003_drop_notes
    ");
}

#[test]
fn line_ends_and_hidden_files_do_not_count() {
    let spoil = |folder: &Path| {
        let path = folder.join("0001_initial/up.sql");
        let text = fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
        fs::write(path, text).unwrap();
        fs::write(folder.join("README.md"), "").unwrap();
        fs::create_dir(folder.join(".cache")).unwrap();
    };
    assert_eq!(
        check(spoil),
        "0001_initial\n0002_add_notes\n0003_drop_notes"
    );
}

#[test]
fn an_edited_migration_is_named() {
    insta::assert_snapshot!(check(|folder| append(
        folder.join("0002_add_notes/down.sql"),
        "-- x"
    )));
}

#[test]
fn the_last_migration_may_be_edited_until_another_follows() {
    let said = check(|folder| append(folder.join("0003_drop_notes/up.sql"), "-- tuned"));
    assert!(said.ends_with("0003_drop_notes"), "{said}");
}

#[test]
fn a_missing_migration_and_a_missing_file_are_both_named() {
    insta::assert_snapshot!(check(|folder| {
        fs::remove_dir_all(folder.join("0002_add_notes")).unwrap();
        fs::remove_file(folder.join("0003_drop_notes/down.sql")).unwrap();
    }));
}

#[test]
fn two_branches_that_added_the_same_number_are_named() {
    insta::assert_snapshot!(check(|folder| {
        let other = folder.join("0003_add_phone");
        fs::create_dir(&other).unwrap();
        for name in ["up.sql", "down.sql", "schema.pilaster"] {
            fs::copy(folder.join("0003_drop_notes").join(name), other.join(name)).unwrap();
        }
    }));
}

#[test]
fn a_reordered_migration_is_named() {
    insta::assert_snapshot!(check(|folder| {
        let rename = |a: &str, b: &str| fs::rename(folder.join(a), folder.join(b)).unwrap();
        rename("0002_add_notes", "0004_add_notes");
        rename("0003_drop_notes", "0002_drop_notes");
        rename("0004_add_notes", "0003_add_notes");
    }));
}

#[test]
fn a_folder_of_another_name_and_a_file_without_header_are_named() {
    insta::assert_snapshot!(check(|folder| {
        fs::create_dir(folder.join("12-tidy")).unwrap();
        fs::write(folder.join("0002_add_notes/up.sql"), "select 1;").unwrap();
        fs::write(folder.join("0001_initial/up.sql"), [0xff]).unwrap();
    }));
}
