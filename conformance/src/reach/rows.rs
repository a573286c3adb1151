//! The rows on which reach is measured: some that each policy lets pass, and some that it does not.

use model::schema::{Command, Policy, Schema};

use super::actors;
use crate::checks::{policy_rows, rows_can_be_made};
use crate::rows::{Bench, Stop, Wish};

/// Makes rows in every table of the bench's schema, in the present transaction, for the policies
/// that these schemas have on it. A table for which no row can be found stays without.
///
/// # Errors
///
/// [`Stop::Fault`] where the server fails.
pub(super) fn fill_for(bench: &mut Bench, schemas: &[&Schema]) -> Result<(), Stop> {
    let schema = bench.schema();
    bench.query("SET LOCAL session_replication_role = replica")?;
    if let Some(actor) = actors(schemas).first() {
        bench.query(&actor.sql())?;
    }
    for (node, _) in schema.tables() {
        if !rows_can_be_made(&schema, &node.id) {
            continue;
        }
        let mut policies: Vec<Policy> = Vec::new();
        for (_, policy) in schemas.iter().flat_map(|s| s.policies(&node.id)) {
            if !policies.contains(policy) {
                policies.push(policy.clone());
            }
        }
        // A table without policies is open or closed as a whole.
        let commands: &[Command] = match policies.is_empty() {
            true => &[],
            false => &[
                Command::Select,
                Command::Insert,
                Command::Update,
                Command::Delete,
            ],
        };
        let mut found = 0;
        for command in commands {
            let own = policies.iter().any(|p| p.command == *command);
            if own || *command == Command::Select {
                found += policy_rows(bench, &node.id, &policies, *command)?.len();
            }
        }
        if found == 0 {
            match bench.insert(&node.id, &Wish::default()) {
                Err(Stop::Fault(why)) => return Err(Stop::Fault(why)),
                Ok(_) | Err(_) => {}
            }
        }
    }
    bench.query("SET LOCAL session_replication_role = origin")?;
    Ok(())
}
