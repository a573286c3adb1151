//! What holds of personas on every asynchronous driver: whoever includes this has a `Door`, the one
//! connection of a pool, lent again and again.

use pilaster::{Error, Persona};

use super::Door;
use super::cases::{AWAY, LEAVING, nobodies, user};

/// Who is found on the connection, and that nothing else is.
async fn nothing(door: &Door, after: &str) {
    let found = door.found().await;
    assert!(found.is_empty(), "{after}: {found:?}");
}

#[test]
fn each_transaction_sees_the_rows_of_its_persona() {
    Door::open(None, |door| async move {
        for (letter, bodies) in [('a', vec!["of a"]), ('b', vec!["of b"]), ('c', vec![])] {
            let persona = Persona::from(user(letter));
            assert_eq!(door.bodies_as(persona).await.unwrap(), bodies);
            nothing(&door, "a read").await;
        }
        let changed = door.script(user('a').into(), "UPDATE notes SET body = 'changed'");
        changed.await.unwrap();
        assert_eq!(door.bodies().await, ["changed", "of b"]);
        let tenant = Persona::from(user('a')).setting("app.tenant", "it's \\ 42");
        let asks = "DO $$ BEGIN ASSERT current_setting('app.tenant') = 'it''s \\ 42'; END $$";
        door.script(tenant, asks).await.unwrap();
        nothing(&door, "a setting").await;
    });
}

#[test]
fn nobody_is_refused_before_anything_runs() {
    Door::open(None, |door| async move {
        for persona in nobodies() {
            let said = format!("{persona:?}");
            assert!(door.script(persona, "SELECT 1").await.is_err(), "{said}");
            nothing(&door, &said).await;
        }
    });
}

#[test]
fn an_error_rolls_back_and_leaves_nothing() {
    Door::open(None, |door| async move {
        let refused = door.script(user('a').into(), "DELETE FROM notes; SELECT 1 / 0");
        assert!(refused.await.is_err());
        // A constraint that waits for the commit refuses there.
        let late = "INSERT INTO notes SELECT owner, 'twin', 1 FROM notes, generate_series(1, 2)";
        let late = door.script(user('a').into(), late).await;
        let state = late.unwrap_err().sqlstate().map(|s| s.code().to_owned());
        assert_eq!(state.as_deref(), Some("23505"));
        assert_eq!(door.bodies().await, ["of a", "of b"]);
        nothing(&door, "an error").await;
    });
}

/// Work that nobody waits for to its end, and work that panics.
#[test]
fn a_future_that_is_dropped_and_a_panic_leave_nothing() {
    Door::open(None, |door| async move {
        for sql in LEAVING.iter().chain(&["DELETE FROM notes"]) {
            door.given_up(user('a').into(), sql).await;
            nothing(&door, sql).await;
            assert_eq!(door.bodies().await, ["of a", "of b"], "{sql}");
            door.panics(user('a').into(), sql).await;
            nothing(&door, sql).await;
            assert_eq!(door.bodies().await, ["of a", "of b"], "{sql}");
        }
    });
}

#[test]
fn whatever_the_work_runs_the_next_user_finds_nothing() {
    Door::open(None, |door| async move {
        for sql in LEAVING {
            // The control: without a persona's clearing, each of them is found on the connection.
            let script = format!("BEGIN; SET LOCAL ROLE persona_user; {sql}");
            door.plain(&script).await;
            door.plain("ROLLBACK").await;
            let left = !door.found().await.is_empty();
            assert!(left || sql.ends_with("persona_user"), "{sql}");
            door.plain("RESET SESSION AUTHORIZATION; RESET ROLE").await;
            let clear = "CLOSE ALL; UNLISTEN *; RESET ALL; DISCARD TEMP; \
                         SELECT pg_advisory_unlock_all()";
            door.plain(clear).await;
            let kept = "DO $$ BEGIN DEALLOCATE kept; EXCEPTION WHEN OTHERS THEN END $$";
            door.plain(kept).await;

            let _ = door.script(user('a').into(), sql).await;
            nothing(&door, sql).await;
            let seen = door.bodies_as(user('b').into()).await;
            assert_eq!(seen.unwrap(), ["of b"], "{sql}");
        }
    });
}

#[test]
fn work_that_left_its_persona_is_not_committed() {
    Door::open(None, |door| async move {
        for sql in AWAY {
            let ended = door.script(user('a').into(), sql).await;
            assert!(matches!(ended, Err(Error::Persona(_))), "{sql}: {ended:?}");
            assert_eq!(door.bodies().await, ["of a", "of b"], "{sql}");
            nothing(&door, sql).await;
        }
    });
}

#[test]
fn a_login_without_rights_is_the_border_that_the_server_keeps() {
    Door::open(Some("persona_door"), |door| async move {
        for leave in ["COMMIT", "RESET ROLE", "ROLLBACK"] {
            let script = format!("{leave}; DELETE FROM notes");
            let refused = door.script(user('a').into(), &script).await.unwrap_err();
            let state = refused.sqlstate().map(|s| s.code().to_owned());
            assert_eq!(state.as_deref(), Some("42501"), "{leave}");
            nothing(&door, leave).await;
        }
        // A role that the login is no member of can't be taken at all.
        let taken = door.script(Persona::new("persona_admin"), "SELECT 1").await;
        assert_eq!(taken.unwrap_err().sqlstate().unwrap().code(), "42501");
    });
}

#[test]
fn a_connection_that_cannot_be_cleared_is_ended() {
    Door::open(None, |door| async move {
        let kill = "RESET ROLE; SELECT pg_terminate_backend(pg_backend_pid())";
        assert!(door.script(user('a').into(), kill).await.is_err());
        door.is_ended().await;
    });
}
