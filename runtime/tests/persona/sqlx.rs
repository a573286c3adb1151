//! Personas on `sqlx`: a pool of one connection.

use pilaster::sqlx::AsUser;
use pilaster::sqlx::sqlx::postgres::PgPoolOptions;
use pilaster::sqlx::sqlx::{AssertSqlSafe, PgPool, query_scalar, raw_sql};
use pilaster::{Error, Persona};

use super::cases::{self, FOUND};

/// How long the work that is given up gets.
const SOON: std::time::Duration = std::time::Duration::from_millis(50);

/// The pool, and which process it had at first.
pub(crate) struct Door {
    pool: PgPool,
    login: String,
    process: i32,
}

impl Door {
    /// Runs the work with a connection of that login, within a minute.
    pub(crate) fn open<F: Future<Output = ()> + Send + 'static>(
        login: Option<&str>,
        work: impl FnOnce(Door) -> F,
    ) {
        let (_database, url) = cases::database(login);
        let runtime = ::tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let pool = PgPoolOptions::new().max_connections(1);
            let pool = pool.connect(&url.expose()).await.expect("a connection");
            let login = query_scalar("SELECT current_user::text")
                .fetch_one(&pool)
                .await;
            let process = query_scalar("SELECT pg_backend_pid()")
                .fetch_one(&pool)
                .await;
            let door = Door {
                pool: pool.clone(),
                login: login.expect("who logged in"),
                process: process.expect("a process"),
            };
            let within = std::time::Duration::from_secs(60);
            let work = ::tokio::time::timeout(within, ::tokio::spawn(work(door)));
            work.await.expect("an end").expect("the work");
            pool.close().await;
        });
    }

    pub(crate) async fn script(&self, persona: Persona, sql: &str) -> Result<(), Error> {
        let sql = sql.to_owned();
        let work = self.pool.as_user(persona, |db| {
            Box::pin(async move {
                raw_sql(AssertSqlSafe(sql)).execute(&mut **db).await?;
                Ok::<_, Error>(())
            })
        });
        work.await
    }

    pub(crate) async fn bodies_as(&self, persona: Persona) -> Result<Vec<String>, Error> {
        let work = self.pool.as_user(persona, |db| {
            Box::pin(async move {
                let bodies = query_scalar("SELECT body FROM notes").fetch_all(&mut **db);
                Ok::<_, Error>(bodies.await?)
            })
        });
        work.await
    }

    /// Work that runs the statements and then waits for ever, and nobody for it.
    pub(crate) async fn given_up(&self, persona: Persona, sql: &str) {
        let sql = sql.to_owned();
        let work = self.pool.as_user(persona, |db| {
            Box::pin(async move {
                let _ = raw_sql(AssertSqlSafe(sql)).execute(&mut **db).await;
                std::future::pending::<Result<(), Error>>().await
            })
        });
        assert!(::tokio::time::timeout(SOON, work).await.is_err());
    }

    /// Work that runs the statements and panics.
    pub(crate) async fn panics(&self, persona: Persona, sql: &str) {
        let (sql, pool) = (sql.to_owned(), self.pool.clone());
        let work = ::tokio::spawn(async move {
            let work = pool.as_user(persona, |db| {
                Box::pin(async move {
                    let _ = raw_sql(AssertSqlSafe(sql)).execute(&mut **db).await;
                    panic!("on purpose")
                })
            });
            let _: Result<(), Error> = work.await;
        });
        assert!(work.await.unwrap_err().is_panic());
    }

    pub(crate) async fn plain(&self, sql: &str) {
        let done = raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool);
        done.await.expect("the login may");
    }

    pub(crate) async fn found(&self) -> Vec<String> {
        let found = query_scalar(FOUND).bind(&self.login).fetch_one(&self.pool);
        found.await.expect("no transaction is open")
    }

    pub(crate) async fn bodies(&self) -> Vec<String> {
        let bodies = query_scalar("SELECT body FROM public.notes ORDER BY body");
        bodies.fetch_all(&self.pool).await.expect("the owner reads")
    }

    /// That the pool has another connection now.
    pub(crate) async fn is_ended(&self) {
        let process = query_scalar("SELECT pg_backend_pid()").fetch_one(&self.pool);
        let process: i32 = process.await.expect("a connection");
        assert_ne!(process, self.process);
    }
}
