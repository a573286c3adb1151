//! The command line, through one door: a project in a folder of its own, a command, and all that
//! it said.

mod access;
mod adoption;
mod audited;
mod by_hand;
mod concerned;
mod conform;
mod crash;
mod diff;
mod direction;
mod docs;
mod documents;
mod drift;
mod echo_alpha;
mod exhausted;
mod files;
mod fmt;
mod generate;
mod import;
mod init;
mod leftovers;
mod lint;
mod merge;
mod migrate;
mod mutate;
mod network;
mod own;
mod pooler;
mod progress;
mod prove;
mod proxy;
mod pull;
mod seed;
mod squash;
mod usage;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A project in a folder that goes when the test ends.
struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    /// A project of that model, with everything generated.
    fn new(model: &str) -> Self {
        let project = Project {
            dir: tempfile::tempdir().unwrap(),
        };
        let toml = "model = 'shop.pilaster'\nrust = 'src/db.rs'\njson_schema = 'schemas'\n";
        project.write("pilaster.toml", toml);
        project.write("shop.pilaster", model);
        project
    }

    /// A folder without a project.
    fn empty() -> Self {
        Project {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The files below the folder, in order.
    fn files(&self) -> String {
        let mut files = Vec::new();
        below(self.dir.path(), &mut files);
        files.sort();
        let name = |path: &PathBuf| path.strip_prefix(&self.dir).unwrap().display().to_string();
        files.iter().map(name).collect::<Vec<_>>().join("\n")
    }

    /// Runs the command there, and answers with its exit code and all that it said.
    fn run(&self, args: &[&str]) -> String {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_pilaster"))
            .args(args)
            .current_dir(&self.dir)
            .env_remove("DATABASE_URL")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let code = output
            .status
            .code()
            .map_or_else(|| "none".into(), |code| code.to_string());
        let mut said = format!(
            "$ {}\nexit {code}\n",
            [&["pilaster"], args].concat().join(" ")
        );
        for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
            let text = String::from_utf8(bytes).unwrap();
            if !text.is_empty() {
                said += &format!("--- {name}\n{}\n", text.trim_end());
            }
        }
        let own = self.dir.path().display().to_string();
        said.replace(&own, "DIR")
    }
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Text without hashes, which change with every character of a migration.
fn without_hashes(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += "sha256:…";
        out += part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out
}

/// A small shop, which many tests start from.
const SHOP: &str = "/// What is sold.
table products {
  id     bigint  identity  primary key
  name   varchar(80)  unique
  price  numeric(12, 2)  check products_price_not_negative (price >= 0)
}
";
