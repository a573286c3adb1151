//! Where a schema comes from: a model's files, a folder of migrations, a live database, or nothing.
//!
//! It reads and never writes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use migrations::catalog::{self, Catalog, CatalogError, ReadOptions};
use migrations::history::History;
use migrations::{ConnectError, Url};
use model::{Color, Model, Name, Schema, Sources};

use crate::console::Console;
use crate::derivations;
use crate::failure::{Cause, Failure, Outcome};

/// The ending of a model file.
pub const EXTENSION: &str = "pilaster";

/// A `SRC` of the command line.
#[derive(Clone, Debug)]
pub enum Source {
    /// Model files and folders.
    Model(Vec<PathBuf>),
    /// A folder of migrations: the schema its last one reaches.
    History(PathBuf),
    /// A live database.
    Database(Url),
    /// A database in which nothing was made yet.
    Empty,
}

/// A model that was read, with what it was read from.
#[derive(Debug)]
pub struct Read {
    /// The files.
    pub sources: Sources,
    /// What they mean.
    pub model: Model,
    /// What is to be said about them; no errors.
    pub warnings: model::Diagnostics,
}

impl Source {
    /// What a `SRC` stands for.
    ///
    /// # Errors
    ///
    /// [`Cause::Input`](crate::failure::Cause::Input) where it is neither a URL nor a file or folder of a known kind.
    pub fn parse(text: &str) -> Outcome<Source> {
        if text == "empty" {
            return Ok(Source::Empty);
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Source::Database(url(text)?));
        }
        let path = Path::new(text);
        if path.is_file() {
            return Ok(Source::Model(vec![path.to_path_buf()]));
        }
        if !path.is_dir() {
            return Err(Failure::input(
                format_args!("{text} does not exist"),
                "name a model file or folder, a migrations folder, a postgres:// URL, or `empty`",
            ));
        }
        if holds_migrations(path) {
            return Ok(Source::History(path.to_path_buf()));
        }
        Ok(Source::Model(vec![path.to_path_buf()]))
    }

    /// The schema.
    ///
    /// # Errors
    ///
    /// [`Cause::Input`](crate::failure::Cause::Input) where a model or a history has errors; [`Cause::Outside`](crate::failure::Cause::Outside) where the
    /// file system or the database fails.
    pub fn schema(&self, console: &Console) -> Outcome<Schema> {
        match self {
            Source::Model(paths) => Ok(read_model(paths, console)?.model.schema),
            Source::History(folder) => snapshot(&read_history(folder)?),
            Source::Database(url) => read_database(url, &[], console),
            Source::Empty => Ok(Schema::default()),
        }
    }
}

/// An address, with what is wrong about it where it is none.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input); the text is not repeated, because it may hold a password.
pub fn url(text: &str) -> Outcome<Url> {
    text.parse().map_err(|e: migrations::UrlError| {
        Failure::input(
            e,
            "an address is postgres://user:password@host:port/database",
        )
    })
}

/// The address that was given, or else `$DATABASE_URL`.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where there is none, or it is wrong.
pub fn database_url(given: Option<&str>) -> Outcome<Url> {
    if let Some(text) = given {
        return url(text);
    }
    match std::env::var("DATABASE_URL") {
        Ok(text) if !text.is_empty() => url(&text),
        _ => Err(Failure::input(
            "no database is named",
            "say --url postgres://…, or set DATABASE_URL",
        )),
    }
}

/// Reads and resolves a model.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) with every fault of the model, rendered.
pub fn read_model(paths: &[PathBuf], console: &Console) -> Outcome<Read> {
    let sources = read_files(paths)?;
    let (model, warnings) = read_sources(&sources, console)?;
    Ok(Read {
        sources,
        model,
        warnings,
    })
}

/// Resolves a model whose files were read; with it what is to be said about them, no errors.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) with every fault of the model, rendered.
pub fn read_sources(sources: &Sources, console: &Console) -> Outcome<(Model, model::Diagnostics)> {
    let (model, warnings) = model::load(sources);
    if warnings.has_errors() {
        return Err(Failure::faults(&warnings, sources, console.error_color()));
    }
    Ok((model, warnings))
}

/// As [`read_sources`], with the text of the files in the one layout, one after the other.
///
/// # Errors
///
/// As [`read_sources`].
pub fn read_laid_out(
    sources: &Sources,
    console: &Console,
) -> Outcome<(Model, String, model::Diagnostics)> {
    let (model, texts, warnings) = model::load_and_fmt(sources);
    if warnings.has_errors() {
        return Err(Failure::faults(&warnings, sources, console.error_color()));
    }
    Ok((model, texts.join("\n"), warnings))
}

/// Reads the files of a model, in the order of their paths.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where a file is missing or is not UTF-8, or a folder holds no model.
pub fn read_files(paths: &[PathBuf]) -> Outcome<Sources> {
    let mut sources = Sources::new();
    for path in model_files(paths)? {
        let text = read_text(&path)?;
        sources.add(path, text);
    }
    Ok(sources)
}

/// The model files that those files and folders stand for.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where one is missing, or a folder holds no model file.
pub fn model_files(paths: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            below(path, &mut files)?;
            if files.len() == before {
                return Err(Failure::input(
                    format_args!("{} holds no .{EXTENSION} file", path.display()),
                    "name the folder of the model",
                ));
            }
            files[before..].sort();
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// The text of a file.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where it is missing or not UTF-8, naming the first wrong byte's place.
pub fn read_text(path: &Path) -> Outcome<String> {
    let bytes = fs::read(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Failure::input(
            format_args!("{} does not exist", path.display()),
            "name a file that does",
        ),
        _ => Failure::io("read", path, &e),
    })?;
    String::from_utf8(bytes).map_err(|e| {
        let valid = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        let wrong = e.as_bytes()[valid.len()];
        Failure::input(
            format_args!("{}:{line} is not UTF-8: byte 0x{wrong:02x}", path.display()),
            "save the file as UTF-8",
        )
    })
}

/// Reads a folder of migrations.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) with every fault of the history; [`Cause::Outside`](crate::failure::Cause::Outside) where it cannot be read.
pub fn read_history(folder: &Path) -> Outcome<History> {
    History::read(folder).map_err(|broken| {
        let cause = if broken.is_outside() {
            Cause::Outside
        } else {
            Cause::Input
        };
        Failure::of(cause, broken.to_string())
    })
}

/// The schema that a history reaches.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where its last snapshot is no longer a model.
pub fn snapshot(history: &History) -> Outcome<Schema> {
    match history.snapshot() {
        Some((path, text)) => reached(path, text),
        None => Ok(Schema::default()),
    }
}

/// The schema of one migration's snapshot.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where it is no longer a model.
pub fn reached(path: PathBuf, text: &str) -> Outcome<Schema> {
    let mut sources = Sources::new();
    sources.add(path, text);
    let (model, faults) = model::load(&sources);
    if faults.has_errors() {
        let failure = Failure::faults(&faults, &sources, Color::Never);
        return Err(failure.with_note("the schema that the migration reached cannot be read"));
    }
    Ok(derivations::as_recorded(model.schema, text))
}

/// Reads a live database, and says on the standard error what of it no model can hold.
///
/// # Errors
///
/// [`Cause::Outside`](crate::failure::Cause::Outside) where the database cannot be reached or read.
pub fn read_database(url: &Url, schemas: &[String], console: &Console) -> Outcome<Schema> {
    let (schema, notes) = read_catalog(url, schemas, false)?;
    notes.iter().for_each(|line| console.note(line));
    Ok(schema)
}

/// Reads a live database, with a line for each thing of it that no model can hold, or that the
/// role may not read. Roles belong to the server, and are read where `roles` says so.
///
/// # Errors
///
/// [`Cause::Outside`](crate::failure::Cause::Outside) where the database cannot be reached or read.
pub fn read_catalog(url: &Url, schemas: &[String], roles: bool) -> Outcome<(Schema, Vec<String>)> {
    let mut options = ReadOptions::without_platforms();
    // The tool's own records are no part of what a model describes.
    options.exclude.push(Name::from(migrations::apply::SCHEMA));
    options.schemas = schemas.iter().map(Name::from).collect();
    options.roles = roles;
    let catalog = catalog::read_from(url, &options).map_err(|error| match error {
        CatalogError::Connect(error) => unconnected(error),
        error => Failure::of(Cause::Outside, format!("error: {error}")),
    })?;
    let notes = remarks(&catalog);
    Ok((catalog.schema, notes))
}

/// A line for each thing of a database that no model can hold, or that the role may not read.
pub fn remarks(catalog: &Catalog) -> Vec<String> {
    let lost = catalog.unmodelled.iter();
    let lost = lost.map(|lost| format!("not modelled: {} {}: {}", lost.kind, lost.name, lost.why));
    let unread = catalog.unreadable.iter();
    let unread = unread.map(|unread| format!("not readable: {}: {}", unread.what, unread.why));
    lost.chain(unread).collect()
}

/// Connects.
///
/// # Errors
///
/// [`Cause::Outside`](crate::failure::Cause::Outside) where the server cannot be reached or refuses.
pub fn connect(url: &Url) -> Outcome<postgres::Client> {
    migrations::connect(url).map_err(unconnected)
}

fn unconnected(error: ConnectError) -> Failure {
    let text = format!("error: {error}");
    // The server's connections, or those of the role, are all taken.
    let full = error.code().is_some_and(|code| code.code() == "53300");
    Failure::of(
        Cause::Outside,
        match full {
            true => text + "\n  = mend: end a connection that nobody needs, or raise the limit",
            false => text,
        },
    )
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome<()> {
    // A migration's snapshot is model text, and no part of the model.
    if folder.join(migrations::history::UP).is_file() {
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(|e| Failure::io("read", folder, &e))?;
    for entry in entries {
        let path = entry.map_err(|e| Failure::io("read", folder, &e))?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        } else if path.is_dir() {
            below(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == EXTENSION)
        {
            files.push(path);
        }
    }
    Ok(())
}

fn holds_migrations(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .any(|path| path.join(migrations::history::UP).is_file())
}
