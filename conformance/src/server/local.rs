//! Owns a server of this run's own, from server programs on the machine: its files, its settings,
//! and its end.
//!
//! Never runs as root, never outlives this process, and never listens beyond the machine.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use migrations::Url;
use tempfile::TempDir;

use super::programs::{self, Programs};
use super::settings::{SETTINGS, secret};
use super::watchdog::Watched;
use super::{Kind, Passed, Running, ServerError, Wanted};

/// How long a server may take to answer: seconds of it on a machine where much else goes on.
const START: Duration = Duration::from_secs(120);

/// A Unix socket's path has at most 107 bytes, and the file's name is `.s.PGSQL.65535`.
const LONGEST_DIRECTORY: usize = 107 - "/.s.PGSQL.65535".len();

/// The files and the process, in the order in which they must go.
struct Keeper {
    _server: Watched,
    _dir: TempDir,
}

pub(super) fn start(wanted: &Wanted) -> Result<Running, ServerError> {
    let programs = programs::find(wanted)?;
    run(&programs, Kind::Local, "from local server programs")
}

/// Makes a cluster with these programs and starts a server on it.
pub(super) fn run(programs: &Programs, kind: Kind, origin: &str) -> Result<Running, ServerError> {
    let failed = |reason: &str, detail: String| {
        let mend = "see what the server programs say, or use another kind of server";
        Passed::new(kind, reason, mend).with_detail(detail)
    };
    let io = |error: std::io::Error| failed("no directory for a server", error.to_string());
    let dir = directory().map_err(io)?;
    let owner = Owner::of(dir.path())?;
    owner.give(dir.path()).map_err(io)?;
    let password = secret();
    initialise(programs, &owner, dir.path(), &password)
        .map_err(|complaint| failed("initdb fails", complaint))?;
    // Another process may take the port between our looking and the server's listening.
    let mut attempts = 0;
    let (server, port) = loop {
        attempts += 1;
        let port = free_port().map_err(io)?;
        match serve(programs, &owner, dir.path(), port) {
            Ok(server) => break (server, port),
            Err(log) if attempts < 5 && log.contains("could not bind") => {}
            Err(log) => return Err(failed("the server does not start", log).into()),
        }
    };
    let socket = dir.path().to_string_lossy();
    Ok(Running {
        url: Url::socket(&socket, port, "postgres", "postgres"),
        network: Some(Url::tcp(
            "127.0.0.1",
            port,
            "postgres",
            &password,
            "postgres",
        )),
        kind: Some(kind),
        origin: origin.to_owned(),
        keeper: Box::new(Keeper {
            _server: server,
            _dir: dir,
        }),
    })
}

/// The account that owns the files and runs the server, where it is not our own.
struct Owner {
    ids: Option<(u32, u32)>,
}

impl Owner {
    /// PostgreSQL refuses to run as root, so root gives its files to another account.
    fn of(dir: &Path) -> Result<Owner, Passed> {
        let ours = fs::metadata(dir).map_or(0, |dir| dir.uid());
        if ours != 0 {
            return Ok(Owner { ids: None });
        }
        let id = |flag: &str, user: &str| -> Option<u32> {
            programs::output(Command::new("id").args([flag, user]))?
                .parse()
                .ok()
        };
        let account = |user: &&str| Some((id("-u", user)?, id("-g", user)?));
        let ids = ["postgres", "nobody"].iter().find_map(account);
        let missing = || {
            Passed::new(
                Kind::Local,
                "PostgreSQL does not run as root, and there is no user postgres",
                "run as another user, or make one: useradd --system postgres",
            )
        };
        Ok(Owner {
            ids: Some(ids.ok_or_else(missing)?),
        })
    }

    fn give(&self, path: &Path) -> std::io::Result<()> {
        self.ids
            .map_or(Ok(()), |(user, group)| chown(path, Some(user), Some(group)))
    }

    fn command(&self, program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        // Settings of the person who runs the tests must not reach into this server.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.current_dir(dir).env("LC_ALL", "C");
        command
    }
}

/// A directory that only its owner can enter, with a name short enough for a socket, and where the
/// account that we give it to can get to it if we are root.
fn directory() -> std::io::Result<TempDir> {
    let mut named = tempfile::Builder::new();
    let named = named
        .prefix("pilaster-")
        .permissions(Permissions::from_mode(0o700));
    let dir = named.tempdir()?;
    let open = |above: &Path| fs::metadata(above).is_ok_and(|above| above.mode() & 0o001 != 0);
    let short = dir.path().as_os_str().len() <= LONGEST_DIRECTORY;
    let root = fs::metadata(dir.path())?.uid() == 0;
    match short && (!root || dir.path().ancestors().skip(1).all(open)) {
        true => Ok(dir),
        false => named.tempdir_in("/tmp"),
    }
}

/// `initdb`. The socket is trusted, because only its owner can enter the directory it is in; the
/// port is not, because every account on the machine can reach it, and a superuser may run programs.
fn initialise(
    programs: &Programs,
    owner: &Owner,
    dir: &Path,
    password: &str,
) -> Result<(), String> {
    let secret = dir.join("password");
    let io = |error: std::io::Error| error.to_string();
    fs::write(&secret, password).map_err(io)?;
    owner.give(&secret).map_err(io)?;
    let mut complaint = String::new();
    // C.UTF-8 sorts by code point and knows upper case beyond ASCII; not every system has it.
    for locale in ["C.UTF-8", "C"] {
        let done = owner
            .command(&programs.bin.join("initdb"), dir)
            .args(["--no-sync", "--username=postgres", "--encoding=UTF8"])
            .args(["--auth-local=trust", "--auth-host=scram-sha-256"])
            .arg(format!("--locale={locale}"))
            .arg(format!("--pwfile={}", secret.display()))
            .arg(format!("--pgdata={}", data(dir).display()))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("initdb does not run: {error}"))?;
        if done.status.success() {
            let _ = fs::remove_file(secret);
            return fs::write(data(dir).join("postgresql.auto.conf"), configuration(dir))
                .map_err(io);
        }
        complaint = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        if !complaint.contains("locale") {
            break;
        }
    }
    Err(complaint)
}

fn configuration(dir: &Path) -> String {
    let socket = dir.to_string_lossy();
    let ours = [
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", &socket),
    ];
    let all = SETTINGS.iter().chain(&ours);
    all.map(|(name, value)| format!("{name} = '{value}'\n"))
        .collect()
}

/// Starts the server and waits until it answers; `Err` is the end of its log.
fn serve(programs: &Programs, owner: &Owner, dir: &Path, port: u16) -> Result<Watched, String> {
    let postgres = programs.bin.join("postgres");
    let command = owner.command(Path::new("/bin/sh"), dir);
    let mut server = Watched::start(command, &postgres, dir, port)
        .map_err(|error| format!("/bin/sh does not run: {error}"))?;
    let url = Url::socket(&dir.to_string_lossy(), port, "postgres", "postgres");
    let socket = dir.join(format!(".s.PGSQL.{port}"));
    let begun = Instant::now();
    let mut last = String::new();
    loop {
        if socket.exists() {
            match migrations::connect(&url) {
                Ok(_) => return Ok(server),
                // Whatever it is: a busy machine may still be on the way to a server that answers.
                Err(error) => last = format!("{error}\n"),
            }
        }
        if server.has_ended() || begun.elapsed() > START {
            return Err(format!("{last}{}", log(dir)));
        }
        sleep(Duration::from_millis(10));
    }
}

fn data(dir: &Path) -> PathBuf {
    dir.join("data")
}

/// The last lines that the server wrote.
fn log(dir: &Path) -> String {
    let text = fs::read_to_string(dir.join("server.log")).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
