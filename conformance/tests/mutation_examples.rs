//! Mutation of access in the examples: grants, policies, row-level security, roles, memberships, owners,
//! views and functions are weakened one by one, and a check of access notices each that changes
//! what anybody can do.
//!
//! These are some of the examples' mutants, spread over all kinds; `pilaster test --mutate --filter access`
//! tries them all.

use std::collections::BTreeSet;
use std::path::Path;

use conformance::server::Server;
use conformance::suite::mutation::{self, Fate, Mutant, Score, Verdict};
use conformance::suite::{Ground, Subject};
use model::{Color, Sources};

/// The model of an example.
fn subject(name: &str, files: &[&str]) -> Subject {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name);
    let mut sources = Sources::new();
    for file in files {
        let mut paths = vec![folder.join(file)];
        if paths[0].is_dir() {
            let read = std::fs::read_dir(&paths[0]).unwrap();
            paths = read.map(|entry| entry.unwrap().path()).collect();
            paths.sort();
        }
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            sources.add(path, text);
        }
    }
    let (model, faults) = model::load(&sources);
    let said = faults.render(&sources, Color::Never);
    assert!(!faults.has_errors(), "{said}");
    Subject::new(name, model, Vec::new())
}

/// Some mutants of each kind: every `stride`th of those that are about access.
fn some(subject: &Subject, stride: usize) -> Vec<Mutant> {
    let all = mutation::mutants(&subject.schema).into_iter();
    all.filter(|mutant| mutant.access).step_by(stride).collect()
}

/// What becomes of them, and that each is killed, or changes nothing for a reason that is said.
fn verdicts(subject: Subject, mutants: &[Mutant]) -> Vec<Verdict> {
    let ground = Ground::new(subject, Server::shared().clone());
    let verdicts = mutation::run(&ground, mutants, |_| {}).unwrap();
    let score = Score::of(&verdicts);
    assert!(score.is_full(), "{}", mutation::human(&verdicts, &|_| None));
    let mut reasons = verdicts.iter().filter_map(|v| match &v.fate {
        Fate::Equivalent(why) | Fate::Refused(why) => Some(why),
        _ => None,
    });
    assert!(reasons.all(|why| !why.is_empty()));
    verdicts
}

#[test]
fn every_weakening_of_access_in_the_examples_is_noticed_or_changes_nothing() {
    let examples: [(&str, &[&str], usize); 3] = [
        ("echo_alpha", &["echo_alpha.pilaster"], 2),
        ("jetvision", &["model"], 5),
        ("tailfire", &["model", "catalog.pilaster"], 60),
    ];
    let mut all = Vec::new();
    for (name, files, stride) in examples {
        let subject = subject(name, files);
        let mutants = some(&subject, stride);
        let start = std::time::Instant::now();
        let found = verdicts(subject, &mutants);
        println!("{name}: {} in {:?}", Score::of(&found), start.elapsed());
        all.extend(found);
    }
    let kinds: BTreeSet<_> = all.iter().map(|v| v.mutant.subject.kind.word()).collect();
    for kind in ["policy", "table", "role", "function", "schema"] {
        assert!(kinds.contains(kind), "no {kind} among {kinds:?}");
    }
    let score = Score::of(&all);
    assert!(all.len() >= 300, "{score:?}");
    // Most show in what somebody can do; the rest in the server's own lists.
    assert!(score.acted * 2 > score.killed, "{score:?}");
}
