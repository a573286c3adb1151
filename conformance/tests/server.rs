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
fn container_serves_where_an_engine_answers() {
    let wanted = Wanted {
        kind: Some(Kind::Docker),
        ..Wanted::default()
    };
    let server = match Server::start(&wanted) {
        Ok(server) => server,
        Err(ServerError::Unavailable(passed)) => {
            assert!(
                std::env::var_os("PILASTER_DOCKER_IMAGE").is_none(),
                "{passed}"
            );
            println!("skipped: {passed}");
            return;
        }
        Err(error) => panic!("failed to {error}"),
    };
    assert!(
        server
            .describe()
            .ends_with(&format!("from a container of {}", wanted.image))
    );
    let template = server
        .template("t", |client| {
            client.batch_execute("CREATE TABLE t AS SELECT 1 AS n")
        })
        .unwrap();
    let mine = server.clone_of(&template).unwrap();
    assert_eq!(count(mine.url(), "SELECT count(*) FROM t"), 1);
}
