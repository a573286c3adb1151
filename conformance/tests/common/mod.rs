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
    let migration = Migration {
        name: "0001_test".into(),
        up: format!("{sql};\n{weakened}"),
        down: String::new(),
    };
    let subject = Subject {
        name: format!("suite {sql} {weakened}"),
        schema: schema(sql),
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
    let sound = answers(sql, "");
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
        let answers = answers(sql, weakened);
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
