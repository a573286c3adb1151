//! `seed`: reference and sample rows, brought into a database in one transaction.

use std::path::Path;

use model::schema::Name;

use super::one_project;
use crate::args::{Format, Seed};
use crate::console::Console;
use crate::failure::{Cause, Exit, Failure, Outcome};
use crate::seed::{NotUnique, Statement, statements};
use crate::source::{connect, database_url, read_model};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Seed) -> Outcome {
    console.accepts("seed", &[Format::Human, Format::Json])?;
    let project = one_project(config)?;
    let read = read_model(&project.model, console)?;
    let statements = statements(&read.model.schema).map_err(|faults| refused(&faults))?;
    if args.print {
        statements
            .iter()
            .for_each(|s| console.say(format!("{};\n\n", s.sql)));
        return Ok(Exit::Fine);
    }
    let url = database_url(args.database.url.as_deref())?;
    let changed = apply(&url, &statements)?;
    let brought = statements
        .iter()
        .zip(&changed)
        .filter(|(statement, _)| statement.rows > 0);
    if console.is_json() {
        let tables: Vec<_> = brought
            .map(|(statement, changed)| {
                let table = statement.table.to_string();
                serde_json::json!({ "table": table, "rows": statement.rows, "changed": changed })
            })
            .collect();
        console.json(&serde_json::json!({ "seeded": tables }));
    } else {
        for (statement, changed) in brought {
            let Statement { table, rows, .. } = statement;
            console.say(format!("{table}: {changed} of {rows} rows written"));
        }
    }
    Ok(Exit::Fine)
}

fn apply(url: &migrations::Url, statements: &[Statement]) -> Outcome<Vec<u64>> {
    let mut client = connect(url)?;
    let failed = |doing: &str, e: postgres::Error| {
        let text = e
            .as_db_error()
            .map_or_else(|| e.to_string(), ToString::to_string);
        Failure::database(doing, text)
    };
    let mut transaction = client.transaction().map_err(|e| failed("begin", e))?;
    let mut changed = Vec::new();
    for statement in statements {
        let doing = format!("seed {}", statement.table);
        changed.push(
            transaction
                .execute(&statement.sql, &[])
                .map_err(|e| failed(&doing, e))?,
        );
    }
    transaction
        .commit()
        .map_err(|e| failed("commit the seed", e))?;
    Ok(changed)
}

fn refused(faults: &[NotUnique]) -> Failure {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| {
            let key = fault
                .key
                .iter()
                .map(Name::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            format!(
                "error: rows of {} are found by ({key}), which is not unique\n  = mend: say \
                 `key (…)` with the columns of a primary key or a unique constraint",
                fault.table
            )
        })
        .collect();
    Failure::of(Cause::Input, lines.join("\n\n"))
}
