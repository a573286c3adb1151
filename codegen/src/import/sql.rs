//! A folder of SQL migrations: their order, and the part of each that goes up.
//!
//! It knows how Prisma, Drizzle, Supabase, dbmate, sqlx, Flyway, goose and golang-migrate name and
//! write theirs. What a statement means is the server's to say.

use std::fs;
use std::path::{Path, PathBuf};

use migrations::script::units;
use postgres::Client;

use super::Remark;
use crate::failure::{Failure, Outcome};
use crate::source::read_text;

/// One migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its file.
    pub path: PathBuf,
    /// What goes up, with as many lines before it as in the file.
    pub up: String,
}

/// The migrations of a folder in their order, and the files in it that are none.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where there is none, or one is not UTF-8;
/// [`Cause::Outside`](crate::failure::Cause::Outside) where the folder can't be read.
pub fn scripts(folder: &Path) -> Outcome<(Vec<Script>, Vec<Remark>)> {
    let mut files = Vec::new();
    let mut remarks = Vec::new();
    for path in entries(folder)? {
        let inner = path.join("migration.sql");
        if inner.is_file() {
            files.push(inner);
        } else if path.extension().is_some_and(|e| e == "sql") {
            files.push(path);
        } else if path.is_file() && is_code(&path) {
            remarks.push(Remark {
                file: path.display().to_string(),
                line: 1,
                text: "is no SQL, and is left out".to_owned(),
            });
        }
    }
    files.retain(|path| !goes_down(path));
    files.sort_by_key(|path| version(folder, path));
    if files.is_empty() {
        return Err(Failure::input(
            format_args!("{} holds no SQL migration", folder.display()),
            "name the folder in which the .sql files are, or a schema.prisma",
        ));
    }
    let script = |path: PathBuf| {
        let up = up(&read_text(&path)?);
        Ok(Script { path, up })
    };
    Ok((
        files.into_iter().map(script).collect::<Outcome<_>>()?,
        remarks,
    ))
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let failed = |e: std::io::Error| Failure::io("read", folder, &e);
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn is_code(path: &Path) -> bool {
    let code = ["ts", "js", "mjs", "py", "rb", "go", "java", "kt"];
    path.extension()
        .is_some_and(|e| code.iter().any(|c| e == *c))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Whether the file undoes another: `….down.sql`, Flyway's `U2__….sql`.
fn goes_down(path: &Path) -> bool {
    let name = file_name(path);
    name.ends_with(".down.sql") || (name.starts_with('U') && flyway(&name).is_some())
}

/// Flyway's version: `V1.10__add_users.sql` is `[1, 10]`.
fn flyway(name: &str) -> Option<Vec<u128>> {
    let (version, _) = name.strip_prefix(['V', 'U', 'B'])?.split_once("__")?;
    version
        .split(['.', '_'])
        .map(|part| part.parse().ok())
        .collect()
}

/// What migrations are sorted by: Flyway's repeatable ones come last, all others by the numbers
/// they begin with, and then by name.
fn version(folder: &Path, path: &Path) -> (bool, Vec<u128>, String) {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    let first = inner.components().next();
    let name = first.map_or_else(String::new, |c| {
        c.as_os_str().to_string_lossy().into_owned()
    });
    if let Some(version) = flyway(&name) {
        return (false, version, name);
    }
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let repeatable = name.starts_with("R__");
    (repeatable, digits.parse().into_iter().collect(), name)
}

/// The part of a script that goes up. dbmate and goose write both ways into one file, each behind a
/// line that says so; lines that are left out stay as empty ones, so that places remain.
fn up(text: &str) -> String {
    let says = |line: &str, words: [&str; 2]| {
        let line = line.trim_start();
        words.iter().any(|word| {
            let Some(rest) = line.strip_prefix("--") else {
                return false;
            };
            rest.trim_start().to_lowercase().starts_with(word)
        })
    };
    let (ups, downs) = (["migrate:up", "+goose up"], ["migrate:down", "+goose down"]);
    let has_both = text.lines().any(|line| says(line, ups));
    let mut on = !has_both;
    let mut kept = String::new();
    for line in text.lines() {
        if says(line, ups) {
            on = true;
        } else if has_both && says(line, downs) {
            on = false;
        } else if on && !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict") {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    kept
}

/// Runs a script, statement by statement.
///
/// # Errors
///
/// The server's message, at its line.
pub fn run(client: &mut Client, script: &Script) -> Result<(), Remark> {
    let at = |line: usize, text: String| Remark {
        file: script.path.display().to_string(),
        line,
        text,
    };
    for piece in units(&script.up).iter().flat_map(|unit| &unit.statements) {
        if piece.sql.starts_with('\\') {
            let text = "a command of psql, which no server knows".to_owned();
            return Err(at(piece.line, text));
        }
        client.batch_execute(&piece.sql).map_err(|error| {
            let Some(said) = error.as_db_error() else {
                return at(piece.line, error.to_string());
            };
            let before = match said.position() {
                Some(postgres::error::ErrorPosition::Original(at)) => {
                    let before = piece.sql.chars().take((*at as usize).saturating_sub(1));
                    before.filter(|c| *c == '\n').count()
                }
                _ => 0,
            };
            at(piece.line + before, said.message().to_owned())
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_the_order_of_their_tool() {
        let order = |names: &[&str]| {
            let folder = tempfile::tempdir().unwrap();
            for name in names {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "select 1;").unwrap();
            }
            let (scripts, left) = scripts(folder.path()).unwrap();
            let short = |path: &Path| {
                path.strip_prefix(folder.path())
                    .unwrap()
                    .display()
                    .to_string()
            };
            let names: Vec<String> = scripts.iter().map(|s| short(&s.path)).collect();
            (names.join(" "), left.len())
        };
        let flyway = [
            "V10__c.sql",
            "V2__b.sql",
            "V1.1__a.sql",
            "R__views.sql",
            "U2__b.sql",
        ];
        assert_eq!(
            order(&flyway).0,
            "V1.1__a.sql V2__b.sql V10__c.sql R__views.sql"
        );
        let sqlx = ["10_c.up.sql", "9_b.up.sql", "9_b.down.sql"];
        assert_eq!(order(&sqlx).0, "9_b.up.sql 10_c.up.sql");
        let prisma = [
            "20250102000000_b/migration.sql",
            "20250101000000_a/migration.sql",
        ];
        assert_eq!(
            order(&prisma).0,
            "20250101000000_a/migration.sql 20250102000000_b/migration.sql"
        );
        let drizzle = [
            "0001_b.sql",
            "0000_a.sql",
            "meta/_journal.json",
            "helper.ts",
        ];
        assert_eq!(order(&drizzle), ("0000_a.sql 0001_b.sql".to_owned(), 1));
    }

    #[test]
    fn only_what_goes_up_is_kept_on_its_line() {
        let text = "-- migrate:up\ncreate table a ();\n\n-- migrate:down\ndrop table a;\n";
        assert_eq!(up(text), "\ncreate table a ();\n\n\n\n");
        assert_eq!(up("create table a ();\n"), "create table a ();\n");
    }
}
