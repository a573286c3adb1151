//! The story that `main` tells, word for word, on two servers.

use conformance::server::{Server, Wanted};
use migrations::Url;
use tailfire::environment::{Connection, Environment, of_address, of_session};
use tailfire::story;

/// The second server is another one, so that the catalog crosses from one to the other.
#[test]
fn a_trip_is_sold_and_the_catalog_is_read_on_another_server() {
    let here = Server::shared();
    let production = here.database().expect("a database");
    let mut client = production.connect().expect("a connection");
    let (address, reached) = story::address(here, &mut client).expect("an address");
    let there = match reached {
        true => Server::start(&Wanted::from_env().expect("the environment")).expect("a server"),
        false => here.clone(),
    };
    let elsewhere = there.database().expect("a database");
    let mut clients = [client, elsewhere.connect().expect("a connection")];
    let environments = [Environment::Production, Environment::Preview];
    for (client, environment) in clients.iter_mut().zip(environments) {
        let platform = model::platform::supabase_sql();
        client.batch_execute(platform).expect("the platform");
        environment.prepare(client).expect("the reader");
        environment.migrate(client, |_| {}).expect("the way up");
    }
    let mut told = Vec::new();
    let [production, elsewhere] = &mut clients;
    story::tell(production, elsewhere, &address, &mut told).expect("the story");
    insta::assert_snapshot!(String::from_utf8_lossy(&told));
    // No file and no catalog that others read shows a password.
    let mapped = "SELECT FROM pg_user_mappings WHERE umoptions::text LIKE '%password%'";
    let shown = elsewhere.query(&format!("SET ROLE authenticated; {mapped}"), &[]);
    assert!(shown.is_err() || shown.is_ok_and(|rows| rows.is_empty()));
}

/// The histories are one until the catalog begins.
#[test]
fn both_environments_have_one_history_before_the_catalog() {
    let read = |environment: Environment| {
        let history = migrations::history::History::read(&environment.migrations());
        let history = history.expect("the history");
        let all = history.migrations().iter();
        all.map(|m| (m.folder_name(), m.up.clone(), m.down.clone()))
            .collect::<Vec<_>>()
    };
    let (production, preview) = (read(Environment::Production), read(Environment::Preview));
    assert_eq!(production[..4], preview[..4]);
    assert_ne!(production[4].0, preview[4].0);
}

#[test]
fn a_direct_connection_is_told_from_a_pooled_one() {
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    let url = database.url();
    assert_eq!(of_address(url), Connection::Direct);
    let session = of_session(&mut client, url).expect("an answer");
    assert_eq!(session, Connection::Direct);
    let pooled = "postgres://postgres@aws-0-eu.pooler.supabase.com:6543/postgres";
    let pooled: Url = pooled.parse().expect("an address");
    assert_eq!(of_address(&pooled), Connection::Pooled);
}
