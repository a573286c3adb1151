//! What the tests of the suite share: a database from a script, and what the checks say of it.

#![allow(dead_code)] // each test program uses its part

use std::sync::Arc;

use conformance::server::Server;
use conformance::suite::{self, Answer, Ground, Migration, Outcome, Subject};
use conformance::{Family, checks};
use migrations::catalog::{self, ReadOptions};
use model::schema::Schema;

/// The schema that a script makes.
pub(crate) fn schema(sql: &str) -> Arc<Schema> {
    let database = Server::shared().database().unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(sql).unwrap();
    Arc::new(
        catalog::read(&mut client, &ReadOptions::default())
            .unwrap()
            .schema,
    )
}

/// Answers of the checks that the first script implies, on a database that the second one changed.
pub(crate) fn answers(sql: &str, weakened: &str) -> Vec<Answer> {
    answers_of(schema(sql), sql, weakened)
}

/// What a model says, and the script that makes it.
pub(crate) fn modelled(text: &str) -> (Arc<Schema>, String) {
    let mut sources = model::Sources::new();
    sources.add("model.pilaster", text);
    let (model, faults) = model::load(&sources);
    let said = faults.render(&sources, model::Color::Never);
    assert!(!faults.has_errors(), "{said}");
    let options = migrations::plan::Options::default();
    let plan = migrations::plan::plan(&Schema::default(), &model.schema, &options).unwrap();
    let script = migrations::render::script(&plan);
    (Arc::new(model.schema), script)
}

/// Answers of the checks that a schema implies, on a database that the second script changed.
pub(crate) fn answers_of(schema: Arc<Schema>, sql: &str, weakened: &str) -> Vec<Answer> {
    let migration = Migration {
        name: "0001_test".into(),
        up: format!("{sql};\n{weakened}"),
        down: String::new(),
    };
    let subject = Subject {
        name: format!("suite {sql} {weakened}"),
        schema,
        default_schema: "public".into(),
        platform: String::new(),
        sources: None,
        migrations: vec![migration],
    };
    let tests: Vec<_> = checks(&subject.schema)
        .into_iter()
        .map(suite::Test::Bench)
        .collect();
    let ground = Ground::new(subject, Server::shared().clone());
    suite::run(&ground, &tests, |_| {})
}

/// All checks pass on what the script makes, some of them of that family; after each weakening
/// exactly the checks whose names contain the text beside it fail.
pub(crate) fn holds(family: Family, sql: &str, weakenings: &[(&str, &[&str])]) {
    holds_of(family, &schema(sql), sql, weakenings);
}

/// The same of a model, which says more than its script.
pub(crate) fn holds_of(
    family: Family,
    schema: &Arc<Schema>,
    sql: &str,
    weakenings: &[(&str, &[&str])],
) {
    let answers = |weakened: &str| answers_of(Arc::clone(schema), sql, weakened);
    let sound = answers("");
    let wrong: Vec<_> = sound
        .iter()
        .filter(|a| a.outcome != Outcome::Passed)
        .collect();
    assert!(wrong.is_empty(), "{}", suite::human(&sound));
    assert!(
        sound.iter().any(|a| a.family == family),
        "no check of {family:?}"
    );
    for (weakened, expected) in weakenings {
        let answers = answers(weakened);
        let mut failed: Vec<&str> = answers
            .iter()
            .filter(|a| a.outcome != Outcome::Passed)
            .map(|a| a.name.as_str())
            .collect();
        failed.sort_unstable();
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(
            failed,
            expected,
            "after {weakened}\n{}",
            suite::human(&answers)
        );
    }
}
