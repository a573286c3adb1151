//! What the matrix of access finds, model by model: each difference between what was meant and what
//! a persona can do.

use std::fmt::Write;
use std::sync::Arc;

use conformance::server::Server;
use conformance::suite::{self, Ground, Outcome, Subject};
use model::{Color, Sources};

/// Every cell that is not as meant, with its tries; then how many cells there were.
fn holes(name: &str, text: &str) -> String {
    let mut sources = Sources::new();
    sources.add("model.pilaster", text);
    let (model, diagnostics) = model::load(&sources);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources, Color::Never)
    );
    let subject = Subject {
        sources: Some(Arc::new(sources)),
        ..Subject::new(name, model, Vec::new())
    };
    let tests: Vec<_> = suite::tests(&subject, Some("what is meant"));
    let ground = Ground::new(subject, Server::shared().clone());
    let answers = suite::run(&ground, &tests, |_| {});
    let mut told = String::new();
    let mut passed = 0;
    for answer in &answers {
        match &answer.outcome {
            Outcome::Passed => passed += 1,
            Outcome::Failed(why) => {
                let _ = writeln!(told, "{}\n  {}", answer.name, why.replace('\n', "\n  "));
            }
            Outcome::Undecided(why) => {
                let _ = writeln!(told, "{}: undecided\n  {why}", answer.name);
            }
            Outcome::Fault(why) => {
                let _ = writeln!(told, "{}: fault\n  {why}", answer.name);
            }
        }
    }
    let _ = writeln!(told, "{passed} of {} cells are as meant", answers.len());
    told
}

#[test]
fn the_patterns_of_real_systems_hold_but_for_the_hole_that_is_left() {
    insta::assert_snapshot!(holes("patterns", include_str!("access/patterns.pilaster")));
}

#[test]
fn the_policies_of_the_document_leave_holes() {
    insta::assert_snapshot!(holes("document", include_str!("access/document.pilaster")));
}

#[test]
fn columns_states_views_functions_and_settings_are_tried() {
    insta::assert_snapshot!(holes("hidden", include_str!("access/hidden.pilaster")));
}

#[test]
fn the_one_row_of_a_person_stands_for_each_of_its_states() {
    insta::assert_snapshot!(holes("standing", include_str!("access/standing.pilaster")));
}
