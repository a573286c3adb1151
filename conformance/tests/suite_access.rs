//! Triggers, grants and policies seen to fail; what the suite does to a database of somebody else's.

mod common;

use std::sync::Arc;

use common::{answers, holds, schema};
use conformance::server::Server;
use conformance::suite::{self, Ground, Outcome, Subject};
use conformance::{Family, Stop, checks};
use migrations::catalog::{self, ReadOptions};

#[test]
fn triggers_do_not_hide_constraints_and_are_seen_to_fire() {
    holds(
        Family::Trigger,
        "CREATE TABLE t (id int PRIMARY KEY, owner int NOT NULL, at timestamptz); \
         CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS \
           $$ BEGIN NEW.owner := coalesce(NEW.owner, 1); NEW.at := now(); RETURN NEW; END $$; \
         CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION fill()",
        &[
            (
                "ALTER TABLE t DISABLE TRIGGER fill",
                &[
                    "t: trigger fill fires on insert",
                    "t: trigger fill fires on update",
                ],
            ),
            (
                "DROP TRIGGER fill ON t; CREATE TRIGGER fill BEFORE INSERT ON t \
                 FOR EACH ROW EXECUTE FUNCTION fill()",
                &["t: trigger fill fires on update"],
            ),
            (
                "ALTER TABLE t ALTER owner DROP NOT NULL",
                &["t.owner: refuses null"],
            ),
        ],
    );
}

#[test]
fn grants_and_policies() {
    let sql = "DO $$ BEGIN CREATE ROLE suite_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$; \
         CREATE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE AS \
           $$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::json->>'sub')::uuid $$; \
         CREATE TABLE t (id int PRIMARY KEY, owner uuid NOT NULL); \
         ALTER TABLE t ENABLE ROW LEVEL SECURITY; \
         CREATE POLICY own ON t TO suite_reader USING (owner = me()); \
         GRANT SELECT, UPDATE ON t TO suite_reader; \
         CREATE TABLE locked (id int PRIMARY KEY); ALTER TABLE locked ENABLE ROW LEVEL SECURITY; \
         GRANT SELECT ON locked TO suite_reader";
    holds(
        Family::Access,
        sql,
        &[
            (
                "GRANT DELETE ON t TO suite_reader",
                &[
                    "t: privileges are those of the model, and no more",
                    "t: suite_reader may not delete",
                ],
            ),
            (
                "REVOKE UPDATE ON t FROM suite_reader",
                &[
                    "t: privileges are those of the model, and no more",
                    "t: suite_reader may update",
                ],
            ),
            (
                "ALTER POLICY own ON t USING (true)",
                &[
                    "t: suite_reader sees the rows that its policies say",
                    "t: suite_reader updates the rows that its policies say",
                ],
            ),
            (
                "DROP POLICY own ON t",
                &[
                    "t: has the policies of the model and no other",
                    "t: suite_reader sees the rows that its policies say",
                    "t: suite_reader updates the rows that its policies say",
                ],
            ),
            (
                "CREATE POLICY hole ON locked USING (true)",
                &[
                    "locked: has the policies of the model and no other",
                    "locked: suite_reader sees the rows that its policies say",
                ],
            ),
            (
                "ALTER TABLE locked DISABLE ROW LEVEL SECURITY",
                &[
                    "locked: row-level security is enabled",
                    "locked: suite_reader sees the rows that its policies say",
                ],
            ),
        ],
    );
}

#[test]
fn a_given_database_is_left_as_it_was_and_never_altered() {
    let sql = "CREATE TABLE t (id serial PRIMARY KEY, size int NOT NULL CHECK (size > 0)); \
               INSERT INTO t (size) VALUES (7)";
    let database = Server::shared().database().unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(sql).unwrap();
    let schema = catalog::read(&mut client, &ReadOptions::default())
        .unwrap()
        .schema;
    let subject = Subject {
        name: "given".into(),
        schema: Arc::new(schema),
        default_schema: "public".into(),
        platform: String::new(),
        sources: None,
        migrations: Vec::new(),
    };
    let tests = suite::tests(&subject, None);
    let ground = Ground::given(subject, database.url().clone());
    let answers = suite::run(&ground, &tests, |_| {});
    assert!(answers.len() < tests.len(), "what alters is left out");
    assert!(
        answers.iter().all(|a| a.outcome == Outcome::Passed),
        "{}",
        suite::human(&answers)
    );
    let row = client
        .query_one(
            "SELECT count(*), max(id), (SELECT last_value FROM t_id_seq) FROM t",
            &[],
        )
        .unwrap();
    assert_eq!(
        (
            row.get::<_, i64>(0),
            row.get::<_, i32>(1),
            row.get::<_, i64>(2)
        ),
        (1, 1, 1)
    );
}

#[test]
fn a_table_that_can_hold_no_row_is_undecided_and_says_why() {
    let schema = schema("CREATE TABLE m (id int NOT NULL) PARTITION BY RANGE (id)");
    assert!(!checks(&schema).is_empty());
    let answers = answers(
        "CREATE TABLE m (id int NOT NULL) PARTITION BY RANGE (id)",
        "",
    );
    for answer in answers.into_iter().filter(|a| a.family != Family::Access) {
        match answer.outcome {
            Outcome::Undecided(why) => assert!(why.contains("no partition"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    // The type is public, so that a caller can tell the reasons apart.
    let _: fn(String) -> Stop = Stop::Undecided;
}

/// Roles belong to the server: that one is there already, or in the way of no other database, is no
/// fault of the model that owns it.
#[test]
fn a_role_of_the_model_may_be_on_the_server_already() {
    let model = "role suite_owned login\ntable t {\n  id  bigint  primary key\n  \
                 grant select to suite_owned\n}\n";
    let mut sources = model::Sources::new();
    sources.add("model.pilaster", model);
    let (model, faults) = model::load(&sources);
    assert!(!faults.has_errors());
    let table = "CREATE TABLE public.t (id bigint PRIMARY KEY)";
    let migration = |down: &str| suite::Migration {
        name: "0001_test".into(),
        up: format!(
            "CREATE ROLE suite_owned LOGIN;\n{table};\nGRANT SELECT ON public.t TO suite_owned;"
        ),
        down: down.into(),
    };
    let server = Server::shared();
    let run = |name: &str, down| {
        let subject = Subject::new(name, model.clone(), vec![migration(down)]);
        let tests = suite::tests(&subject, None);
        suite::run(&Ground::new(subject, server.clone()), &tests, |_| {})
    };
    let answers = run("owned role", "DROP TABLE public.t;\nDROP ROLE suite_owned;");
    let wrong = |answers: &[suite::Answer]| -> Vec<String> {
        let wrong = answers.iter().filter(|a| a.outcome != Outcome::Passed);
        wrong
            .map(|a| format!("{}: {:?}", a.name, a.outcome))
            .collect()
    };
    assert!(wrong(&answers).is_empty(), "{}", suite::human(&answers));
    // What still depends on it is found, although nobody drops it.
    let answers = run(
        "owned role in use",
        "DROP ROLE suite_owned;\nDROP TABLE public.t;",
    );
    let wrong = wrong(&answers);
    assert_eq!(wrong.len(), 2, "{wrong:#?}");
    let depends = |line: &String| line.contains("depends on the role suite_owned");
    assert!(wrong.iter().all(depends), "{wrong:#?}");
}
