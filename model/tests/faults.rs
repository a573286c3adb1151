//! Each mistake in `faults/`, as its author is told of it.
//!
//! A new case is a new file; `cargo insta accept` keeps what it is told.

mod cases;

use std::fs;

use model::{Color, FileId, Sources, diagnostic};

/// The faults of reading alone: what a name refers to is told elsewhere.
#[test]
fn each_mistake_is_told() {
    cases::each_model("faults", |path| {
        let text = fs::read_to_string(path).expect("the case can be read");
        let name = path.file_name().expect("the case has a name");
        let mut sources = Sources::new();
        sources.add(name, text.as_str());
        let (_, diagnostics) = model::syntax::parse(&text, FileId(0));
        assert!(!diagnostics.is_empty(), "no fault in {}", path.display());
        for diagnostic in &diagnostics {
            assert!(
                diagnostic::explain(diagnostic.code).is_some(),
                "{}",
                diagnostic.code
            );
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "faults" }, {
            insta::assert_snapshot!("told", diagnostics.render(&sources, Color::Never));
        });
    });
}

/// Where a fault can be mended by an edit, the edit mends it: applied, it is not told again.
#[test]
fn each_suggestion_mends_its_fault() {
    cases::each_model("faults", |path| {
        let text = fs::read_to_string(path).expect("the case can be read");
        let (_, diagnostics) = model::syntax::parse(&text, FileId(0));
        for diagnostic in &diagnostics {
            let Some(edit) = &diagnostic.suggestion else {
                continue;
            };
            let mut mended = text.clone();
            mended.replace_range(
                edit.origin.start as usize..edit.origin.end as usize,
                &edit.replacement,
            );
            let (_, after) = model::syntax::parse(&mended, FileId(0));
            let same = |d: &model::Diagnostic| {
                d.code == diagnostic.code && d.origin.start == diagnostic.origin.start
            };
            assert!(!after.iter().any(same), "{}\n{mended}", diagnostic.message);
            assert!(
                after.len() < diagnostics.len(),
                "{}\n{mended}",
                diagnostic.message
            );
        }
    });
}

/// The page lists every code.
#[test]
fn the_page_lists_every_code() {
    let page = include_str!("../DIAGNOSTICS.md");
    let listed: Vec<&str> = page.lines().filter(|l| l.starts_with("| `P")).collect();
    let wanted: Vec<String> = diagnostic::CODES
        .iter()
        .map(|(code, fact)| format!("| `{code}` | {fact} |"))
        .collect();
    assert_eq!(listed, wanted);
}
