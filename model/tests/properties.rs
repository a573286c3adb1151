//! What holds for every text: reading never panics, laying out loses nothing and is done once.

use model::{FileId, Span, syntax};
use proptest::prelude::*;

mod generate;

/// The tree without places, which laying out moves, and without the blanks inside expressions,
/// which laying out folds.
fn shape(text: &str) -> String {
    let (mut file, diagnostics) = syntax::parse(text, FileId(0));
    assert!(!diagnostics.has_errors(), "{diagnostics:?}\n{text}");
    file.comments.clear();
    let debug = format!("{file:?}");
    let mut shape = String::with_capacity(debug.len());
    let mut rest = debug.as_str();
    while let Some(char) = rest.chars().next() {
        if let Some(length) = place(rest) {
            shape.push('@');
            rest = &rest[length..];
        } else {
            if !char.is_whitespace() {
                shape.push(char);
            }
            rest = &rest[char.len_utf8()..];
        }
    }
    shape
        .replace("\\n", "")
        .replace("\\t", "")
        .replace("\\r", "")
}

/// The length of a span's debug form, `12..34`, that the text begins with.
fn place(text: &str) -> Option<usize> {
    let digits = |t: &str| t.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(text);
    let rest = text.get(first..)?.strip_prefix("..")?;
    let second = digits(rest);
    (first > 0 && second > 0).then_some(first + 2 + second)
}

/// The comments of a text in order, without the blanks at their ends.
fn comments(text: &str) -> Vec<String> {
    let (file, _) = syntax::parse(text, FileId(0));
    let own = |span: Span| span.of(text).trim_end().to_owned();
    file.comments.iter().map(|c| own(c.span)).collect()
}

fn check_layout(text: &str) {
    let laid_out = model::fmt(text).unwrap_or_else(|d| panic!("{d:?}\n{text}"));
    assert_eq!(
        comments(text),
        comments(&laid_out),
        "{text}\n---\n{laid_out}"
    );
    assert_eq!(shape(text), shape(&laid_out), "{text}\n---\n{laid_out}");
    let again = model::fmt(&laid_out).unwrap_or_else(|d| panic!("{d:?}\n{laid_out}"));
    assert_eq!(laid_out, again, "{text}");
}

fn check_never_panics(text: &str) {
    let (_, diagnostics) = syntax::parse(text, FileId(0));
    let mut sources = model::Sources::new();
    sources.add("a.pilaster", text);
    for diagnostic in &diagnostics {
        let place = Span::new(diagnostic.origin.start, diagnostic.origin.end);
        assert!(place.start <= place.end && place.end as usize <= text.len());
        assert!(text.is_char_boundary(place.start as usize));
        assert!(text.is_char_boundary(place.end as usize));
    }
    // Each rendering looks at whole lines, and a line may be all there is.
    for diagnostic in diagnostics.iter().take(20) {
        diagnostic.render(&sources, model::Color::Never);
    }
    if let Ok(laid_out) = model::fmt(text) {
        assert_eq!(
            comments(text),
            comments(&laid_out),
            "{text}\n---\n{laid_out}"
        );
        assert_eq!(Ok(&laid_out), model::fmt(&laid_out).as_ref(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_never_panics(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn tokens_never_panic(tokens in prop::collection::vec(generate::token(), 0..80)) {
        check_never_panics(&tokens.concat());
    }

    #[test]
    fn broken_models_never_panic(text in generate::model(), cuts in generate::cuts()) {
        check_never_panics(&generate::broken(&text, &cuts));
    }

    #[test]
    fn layout_keeps_everything_and_is_done_once(text in generate::model()) {
        check_layout(&text);
    }
}

#[test]
fn deep_nesting_never_overflows_the_stack() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("{ a ", "}"),
        ("map<", ">"),
    ] {
        let deep = format!(
            "json A = {}text{}",
            open.repeat(20_000),
            close.repeat(20_000)
        );
        check_never_panics(&deep);
        let deep = format!("table t {{\n  a text default {}\n}}", open.repeat(20_000));
        check_never_panics(&deep);
    }
    check_never_panics(&format!("json A = text{}", "[]".repeat(50_000)));
    check_never_panics(&format!("json A = {}", "text | ".repeat(50_000)));
    check_never_panics(&format!("/*{}", "/*".repeat(50_000)));
}
