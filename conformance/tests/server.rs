//! A server is found, serves databases that are strangers to each other, and leaves nothing behind.

use conformance::server::{Kind, Server, ServerError, Wanted};
use migrations::Url;

fn local() -> Server {
    let wanted = Wanted {
        kind: Some(Kind::Local),
        ..Wanted::default()
    };
    Server::start(&wanted).expect("PostgreSQL's server programs are installed")
}

fn count(url: &Url, query: &str) -> i64 {
    let mut client = migrations::connect(url).unwrap();
    client.query_one(query, &[]).unwrap().get(0)
}

#[test]
fn local_server_says_what_it_is_in_one_line() {
    let server = local();
    let about = server.describe();
    assert!(about.starts_with("postgres 1"), "{about}");
    assert!(about.ends_with("from local server programs"), "{about}");
    assert_eq!(about.lines().count(), 1);
    assert!(server.version() >= 130_000);
}

#[test]
fn each_test_has_a_database_of_its_own_that_is_dropped() {
    let server = local();
    let (one, two) = (server.database().unwrap(), server.database().unwrap());
    one.connect()
        .unwrap()
        .batch_execute("CREATE TABLE mine ()")
        .unwrap();
    let tables = "SELECT count(*) FROM pg_class WHERE relname = 'mine'";
    assert_eq!((count(one.url(), tables), count(two.url(), tables)), (1, 0));

    let databases = "SELECT count(*) FROM pg_database WHERE datname LIKE 'pilaster%'";
    assert_eq!(count(server.url(), databases), 2);
    let _still_connected = one.connect().unwrap();
    drop((one, two));
    assert_eq!(count(server.url(), databases), 0);
}

#[test]
fn template_is_filled_once_and_cloned_by_every_thread() {
    let server = local();
    let fills = std::sync::atomic::AtomicU32::new(0);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (server, fills) = (&server, &fills);
            scope.spawn(move || {
                let template = server.template("one row", |client| {
                    fills.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    client.batch_execute("CREATE TABLE t AS SELECT 0 AS n")
                });
                let mine = server.clone_of(&template.unwrap()).unwrap();
                let add = format!("INSERT INTO t VALUES ({number})");
                mine.connect().unwrap().batch_execute(&add).unwrap();
                assert_eq!(count(mine.url(), "SELECT count(*) FROM t"), 2);
            });
        }
    });
    assert_eq!(fills.into_inner(), 1);
}

#[test]
fn failed_setup_names_the_template_and_is_tried_again() {
    let server = local();
    let failed = server.template("broken", |client| client.batch_execute("TABLE nowhere"));
    let Err(ServerError::Template { name, reason }) = failed else {
        panic!("{failed:?}")
    };
    assert_eq!(name, "broken");
    assert!(
        reason.contains("relation \"nowhere\" does not exist"),
        "{reason}"
    );
    server.template("broken", |_| Ok::<(), String>(())).unwrap();
}

#[test]
fn local_server_has_what_a_model_may_need() {
    let server = local();
    let database = server.database().unwrap();
    let mut client = database.connect().unwrap();
    client
        .batch_execute("CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t")
        .unwrap();
    client
        .execute(
            "SELECT pg_create_logical_replication_slot('s', 'pgoutput')",
            &[],
        )
        .unwrap();
    client
        .execute("SELECT pg_drop_replication_slot('s')", &[])
        .unwrap();
    let setting = |name| format!("SELECT current_setting('{name}')");
    for (name, value) in [
        ("timezone", "UTC"),
        ("server_encoding", "UTF8"),
        ("fsync", "off"),
    ] {
        let found: String = client.query_one(&setting(name), &[]).unwrap().get(0);
        assert_eq!(found, value, "{name}");
    }
}

#[test]
fn local_server_asks_for_a_password_on_its_port_and_never_shows_it() {
    let server = local();
    let network = server
        .network_url()
        .expect("a local server listens on the loopback");
    assert_eq!(
        count(
            network,
            "SELECT count(*) FROM pg_database WHERE datname = 'postgres'"
        ),
        1
    );
    assert!(
        network.to_string().contains("postgres:***@127.0.0.1:"),
        "{network}"
    );

    let mut client = server.connect().unwrap();
    let query = "SELECT current_setting('unix_socket_directories')";
    let socket: String = client.query_one(query, &[]).unwrap().get(0);
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(socket).unwrap());
    assert_eq!(
        mode & 0o777,
        0o700,
        "nobody else reaches the socket, which is trusted"
    );

    let guess = network.with_user("postgres", Some("hunter2"));
    let refused = migrations::connect(&guess).err().unwrap();
    assert_eq!(refused.code().unwrap().code(), "28P01");
    let shown = format!("{refused} {refused:?} {guess:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn version_and_extensions_that_are_wanted_are_asked_for() {
    let wanted = Wanted {
        kind: Some(Kind::Local),
        ..Wanted::default()
    };
    let future = Wanted {
        majors: 98..=99,
        ..wanted.clone()
    };
    let error = Server::start(&future).err().unwrap().to_string();
    assert!(error.starts_with("start a PostgreSQL server, local: the server programs here are"));
    assert!(
        error.contains("not 98 or newer; install PostgreSQL"),
        "{error}"
    );

    let strange = Wanted {
        extensions: vec!["hstore".into(), "nowhere".into()],
        ..wanted
    };
    let error = Server::start(&strange).err().unwrap().to_string();
    assert!(
        error.contains("local: it has no extension nowhere; install nowhere"),
        "{error}"
    );
}
