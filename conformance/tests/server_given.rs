//! A server that somebody else runs: what its role may do, and what stays behind.

use conformance::server::{Kind, Server, ServerError, Wanted};
use migrations::Url;

/// A server to be given, and the address of a new role on it.
fn server_and_role(attributes: &str) -> (Server, Url) {
    let wanted = Wanted {
        kind: Some(Kind::Local),
        ..Wanted::default()
    };
    let server = Server::start(&wanted).expect("PostgreSQL's server programs are installed");
    let role = format!("CREATE ROLE guest LOGIN PASSWORD 'hunter2' {attributes}");
    server.connect().unwrap().batch_execute(&role).unwrap();
    let url = server
        .network_url()
        .unwrap()
        .with_user("guest", Some("hunter2"));
    (server, url)
}

fn databases(server: &Server) -> i64 {
    let query = "SELECT count(*) FROM pg_database WHERE NOT datistemplate";
    server
        .connect()
        .unwrap()
        .query_one(query, &[])
        .unwrap()
        .get(0)
}

#[test]
fn address_wins_over_all_else_and_is_shown_without_its_password() {
    let (_owner, url) = server_and_role("");
    let wanted = Wanted {
        url: Some(url),
        kind: Some(Kind::Docker),
        ..Wanted::default()
    };
    let server = Server::start(&wanted).unwrap();
    let about = server.describe();
    assert!(
        about.contains(" at postgres://guest:***@127.0.0.1:"),
        "{about}"
    );
    assert!(!format!("{about} {wanted:?}").contains("hunter2"));
}

#[test]
fn role_that_may_creates_databases_and_leaves_none_behind() {
    let (owner, url) = server_and_role("CREATEDB");
    let before = databases(&owner);
    let server = Server::start(&Wanted {
        url: Some(url),
        ..Wanted::default()
    })
    .unwrap();
    let template = server
        .template("t", |client| {
            client.batch_execute("CREATE TABLE t AS SELECT 1 AS n")
        })
        .unwrap();
    let clone = server.clone_of(&template).unwrap();
    assert_eq!(
        clone
            .connect()
            .unwrap()
            .query("TABLE t", &[])
            .unwrap()
            .len(),
        1
    );
    assert_eq!(databases(&owner), before + 2);
    drop((clone, server));
    assert_eq!(databases(&owner), before);
}

#[test]
fn role_that_may_not_is_told_so() {
    let (_owner, url) = server_and_role("NOCREATEDB");
    let server = Server::start(&Wanted {
        url: Some(url),
        ..Wanted::default()
    })
    .unwrap();
    let Err(ServerError::MayNotCreate { role }) = server.database().map(|_| ()) else {
        panic!("a role without CREATEDB created a database")
    };
    assert_eq!(role, "guest");
}

#[test]
fn server_that_lacks_an_extension_is_refused_by_its_address() {
    let (_owner, url) = server_and_role("");
    let extensions = vec!["nowhere".to_owned()];
    let wanted = Wanted {
        url: Some(url),
        extensions,
        ..Wanted::default()
    };
    let error = Server::start(&wanted).err().unwrap().to_string();
    assert!(
        error.starts_with("use the server at postgres://guest:***@"),
        "{error}"
    );
    assert!(error.contains("it has no extension nowhere"), "{error}");
}

#[test]
fn nobody_at_the_address_is_an_error_that_names_it() {
    let url = "postgres://guest:hunter2@127.0.0.1:1/shop".parse().unwrap();
    let error = Server::start(&Wanted {
        url: Some(url),
        ..Wanted::default()
    })
    .err()
    .unwrap();
    let text = error.to_string();
    assert!(
        text.starts_with("connect to postgres://guest:***@127.0.0.1:1/shop: "),
        "{text}"
    );
    assert!(text.contains("refused"), "{text}");
}
