//! The resolver, through one door: a model's text in, its objects and faults out.

use std::fmt::Write;

use model::{Color, Kind, Severity, Sources};

/// Every example of the language's manual.
fn examples() -> Vec<String> {
    include_str!("../LANGUAGE.md")
        .split("```pilaster\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next().map(str::to_owned))
        .collect()
}

/// What an outline leaves out: attributes that are as they are by default.
const DEFAULTS: [&str; 5] = [": None", ": false", ": []", ": {}", ": Default"];

fn load(text: &str) -> (model::Schema, String) {
    let mut sources = Sources::new();
    sources.add("model.pilaster", text);
    let (model, diagnostics) = model::load(&sources);
    (model.schema, diagnostics.render(&sources, Color::Never))
}

/// The objects, one a line, without what only repeats the text.
fn outline(schema: &model::Schema) -> String {
    let mut text = String::new();
    for node in schema.nodes() {
        let _ = write!(text, "{} {}", node.id.kind.word(), node.id);
        if node.external {
            text.push_str(" external");
        }
        let needs: Vec<String> = node
            .needs
            .iter()
            .filter(|n| n.kind != Kind::Schema)
            .map(|n| n.to_string())
            .collect();
        if !needs.is_empty() {
            let _ = write!(text, " needs {}", needs.join(", "));
        }
        text.push('\n');
        let object = format!("{:?}", node.object);
        let shown = object
            .split(", ")
            .filter(|part| !DEFAULTS.iter().any(|d| part.ends_with(d)));
        let _ = writeln!(text, "    {}", shown.collect::<Vec<_>>().join(", "));
        for (grantee, privileges) in &node.privileges {
            let _ = writeln!(text, "    {grantee}: {privileges:?}");
        }
    }
    text
}

#[test]
fn every_example_of_the_manual_resolves() {
    let mut all = String::new();
    for (number, example) in examples().iter().enumerate() {
        let (schema, faults) = load(example);
        if !faults.is_empty() {
            let _ = writeln!(all, "example {number}:\n{faults}");
        }
        insta::assert_snapshot!(format!("example_{number:02}"), outline(&schema));
    }
    assert_eq!(all, "");
}

#[test]
fn every_fault_is_told_with_its_place_and_its_mend() {
    insta::glob!("faults/*.pilaster", |path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let name = path
            .file_name()
            .map_or(String::new(), |n| n.to_string_lossy().into_owned());
        let mut sources = Sources::new();
        sources.add(name, text.as_str());
        let (_, diagnostics) = model::load(&sources);
        insta::assert_snapshot!(diagnostics.render(&sources, Color::Never));
    });
}

#[test]
fn a_fault_is_reported_once() {
    let mut sources = Sources::new();
    sources.add(
        "a.pilaster",
        "table a {\n  x  strin\n  check (y > 0)\n  index (x)\n}\n",
    );
    let (_, diagnostics) = model::load(&sources);
    let errors = diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .count();
    assert_eq!(errors, 2, "{}", diagnostics.render(&sources, Color::Never));
}
