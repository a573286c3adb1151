//! Mutation: every weakening of a small database with a promise of each kind is noticed.

use std::sync::Arc;

use conformance::server::Server;
use conformance::suite::mutation::{self, Fate, Mutant, Score};
use conformance::suite::{Ground, Migration, Subject};
use migrations::catalog::{self, ReadOptions};
use model::Id;

const SQL: &str = include_str!("mutation.sql");

fn ground() -> (Ground, Subject) {
    let server = Server::shared();
    let database = server.database().unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(SQL).unwrap();
    let schema = catalog::read(&mut client, &ReadOptions::default())
        .unwrap()
        .schema;
    let subject = Subject {
        name: "mutation".into(),
        schema: Arc::new(schema),
        default_schema: "app".into(),
        platform: String::new(),
        sources: None,
        migrations: vec![Migration {
            name: "0001_mutation".into(),
            up: SQL.into(),
            down: String::new(),
        }],
    };
    (Ground::new(subject.clone(), server.clone()), subject)
}

#[test]
fn every_mutant_is_killed_or_changes_nothing() {
    let (ground, subject) = ground();
    let mutants = mutation::mutants(&subject.schema);
    let kinds: std::collections::BTreeSet<_> = mutants.iter().map(|m| m.subject.kind).collect();
    assert!(kinds.len() >= 9, "mutants of {kinds:?} only");
    let mut seen = 0;
    let verdicts = mutation::run(&ground, &mutants, |_| seen += 1).unwrap();
    assert_eq!(seen, mutants.len());
    let score = Score::of(&verdicts);
    assert!(score.is_full(), "{}", mutation::human(&verdicts, &|_| None));
    assert!(score.killed > 100, "{score:?}");
}

#[test]
fn a_weakening_that_changes_nothing_or_is_refused_is_said_to_be_so() {
    let (ground, _) = ground();
    let mutant = |sql: &str| Mutant {
        name: sql.into(),
        subject: Id::table("app", "notes"),
        sql: sql.into(),
        access: false,
    };
    let mutants = [
        mutant("SELECT 1"),
        mutant("DROP TABLE app.nowhere"),
        mutant("CREATE INDEX ON app.notes (title)"),
        mutant("ALTER TABLE app.notes ALTER title DROP NOT NULL"),
        mutant(
            "DROP INDEX app.one_size; CREATE UNIQUE INDEX one_size ON app.deals (abs(size), code)",
        ),
        mutant("DROP INDEX app.one_draft; CREATE UNIQUE INDEX one_draft ON app.deals (code)"),
        mutant("ALTER TABLE app.deals ALTER kind DROP NOT NULL"),
    ];
    let verdicts = mutation::run(&ground, &mutants, |_| {}).unwrap();
    let fates: Vec<&Fate> = verdicts.iter().map(|v| &v.fate).collect();
    assert!(matches!(fates[0], Fate::Equivalent(_)), "{fates:?}");
    assert!(matches!(fates[1], Fate::Refused(_)), "{fates:?}");
    assert!(matches!(fates[2], Fate::Survived), "{fates:?}");
    assert!(matches!(fates[3], Fate::Killed { by, .. } if by == "app.notes.title: refuses null"));
    // What the predicate leaves out has a null in the key; the other's has none, and shows.
    let proven =
        |fate: &Fate| matches!(fate, Fate::Equivalent(why) if why.contains("the server proves"));
    assert!(proven(fates[4]), "{fates:?}");
    assert!(matches!(fates[5], Fate::Killed { .. }), "{fates:?}");
    // What is computed from no column is never null.
    assert!(proven(fates[6]), "{fates:?}");
    assert!(
        mutation::human(&verdicts, &|_| None)
            .ends_with("Mutants: killed 2 of 3, 3 equivalent, 1 refused by the server\n")
    );
}
