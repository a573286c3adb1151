//! Owns the search for PostgreSQL's server programs on this machine.
//!
//! Never runs a server: it asks `pg_config` and `postgres --version`, and nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Kind, Passed, Wanted};

/// A directory that holds `initdb` and `postgres`.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) bin: PathBuf,
}

/// Folders that hold one folder a version: where packages put the programs, with the path between
/// the version and the programs.
const PACKAGED: [(&str, &str, &str); 6] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The first directory of programs whose version will do: the one that is wanted, or else the one in
/// `PILASTER_PG_BIN`, alone where it is said;
/// else what `pg_config` says, what packages install, newest first, and `PATH`.
pub(super) fn find(wanted: &Wanted) -> Result<Programs, Passed> {
    let pinned = std::env::var_os("PILASTER_PG_BIN").filter(|path| !path.is_empty());
    let pinned = wanted.programs.clone().or(pinned.map(PathBuf::from));
    let candidates = match &pinned {
        Some(path) => vec![path.clone()],
        None => pg_config()
            .into_iter()
            .chain(packaged())
            .chain(on_path())
            .collect(),
    };
    let mut seen = Vec::new();
    for bin in candidates {
        if let Some(major) = major(&bin) {
            if wanted.majors.contains(&major) {
                return Ok(Programs { bin });
            }
            seen.push(major);
        }
    }
    let mend = match &pinned {
        Some(_) => "point PILASTER_PG_BIN at the directory that holds initdb and postgres",
        None => {
            "install PostgreSQL (Debian: postgresql and postgresql-contrib; Homebrew: postgresql), \
             or set PILASTER_PG_BIN"
        }
    };
    let reason = match (seen.is_empty(), &pinned) {
        (true, None) => "no server programs are installed".to_owned(),
        (true, Some(path)) => format!("no server programs in {}", path.display()),
        (false, _) => {
            seen.dedup();
            let seen: Vec<String> = seen.iter().map(u32::to_string).collect();
            format!(
                "the server programs here are PostgreSQL {}, not {}",
                seen.join(" and "),
                wanted.majors_text()
            )
        }
    };
    Err(Passed::new(Kind::Local, reason, mend))
}

/// The major version of the programs in `bin`, where both are there and run.
fn major(bin: &Path) -> Option<u32> {
    if !bin.join("initdb").is_file() {
        return None;
    }
    // As in "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", or "18beta1".
    let text = output(Command::new(bin.join("postgres")).arg("--version"))?;
    let version = text.split_once("(PostgreSQL) ")?.1;
    let digits = version
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(version.len());
    version[..digits].parse().ok()
}

fn pg_config() -> Option<PathBuf> {
    output(Command::new("pg_config").arg("--bindir")).map(PathBuf::from)
}

fn packaged() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (folder, prefix, bin) in PACKAGED {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let versions = entries.filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version: u32 = name.strip_prefix(prefix)?.split('.').next()?.parse().ok()?;
            Some((version, entry.path().join(bin)))
        });
        let mut versions: Vec<_> = versions.collect();
        versions.sort_by(|left, right| right.cmp(left));
        found.extend(versions.into_iter().map(|(_, bin)| bin));
    }
    found.push("/usr/local/pgsql/bin".into());
    found
}

/// Debian and others put links to the programs on the path; the folder they lead to has all.
fn on_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let programs = std::env::split_paths(&path).map(|dir| dir.join("postgres"));
    let real = programs.filter_map(|program| program.canonicalize().ok());
    real.filter_map(|program| Some(program.parent()?.to_owned()))
        .collect()
}

/// What a command prints, trimmed, where it runs and succeeds.
pub(super) fn output(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
