//! A server that a test sets up, stops and starts as it likes.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use migrations::Url;
use postgres::Client;

/// A cluster with its server, which stops when the test ends.
pub(super) struct Own {
    dir: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

impl Own {
    /// Started, with those settings besides the ones that make it quick.
    pub(super) fn new(settings: &str) -> Own {
        let bin = bin();
        let dir = tempfile::Builder::new()
            .prefix("pilaster-")
            .tempdir_in("/tmp")
            .unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let own = Own { dir, bin, port };
        own.give("");
        let path = own.data();
        own.run(
            "initdb",
            &["-D", &path, "-U", "postgres", "--no-sync", "-A", "trust"],
        );
        let socket = own.dir.path().display();
        let conf = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{socket}'\n\
             shared_buffers = 16MB\n{settings}\n"
        );
        let file = own.dir.path().join("data/postgresql.auto.conf");
        fs::write(file, conf).unwrap();
        own.start();
        own
    }

    pub(super) fn start(&self) {
        let log = self.dir.path().join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-D", &self.data(), "-l", &log]);
    }

    /// Every process ends at once, and nothing is written any more.
    pub(super) fn stop_at_once(&self) {
        self.run(
            "pg_ctl",
            &["stop", "-m", "immediate", "-w", "-D", &self.data()],
        );
    }

    /// The address of a database, by the socket or by the port.
    pub(super) fn url(&self, user: &str, database: &str) -> Url {
        Url::socket(
            &self.dir.path().display().to_string(),
            self.port,
            user,
            database,
        )
    }

    pub(super) fn connect(&self, database: &str) -> Client {
        migrations::connect(&self.url("postgres", database)).unwrap()
    }

    pub(super) fn database(&self, name: &str) -> String {
        let mut client = self.connect("postgres");
        client
            .batch_execute(&format!("create database {name}"))
            .unwrap();
        self.url("postgres", name).expose()
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// A folder below the cluster's own, or that one, given to the account that runs the server.
    pub(super) fn give(&self, name: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::create_dir_all(&path).unwrap();
        if is_root() {
            let done = Command::new("chown").arg("postgres:").arg(&path).status();
            assert!(done.unwrap().success());
        }
        path
    }

    /// A command as the account that runs the server.
    pub(super) fn command(&self, program: &str) -> Command {
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
            program,
        ]);
        command
    }

    fn run(&self, program: &str, args: &[&str]) {
        let program = self.bin.join(program).display().to_string();
        let done = self
            .command(&program)
            .args(args)
            .current_dir(self.dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(done.unwrap().success(), "{program} {args:?}");
    }

    fn data(&self) -> String {
        self.dir.path().join("data").display().to_string()
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let stop = self.bin.join("pg_ctl").display().to_string();
        let _ = self
            .command(&stop)
            .args(["stop", "-m", "immediate", "-D", &self.data()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

pub(super) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.starts_with(b"0\n")
}

/// Where the server's programs are.
fn bin() -> PathBuf {
    if let Some(bin) = std::env::var_os("PILASTER_PG_BIN") {
        return bin.into();
    }
    let said = Command::new("pg_config").arg("--bindir").output();
    let told = said.ok().and_then(|out| String::from_utf8(out.stdout).ok());
    let told = told.map(|text| PathBuf::from(text.trim()));
    let packaged = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut all: Vec<PathBuf> = packaged.map(|entry| entry.path().join("bin")).collect();
    all.sort();
    all.extend(told);
    let found = all
        .into_iter()
        .rev()
        .find(|bin| bin.join("initdb").is_file());
    found.expect("PostgreSQL's server programs are installed, or PILASTER_PG_BIN says where")
}
