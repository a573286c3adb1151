//! Every example of LANGUAGE.md is read without a fault.

use model::{Color, FileId, Sources};

/// The examples, each with the line it begins on.
fn examples() -> Vec<(usize, String)> {
    let page = include_str!("../LANGUAGE.md");
    let mut examples = Vec::new();
    let mut current: Option<(usize, String)> = None;
    for (number, line) in page.lines().enumerate() {
        match &mut current {
            None if line == "```pilaster" => current = Some((number + 2, String::new())),
            None => {}
            Some(_) if line == "```" => examples.extend(current.take()),
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    examples
}

#[test]
fn examples_are_read_without_a_fault() {
    let examples = examples();
    assert!(!examples.is_empty());
    for (line, text) in examples {
        let mut sources = Sources::new();
        sources.add(format!("LANGUAGE.md from line {line}"), text.as_str());
        let (_, diagnostics) = model::syntax::parse(&text, FileId(0));
        assert!(
            diagnostics.is_empty(),
            "{}",
            diagnostics.render(&sources, Color::Never)
        );
    }
}
