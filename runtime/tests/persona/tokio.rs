//! Personas on `tokio-postgres`: one client, as a pool lends it.

use pilaster::tokio::AsUser;
use pilaster::tokio_postgres::{Client, NoTls};
use pilaster::{Error, Persona};

use super::cases::{self, FOUND};

/// How long the work that is given up gets.
const SOON: std::time::Duration = std::time::Duration::from_millis(50);

/// The one connection.
pub(crate) struct Door {
    client: std::sync::Arc<::tokio::sync::Mutex<Client>>,
    login: String,
}

impl Door {
    /// Runs the work with a connection of that login, within a minute.
    pub(crate) fn open<F: Future<Output = ()> + Send + 'static>(
        login: Option<&str>,
        work: impl FnOnce(Door) -> F,
    ) {
        let (_database, url) = cases::database(login);
        let runtime = ::tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let url = url.expose();
            let connected = pilaster::tokio_postgres::connect(&url, NoTls);
            let (client, connection) = connected.await.expect("a connection");
            ::tokio::spawn(connection);
            let row = client.query_one("SELECT current_user::text", &[]).await;
            let door = Door {
                login: row.expect("who logged in").get(0),
                client: std::sync::Arc::new(::tokio::sync::Mutex::new(client)),
            };
            let within = std::time::Duration::from_secs(60);
            let work = ::tokio::time::timeout(within, ::tokio::spawn(work(door)));
            work.await.expect("an end").expect("the work");
        });
    }

    pub(crate) async fn script(&self, persona: Persona, sql: &str) -> Result<(), Error> {
        let (sql, mut client) = (sql.to_owned(), self.client.lock().await);
        let work = client.as_user(persona, |db| {
            Box::pin(async move { Ok::<_, Error>(db.batch_execute(&sql).await?) })
        });
        work.await
    }

    pub(crate) async fn bodies_as(&self, persona: Persona) -> Result<Vec<String>, Error> {
        let mut client = self.client.lock().await;
        let work = client.as_user(persona, |db| {
            Box::pin(async move {
                let rows = db.query("SELECT body FROM notes", &[]).await?;
                Ok::<_, Error>(rows.iter().map(|row| row.get(0)).collect())
            })
        });
        work.await
    }

    /// Work that runs the statements and then waits for ever, and nobody for it.
    pub(crate) async fn given_up(&self, persona: Persona, sql: &str) {
        let (sql, mut client) = (sql.to_owned(), self.client.lock().await);
        let work = client.as_user(persona, |db| {
            Box::pin(async move {
                let _ = db.batch_execute(&sql).await;
                std::future::pending::<Result<(), Error>>().await
            })
        });
        assert!(::tokio::time::timeout(SOON, work).await.is_err());
    }

    /// Work that runs the statements and panics.
    pub(crate) async fn panics(&self, persona: Persona, sql: &str) {
        let (sql, client) = (sql.to_owned(), self.client.clone());
        let work = ::tokio::spawn(async move {
            let mut client = client.lock().await;
            let work = client.as_user(persona, |db| {
                Box::pin(async move {
                    let _ = db.batch_execute(&sql).await;
                    panic!("on purpose")
                })
            });
            let _: Result<(), Error> = work.await;
        });
        assert!(work.await.unwrap_err().is_panic());
    }

    pub(crate) async fn plain(&self, sql: &str) {
        let client = self.client.lock().await;
        client.batch_execute(sql).await.expect("the login may");
    }

    pub(crate) async fn found(&self) -> Vec<String> {
        let client = self.client.lock().await;
        let row = client.query_one(FOUND, &[&self.login]).await;
        row.expect("no transaction is open").get(0)
    }

    pub(crate) async fn bodies(&self) -> Vec<String> {
        let client = self.client.lock().await;
        let rows = client
            .query("SELECT body FROM public.notes ORDER BY body", &[])
            .await;
        rows.expect("the owner reads")
            .iter()
            .map(|row| row.get(0))
            .collect()
    }

    /// That the connection is closed, so that no pool lends it again.
    pub(crate) async fn is_ended(&self) {
        assert!(self.client.lock().await.is_closed());
    }
}
