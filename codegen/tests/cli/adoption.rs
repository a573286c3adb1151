//! `docs/adoption.md`: its commands are run, and say what stands there.
//!
//! `INSTA_UPDATE=always` writes what they say into the page.

use std::fs;
use std::path::Path;
use std::process::Command;

use conformance::server::{Database, Server};

use super::Project;

/// Runs a line of the page in a shell, and answers with all that it said.
fn shell(project: &Project, url: &str, line: &str) -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_pilaster")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {line}\n}} 2>&1")])
        .current_dir(project.path(""))
        .env("DATABASE_URL", url)
        .env("PATH", path)
        .output()
        .unwrap();
    settled(&String::from_utf8(output.stdout).unwrap())
}

/// Without what changes from run to run: times, versions, where a server came from.
fn settled(said: &str) -> String {
    let mut text = String::new();
    for line in said.lines() {
        let line = match (
            line.split_once("(PostgreSQL "),
            line.strip_prefix("postgres "),
        ) {
            (Some((head, _)), _) => format!("{head}(PostgreSQL …)"),
            (_, Some(_)) => "postgres …".to_owned(),
            _ => line.to_owned(),
        };
        let line = match line.rsplit_once(" (") {
            Some((head, time)) if time.ends_with(" ms)") => format!("{head} (… ms)"),
            _ => line,
        };
        let line = match line.split_once(" has changed since ") {
            Some((head, time)) => {
                let rest = time.split_once(',').map_or("", |(_, rest)| rest);
                format!("{head} has changed since …,{rest}")
            }
            None => line,
        };
        text += &format!("{line}\n");
    }
    super::without_hashes(&text)
}

/// The page with what its commands say now.
fn run(page: &str, project: &Project, database: &Database) -> String {
    let url = database.url().expose();
    let mut out = String::new();
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        out += line;
        let block = line.trim_end();
        if block != "```sql" && block != "```console" {
            continue;
        }
        let body: Vec<&str> = lines
            .by_ref()
            .take_while(|line| line.trim_end() != "```")
            .collect();
        if block == "```sql" {
            out += &body.concat();
            database
                .connect()
                .unwrap()
                .batch_execute(&body.concat())
                .unwrap();
        } else {
            for command in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                out += &format!("$ {command}{}", shell(project, &url, command.trim_end()));
            }
        }
        out += "```\n";
    }
    out
}

#[test]
fn the_page_says_what_its_commands_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/adoption.md");
    let page = fs::read_to_string(&path).unwrap();
    let database = Server::shared().database().unwrap();
    let now = run(&page, &Project::empty(), &database);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, &now).unwrap();
    }
    similar_asserts(&now, &page);
}

fn similar_asserts(now: &str, page: &str) {
    let diff = similar::TextDiff::from_lines(page, now);
    assert!(
        now == page,
        "{}",
        diff.unified_diff().header("the page", "now")
    );
}
