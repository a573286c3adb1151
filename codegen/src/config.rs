//! `pilaster.toml`: where a project keeps its model and what is derived from it.
//!
//! It never looks at the model itself.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Deserialize;
use toml::Spanned;

use crate::failure::{Cause, Failure};
use crate::lint;

/// The name of the file.
pub const FILE_NAME: &str = "pilaster.toml";

/// One project: its folder, its model, and where each thing derived from it goes. Paths are ready
/// to use from the working directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its name: the one its file gives, or its folder's.
    pub name: String,
    /// The folder its paths are relative to.
    pub root: PathBuf,
    /// Model files and folders.
    pub model: Vec<PathBuf>,
    /// The folder of migrations.
    pub migrations: PathBuf,
    /// The file (`….rs`) or folder of generated Rust, where any is wanted.
    pub rust: Option<PathBuf>,
    /// The folder of JSON Schema documents, where they are wanted.
    pub json_schema: Option<PathBuf>,
    /// The file (`….ts`) of generated TypeScript types, where they are wanted.
    pub typescript: Option<PathBuf>,
    /// What generated pages are headed by: the name that is said, else `Schema`. Never the folder's
    /// name, which differs from one clone to the next.
    pub title: String,
    /// The folder of generated documentation, where it is wanted.
    pub docs: Option<PathBuf>,
    /// Where `test` finds a server unless it is told.
    pub test: TestSettings,
    /// What `migrate` waits for unless it is told.
    pub migrate: MigrateSettings,
    /// What `lint` does unless it is told.
    pub lint: LintSettings,
}

/// The `[test]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestSettings {
    /// The container image of the server: `postgres:17`.
    pub image: Option<String>,
    /// `docker`, `local` or `download`.
    pub server: Option<ServerKind>,
}

/// The `[migrate]` table; times as PostgreSQL writes them: `500ms`, `3s`, `1min`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrateSettings {
    /// How long a unit waits for a lock before it lets others go first; three seconds unless said.
    #[serde(default, deserialize_with = "optional_time")]
    pub lock_timeout: Option<Duration>,
    /// How many times it is tried again; ten unless said.
    pub lock_retries: Option<u32>,
    /// How long a statement in a transaction may run; without end unless said.
    #[serde(default, deserialize_with = "optional_time")]
    pub statement_timeout: Option<Duration>,
    /// How long server or network may be silent where they should not be, before the connection
    /// counts as lost; a minute unless said.
    #[serde(default, deserialize_with = "optional_time")]
    pub network_timeout: Option<Duration>,
}

/// A time with its unit; only 0 needs none.
///
/// # Errors
///
/// What is expected instead.
pub fn time(text: &str) -> Result<Duration, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "ms" => Some(1),
        "s" => Some(1_000),
        "min" => Some(60_000),
        "" if number == "0" => Some(0),
        _ => None,
    };
    let number = number.parse::<u64>().ok();
    let milliseconds = number.zip(factor).and_then(|(n, f)| n.checked_mul(f));
    // PostgreSQL's settings of time are 32-bit.
    milliseconds
        .filter(|ms| *ms <= i32::MAX as u64)
        .map(Duration::from_millis)
        .ok_or_else(|| format!("`{text}` is not a time: 500ms, 3s, 1min, or 0"))
}

fn optional_time<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(from)?;
    time(&text).map(Some).map_err(serde::de::Error::custom)
}

/// Where a server comes from, as the file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerKind {
    /// A container.
    Docker,
    /// The server programs of the machine.
    Local,
    /// A downloaded PostgreSQL.
    Download,
}

/// The `[lint]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LintSettings {
    /// Rules left out.
    pub allow: Vec<String>,
    /// Rules whose advice makes `lint` exit 1.
    pub deny: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    projects: Option<Vec<Spanned<PathBuf>>>,
    name: Option<String>,
    model: Option<Spanned<OneOrMany>>,
    migrations: Option<PathBuf>,
    rust: Option<PathBuf>,
    json_schema: Option<PathBuf>,
    typescript: Option<PathBuf>,
    docs: Option<PathBuf>,
    #[serde(default)]
    test: TestSettings,
    #[serde(default)]
    migrate: MigrateSettings,
    #[serde(default)]
    lint: LintTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LintTable {
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    #[serde(default)]
    deny: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(PathBuf),
    Many(Vec<PathBuf>),
}

/// The projects of the given file, or of the nearest `pilaster.toml` in the working directory or
/// above it.
///
/// # Errors
///
/// Exit code 2 where there is no file or it is wrong, with file, line and place;
/// 3 where it cannot be read.
pub fn projects(file: Option<&Path>) -> Result<Vec<Project>, Failure> {
    let path = match file {
        Some(path) => path.to_path_buf(),
        None => nearest()?,
    };
    read(&path, true)
}

fn nearest() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().map_err(|e| Failure::io("find", Path::new("."), &e))?;
    let mut up = PathBuf::new();
    for _ in here.ancestors() {
        let path = up.join(FILE_NAME);
        if path.is_file() {
            return Ok(path);
        }
        up.push("..");
    }
    Err(Failure::input(
        format_args!("no {FILE_NAME} in {} or above it", here.display()),
        "`pilaster init` makes a project here",
    ))
}

fn read(path: &Path, may_list: bool) -> Result<Vec<Project>, Failure> {
    let text = fs::read_to_string(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::InvalidData => Failure::input(
            format_args!("{} is not UTF-8", path.display()),
            "save it as UTF-8",
        ),
        std::io::ErrorKind::NotFound => Failure::input(
            format_args!("{} does not exist", path.display()),
            "`pilaster init` makes a project",
        ),
        _ => Failure::io("read", path, &e),
    })?;
    let at = Place { path, text: &text };
    let file: File =
        toml::from_str(&text).map_err(|e| at.fault(e.span().unwrap_or(0..0), &fact(&e), None))?;
    match file.projects {
        None => Ok(vec![project(path, file, &at)?]),
        Some(listed) => {
            if !may_list {
                let span = listed.first().map_or(0..0, Spanned::span);
                return Err(at.fault(span, "a listed project lists projects itself", None));
            }
            if let Some(model) = &file.model {
                let fact = "a file that lists projects has no model of its own";
                return Err(at.fault(model.span(), fact, Some("put it into a project's own file")));
            }
            let mut all = Vec::new();
            for folder in listed {
                let below = folder_of(path).join(folder.get_ref()).join(FILE_NAME);
                if !below.is_file() {
                    let fact = format!("{} does not exist", below.display());
                    return Err(at.fault(folder.span(), &fact, None));
                }
                all.extend(read(&below, false)?);
            }
            Ok(all)
        }
    }
}

fn project(path: &Path, file: File, at: &Place<'_>) -> Result<Project, Failure> {
    let root = folder_of(path);
    let (span, model) = match file.model {
        Some(model) => (
            model.span(),
            match model.into_inner() {
                OneOrMany::One(path) => vec![path],
                OneOrMany::Many(paths) => paths,
            },
        ),
        None => (0..0, Vec::new()),
    };
    if model.is_empty() {
        let help = Some("say where the model is: model = \"model.pilaster\"");
        return Err(at.fault(span, "no model is named", help));
    }
    for path in &model {
        if !root.join(path).exists() {
            let fact = format!("{} does not exist", root.join(path).display());
            return Err(at.fault(span, &fact, None));
        }
    }
    let rules = |names: Vec<Spanned<String>>| {
        names
            .into_iter()
            .map(|name| match lint::unknown_rule(name.get_ref()) {
                Some(help) => {
                    let fact = format!("there is no lint rule `{}`", name.get_ref());
                    Err(at.fault(name.span(), &fact, Some(&help)))
                }
                None => Ok(name.into_inner()),
            })
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(Project {
        title: file.name.clone().unwrap_or_else(|| "Schema".to_owned()),
        name: file.name.unwrap_or_else(|| folder_name(&root)),
        model: model.iter().map(|path| root.join(path)).collect(),
        migrations: root.join(file.migrations.unwrap_or_else(|| "migrations".into())),
        rust: file.rust.map(|path| root.join(path)),
        json_schema: file.json_schema.map(|path| root.join(path)),
        typescript: file.typescript.map(|path| root.join(path)),
        docs: file.docs.map(|path| root.join(path)),
        test: file.test,
        migrate: file.migrate,
        lint: LintSettings {
            allow: rules(file.lint.allow)?,
            deny: rules(file.lint.deny)?,
        },
        root,
    })
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).to_path_buf()
}

fn folder_name(root: &Path) -> String {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let whole = fs::canonicalize(root).unwrap_or_default();
    whole
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The fact without what the snippet shows anyway.
fn fact(error: &toml::de::Error) -> String {
    error.message().replace('\n', ", ")
}

struct Place<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Place<'_> {
    fn fault(&self, span: Range<usize>, fact: &str, help: Option<&str>) -> Failure {
        let path = self.path.display().to_string();
        let snippet = Snippet::source(self.text)
            .path(&path)
            .annotation(AnnotationKind::Primary.span(span));
        let mut group = Level::ERROR.primary_title(fact).element(snippet);
        if let Some(help) = help {
            group = group.element(Level::HELP.with_name("mend").message(help));
        }
        Failure::of(Cause::Input, Renderer::plain().render(&[group]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(toml: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("shop.pilaster"), "").unwrap();
        fs::write(dir.path().join(FILE_NAME), toml).unwrap();
        let found = match projects(Some(&dir.path().join(FILE_NAME))) {
            Ok(projects) => format!("{projects:#?}"),
            Err(failure) => format!("exit {}\n{failure}", failure.code()),
        };
        let name = dir
            .path()
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        found
            .replace(&dir.path().display().to_string(), "DIR")
            .replace(&name, "NAME")
    }

    #[test]
    fn a_project_says_where_everything_goes() {
        insta::assert_snapshot!(check(
            "model = 'shop.pilaster'\nrust = 'src/db.rs'\n[test]\nimage = 'postgres:17'\n"
        ));
    }

    #[test]
    fn an_error_shows_file_line_and_place() {
        let faults = [
            "modle = 'shop.pilaster'\n",
            "model = 'shop.pilaster'\nrust = 3\n",
            "model = 'shop'\n",
            "rust = 'src'\n",
            "projects = ['a']\n",
            "model = 'shop.pilaster'\n[lint]\nallow = ['table_without_primarykey']\n",
            "model = 'shop.pilaster'\n[test]\nserver = 'cloud'\n",
            "model = \n",
        ];
        let shown: Vec<_> = faults.iter().map(|toml| check(toml)).collect();
        insta::assert_snapshot!(shown.join("\n\n"));
    }
}
