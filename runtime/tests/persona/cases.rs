//! What holds of personas on every driver: the tables, and what work may try.

use conformance::server::{Database, Server};
use migrations::Url;
use pilaster::Persona;
use pilaster::serde_json::{Value, json};

/// Roles belong to the server, so another test may have made them, or be making them.
const SQL: &str = "
    DO $$ DECLARE made text; BEGIN
      FOREACH made IN ARRAY ARRAY['CREATE ROLE persona_user NOLOGIN',
        'CREATE ROLE persona_admin NOLOGIN BYPASSRLS',
        'CREATE ROLE persona_door LOGIN NOINHERIT PASSWORD ''door''',
        'GRANT persona_user TO persona_door'] LOOP
        BEGIN
          EXECUTE made;
        EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN
        END;
      END LOOP;
    END $$;
    CREATE TABLE notes (
      owner uuid NOT NULL, body text NOT NULL, twin int UNIQUE DEFERRABLE INITIALLY DEFERRED);
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON notes TO persona_user
      USING (owner = (current_setting('request.jwt.claims', true)::jsonb ->> 'sub')::uuid);
    CREATE SEQUENCE numbers;
    GRANT ALL ON notes, numbers TO persona_user, persona_admin;
    INSERT INTO notes VALUES ('00000000-0000-0000-0000-00000000000a', 'of a'),
      ('00000000-0000-0000-0000-00000000000b', 'of b')";

/// Everything that somebody could have left on the connection of the login `$1`.
pub(crate) const FOUND: &str = "SELECT array_remove(ARRAY[
    CASE WHEN current_user <> $1 THEN 'role ' || current_user END,
    'claims ' || nullif(current_setting('request.jwt.claims', true), ''),
    'tenant ' || nullif(current_setting('app.tenant', true), ''),
    CASE WHEN current_setting('search_path') <> '\"$user\", public'
      THEN 'path ' || current_setting('search_path') END,
    'table ' || to_regclass('pg_temp.notes')::text,
    (SELECT 'cursor ' || name FROM pg_cursors WHERE name <> '' LIMIT 1),
    (SELECT 'prepared ' || name FROM pg_prepared_statements WHERE from_sql LIMIT 1),
    (SELECT 'listens to ' || c FROM pg_listening_channels() AS c LIMIT 1),
    (SELECT 'lock' FROM pg_locks WHERE locktype = 'advisory'
      AND pid = pg_backend_pid() LIMIT 1)], NULL)";

pub(crate) fn user(letter: char) -> Value {
    json!({ "sub": format!("00000000-0000-0000-0000-00000000000{letter}"), "role": "persona_user" })
}

/// A database with these tables, and its address for that login.
pub(crate) fn database(login: Option<&str>) -> (Database, Url) {
    let server = Server::shared();
    let template = server.template("persona", |client| client.batch_execute(SQL));
    let database = server.clone_of(&template.expect("the schema"));
    let database = database.expect("a database");
    let url = match login {
        Some(login) => database.url().with_user(login, Some("door")),
        None => database.url().clone(),
    };
    (database, url)
}

/// Personas that nobody may take.
pub(crate) fn nobodies() -> [Persona; 5] {
    [
        Persona::new("none"),
        Persona::new(""),
        Persona::from(json!({ "role": "none" })),
        Persona::new("persona_user").setting("role", "postgres"),
        Persona::new("nobody_of_that_name"),
    ]
}

/// What SQL of the work itself may try, each way to leave something on the connection.
pub(crate) const LEAVING: [&str; 12] = [
    "COMMIT; SET ROLE persona_admin",
    "COMMIT; SET SESSION AUTHORIZATION persona_admin",
    "COMMIT; SELECT set_config('request.jwt.claims', '{\"sub\": \"x\"}', false)",
    "SELECT set_config('app.tenant', '1', false); COMMIT",
    "SET search_path = pg_temp, public; COMMIT",
    "CREATE TEMPORARY TABLE notes (body text); COMMIT",
    "DECLARE kept CURSOR WITH HOLD FOR SELECT 1; COMMIT",
    "PREPARE kept AS SELECT 1; COMMIT",
    "LISTEN kept; COMMIT",
    "SELECT pg_advisory_lock(1)",
    "COMMIT; BEGIN; SET LOCAL ROLE persona_user",
    "ROLLBACK; SET ROLE persona_admin",
];

/// Ways out of the persona, after which nothing may be committed.
pub(crate) const AWAY: [&str; 7] = [
    "COMMIT",
    "ROLLBACK",
    "COMMIT; BEGIN; SET LOCAL ROLE persona_user",
    "RESET ROLE; DELETE FROM notes",
    "SET LOCAL ROLE persona_admin; DELETE FROM notes",
    "SELECT set_config('role', 'none', true); DELETE FROM notes",
    "SELECT set_config('request.jwt.claims', '{}', true)",
];
