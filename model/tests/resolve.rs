//! The resolver, through one door: a model's text in, its objects and faults out.

mod cases;

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
    cases::each_model("faults_of_meaning", |path| {
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

/// The names on the right are those that PostgreSQL 15 chose for the same tables and indexes.
#[test]
fn what_has_no_name_gets_the_one_that_postgresql_would_choose() {
    let (schema, faults) = load(
        "table parents {
  id    bigint  primary key
  code  text    unique
  a     integer
  b     integer
  check (a > 0)
  check (a > b)
  check (a > 1)
  unique (a, b)
  unique (a, b) deferrable
  index (lower(code), a)
  index ((a + b), (b - a))
  index ((a + b), (b - a))
  index (code)
  index ((code::varchar), coalesce(code, 'x'))
  exclude using gist (int4range(a, b) with &&)
}
table a_rather_long_table_name_for_the_purpose_of_truncation {
  a_rather_long_column_name_for_the_same_purpose  bigint  references parents
  n  serial
}
",
    );
    assert_eq!(faults, "");
    let named = [Kind::Sequence, Kind::Constraint, Kind::Index];
    let names: Vec<&str> = schema
        .nodes()
        .filter(|n| named.contains(&n.id.kind))
        .map(|n| n.id.own_name().as_str())
        .collect();
    assert_eq!(
        names,
        [
            "a_rather_long_table_name_for_the_purpose_of_truncation_n_seq",
            "a_rather_long_table_name_for__a_rather_long_column_name_fo_fkey",
            "parents_a_b_key",
            "parents_a_b_key1",
            "parents_a_check",
            "parents_a_check1",
            "parents_check",
            "parents_code_key",
            "parents_int4range_excl",
            "parents_pkey",
            "parents_code_coalesce_idx",
            "parents_code_idx",
            "parents_expr_expr1_idx",
            "parents_expr_expr1_idx1",
            "parents_lower_a_idx",
        ]
    );
}
