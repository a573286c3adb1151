//! A database that the migrations have been applied to.

use std::path::Path;

use conformance::server::{Database, Server};
use migrations::apply::Migrator;
use migrations::history::History;
use pilaster::postgres::Client;

/// The history of this example.
pub(crate) fn history() -> History {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    History::read(&folder).expect("the history")
}

/// A database of the test's own.
pub(crate) fn database() -> (Database, Client) {
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    let platform = client.batch_execute(model::platform::supabase_sql());
    platform.expect("the platform");
    Migrator::new(&mut client, &history())
        .up(None, &mut |_| {})
        .expect("the way up");
    (database, client)
}
