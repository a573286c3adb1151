//! The model that a statement is checked against: found by `pilaster.toml`, read once.
//!
//! It reads files and nothing else, and holds what it read until a file changes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use model::{Model, Sources};

/// A project whose model was read.
pub(crate) struct Project {
    pub(crate) model: Model,
    /// What it was read from: where one changes, statements are checked again.
    pub(crate) files: Vec<PathBuf>,
    /// Where the generated Rust is, as `pilaster.toml` says it.
    pub(crate) rust: Option<PathBuf>,
    read_at: Vec<Option<SystemTime>>,
}

static READ: Mutex<Option<HashMap<PathBuf, Arc<Project>>>> = Mutex::new(None);

impl Project {
    /// The project of the nearest `pilaster.toml` above that source file, or above the package.
    pub(crate) fn of(source: Option<PathBuf>) -> Result<Arc<Project>, String> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let source = source.and_then(|file| file.canonicalize().ok());
        let starts = source.iter().filter_map(|file| file.parent());
        let starts = starts.chain(package.as_deref());
        let file = starts
            .flat_map(Path::ancestors)
            .map(|folder| folder.join("pilaster.toml"))
            .find(|file| file.is_file() && says_model(file))
            .ok_or("no `pilaster.toml` that names a model in this folder or above it")?;
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        let known = read.get_or_insert_default();
        if let Some(project) = known.get(&file)
            && project.read_at == times(&project.files)
        {
            return Ok(project.clone());
        }
        let project = Arc::new(Project::read(&file)?);
        known.insert(file, project.clone());
        Ok(project)
    }

    fn read(file: &Path) -> Result<Project, String> {
        let settings_text = text(file)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut files = Vec::new();
        for path in settings(&settings_text, "model") {
            found(&folder.join(path), &mut files)?;
        }
        let mut sources = Sources::new();
        for file in &files {
            let name = file.strip_prefix(folder).unwrap_or(file);
            sources.add(name.display().to_string(), text(file)?);
        }
        let (model, diagnostics) = model::load(&sources);
        if diagnostics.has_errors() {
            let said = diagnostics.render(&sources, model::Color::Never);
            return Err(format!("the model has errors:\n{said}"));
        }
        files.push(file.to_owned());
        let rust = settings(&settings_text, "rust")
            .pop()
            .map(|path| folder.join(path));
        Ok(Project {
            model,
            rust,
            read_at: times(&files),
            files,
        })
    }
}

fn says_model(file: &Path) -> bool {
    text(file).is_ok_and(|text| !settings(&text, "model").is_empty())
}

fn text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("can't read {}: {error}", file.display()))
}

fn times(files: &[PathBuf]) -> Vec<Option<SystemTime>> {
    let changed = |file: &PathBuf| fs::metadata(file).and_then(|m| m.modified()).ok();
    files.iter().map(changed).collect()
}

/// The model files at a path: itself, or those in the folder and below, by name.
fn found(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let failed = |error| format!("can't read {}: {error}", path.display());
    let mut inside = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        inside.push(entry.map_err(failed)?.path());
    }
    inside.sort();
    for path in inside {
        if path.is_dir() || path.extension().is_some_and(|end| end == "pilaster") {
            found(&path, files)?;
        }
    }
    Ok(())
}

/// The strings that a key of `pilaster.toml` holds, before its first table. Two keys are all that is
/// needed here, and a proc macro's dependencies are compiled before everything else.
fn settings(text: &str, key: &str) -> Vec<String> {
    let mut lines = text.lines().map(str::trim);
    let mut lines = lines.by_ref().take_while(|line| !line.starts_with('['));
    let Some(first) = lines.find_map(|line| {
        let rest = line.strip_prefix(key)?.trim_start();
        rest.strip_prefix('=')
    }) else {
        return Vec::new();
    };
    let mut value = first.to_owned();
    if value.trim_start().starts_with('[') {
        for line in lines {
            if value.contains(']') {
                break;
            }
            value.push_str(line);
        }
    }
    let mut strings = Vec::new();
    let mut rest = value.as_str();
    while let Some(at) = rest.find(['"', '\'', '#']) {
        let mark = rest.as_bytes()[at];
        let inner = &rest[at + 1..];
        match inner.find(char::from(mark)).filter(|_| mark != b'#') {
            Some(end) => {
                strings.push(inner[..end].to_owned());
                rest = &inner[end + 1..];
            }
            None => break,
        }
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn a_setting_is_one_string_or_several() {
        let text = "# model = \"no\"\nname = 'Shop'\nmodel = [\n  \"a.pilaster\",\n  'b', # c\n]\n\
                    rust = \"src/schema.rs\" # \"d\"\n[test]\nmodel = \"e\"\n";
        assert_eq!(settings(text, "model"), ["a.pilaster", "b"]);
        assert_eq!(settings(text, "rust"), ["src/schema.rs"]);
        assert!(settings(text, "docs").is_empty());
    }
}
