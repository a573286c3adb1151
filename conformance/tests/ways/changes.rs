//! Objects of every kind changed where they stand, and renamed: what is written, up and down. Each
//! way is run and compared with a database made directly.

use model::schema::{Id, Kind};

use super::{ROLES, both_ways, renamed_both_ways};

/// The statements of both ways of a case, for people.
fn told(case: &str, (up, down): (Vec<String>, Vec<String>)) -> String {
    format!(
        "== {case}\n{}\n-- down\n{}\n",
        up.join(";\n"),
        down.join(";\n")
    )
}

#[test]
fn every_kind_changes_where_it_stands() {
    let table = "CREATE TABLE deals (id int, stage text);";
    let stamp =
        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
    let cases: &[(&str, String, &str, &str)] = &[
        (
            "policy",
            format!("{ROLES} {table}"),
            "CREATE POLICY own ON deals FOR SELECT TO ways_reader USING (id > 0)",
            "CREATE POLICY own ON deals FOR SELECT TO ways_reader, ways_clerk USING (id > 1)",
        ),
        (
            "policy of another command",
            table.into(),
            "CREATE POLICY own ON deals FOR SELECT USING (true)",
            "CREATE POLICY own ON deals FOR UPDATE USING (true) WITH CHECK (id > 0)",
        ),
        (
            "function",
            String::new(),
            "CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql AS 'SELECT n'",
            "CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER
             SET search_path = '' AS 'SELECT n + 1'",
        ),
        (
            "function that returns something else",
            String::new(),
            "CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql AS 'SELECT n'",
            "CREATE FUNCTION total(n int) RETURNS text LANGUAGE sql AS 'SELECT n::text'",
        ),
        (
            "trigger",
            format!("{table} {stamp}"),
            "CREATE TRIGGER stamped BEFORE UPDATE ON deals FOR EACH ROW EXECUTE FUNCTION stamp()",
            "CREATE TRIGGER stamped AFTER INSERT OR UPDATE OF stage ON deals FOR EACH ROW
             WHEN (new.id > 0) EXECUTE FUNCTION stamp()",
        ),
        (
            "view with a further column",
            table.into(),
            "CREATE VIEW all_deals AS SELECT id FROM deals",
            "CREATE VIEW all_deals WITH (security_invoker = true) AS SELECT id, stage FROM deals",
        ),
        (
            "view with another column, and one that reads it",
            table.into(),
            "CREATE VIEW all_deals AS SELECT id FROM deals;
             CREATE VIEW first_deal AS SELECT min(id) AS id FROM all_deals",
            "CREATE VIEW all_deals AS SELECT id + 1 AS id FROM deals;
             CREATE VIEW first_deal AS SELECT min(id) AS id FROM all_deals",
        ),
        (
            "sequence",
            table.into(),
            "CREATE SEQUENCE numbers",
            "CREATE SEQUENCE numbers INCREMENT 5 MAXVALUE 1000 CACHE 10 CYCLE OWNED BY deals.id",
        ),
        (
            "role",
            "CREATE ROLE ways_team;".into(),
            "CREATE ROLE ways_reader",
            "CREATE ROLE ways_reader LOGIN CREATEDB CONNECTION LIMIT 3 IN ROLE ways_team;
             ALTER ROLE ways_reader SET statement_timeout = '5s'",
        ),
        (
            "grants",
            format!("{ROLES} {table}"),
            "GRANT SELECT, INSERT ON deals TO ways_reader",
            "GRANT SELECT ON deals TO ways_reader WITH GRANT OPTION;
             GRANT UPDATE (stage) ON deals TO ways_clerk",
        ),
        (
            "default privileges",
            ROLES.into(),
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ways_reader",
            "ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO ways_reader, ways_clerk",
        ),
        (
            "settings of the database",
            ROLES.into(),
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''1MB''',
               current_database());
             EXECUTE format('ALTER DATABASE %I SET search_path = public', current_database()); END $$",
            r#"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = "a b", public, ''''',
               current_database());
             EXECUTE format('ALTER ROLE ways_reader IN DATABASE %I SET app.rate = ''50%%''',
               current_database()); END $$"#,
        ),
        (
            "domain",
            String::new(),
            "CREATE DOMAIN amount AS int DEFAULT 0 CONSTRAINT positive CHECK (value >= 0)",
            "CREATE DOMAIN amount AS int NOT NULL CONSTRAINT small CHECK (value < 100)",
        ),
        (
            "composite type, and a table of it",
            String::new(),
            "CREATE TYPE place AS (name text, floor int); CREATE TABLE places OF place",
            "CREATE TYPE place AS (name text, floor bigint, room text); CREATE TABLE places OF place",
        ),
        (
            "partition",
            "CREATE TABLE events (id int) PARTITION BY RANGE (id);".into(),
            "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (10)",
            "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (20)",
        ),
        (
            "table that becomes a partition",
            "CREATE TABLE events (id int) PARTITION BY LIST (id);".into(),
            "CREATE TABLE events_1 (id int)",
            "CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)",
        ),
        (
            "statistics, a kind that is carried as its statement",
            table.into(),
            "CREATE STATISTICS both_columns (dependencies) ON id, stage FROM deals",
            "CREATE STATISTICS both_columns (ndistinct) ON id, stage FROM deals;
             COMMENT ON STATISTICS both_columns IS 'kept'",
        ),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(case, base, old, new)| {
            told(
                case,
                both_ways(&format!("{base} {old}"), &format!("{base} {new}")),
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn every_kind_that_was_something_else_is_renamed() {
    let part = |kind: Kind, name: &str| Id::new(kind, "public", "deals", name);
    let whole = |kind: Kind, name: &str| Id::in_schema(kind, "public", name);
    let table = "CREATE TABLE deals (id int);";
    let cases: [(&str, String, Id, &str, &str); 10] = [
        (
            "constraint",
            format!("{table} ALTER TABLE deals ADD CONSTRAINT @ CHECK (id > 0)"),
            part(Kind::Constraint, "present"),
            "former",
            "present",
        ),
        (
            "key that another table refers to",
            format!(
                "{table} ALTER TABLE deals ADD CONSTRAINT @ PRIMARY KEY (id);
                 CREATE TABLE steps (deal int REFERENCES deals)"
            ),
            part(Kind::Constraint, "present"),
            "former",
            "present",
        ),
        (
            "index",
            format!("{table} CREATE INDEX @ ON deals (id)"),
            part(Kind::Index, "present"),
            "former",
            "present",
        ),
        (
            "policy",
            format!("{table} CREATE POLICY @ ON deals USING (id > 0)"),
            part(Kind::Policy, "present"),
            "former",
            "present",
        ),
        (
            "enum, and a column of it with a default",
            "CREATE TYPE @ AS ENUM ('a', 'b'); CREATE TABLE deals (stage @ DEFAULT 'a')".into(),
            whole(Kind::Enum, "present"),
            "former",
            "present",
        ),
        (
            "enum value, and a check and a default that use it",
            "CREATE TYPE stage AS ENUM ('a', '@');
             CREATE TABLE deals (stage stage DEFAULT '@' CHECK (stage <> '@'))"
                .into(),
            whole(Kind::Enum, "stage"),
            "former",
            "former -> present",
        ),
        (
            "domain, and a column of it",
            "CREATE DOMAIN @ AS int CHECK (value > 0); CREATE TABLE deals (id @)".into(),
            whole(Kind::Domain, "present"),
            "former",
            "present",
        ),
        (
            "composite type, and a function that takes it",
            "CREATE TYPE @ AS (a int);
             CREATE FUNCTION first(@) RETURNS int LANGUAGE sql AS 'SELECT 1'"
                .into(),
            whole(Kind::Composite, "present"),
            "former",
            "present",
        ),
        (
            "view, and one that reads it",
            format!(
                "{table} CREATE VIEW @ AS SELECT id FROM deals; CREATE VIEW two AS SELECT id FROM @"
            ),
            whole(Kind::View, "present"),
            "former",
            "present",
        ),
        (
            "sequence, and a default that counts on it",
            "CREATE SEQUENCE @; CREATE TABLE deals (id int DEFAULT nextval('@'))".into(),
            whole(Kind::Sequence, "present"),
            "former",
            "present",
        ),
    ];
    let mut all = Vec::new();
    for (case, sql, id, old, new) in cases {
        let was = if new.contains(" -> ") { new } else { old };
        let both = renamed_both_ways(
            &sql.replace('@', old),
            &sql.replace('@', "present"),
            &[(id, was)],
        );
        all.push(told(case, both));
    }
    insta::assert_snapshot!(all.join("\n"));
}
