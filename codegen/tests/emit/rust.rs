//! What the Rust emitter writes is what stands in `runtime/tests/emitted`, where it is compiled
//! and used. Set `UPDATE_EMITTED=1` to write it anew.

use std::path::{Path, PathBuf};
use std::process::Command;

use codegen::emit::{Options, rust};

use super::build::{Build, column};
use super::everything;

fn emitted() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/tests/emitted")
}

fn rustfmt_agrees(files: &codegen::files::Files) {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (path, text) in files.iter() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        paths.push(path);
    }
    let output = Command::new("rustfmt")
        .args(["--check", "--edition", "2024", "--config", "max_width=100"])
        .args(&paths)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&said)
    );
}

#[test]
fn everything_is_emitted_as_it_was() {
    let files = rust(&everything::schema(), &Options::default());
    let text = files.get("schema.rs").unwrap();
    let path = emitted().join("schema.rs");
    if std::env::var_os("UPDATE_EMITTED").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == text,
        "run it with UPDATE_EMITTED=1"
    );
    rustfmt_agrees(&files);
}

/// Emits a model of the runtime's tests, which compile and use what is written.
fn emitted_as_it_was(folder: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/tests");
    let folder = path.join(folder);
    let schema = model_of(&folder);
    let files = rust(&schema, &Options::default());
    let text = files.get("schema.rs").unwrap();
    let path = folder.join("schema.rs");
    if std::env::var_os("UPDATE_EMITTED").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == text,
        "run it with UPDATE_EMITTED=1"
    );
    rustfmt_agrees(&files);
}

/// The model of a folder `x`, which is `x.pilaster`.
pub(crate) fn model_of(folder: &Path) -> model::Schema {
    let name = folder.file_name().unwrap().to_string_lossy();
    let file = format!("{name}.pilaster");
    let text = std::fs::read_to_string(folder.join(&file)).unwrap();
    let mut sources = model::Sources::new();
    sources.add(file, text);
    let (model, faults) = model::load(&sources);
    let said = faults.render(&sources, model::Color::Never);
    assert!(!faults.has_errors(), "{said}");
    model.schema
}

#[test]
fn every_shape_is_emitted_as_it_was() {
    emitted_as_it_was("shapes");
}

#[test]
fn keys_errors_relations_and_states_are_emitted_as_they_were() {
    emitted_as_it_was("rows");
}

#[test]
fn two_runs_give_the_same_bytes() {
    let emit = || rust(&everything::schema(), &Options::default());
    assert_eq!(emit(), emit());
}

#[test]
fn many_tables_become_a_folder() {
    let options = Options {
        tables_in_one_file: 1,
        ..Options::default()
    };
    let files = rust(&everything::schema(), &options);
    rustfmt_agrees(&files);
    let paths: Vec<String> = files
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    let tables = [
        "deal_tags",
        "deals",
        "enums",
        "log",
        "mod",
        "shapes",
        "values",
    ];
    assert_eq!(paths, tables.map(|name| format!("schema/{name}.rs")));
    insta::assert_snapshot!(files.get("schema/mod.rs").unwrap());
}

#[test]
fn long_and_odd_names_stay_within_the_width() {
    let mut build = Build::default();
    let long = "a_name_of_sixty_three_letters_as_long_as_postgresql_ever_takes_it";
    build
        .table(long, "")
        .table("x10", "")
        .table("x9", "")
        .table("Odd.name", "");
    build
        .column(long, long, column("numeric[]?"), "")
        .primary_key(long, &[long]);
    build
        .column(long, "self", column("text"), "")
        .column(long, "2nd", column("text"), "");
    build
        .column(long, "userId", column("integer"), "")
        .column(long, "user_id", column("text"), "");
    build.check(long, "listed", "self in ('a', '')");
    build.column(
        "Odd.name",
        "größe",
        column("text"),
        "Of `x`.\n\n    indented\n```\ncode\n```\n",
    );
    let schema = build.finish();
    let one = rust(&schema, &Options::default());
    insta::assert_snapshot!(one.get("schema.rs").unwrap());
    rustfmt_agrees(&one);
    let folder = rust(
        &schema,
        &Options {
            tables_in_one_file: 1,
            ..Options::default()
        },
    );
    rustfmt_agrees(&folder);
}

#[test]
fn names_that_meet_are_told_apart() {
    let mut build = Build::default();
    build
        .table("rows", "")
        .table("deals", "")
        .table("deal", "")
        .table("boxes", "");
    build
        .column("deals", "stage", column("text"), "")
        .check("deals", "c", "stage in ('a')");
    build.shape("DealStage", super::build::text(), "");
    let elsewhere = model::Id::table("auth", "deals");
    build.node(elsewhere, model::Object::Table(Default::default()), "");
    let files = rust(&build.finish(), &Options::default());
    let text = files.get("schema.rs").unwrap();
    let names = text
        .lines()
        .filter(|line| line.starts_with("pub "))
        .collect::<Vec<_>>();
    insta::assert_snapshot!(names.join("\n"));
}
