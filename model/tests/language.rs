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

#[test]
fn examples_stand_in_the_one_layout() {
    for (line, text) in examples() {
        let laid_out = model::fmt(&text).expect("the examples are read without a fault");
        let again = model::fmt(&laid_out).expect("what fmt writes is read without a fault");
        pretty(line, &laid_out, &again);
        pretty(line, &text, &laid_out);
    }
}

fn pretty(line: usize, left: &str, right: &str) {
    for (number, (a, b)) in left.lines().zip(right.lines()).enumerate() {
        assert_eq!(a, b, "line {} of LANGUAGE.md", line + number);
    }
    assert_eq!(
        left.lines().count(),
        right.lines().count(),
        "example of line {line}"
    );
}
