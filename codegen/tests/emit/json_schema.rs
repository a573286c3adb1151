//! JSON Schema documents, as they are written.

use codegen::emit::json_schema;

use super::everything;

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
