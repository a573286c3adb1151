//! The command line as typed: every command and option of the contract.
//!
//! It never reads a file or the environment; `commands` make the arguments ready.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// One model file for a PostgreSQL database: its migrations, its Rust types, its proof.
///
/// Without a command it generates. Exit codes: 0 fine; 1 the answer is "different", "stale" or
/// "does not conform"; 2 the input or the usage is wrong; 3 the database or the file system failed.
#[derive(Debug, Parser)]
#[command(name = "pilaster", version, propagate_version = true)]
pub struct Cli {
    /// What to do; `generate` where nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to report.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// The project's file, instead of the nearest `pilaster.toml` here or above.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How a command reports. Not every command has every format; the commands say which they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// A script that psql runs (`diff`).
    Sql,
    /// One JSON document, stable and complete.
    Json,
    /// JUnit's XML (`test`).
    Junit,
    /// A page for a browser (`access`).
    Html,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new project: `pilaster.toml` and a first model that works.
    Init(Init),
    /// Bring everything derived from the model up to date.
    Generate(Generate),
    /// Lay out model files the one way, keeping every comment.
    Fmt(Fmt),
    /// Advise on the model: access, indexes, locks, types.
    Lint(Lint),
    /// Show the plan between any two sources.
    Diff(Diff),
    /// Write a live database as a model.
    Pull(Pull),
    /// Write what another tool keeps as a model: schema.prisma, or a folder of SQL migrations.
    Import(Import),
    /// Show how a live database differs from the model.
    Drift(Drift),
    /// Apply, revert and inspect the history.
    Migrate(Migrate),
    /// Run the conformance suite.
    Test(Test),
    /// Show who may do what: as it is meant, and as it is found.
    Access(Access),
    /// Bring reference and sample rows into a database.
    Seed(Seed),
    /// Write the schema as pages and diagrams.
    Docs(Docs),
}

/// `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder, made where it is missing.
    #[arg(default_value = ".")]
    pub dir: PathBuf,
}

/// `generate`, also without a command.
#[derive(Clone, Debug, Default, Args)]
pub struct Generate {
    /// Write nothing; exit 1 where something is stale.
    #[arg(long)]
    pub check: bool,
    /// The name of the next migration, instead of one made from its steps.
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    pub name: Option<String>,
    /// A hazard that the next migration may carry.
    #[arg(long, value_name = "HAZARD")]
    pub allow: Vec<String>,
    /// Plan for a database without traffic: no CONCURRENTLY, no NOT VALID.
    #[arg(long)]
    pub offline: bool,
}

/// `fmt`.
#[derive(Debug, Args)]
pub struct Fmt {
    /// Write nothing; exit 1 where a file would change.
    #[arg(long)]
    pub check: bool,
    /// Model files or folders; the project's where none are named.
    pub files: Vec<PathBuf>,
}

/// `lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Exit 1 where this rule has something to say; `all` for every rule.
    #[arg(long, value_name = "RULE")]
    pub deny: Vec<String>,
    /// Leave this rule out.
    #[arg(long, value_name = "RULE")]
    pub allow: Vec<String>,
    /// Run only this rule.
    #[arg(long, value_name = "RULE")]
    pub only: Vec<String>,
    /// Print what the rules are and why.
    #[arg(long)]
    pub rules: bool,
}

/// `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// A model file or folder, a migrations folder, a `postgres://` URL, or `empty`.
    #[arg(long, value_name = "SRC")]
    pub from: String,
    /// The same.
    #[arg(long, value_name = "SRC")]
    pub to: String,
    /// Plan for a database without traffic: no CONCURRENTLY, no NOT VALID.
    #[arg(long)]
    pub offline: bool,
}

/// `pull`.
#[derive(Debug, Args)]
pub struct Pull {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub database: Database,
    /// Where to write; a model that is there is merged into. The project's model where nothing is
    /// said, and the standard output where there is no project.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write what is merged, instead of showing it.
    #[arg(long)]
    pub write: bool,
    /// Print the whole database, whatever model there is.
    #[arg(long, conflicts_with_all = ["out", "write"])]
    pub print: bool,
    /// Look at that many rows of each untyped JSONB column, and propose a shape as a comment.
    #[arg(long, value_name = "N")]
    pub sample: Option<u32>,
    /// Only this schema.
    #[arg(long, value_name = "NAME")]
    pub schema: Vec<String>,
}

/// `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// A `schema.prisma`, a folder of them, or a folder of SQL migrations.
    pub path: PathBuf,
    /// Where to write, instead of the standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The server on which migrations are tried, in a database of their own; the first that can be
    /// had where nothing is said.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}

/// `drift`.
#[derive(Debug, Args)]
pub struct Drift {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub database: Database,
    /// What the database should be; the project's model where nothing is said.
    #[arg(long, value_name = "SRC")]
    pub model: Option<String>,
    /// Keep in the database what was found, so that the next time less has to be asked.
    #[arg(long)]
    pub record: bool,
    /// List the rules by which objects are left out, and do nothing else.
    #[arg(long)]
    pub rules: bool,
}

/// A database.
#[derive(Clone, Debug, Args)]
pub struct Database {
    /// `postgres://…`; `$DATABASE_URL` where nothing is said.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}

/// `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// What to do with the history.
    #[command(subcommand)]
    pub action: MigrateAction,
}

/// What `migrate` does.
#[derive(Clone, Debug, Subcommand)]
pub enum MigrateAction {
    /// Apply what has not been applied.
    Up(MigrateRun),
    /// Revert the last migration, or all after `--to`.
    Down(MigrateRun),
    /// Say what has been applied and what has not.
    Status(MigrateTo),
    /// Prove the history on a scratch database: up, down, up, with rows in the tables.
    Verify(MigrateTo),
    /// Record the history as applied in a database that holds its schema already.
    Baseline(MigrateTo),
    /// Fold the first migrations into one that arrives at the same schema.
    Squash(MigrateSquash),
    /// Begin a migration written by hand: a change of rows, or SQL that no plan writes.
    New(MigrateNew),
    /// Chain the history anew after a migration was edited, or moved, before it was applied.
    Rehash(Database),
}

/// `migrate squash`.
#[derive(Clone, Debug, Args)]
pub struct MigrateSquash {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub to: MigrateTo,
    /// The name of the one migration.
    #[arg(long, value_name = "SLUG", value_parser = slug, default_value = "squashed")]
    pub name: String,
}

/// `migrate new`.
#[derive(Clone, Debug, Args)]
pub struct MigrateNew {
    /// What it does, as its folder says: `fill_in_slugs`.
    #[arg(value_parser = slug)]
    pub name: String,
}

/// `migrate up` and `migrate down`.
#[derive(Clone, Debug, Args)]
pub struct MigrateRun {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub to: MigrateTo,
    /// How long a unit waits for a lock before it lets others go first: 500ms, 3s, 1min; 0 for ever.
    #[arg(long, value_name = "TIME", value_parser = crate::config::time)]
    pub lock_timeout: Option<Duration>,
    /// How many times such a unit is tried again.
    #[arg(long, value_name = "N")]
    pub lock_retries: Option<u32>,
    /// How long a statement in a transaction may run; 0 for ever.
    #[arg(long, value_name = "TIME", value_parser = crate::config::time)]
    pub statement_timeout: Option<Duration>,
    /// How long server or network may be silent where they should not be; 0 for ever.
    #[arg(long, value_name = "TIME", value_parser = crate::config::time)]
    pub network_timeout: Option<Duration>,
}

/// Where `migrate` goes.
#[derive(Clone, Debug, Args)]
pub struct MigrateTo {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub database: Database,
    /// The number of the migration to stop at.
    #[arg(long, value_name = "N")]
    pub to: Option<u32>,
}

/// `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Check this database as it stands, leaving nothing behind.
    #[arg(long, value_name = "URL", conflicts_with = "server")]
    pub url: Option<String>,
    /// Where the server comes from, instead of the first that can be had.
    #[arg(long, value_enum)]
    pub server: Option<Server>,
    /// Only the checks (or mutants) whose name holds this text; `access` for those of access.
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Name the checks and run none.
    #[arg(long)]
    pub list: bool,
    /// Weaken the model's promises one by one on a scratch database: a check must fail each time.
    #[arg(long, conflicts_with_all = ["url", "list"])]
    pub mutate: bool,
}

/// `access`.
#[derive(Debug, Args)]
pub struct Access {
    /// Also act as every persona, in this database as it stands; nothing is left behind.
    #[arg(long, value_name = "URL", conflicts_with = "server")]
    pub url: Option<String>,
    /// Also act as every persona, on a server from here.
    #[arg(long, value_enum)]
    pub server: Option<Server>,
    /// Also act as every persona, on the first server that can be had.
    #[arg(long)]
    pub found: bool,
    /// Show the policies and grants of each table instead, templates written out.
    #[arg(long, conflicts_with_all = ["url", "server", "found"])]
    pub policies: bool,
}

/// Where a server comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Server {
    /// A container.
    Docker,
    /// The server programs of this machine.
    Local,
    /// A downloaded PostgreSQL.
    Download,
}

/// `seed`.
#[derive(Debug, Args)]
pub struct Seed {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub database: Database,
    /// Print the statements and run none.
    #[arg(long)]
    pub print: bool,
}

/// `docs`.
#[derive(Debug, Args)]
pub struct Docs {
    /// The folder, instead of the project's.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A slug is part of a folder's name, so it holds what every file system takes.
fn slug(text: &str) -> Result<String, String> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if text.is_empty() || !text.chars().all(fine) {
        return Err("a name is lower-case letters, digits and underscores: add_deals_notes".into());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_format_may_stand_before_or_behind_the_command() {
        for words in [
            ["pilaster", "--format", "json", "lint"],
            ["pilaster", "lint", "--format", "json"],
        ] {
            assert_eq!(Cli::parse_from(words).format, Format::Json);
        }
    }

    #[test]
    fn a_slug_that_no_folder_can_carry_is_refused() {
        assert!(slug("add_deals_notes").is_ok());
        assert!(slug("../x").is_err());
        assert!(slug("").is_err());
    }
}
