//! `import`: what another tool keeps, as a model.
//!
//! It never reads a live database; `pull` does.

use std::path::{Path, PathBuf};

use conformance::server::{Server, Wanted};
use model::Style;

use crate::args::{Format, Import};
use crate::console::Console;
use crate::failure::{Cause, Exit, Failure, Outcome};
use crate::import::{Remark, prisma, sql};
use crate::pull::{platform, pulled, save};
use crate::source::{read_database, read_text, url};

pub(super) fn run(console: &Console, args: &Import) -> Outcome {
    console.accepts("import", &[Format::Human])?;
    let (text, remarks) = match datamodel(&args.path)? {
        Some(files) => of_prisma(&files)?,
        None => of_sql(console, args)?,
    };
    for remark in remarks {
        console.note(remark.to_string());
    }
    save(console, args.out.as_deref(), &text)?;
    Ok(Exit::Fine)
}

/// The files of Prisma's datamodel, where the path names one or a folder of them.
fn datamodel(path: &Path) -> Outcome<Option<Vec<PathBuf>>> {
    let is_prisma = |path: &Path| path.extension().is_some_and(|e| e == "prisma");
    if path.is_file() {
        return match is_prisma(path) {
            true => Ok(Some(vec![path.to_path_buf()])),
            false => Err(Failure::input(
                format_args!("{} is no datamodel of Prisma", path.display()),
                "name a schema.prisma, or the folder of the SQL migrations",
            )),
        };
    }
    if !path.is_dir() {
        return Err(Failure::input(
            format_args!("{} does not exist", path.display()),
            "name a schema.prisma, or the folder of the SQL migrations",
        ));
    }
    let entries = std::fs::read_dir(path).map_err(|e| Failure::io("read", path, &e))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths.filter(|path| is_prisma(path)).collect();
    files.sort();
    Ok((!files.is_empty()).then_some(files))
}

fn of_prisma(paths: &[PathBuf]) -> Outcome<(String, Vec<Remark>)> {
    let mut files = Vec::new();
    for path in paths {
        files.push((path.display().to_string(), read_text(path)?));
    }
    prisma::import(&files).map_err(|faults| {
        let lines: Vec<String> = faults
            .iter()
            .map(|fault| format!("error: {fault}"))
            .collect();
        Failure::of(Cause::Input, lines.join("\n"))
    })
}

fn of_sql(console: &Console, args: &Import) -> Outcome<(String, Vec<Remark>)> {
    let (scripts, remarks) = sql::scripts(&args.path)?;
    let mut wanted = Wanted::from_env().map_err(|e| Failure::input(e, "unset the variable"))?;
    wanted.url = args.url.as_deref().map(url).transpose()?;
    let server = Server::start(&wanted).map_err(|e| Failure::database("start a server", e))?;
    console.note(server.describe());
    let scratch = |e: &dyn std::fmt::Display| Failure::database("make a scratch database", e);
    let database = server.database().map_err(|e| scratch(&e))?;
    let on_supabase = ["auth.uid()", "auth.users", "service_role", "authenticated"];
    if scripts
        .iter()
        .any(|s| on_supabase.iter().any(|word| s.up.contains(word)))
    {
        let mut client = database.connect().map_err(|e| scratch(&e))?;
        client
            .batch_execute(model::platform::supabase_sql())
            .map_err(|e| scratch(&e))?;
        console.note("the migrations name Supabase's objects: a stand-in for them is there");
    }
    for script in &scripts {
        // A script may leave settings behind: each has a session of its own.
        let mut client = database.connect().map_err(|e| scratch(&e))?;
        sql::run(&mut client, script)
            .map_err(|remark| Failure::of(Cause::Input, format!("error: {remark}")))?;
    }
    let count = match scripts.len() {
        1 => "1 migration was".to_owned(),
        n => format!("{n} migrations were"),
    };
    console.note(format!("{count} applied to a scratch database"));
    let held = read_database(database.url(), &[], console)?;
    let style = Style {
        mixins: true,
        templates: true,
        platform: platform(database.url())?,
    };
    Ok((pulled(held, &style).text, remarks))
}
