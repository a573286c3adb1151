//! Which server is chosen, in which environment; and that it ends with the process, however that
//! ends.
//!
//! The environment belongs to a process, so each case runs this program again as another one, in
//! which `answers_from_its_environment` is the only test.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use conformance::server::{Kind, Server, ServerError, Wanted};
use migrations::Url;

/// Says what it has started, and holds it until its standard input closes.
#[test]
#[ignore = "run by the other tests, in an environment of their making"]
fn answers_from_its_environment() {
    match Wanted::from_env().and_then(|wanted| Server::start(&wanted)) {
        Ok(server) => {
            let row = server
                .connect()
                .unwrap()
                .query_one("SHOW data_directory", &[])
                .unwrap();
            println!("\n> {}", server.describe());
            println!("> {}", row.get::<_, String>(0));
            println!("> {}", server.url().expose());
            let _ = std::io::stdin().read(&mut [0]);
            if std::env::var_os("PANIC").is_some() {
                panic!("as it was asked to");
            }
        }
        Err(error) => println!("\n> failed to {error}"),
    }
}

fn again(environment: &[(&str, &str)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "answers_from_its_environment",
            "--nocapture",
        ])
        .env_remove("DOCKER_HOST")
        .env_remove("PILASTER_SERVER")
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The lines that it says, up to `count` of them.
fn said(child: &mut Child, count: usize) -> Vec<String> {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let said = lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("> ").map(str::to_owned));
    said.take(count).collect()
}

fn first_line(environment: &[(&str, &str)]) -> String {
    let mut child = again(environment);
    let line = said(&mut child, 1).remove(0);
    drop(child.stdin.take());
    child.wait().unwrap();
    line
}

fn waits_until(what: &str, begun: Instant, holds: impl Fn() -> bool) {
    while !holds() {
        std::thread::sleep(Duration::from_millis(20));
    }
    // A server that has to be made to stop takes ten seconds.
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "{:?} until {what}",
        begun.elapsed()
    );
}

#[test]
fn local_programs_are_next_where_no_engine_answers() {
    let line = first_line(&[("DOCKER_HOST", "unix:///nowhere.sock")]);
    let why = "from local server programs (no Docker engine answers at unix:///nowhere.sock)";
    assert!(
        line.starts_with("postgres ") && line.ends_with(why),
        "{line}"
    );
}

#[test]
fn local_server_does_without_a_temporary_directory_that_will_not_do() {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    let closed = tempfile::Builder::new()
        .permissions(mode)
        .tempdir()
        .unwrap();
    let long = closed.path().join("x".repeat(90));
    std::fs::create_dir(&long).unwrap();
    for dir in [closed.path(), &long] {
        let line = first_line(&[
            ("PILASTER_SERVER", "local"),
            ("TMPDIR", dir.to_str().unwrap()),
        ]);
        assert!(line.ends_with("from local server programs"), "{line}");
    }
}

#[test]
fn engine_that_is_there_and_mute_is_not_waited_for() {
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("tcp://{}", mute.local_addr().unwrap());
    let begun = Instant::now();
    let line = first_line(&[("DOCKER_HOST", &host), ("PILASTER_SERVER", "docker")]);
    assert!(
        line.contains(&format!("no Docker engine answers at {host}; start Docker")),
        "{line}"
    );
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn kind_that_is_asked_for_is_the_only_one_tried() {
    let host = ("DOCKER_HOST", "unix:///nowhere.sock");
    let line = first_line(&[host, ("PILASTER_SERVER", "docker")]);
    assert!(
        line.starts_with("failed to start a PostgreSQL server, docker: no Docker"),
        "{line}"
    );

    let line = first_line(&[
        ("PILASTER_SERVER", "local"),
        ("PILASTER_PG_BIN", "/nowhere"),
    ]);
    let reason = "local: no server programs in /nowhere; point PILASTER_PG_BIN at";
    assert!(line.contains(reason), "{line}");

    let line = first_line(&[("PILASTER_SERVER", "cloud")]);
    assert!(
        line.contains("no kind `cloud`; there are docker, local and download"),
        "{line}"
    );
}

#[test]
fn every_source_that_fails_is_named() {
    let host = ("DOCKER_HOST", "unix:///nowhere.sock");
    let mut child = again(&[host, ("PILASTER_PG_BIN", "/nowhere")]);
    let mut text = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    child.wait().unwrap();
    if cfg!(feature = "download") {
        return println!("skipped: a build that downloads may have a server to offer");
    }
    assert!(
        text.contains("failed to find a PostgreSQL server; name one with --url"),
        "{text}"
    );
    for kind in [
        "docker: no Docker",
        "local: no server programs",
        "download: this build",
    ] {
        assert!(text.contains(kind), "{text}");
    }
}

/// Starts a server in another process, ends that process with `end`, and sees the server go.
fn goes_with_its_process(environment: &[(&str, &str)], end: impl Fn(&mut Child)) {
    let mut child = again(environment);
    let said = said(&mut child, 3);
    let [_, directory, url] = &said[..] else {
        panic!("no server: {said:?}")
    };
    let url: Url = url.parse().unwrap();
    migrations::connect(&url).expect("the server answers while its process lives");
    let begun = Instant::now();
    end(&mut child);
    child.wait().unwrap();
    waits_until("the server is gone", begun, || {
        migrations::connect(&url).is_err()
    });
    waits_until("its files are gone", begun, || {
        !Path::new(directory).exists()
    });
}

#[test]
fn local_server_goes_with_its_process() {
    let local = ("PILASTER_SERVER", "local");
    goes_with_its_process(&[local], |child| drop(child.stdin.take()));
    goes_with_its_process(&[local, ("PANIC", "1")], |child| drop(child.stdin.take()));
    goes_with_its_process(&[local], |child| child.kill().unwrap());
}

#[test]
fn container_serves_and_goes_with_its_process() {
    let wanted = Wanted {
        kind: Some(Kind::Docker),
        ..Wanted::default()
    };
    let server = match Server::start(&wanted) {
        Ok(server) => server,
        Err(ServerError::Unavailable(passed)) => {
            // Whoever names an image means it to be used.
            assert!(
                std::env::var_os("PILASTER_DOCKER_IMAGE").is_none(),
                "{passed}"
            );
            return println!("skipped: {passed}");
        }
        Err(error) => panic!("failed to {error}"),
    };
    let about = server.describe();
    assert!(
        about.ends_with(&format!("from a container of {}", wanted.image)),
        "{about}"
    );
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

    let docker = ("PILASTER_SERVER", "docker");
    goes_with_its_process(&[docker], |child| drop(child.stdin.take()));
    goes_with_its_process(&[docker], |child| child.kill().unwrap());
}
