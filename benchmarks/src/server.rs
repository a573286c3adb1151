//! A PostgreSQL server of this run's own. It never listens beyond its socket, and it ends with the
//! run.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postgres::{Client, Config, NoTls};

/// How long it may take to answer.
const START: Duration = Duration::from_secs(60);

/// A running server; dropped, it is stopped and its files are removed.
pub struct Server {
    child: Child,
    folder: PathBuf,
}

impl Server {
    /// Makes a cluster from the programs that `pg_config` names, and starts it.
    pub fn start() -> Self {
        let programs = Command::new("pg_config").arg("--bindir").output();
        let programs = programs.expect("pg_config, of PostgreSQL's development files");
        let programs = PathBuf::from(String::from_utf8_lossy(&programs.stdout).trim());
        let folder = std::env::temp_dir().join(format!("pilaster-bench-{}", std::process::id()));
        fs::create_dir(&folder).expect("a folder for the server");
        // PostgreSQL refuses to run as root; who owns its programs' home may.
        let user = fs::metadata("/var/lib/postgresql").map(|home| (home.uid(), home.gid()));
        let user = match fs::metadata(&folder).map(|folder| folder.uid()) {
            Ok(0) => Some(user.expect("a user `postgres`")),
            _ => None,
        };
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).expect("a folder of the server's own");
        }
        let program = |name: &str| {
            let mut command = Command::new(programs.join(name));
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command.current_dir(&folder).stdout(Stdio::null());
            command
        };
        let made = program("initdb")
            .args(["--pgdata=data", "--username=postgres", "--auth=trust"])
            .args(["--encoding=UTF8", "--no-locale", "--no-sync"])
            .status();
        assert!(made.expect("initdb").success(), "initdb fails");
        let mut server = program("postgres");
        server.args(["-D", "data", "-k"]).arg(&folder);
        // Waiting for a disk is the same for everybody, and would hide what differs.
        for setting in [
            "listen_addresses=",
            "fsync=off",
            "synchronous_commit=off",
            "autovacuum=off",
        ] {
            server.args(["-c", setting]);
        }
        let log = fs::File::create(folder.join("log")).expect("a log");
        let child = server.stderr(log).spawn().expect("postgres");
        let server = Server { child, folder };
        server.wait();
        server
    }

    fn wait(&self) {
        let began = Instant::now();
        while let Err(error) = self.config().connect(NoTls) {
            if began.elapsed() > START {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("the server does not answer: {error}\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The folder of its socket.
    pub fn socket(&self) -> &Path {
        &self.folder
    }

    /// Where it is, for `postgres` and `tokio-postgres`.
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config
            .host_path(&self.folder)
            .user("postgres")
            .dbname("postgres");
        config
    }

    /// A connection of `postgres`'.
    pub fn client(&self) -> Client {
        self.config().connect(NoTls).expect("a connection")
    }

    /// Where it is, as an address.
    pub fn url(&self) -> String {
        let folder = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://postgres@{folder}/postgres")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It holds nothing that is worth a checkpoint.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}
