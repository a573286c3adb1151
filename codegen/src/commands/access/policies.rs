//! The policies and grants of each table as they stand once templates are written out.

use std::path::Path;

use model::schema::{Command, Privileges, Schema};
use model::{Name, Node, Sources};
use serde::Serialize;
use serde_json::json;

use crate::config::projects;
use crate::console::Console;
use crate::failure::{Exit, Outcome};
use crate::matrix::said;
use crate::source::read_model;

#[derive(Debug, Serialize)]
struct TableView {
    name: String,
    row_security: &'static str,
    policies: Vec<PolicyView>,
    grants: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PolicyView {
    name: String,
    restrictive: bool,
    command: String,
    roles: Vec<String>,
    using: Option<String>,
    with_check: Option<String>,
    /// Where it is written, or where the template is used that it comes from.
    place: Option<String>,
}

pub(super) fn run(console: &Console, config: Option<&Path>) -> Outcome {
    let mut all = Vec::new();
    for project in projects(config)? {
        let read = read_model(&project.model, console)?;
        let tables = tables(&read.model.schema, &read.sources);
        all.push((project.name, tables));
    }
    if console.is_json() {
        let projects: Vec<_> = all
            .iter()
            .map(|(name, tables)| json!({ "project": name, "tables": tables }))
            .collect();
        console.json(&json!({ "projects": projects }));
    } else {
        for (_, tables) in &all {
            let text: Vec<String> = tables.iter().map(human).collect();
            console.say(text.join("\n\n"));
        }
    }
    Ok(Exit::Fine)
}

fn tables(schema: &Schema, sources: &Sources) -> Vec<TableView> {
    let own = schema.tables().filter(|(node, _)| !node.external);
    own.map(|(node, table)| TableView {
        name: said(&node.id),
        row_security: match (table.row_security, table.force_row_security) {
            (true, true) => "forced",
            (true, false) => "enabled",
            (false, _) => "disabled",
        },
        policies: schema
            .policies(&node.id)
            .map(|(policy, x)| PolicyView {
                name: policy.id.part.to_string(),
                restrictive: !x.permissive,
                command: match x.command {
                    Command::All => "all".to_owned(),
                    command => command.sql().to_lowercase(),
                },
                roles: x.roles.iter().map(|r| r.to_string()).collect(),
                using: x.using.as_ref().map(|e| e.text.to_string()),
                with_check: x.with_check.as_ref().map(|e| e.text.to_string()),
                place: place(policy, sources),
            })
            .collect(),
        grants: grants(schema, node),
    })
    .collect()
}

fn place(node: &Node, sources: &Sources) -> Option<String> {
    let origin = node.origin?;
    let (line, _) = sources.line_column(origin);
    let path = sources.path(model::FileId(origin.file));
    let file = path.file_name().unwrap_or(path.as_os_str());
    Some(format!("{}:{line}", file.to_string_lossy()))
}

fn grants(schema: &Schema, node: &Node) -> Vec<String> {
    let words = |held: &Privileges| {
        let all: Vec<String> = held.keys().map(|p| p.sql().to_lowercase()).collect();
        all.join(", ")
    };
    let line = |held: &Privileges, on: &str, to: &Name| match held.is_empty() {
        true => format!("nothing{on} to {to}"),
        false => format!("{}{on} to {to}", words(held)),
    };
    let own = node.privileges.iter().map(|(to, held)| line(held, "", to));
    let mut found: Vec<String> = own.collect();
    for (column, _) in schema.columns(&node.id) {
        let on = format!(" on ({})", column.id.part);
        let own = column.privileges.iter();
        found.extend(own.map(|(to, held)| line(held, &on, to)));
    }
    found
}

fn human(table: &TableView) -> String {
    let mut lines = vec![format!(
        "{}: row security {}",
        table.name, table.row_security
    )];
    for policy in &table.policies {
        let restrictive = if policy.restrictive {
            "restrictive "
        } else {
            ""
        };
        let place = policy.place.as_ref();
        lines.push(format!(
            "  {restrictive}policy {} for {} to {}{}",
            policy.name,
            policy.command,
            policy.roles.join(", "),
            place.map_or(String::new(), |place| format!("  // {place}"))
        ));
        let using = policy
            .using
            .as_ref()
            .map(|sql| format!("    using ({sql})"));
        let check = policy.with_check.as_ref();
        lines.extend(using);
        lines.extend(check.map(|sql| format!("    with check ({sql})")));
    }
    lines.extend(table.grants.iter().map(|grant| format!("  grant {grant}")));
    lines.join("\n")
}
