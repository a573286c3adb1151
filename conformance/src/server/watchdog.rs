//! Owns the end of what a run has started: a shell that holds the other end of a pipe, and cleans
//! up when our end closes, whether by a drop, an exit, or a kill that cannot be caught.
//!
//! Never waits without end: a server that does not stop in ten seconds is made to.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Runs the server in `$1` (program), `$2` (directory), `$3` (port).
///
/// The server is stopped as `pg_ctl stop -m fast` does it, by SIGINT to its own process id, and
/// then by SIGQUIT. The directory is removed here only after our end of the pipe has closed: while
/// it is open, somebody may want to read in the log why the server ended.
const SERVER: &str = r#"
exec 3<&0
"$1" -D "$2/data" -p "$3" </dev/null >>"$2/server.log" 2>&1 3<&- &
server=$!
(
  read -r _ <&3
  : >"$2/closed"
  kill -INT "$server"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 0.5; done
  kill -QUIT "$server"
) 2>/dev/null &
watcher=$!
wait "$server"
kill "$watcher" 2>/dev/null
[ -e "$2/closed" ] && cd / && rm -rf -- "$2"
exit 0
"#;

/// A process that ends with this value, or with our process.
pub(super) struct Watched {
    shell: Child,
}

impl Watched {
    /// Starts a server under a shell; `shell` is the command to run it with, made ready by the
    /// caller in all but its arguments.
    pub(super) fn start(
        shell: Command,
        postgres: &Path,
        dir: &Path,
        port: u16,
    ) -> io::Result<Watched> {
        let mut shell = shell;
        shell
            .args(["-c", SERVER, "pilaster-server"])
            .arg(postgres)
            .arg(dir)
            .arg(port.to_string());
        Watched::spawn(shell)
    }

    fn spawn(mut shell: Command) -> io::Result<Watched> {
        // In a process group of its own, so that Ctrl-C in a terminal reaches only us; it then
        // ends in order, after our own last statement.
        let shell = shell
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Watched { shell })
    }

    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.shell.try_wait(), Ok(None))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let begun = Instant::now();
        while !self.has_ended() && begun.elapsed() < Duration::from_secs(15) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Removes a container when our process is killed; stands down when this value is dropped, since
/// whoever holds it then removes the container itself.
///
/// Without the `docker` command nobody watches: the container stays until somebody removes it.
#[cfg(feature = "docker")]
pub(super) struct Sitter {
    shell: Option<Watched>,
}

#[cfg(feature = "docker")]
impl Sitter {
    pub(super) fn of_container(id: &str) -> Sitter {
        let mut shell = Command::new("/bin/sh");
        shell.args([
            "-c",
            r#"read -r _; exec docker rm -f -v "$1""#,
            "pilaster-container",
            id,
        ]);
        Sitter {
            shell: Watched::spawn(shell).ok(),
        }
    }
}

#[cfg(feature = "docker")]
impl Drop for Sitter {
    fn drop(&mut self) {
        if let Some(mut watched) = self.shell.take() {
            // Killed before its pipe closes, so that it does not act.
            let _ = watched.shell.kill();
        }
    }
}
