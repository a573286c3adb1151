//! JSON Schema documents, as they are written.

use std::path::Path;

use codegen::emit::json_schema;

use super::everything;
use super::rust::model_of;

#[test]
fn every_shape_has_a_document() {
    let files = json_schema(&everything::schema());
    let paths: Vec<String> = files
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    let names = ["Event", "Note", "Notes", "Requirements", "Version"];
    assert_eq!(paths, names.map(|name| format!("{name}.schema.json")));
    for (path, text) in files.iter() {
        insta::assert_snapshot!(path.display().to_string(), text);
    }
}

/// A validator of others and the server judge by these: `runtime/tests/shapes.rs`.
#[test]
fn the_documents_of_every_kind_of_shape_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/tests/shapes");
    let documents = folder.join("documents");
    for (path, text) in json_schema(&model_of(&folder)).iter() {
        let path = documents.join(path);
        if std::env::var_os("UPDATE_EMITTED").is_some() {
            std::fs::create_dir_all(&documents).unwrap();
            std::fs::write(&path, text).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == *text,
            "run it with UPDATE_EMITTED=1: {}",
            path.display()
        );
    }
}
