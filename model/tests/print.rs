//! A schema printed and read again is the same schema; and the text is the one a person would write.

use model::{Color, Schema, Sources};

fn load(name: &str, text: &str) -> Schema {
    let mut sources = Sources::new();
    sources.add(name, text);
    let (model, diagnostics) = model::load(&sources);
    assert!(
        !diagnostics.has_errors(),
        "{}\n{text}",
        diagnostics.render(&sources, Color::Never)
    );
    model.schema
}

/// Prints what the text says, and compares what the print says.
fn check(name: &str, text: &str) -> String {
    let schema = load(name, text);
    let printed = model::print(&schema);
    load(&format!("{name}, printed"), &printed);
    assert_eq!(model::differs(&schema, &printed), [], "{name}:\n{printed}");
    assert_eq!(
        model::fmt(&printed).as_deref(),
        Ok(printed.as_str()),
        "{name}"
    );
    let again = model::print(&load(name, &printed));
    assert_eq!(printed, again, "{name}: a second print");
    printed
}

#[test]
fn examples_of_the_page_come_back_the_same() {
    let page = include_str!("../LANGUAGE.md");
    let mut example: Option<String> = None;
    for (number, line) in page.lines().enumerate() {
        match &mut example {
            None if line == "```pilaster" => example = Some(String::new()),
            None => {}
            Some(text) if line == "```" => {
                let text = std::mem::take(text);
                example = None;
                // Examples that refer to what another declares are not whole models.
                let mut sources = Sources::new();
                sources.add("example", text.as_str());
                if !model::load(&sources).1.has_errors() {
                    check(&format!("LANGUAGE.md, line {}", number + 1), &text);
                }
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
}

#[test]
fn echo_alpha_comes_back_the_same() {
    let text = include_str!("../../examples/echo_alpha/echo_alpha.pilaster");
    check("Echo Alpha", text);
}
