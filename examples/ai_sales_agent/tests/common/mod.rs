//! Databases that the migrations have been applied to.

use std::path::Path;

use conformance::server::{Database, Server};
use migrations::apply::Migrator;
use migrations::history::History;
use pilaster::postgres::Client;

/// A database of the test's own.
pub(crate) fn database() -> (Database, Client) {
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    let roles = client.batch_execute(include_str!("../../roles.sql"));
    roles.expect("the roles");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let history = History::read(&folder).expect("the history");
    Migrator::new(&mut client, &history)
        .up(None, &mut |_| {})
        .expect("the way up");
    (database, client)
}
