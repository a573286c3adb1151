//! The cases that are files of a folder beside the tests.

use std::fs;
use std::path::{Path, PathBuf};

/// Runs it for every model of that folder, in order; a snapshot in it is named for its file.
pub(crate) fn each_model(folder: &str, mut run: impl FnMut(&Path)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let entries = fs::read_dir(&folder).expect("the folder can be read");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "pilaster"));
    paths.sort();
    assert!(!paths.is_empty(), "no case in {}", folder.display());
    for path in paths {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_suffix(path.file_name().expect("a name").to_string_lossy());
        settings.bind(|| run(&path));
    }
}
