//! A transaction as a persona, on the connections of a pool: what one leaves, the next never finds.

#[path = "persona/cases.rs"]
mod cases;

use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use cases::{AWAY, FOUND, LEAVING, nobodies, user};
use conformance::server::Database;
use pilaster::postgres::Client;
use pilaster::serde_json::json;
use pilaster::{AsUser, Error, Persona};

/// The smallest pool: one connection that is lent again and again, as it comes back.
struct Pool {
    login: String,
    idle: Mutex<Vec<Client>>,
    _database: Database,
}

struct Lent<'a>(&'a Pool, Option<Client>);

impl Pool {
    fn new(login: Option<&str>) -> Pool {
        let (database, url) = cases::database(login);
        let mut client = migrations::connect(&url).expect("a connection of the login");
        Pool {
            login: client
                .query_one("SELECT current_user::text", &[])
                .expect("who logged in")
                .get(0),
            idle: Mutex::new(vec![client]),
            _database: database,
        }
    }

    fn get(&self) -> Lent<'_> {
        let client = self.idle.lock().expect("the pool").pop();
        Lent(self, Some(client.expect("the connection is back")))
    }

    /// Everything that somebody could have left on the connection.
    fn found(&self) -> Vec<String> {
        let mut client = self.get();
        let row = client
            .query_one(FOUND, &[&self.login])
            .expect("no transaction is open");
        row.get(0)
    }

    fn bodies(&self) -> Vec<String> {
        let mut client = self.get();
        let rows = client.query("SELECT body FROM public.notes ORDER BY body", &[]);
        rows.expect("the owner reads")
            .iter()
            .map(|r| r.get(0))
            .collect()
    }
}

impl Deref for Lent<'_> {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.1.as_ref().expect("it is lent")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Client {
        self.1.as_mut().expect("it is lent")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut idle = self.0.idle.lock().unwrap_or_else(|e| e.into_inner());
        idle.extend(self.1.take().filter(|client| !client.is_closed()));
    }
}

#[test]
fn each_transaction_sees_the_rows_of_its_persona() {
    let pool = Pool::new(None);
    for (letter, bodies) in [('a', vec!["of a"]), ('b', vec!["of b"]), ('c', vec![])] {
        let found = pool.get().as_user(user(letter), |db| {
            let rows = db.query("SELECT body FROM notes", &[])?;
            Ok::<_, Error>(rows.iter().map(|r| r.get(0)).collect::<Vec<String>>())
        });
        assert_eq!(found.unwrap(), bodies);
        assert!(pool.found().is_empty(), "{:?}", pool.found());
    }
    let written = pool.get().as_user(user('a'), |db| {
        db.execute("UPDATE notes SET body = 'changed'", &[])
            .map_err(Error::from)
    });
    assert_eq!(written.unwrap(), 1);
    assert_eq!(pool.bodies(), ["changed", "of b"]);
}

#[test]
fn a_setting_of_ones_own_carries_the_identity() {
    let pool = Pool::new(None);
    let tenant = Persona::new("persona_user").setting("app.tenant", "it's \\ 42");
    let said = pool.get().as_user(&tenant, |db| {
        let row = db.query_one(
            "SELECT current_setting('app.tenant'), current_user::text",
            &[],
        )?;
        Ok::<(String, String), Error>((row.get(0), row.get(1)))
    });
    assert_eq!(
        said.unwrap(),
        ("it's \\ 42".to_owned(), "persona_user".to_owned())
    );
    assert!(pool.found().is_empty(), "{:?}", pool.found());
}

#[test]
fn nobody_is_refused_before_anything_runs() {
    let pool = Pool::new(None);
    for persona in nobodies() {
        let ran = pool.get().as_user(&persona, |_| Ok::<_, Error>(()));
        assert!(ran.is_err(), "{persona:?}");
        assert!(pool.found().is_empty(), "{:?}", pool.found());
    }
    let claims = json!({ "sub": "x" });
    assert_eq!(Persona::from(&claims), Persona::new("anon").claims(&claims));
}

#[test]
fn an_error_rolls_back_and_leaves_nothing() {
    let pool = Pool::new(None);
    let own = pool.get().as_user(user('a'), |db| {
        db.execute("DELETE FROM notes", &[])?;
        Err::<(), _>(Box::<dyn std::error::Error>::from(
            "of the application's own",
        ))
    });
    assert_eq!(own.unwrap_err().to_string(), "of the application's own");
    let refused = pool.get().as_user(user('a'), |db| {
        db.execute("DELETE FROM notes", &[])?;
        Ok::<_, Error>(db.batch_execute("SELECT 1 / 0")?)
    });
    assert!(refused.is_err());
    // An error that the work keeps to itself is told all the same: nothing was committed.
    let swallowed = pool.get().as_user(user('a'), |db| {
        db.execute("DELETE FROM notes", &[])?;
        let _ = db.batch_execute("SELECT 1 / 0");
        Ok::<_, Error>(())
    });
    assert!(swallowed.is_err());
    // A constraint that waits for the commit refuses there.
    let late = pool.get().as_user(user('a'), |db| {
        let sql = "INSERT INTO notes SELECT owner, 'twin', 1 FROM notes, generate_series(1, 2)";
        db.execute(sql, &[]).map_err(Error::from)
    });
    assert_eq!(late.unwrap_err().class(), Some("23"));
    assert_eq!(pool.bodies(), ["of a", "of b"]);
    assert!(pool.found().is_empty(), "{:?}", pool.found());
}

#[test]
fn a_panic_rolls_back_and_leaves_nothing() {
    let pool = Pool::new(None);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        pool.get().as_user(user('a'), |db| -> Result<(), Error> {
            db.execute("DELETE FROM notes", &[])?;
            db.batch_execute("SET search_path = pg_temp")?;
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(pool.bodies(), ["of a", "of b"]);
    assert!(pool.found().is_empty(), "{:?}", pool.found());
}

#[test]
fn whatever_the_work_runs_the_next_user_finds_nothing() {
    let pool = Pool::new(None);
    for sql in LEAVING {
        // The control: without a persona's clearing, each of them is found on the connection.
        let mut plain = pool.get();
        let mut transaction = plain.transaction().unwrap();
        transaction
            .batch_execute("SET LOCAL ROLE persona_user")
            .unwrap();
        transaction.batch_execute(sql).unwrap();
        drop(transaction);
        drop(plain);
        let left = !pool.found().is_empty();
        assert!(left || sql.ends_with("persona_user"), "{sql}");
        pool.get()
            .batch_execute("RESET SESSION AUTHORIZATION; RESET ROLE")
            .unwrap();
        pool.get().batch_execute("DISCARD ALL").unwrap();

        let _ = pool
            .get()
            .as_user(user('a'), |db| Ok::<_, Error>(db.batch_execute(sql)?));
        assert!(pool.found().is_empty(), "{sql}: {:?}", pool.found());
        let seen = pool.get().as_user(user('b'), |db| {
            let rows = db.query("SELECT body FROM notes", &[])?;
            Ok::<_, Error>(rows.iter().map(|r| r.get(0)).collect::<Vec<String>>())
        });
        assert_eq!(seen.unwrap(), ["of b"], "{sql}");
    }
}

#[test]
fn work_that_left_its_persona_is_not_committed() {
    let pool = Pool::new(None);
    for sql in AWAY {
        let ended = pool
            .get()
            .as_user(user('a'), |db| Ok::<_, Error>(db.batch_execute(sql)?));
        assert!(matches!(ended, Err(Error::Persona(_))), "{sql}: {ended:?}");
        assert_eq!(pool.bodies(), ["of a", "of b"], "{sql}");
        assert!(pool.found().is_empty(), "{sql}: {:?}", pool.found());
    }
}

#[test]
fn a_login_without_rights_is_the_border_that_the_server_keeps() {
    let pool = Pool::new(Some("persona_door"));
    for leave in ["COMMIT", "RESET ROLE", "ROLLBACK"] {
        let refused = pool.get().as_user(user('a'), |db| {
            db.batch_execute(leave)?;
            db.execute("DELETE FROM notes", &[]).map_err(Error::from)
        });
        let state = refused.unwrap_err().sqlstate().map(|s| s.code().to_owned());
        assert_eq!(state.as_deref(), Some("42501"), "{leave}");
        assert!(pool.found().is_empty(), "{leave}: {:?}", pool.found());
    }
    // A role that the login is no member of can't be taken at all.
    let taken = pool
        .get()
        .as_user(Persona::new("persona_admin"), |_| Ok::<_, Error>(()));
    assert_eq!(taken.unwrap_err().sqlstate().unwrap().code(), "42501");
}

#[test]
fn a_connection_that_cannot_be_cleared_is_ended() {
    let pool = Pool::new(None);
    let mut client = pool.get();
    let ended = client.as_user(user('a'), |db| {
        let kill = "RESET ROLE; SELECT pg_terminate_backend(pg_backend_pid())";
        Ok::<_, Error>(db.batch_execute(kill)?)
    });
    assert!(ended.is_err());
    assert!(client.is_closed());
}
