//! A subject as it lies on disk: model files and a folder of migrations.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use migrations::history::History;
use model::{Color, Sources};
use thiserror::Error;

use super::{Migration, Subject};

/// A project could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// A file or folder could not be read.
    #[error("failed to read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The model has faults, rendered here.
    #[error("the model has faults:\n{0}")]
    Model(String),
    /// The history is broken.
    #[error("the history is broken: {0}")]
    History(String),
}

impl Subject {
    /// The subject that a model (a file, or a folder of them) and its migrations make.
    ///
    /// # Errors
    ///
    /// [`ReadError`], with every fault of the model.
    pub fn read(name: &str, model: &Path, migrations: &Path) -> Result<Self, ReadError> {
        Self::read_all(name, &[model], migrations)
    }

    /// The same for a model in several places, as the environments of one product have some in
    /// common.
    ///
    /// # Errors
    ///
    /// [`ReadError`], with every fault of the model.
    pub fn read_all(name: &str, model: &[&Path], migrations: &Path) -> Result<Self, ReadError> {
        let mut sources = Sources::new();
        for place in model {
            for path in files(place)? {
                let text = fs::read_to_string(&path).map_err(|source| ReadError::File {
                    path: path.clone(),
                    source,
                })?;
                sources.add(path, text);
            }
        }
        let (model, diagnostics) = model::load(&sources);
        if diagnostics.has_errors() {
            return Err(ReadError::Model(diagnostics.render(&sources, Color::Never)));
        }
        let history =
            History::read(migrations).map_err(|broken| ReadError::History(broken.to_string()))?;
        let migration = |m: &migrations::history::Migration| Migration {
            name: m.folder_name(),
            up: m.up.clone(),
            down: m.down.clone(),
        };
        let migrations = history.migrations().iter().map(migration).collect();
        Ok(Subject {
            sources: Some(Arc::new(sources)),
            ..Subject::new(name, model, migrations)
        })
    }

    /// The subject of a model that has been loaded, with the platform it declares.
    pub fn new(name: &str, model: model::Model, migrations: Vec<Migration>) -> Self {
        let supabase = model
            .platform
            .as_ref()
            .is_some_and(|platform| *platform == *"supabase");
        let platform = if supabase {
            model::platform::supabase_sql()
        } else {
            ""
        };
        Subject {
            name: name.to_owned(),
            schema: Arc::new(model.schema),
            default_schema: model.default_schema,
            platform: platform.to_owned(),
            sources: None,
            migrations,
        }
    }
}

/// The model files at a path, in the order of their names.
fn files(model: &Path) -> Result<Vec<PathBuf>, ReadError> {
    if !model.is_dir() {
        return Ok(vec![model.to_owned()]);
    }
    let failed = |source| ReadError::File {
        path: model.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(model).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "pilaster")
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
