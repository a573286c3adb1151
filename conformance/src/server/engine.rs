//! Owns the question whether a Docker engine answers, asked so that a machine without one loses no
//! time.
//!
//! Never starts anything: it sends one `GET /_ping`.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

/// An engine that is there answers in a millisecond or two; one that has a socket and is busy is
/// given longer than one that may not exist.
const CONNECT: Duration = Duration::from_millis(200);
const ANSWER: Duration = Duration::from_secs(2);

/// `Err` says where nobody answers.
pub(super) fn answers() -> Result<(), String> {
    let host = std::env::var("DOCKER_HOST")
        .ok()
        .filter(|host| !host.is_empty());
    match host {
        Some(host) => ping(&host).map_err(|_| format!("no Docker engine answers at {host}")),
        None => match sockets().into_iter().find(|path| path.exists()) {
            Some(path) => ping(&format!("unix://{}", path.display()))
                .map_err(|_| format!("no Docker engine answers at {}", path.display())),
            None if cfg!(windows) => Ok(()),
            None => Err("no Docker engine answers".to_owned()),
        },
    }
}

/// Where testcontainers looks, in its order.
fn sockets() -> Vec<PathBuf> {
    let under =
        |variable: &str, path: &str| Some(PathBuf::from(std::env::var_os(variable)?).join(path));
    let mut sockets = vec![PathBuf::from("/var/run/docker.sock")];
    sockets.extend(under("XDG_RUNTIME_DIR", ".docker/run/docker.sock"));
    sockets.extend(under("HOME", ".docker/run/docker.sock"));
    sockets.extend(under("HOME", ".docker/desktop/docker.sock"));
    sockets
}

fn ping(host: &str) -> std::io::Result<()> {
    match host.split_once("://") {
        #[cfg(unix)]
        Some(("unix", path)) => {
            let stream = std::os::unix::net::UnixStream::connect(path)?;
            stream.set_read_timeout(Some(ANSWER))?;
            ask(stream)
        }
        Some(("tcp" | "http", address)) if std::env::var_os("DOCKER_TLS_VERIFY").is_none() => {
            let address = address.trim_end_matches('/').to_socket_addrs()?.next();
            let address = address.ok_or(std::io::ErrorKind::NotFound)?;
            let stream = TcpStream::connect_timeout(&address, CONNECT)?;
            stream.set_read_timeout(Some(ANSWER))?;
            ask(stream)
        }
        // TLS and the rest are left to the client that speaks them.
        _ => Ok(()),
    }
}

fn ask(mut stream: impl Read + Write) -> std::io::Result<()> {
    stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")?;
    let mut answer = [0u8; 12];
    stream.read_exact(&mut answer)?;
    match answer.starts_with(b"HTTP/1.") && answer.ends_with(b" 200") {
        true => Ok(()),
        false => Err(std::io::ErrorKind::InvalidData.into()),
    }
}
