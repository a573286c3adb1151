//! A pooler in transaction mode: each client's transactions go to two sessions of the server by turns.
//!
//! It understands just enough of PostgreSQL's protocol to know where a message and a transaction end;
//! it speaks no TLS, knows no password, and copies nothing.

use std::io::{Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use conformance::server::Database;
use pilaster::postgres::Config;
use pilaster::postgres::config::Host;

/// The address of a pooler before that database. It ends with the test's process.
pub(crate) fn pooler(database: &Database) -> String {
    let address = database.url().expose();
    let server: Config = address.parse().expect("an address");
    let user = server.get_user().expect("a user");
    let name = server.get_dbname().expect("a database").to_owned();
    let login = format!("postgres://{user}");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = server.clone();
            // A line that breaks ends what the client asks for, and the client says so.
            thread::spawn(move || drop(serve(client, &server)));
        }
    });
    format!("{login}@127.0.0.1:{port}/{name}")
}

fn serve(mut client: TcpStream, server: &Config) -> Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(60)))?;
    let startup = loop {
        let length = number(&mut client)?;
        let rest = bytes(&mut client, length - 4)?;
        // A question for TLS; the answer is no.
        if rest[..4] == [4, 210, 22, 47] {
            client.write_all(b"N")?;
            continue;
        }
        break [&(length as u32).to_be_bytes()[..], &rest].concat();
    };
    let mut sessions = Vec::new();
    for place in 0..2 {
        let mut session = session(server)?;
        session.write_all(&startup)?;
        let greeting = answer(&mut session)?.0;
        if place == 0 {
            client.write_all(&greeting)?;
        }
        sessions.push(session);
    }
    let mut turn = 0;
    loop {
        let (kind, message) = message(&mut client)?;
        if kind == b'X' {
            return Ok(());
        }
        let session = &mut sessions[turn];
        session.write_all(&message)?;
        if kind == b'S' || kind == b'Q' {
            let (answer, idle) = answer(session)?;
            client.write_all(&answer)?;
            turn = if idle { 1 - turn } else { turn };
        }
    }
}

/// One session of the server, by whichever way it is reached.
fn session(server: &Config) -> Result<Box<dyn Session>> {
    let port = server.get_ports().first().copied().unwrap_or(5432);
    let end = Some(Duration::from_secs(60));
    match server.get_hosts().first() {
        #[cfg(unix)]
        Some(Host::Unix(folder)) => {
            let path = folder.join(format!(".s.PGSQL.{port}"));
            let session = std::os::unix::net::UnixStream::connect(path)?;
            session.set_read_timeout(end)?;
            Ok(Box::new(session))
        }
        Some(Host::Tcp(host)) => {
            let session = TcpStream::connect((host.as_str(), port))?;
            session.set_read_timeout(end)?;
            Ok(Box::new(session))
        }
        _ => Err(std::io::ErrorKind::AddrNotAvailable.into()),
    }
}

trait Session: Read + Write {}

impl<S: Read + Write> Session for S {}

/// All that a session says until it is ready, and whether no transaction is open then.
fn answer(session: &mut impl Read) -> Result<(Vec<u8>, bool)> {
    let mut all = Vec::new();
    loop {
        let (kind, message) = message(session)?;
        all.extend(&message);
        if kind == b'Z' {
            return Ok((all, message[5] == b'I'));
        }
    }
}

fn message(from: &mut impl Read) -> Result<(u8, Vec<u8>)> {
    let kind = bytes(from, 1)?[0];
    let length = number(from)?;
    let rest = bytes(from, length - 4)?;
    let all = [&[kind][..], &(length as u32).to_be_bytes(), &rest].concat();
    Ok((kind, all))
}

fn number(from: &mut impl Read) -> Result<usize> {
    let mut four = [0; 4];
    from.read_exact(&mut four)?;
    Ok(u32::from_be_bytes(four) as usize)
}

fn bytes(from: &mut impl Read, length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}
