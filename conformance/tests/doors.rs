//! Doors beside the door, each opened in turn; policies that are slow, each made so in turn.

mod common;

use std::sync::Arc;

use conformance::checks::beside;
use conformance::server::Server;
use conformance::suite::{self, Answer, Ground, Migration, Outcome, Subject, Test};
use model::schema::{Builder, Schema};
use model::{Id, Kind};

const ROLES: &str = "
    DO $$ BEGIN CREATE ROLE doors_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$;
    DO $$ BEGIN CREATE ROLE doors_keeper BYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$;
    DO $$ BEGIN CREATE ROLE anon; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$;";

/// What is closed: a table with a policy, a view that asks as its caller, a function as its owner
/// that nobody may call.
const CLOSED: &str = "
    CREATE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE AS
      $$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::json->>'sub')::uuid $$;
    CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner uuid NOT NULL, body text);
    CREATE INDEX ON notes (owner);
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON notes TO doors_reader USING (owner = (SELECT me()));
    GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO doors_reader;
    CREATE VIEW bodies WITH (security_invoker = true) AS SELECT body FROM notes;
    GRANT SELECT ON bodies TO doors_reader;
    CREATE FUNCTION count_all() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = ''
      AS $$ SELECT count(*) FROM public.notes $$;
    REVOKE EXECUTE ON FUNCTION count_all() FROM PUBLIC;";

fn answers(schema: Arc<Schema>, sql: &str) -> Vec<Answer> {
    let subject = Subject {
        name: format!("doors {sql}"),
        schema,
        default_schema: "public".into(),
        platform: String::new(),
        sources: Default::default(),
        migrations: vec![Migration {
            name: "0001_doors".into(),
            up: format!("{ROLES}{CLOSED}{sql}"),
            down: String::new(),
        }],
    };
    let tests: Vec<_> = beside(&subject.schema)
        .into_iter()
        .map(Test::Bench)
        .collect();
    suite::run(
        &Ground::new(subject, Server::shared().clone()),
        &tests,
        |_| {},
    )
}

/// What does not hold after these statements: each check's name and what it says.
fn failed(schema: &Arc<Schema>, sql: &str) -> Vec<(String, String)> {
    let answers = answers(Arc::clone(schema), sql).into_iter();
    let failed = answers.filter_map(|answer| match answer.outcome {
        Outcome::Passed => None,
        Outcome::Failed(why) => Some((answer.name, why)),
        other => panic!("{}: {other:?}", answer.name),
    });
    failed.collect()
}

#[test]
fn each_door_that_is_opened_is_found_and_nothing_else() {
    let schema = common::schema(&format!("{ROLES}{CLOSED}"));
    assert_eq!(failed(&schema, ""), []);
    let doors = [
        (
            "view_without_security_invoker",
            "ALTER VIEW bodies SET (security_invoker = false)",
        ),
        (
            "view_without_security_invoker",
            "CREATE VIEW unknown AS SELECT id FROM notes; GRANT SELECT ON unknown TO PUBLIC",
        ),
        (
            "materialized_view_open",
            "CREATE MATERIALIZED VIEW kept AS SELECT * FROM notes; GRANT SELECT ON kept TO doors_reader",
        ),
        (
            "definer_function_open",
            "GRANT EXECUTE ON FUNCTION count_all() TO doors_reader",
        ),
        (
            "row_security_disabled",
            "CREATE TABLE later (id int); GRANT SELECT ON later TO anon",
        ),
        (
            "default_privileges_open",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO doors_reader",
        ),
        (
            "grant_passes_row_security",
            "GRANT TRUNCATE ON notes TO doors_reader",
        ),
        (
            "policy_calls_volatile_function",
            "CREATE FUNCTION maybe() RETURNS boolean LANGUAGE sql AS 'SELECT true'; \
             CREATE POLICY maybe ON notes FOR DELETE USING (maybe())",
        ),
        (
            "policy_reads_user_metadata",
            "CREATE POLICY edited ON notes FOR DELETE USING \
             ((current_setting('request.jwt.claims')::json -> 'user_metadata' ->> 'admin') = 'yes')",
        ),
    ];
    for (door, sql) in doors {
        let found = failed(&schema, sql);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert!(
            names.len() == 1 && names[0].contains(&format!("({door})")),
            "{sql}: {found:?}"
        );
    }
}

#[test]
fn a_member_of_a_role_that_no_policy_holds_is_found() {
    // Memberships belong to the server, so these roles are nobody else's.
    let roles = "DO $$ BEGIN CREATE ROLE doors_clerk; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$; \
        GRANT SELECT ON notes TO doors_clerk; GRANT doors_keeper TO doors_clerk";
    let schema = common::schema(&format!("{ROLES}{CLOSED}{roles}"));
    let found = failed(&schema, roles);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].0.contains("(role_passes_row_security)"),
        "{found:?}"
    );
    assert!(
        found[0].1.contains("doors_clerk: may become doors_keeper"),
        "{found:?}"
    );
}

#[test]
fn a_door_that_the_model_accepts_is_none() {
    let open = "GRANT EXECUTE ON FUNCTION count_all() TO doors_reader";
    let plain = common::schema(&format!("{ROLES}{CLOSED}"));
    assert_eq!(failed(&plain, open).len(), 1);
    let mut builder = Builder::default();
    for node in plain.nodes() {
        let mut node = node.clone();
        if node.id == Id::in_schema(Kind::Function, "public", "count_all")
            || node.id.name == "count_all"
        {
            let reason = "it tells a number".into();
            node.hints
                .accept
                .push(("definer_function_open".into(), reason));
        }
        builder.insert(node).unwrap();
    }
    assert_eq!(failed(&Arc::new(builder.finish()), open), []);
}

#[test]
fn a_slow_policy_is_seen_in_the_servers_plan() {
    let schema = common::schema(&format!("{ROLES}{CLOSED}"));
    // Compared by an index, the function is asked once whatever the policy's text.
    let indexed = "ALTER POLICY own ON notes USING (owner = me())";
    assert_eq!(failed(&schema, indexed), []);
    let each_row = failed(&schema, &format!("{indexed}; DROP INDEX notes_owner_idx"));
    assert_eq!(each_row.len(), 1, "{each_row:?}");
    assert!(
        each_row[0].1.contains("is called once a row"),
        "{each_row:?}"
    );
    let scan = failed(&schema, "DROP INDEX notes_owner_idx");
    assert_eq!(scan.len(), 1, "{scan:?}");
    assert!(scan[0].1.contains("add an index"), "{scan:?}");
    assert!(
        scan[0].0.contains("notes: doors_reader reads it"),
        "{scan:?}"
    );
}
