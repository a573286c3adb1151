//! The rows on which reach is measured: some that each policy lets pass, and some that it does not.

use model::Id;
use model::schema::{Command, Policy, Schema};

use super::actors;
use crate::checks::{SUBJECT, policy_rows, rows_can_be_made};
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
        found += apart(bench, schemas, &node.id)?;
        if found == 0 {
            let made = bench.insert(&node.id, &Wish::default());
            if let Err(Stop::Fault(why)) = made {
                return Err(Stop::Fault(why));
            }
        }
    }
    bench.query("SET LOCAL session_replication_role = origin")?;
    Ok(())
}

/// Rows on which two states of a policy differ: one lets them pass, the other does not.
fn apart(bench: &mut Bench, schemas: &[&Schema], table: &Id) -> Result<usize, Stop> {
    let mut demands: Vec<String> = Vec::new();
    let check = |p: &Policy| {
        p.with_check
            .as_ref()
            .or(p.using.as_ref())
            .map(|e| e.text.clone())
    };
    let using = |p: &Policy| p.using.as_ref().map(|e| e.text.clone());
    let states = schemas.iter().enumerate();
    for (at, (node, a)) in states.flat_map(|(at, s)| s.policies(table).map(move |p| (at, p))) {
        let others = schemas[at + 1..].iter().flat_map(|s| s.policies(table));
        for (_, b) in others.filter(|(other, b)| other.id.part == node.id.part && *b != a) {
            for (one, other) in [(using(a), using(b)), (check(a), check(b))] {
                let (Some(one), Some(other)) = (one, other) else {
                    continue;
                };
                for (one, other) in [(&one, &other), (&other, &one)] {
                    // The subject stands here as a value worth trying.
                    demands.push(format!(
                        "({one}) AND ({other}) IS NOT TRUE AND '{SUBJECT}' <> ''"
                    ));
                }
            }
        }
    }
    let mut found = 0;
    for demand in demands {
        let wish = Wish {
            demands: vec![demand],
            any_state: true,
            ..Wish::default()
        };
        match bench.insert(table, &wish) {
            Err(Stop::Fault(why)) => return Err(Stop::Fault(why)),
            Ok(_) => found += 1,
            Err(_) => {}
        }
    }
    Ok(found)
}
