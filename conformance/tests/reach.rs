//! Who gains and who loses what by a migration, as the server says it.

mod common;

use conformance::reach::of_migration;
use conformance::server::Server;
use conformance::suite::{Ground, Migration, Subject};

const SQL: &str = "
    DO $$ BEGIN CREATE ROLE reach_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$;
    DO $$ BEGIN CREATE ROLE reach_clerk; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$;
    CREATE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE AS
      $$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::json->>'sub')::uuid $$;
    CREATE TABLE notes (id int PRIMARY KEY, owner uuid NOT NULL, published boolean NOT NULL);
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON notes TO reach_reader USING (owner = me());
    GRANT SELECT, UPDATE ON notes TO reach_reader;
    CREATE POLICY clerks ON notes FOR SELECT TO reach_clerk USING (true);";

/// What the statements give and take, a line each.
fn changes(sql: &str) -> Vec<String> {
    let before = common::schema(SQL);
    let wanted = common::schema(&format!("{SQL}{sql}"));
    let subject = Subject {
        name: format!("reach {sql}"),
        schema: before,
        default_schema: "public".into(),
        platform: String::new(),
        sources: Default::default(),
        migrations: vec![Migration {
            name: "0001_reach".into(),
            up: SQL.into(),
            down: String::new(),
        }],
    };
    let ground = Ground::new(subject, Server::shared().clone());
    let direction = of_migration(&ground, sql, &wanted).unwrap();
    assert!(direction.answers > 5, "{direction:?}");
    direction.changes.iter().map(ToString::to_string).collect()
}

fn one(sql: &str) -> String {
    let changes = changes(sql);
    assert_eq!(changes.len(), 1, "{sql}: {changes:#?}");
    changes.concat()
}

#[test]
fn what_changes_nothing_for_anybody_says_nothing() {
    assert_eq!(changes("COMMENT ON TABLE notes IS 'of everybody'"), [""; 0]);
    let same = "ALTER POLICY own ON notes USING (me() = owner)";
    assert_eq!(changes(same), [""; 0]);
    assert_eq!(
        changes("ALTER TABLE notes ADD note text; ALTER TABLE notes RENAME TO pages"),
        [""; 0]
    );
}

#[test]
fn a_wider_policy_shows_rows_of_others() {
    let said = changes("ALTER POLICY own ON notes USING (owner = me() OR published)");
    let reads = |line: &&String| line.contains("gains reading on public.notes");
    assert!(said.iter().any(|line| reads(&line)), "{said:#?}");
    assert!(
        said.iter()
            .any(|line| line.contains("gains updating on public.notes")),
        "{said:#?}"
    );
    assert!(
        said.iter().all(|line| line.starts_with("reach_reader")),
        "{said:#?}"
    );
    assert!(said.iter().all(|line| !line.contains("loses")), "{said:#?}");
}

#[test]
fn a_narrower_policy_takes_rows_away() {
    let said = changes("ALTER POLICY own ON notes USING (owner = me() AND published)");
    assert!(
        said.iter()
            .any(|line| line.contains("loses reading on public.notes")),
        "{said:#?}"
    );
    assert!(
        said.iter().all(|line| !line.contains("gains reading")),
        "{said:#?}"
    );
}

#[test]
fn a_grant_opens_what_a_policy_had_ready() {
    let said = changes("GRANT SELECT ON notes TO reach_clerk");
    assert!(
        said.contains(&"reach_clerk gains select on public.notes".to_owned()),
        "{said:#?}"
    );
    assert!(
        said.iter()
            .any(|line| line.starts_with("reach_clerk gains reading on public.notes: ")),
        "{said:#?}"
    );
}

#[test]
fn a_view_and_a_function_give_what_their_owner_sees() {
    let said = changes(
        "CREATE VIEW all_notes AS SELECT id FROM notes; GRANT SELECT ON all_notes TO reach_clerk",
    );
    assert!(
        said.iter()
            .any(|line| line.starts_with("reach_clerk gains reading on public.all_notes: ")),
        "{said:#?}"
    );
    let sql = "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM notes'; \
        REVOKE EXECUTE ON FUNCTION total() FROM PUBLIC; GRANT EXECUTE ON FUNCTION total() TO reach_reader";
    assert_eq!(
        one(sql),
        "reach_reader gains execute as its owner on public.total()"
    );
}

#[test]
fn a_revoked_grant_and_closed_row_security_take_everything() {
    let said = changes("REVOKE UPDATE ON notes FROM reach_reader");
    assert!(
        said.contains(&"reach_reader loses update on public.notes".to_owned()),
        "{said:#?}"
    );
    assert!(said.iter().all(|line| !line.contains("gains")), "{said:#?}");
    let said = changes("ALTER TABLE notes DISABLE ROW LEVEL SECURITY");
    assert!(
        said.iter()
            .any(|line| line.contains("gains reading on public.notes")),
        "{said:#?}"
    );
}

#[test]
fn a_trigger_function_is_called_by_nobody() {
    let made = |how: &str| {
        format!(
            "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql {how} AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER stamp BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION stamp()"
        )
    };
    assert_eq!(changes(&made("")), [""; 0]);
    // Who may execute it can make it the trigger of a table of their own.
    assert_eq!(
        changes(&made("SECURITY DEFINER")),
        ["reach_clerk", "reach_reader"]
            .map(|role| format!("{role} gains execute as its owner on public.stamp()"))
    );
}
