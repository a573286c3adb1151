//! A server that has `vector`, and a database on it with every migration applied.
//!
//! It never pretends: where no such server can be had, [`server`] says why.

use std::error::Error;
use std::path::{Path, PathBuf};

use conformance::server::{Database, Server, ServerError, Wanted};
use migrations::apply::Migrator;
use migrations::history::History;
use pilaster::postgres::Client;

/// The folder of the migrations.
pub fn migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

/// A server that can create the extension `vector`, by the address or else wherever one is found.
///
/// # Errors
///
/// What was tried, and what is missing.
pub fn server(url: Option<&str>) -> Result<Server, Box<dyn Error>> {
    let url = url.map(str::parse).transpose()?;
    let wanted = Wanted {
        url,
        extensions: vec!["vector".to_owned()],
        ..Wanted::from_env()?
    };
    Ok(Server::start(&wanted)?)
}

/// A server for tests, or why they are skipped.
///
/// # Errors
///
/// The reason, in a line or two, where no server has `vector`. With `PILASTER_VECTOR` set (the gate
/// sets it) that is a panic instead: there the tests must run.
pub fn server_for_tests() -> Result<Server, String> {
    server(None).map_err(|why| {
        let skipped = format!("skipped: TripSage needs a PostgreSQL with pgvector. {why}");
        assert!(
            std::env::var_os("PILASTER_VECTOR").is_none(),
            "PILASTER_VECTOR is set, so this can't be {skipped}"
        );
        skipped
    })
}

/// A new database with the platform and the whole history.
///
/// # Errors
///
/// What the server refused, or a history that is broken.
pub fn database(
    server: &Server,
    mut each: impl FnMut(&str),
) -> Result<(Database, Client), Box<dyn Error>> {
    let database = server
        .database()
        .map_err(|why: ServerError| why.to_string())?;
    let mut client = database.connect()?;
    client.batch_execute(model::platform::supabase_sql())?;
    let history = History::read(&migrations()).map_err(|broken| format!("{broken:?}"))?;
    Migrator::new(&mut client, &history).up(None, &mut |event| {
        if let migrations::apply::Event::Done(migration, _, _) = event {
            each(&migration.folder_name());
        }
    })?;
    Ok((database, client))
}
