//! Which policies there are: each is of the kind, for the command and for the roles of the model,
//! and there is no other.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{literal, qualified};
use model::schema::{Name, Policy, Schema};

use super::{Check, Family, said};
use crate::rows::Stop;

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let wanted: BTreeSet<String> = schema
        .policies(table)
        .map(|(node, policy)| line(&node.id.part, policy))
        .collect();
    let secured = schema.get(table).and_then(|node| node.object.as_table());
    if wanted.is_empty() && !secured.is_some_and(|own| own.row_security) {
        return;
    }
    let relation = literal(&qualified(&table.schema, &table.name));
    let name = format!(
        "{}: has the policies of the model and no other",
        said(table)
    );
    let check = Check::new(Family::Access, table, name, move |bench| {
        let sql = format!(
            "SELECT p.polname || ': ' || CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END \
               || ' for ' || CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' \
                 WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END || ' to ' \
               || (SELECT string_agg(n, ', ' ORDER BY n COLLATE \"C\") FROM (SELECT CASE WHEN r = 0 \
                 THEN 'public' ELSE pg_get_userbyid(r)::text END AS n FROM unnest(p.polroles) AS r) AS s) AS line \
             FROM pg_catalog.pg_policy p WHERE p.polrelid = {relation}::regclass"
        );
        let rows = bench.query(&sql)?;
        let lines = rows
            .into_iter()
            .filter_map(|mut row| row.remove("line").flatten());
        let has: BTreeSet<String> = lines.collect();
        match has.symmetric_difference(&wanted).next() {
            None => Ok(()),
            Some(line) if has.contains(line) => Err(Stop::Failed(format!(
                "{line}, and the model does not say so"
            ))),
            Some(line) => Err(Stop::Failed(format!("not {line}, and the model says so"))),
        }
    });
    found.push(check.of_lists());
}

fn line(name: &Name, policy: &Policy) -> String {
    let kind = if policy.permissive {
        "permissive"
    } else {
        "restrictive"
    };
    let roles: Vec<&str> = policy.roles.iter().map(Name::as_str).collect();
    let command = policy.command.sql().to_lowercase();
    format!("{name}: {kind} for {command} to {}", roles.join(", "))
}
