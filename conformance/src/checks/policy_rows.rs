//! Rows on which policies can be judged: some that each lets pass, and some that it does not.
//!
//! Never says which are which; the server is asked for each.

use model::Id;
use model::schema::{Command, Policy};

use super::policy::{Guard, SUBJECT};
use crate::rows::{Bench, Stop, TextRow, Wish};

impl Guard {
    /// Rows of both kinds, as far as they can be found: that the policies let pass, and that not.
    pub(super) fn rows(&self, bench: &mut Bench, command: Command) -> Result<Vec<TextRow>, Stop> {
        policy_rows(bench, &self.table, &self.all, command)
    }
}

/// The same for the policies of a table.
pub(crate) fn policy_rows(
    bench: &mut Bench,
    table: &Id,
    all: &[Policy],
    command: Command,
) -> Result<Vec<TextRow>, Stop> {
    let mut demands: Vec<Option<String>> = vec![None];
    let exprs = all.iter().filter(|p| {
        p.command == command || p.command == Command::All || p.command == Command::Select
    });
    for policy in exprs {
        for expr in [&policy.using, &policy.with_check].into_iter().flatten() {
            // The subject stands here as a value worth trying.
            let hint = format!("'{SUBJECT}' <> ''");
            demands.push(Some(format!("({}) AND {hint}", expr.text)));
            demands.push(Some(format!("({}) IS NOT TRUE AND {hint}", expr.text)));
        }
    }
    // A row that one policy alone lets pass.
    let similar: Vec<&Policy> = all
        .iter()
        .filter(|p| p.permissive && (p.command == command || p.command == Command::All))
        .collect();
    for policy in similar.iter().filter(|_| similar.len() > 1) {
        let others = similar.iter().filter(|other| other != &policy);
        let others = others.filter_map(|other| other.using.as_ref());
        let apart: Vec<String> = others
            .map(|expr| format!("({}) IS NOT TRUE", expr.text))
            .collect();
        if let Some(using) = policy.using.as_ref().filter(|_| !apart.is_empty()) {
            demands.push(Some(format!(
                "({}) AND {} AND '{SUBJECT}' <> ''",
                using.text,
                apart.join(" AND ")
            )));
        }
    }
    // A row that may be reached and may not become what it is.
    for policy in all.iter().filter(|p| p.command == command) {
        if let (Some(using), Some(check)) = (&policy.using, &policy.with_check) {
            let hint = format!("'{SUBJECT}' <> ''");
            let (using, check) = (&using.text, &check.text);
            demands.push(Some(format!(
                "({using}) AND ({check}) IS NOT TRUE AND {hint}"
            )));
        }
    }
    let mut rows = Vec::new();
    for demand in demands {
        let wish = Wish {
            demands: demand.into_iter().collect(),
            any_state: true,
            ..Wish::default()
        };
        match bench.insert(table, &wish) {
            Ok(row) => rows.push(row),
            Err(Stop::Fault(why)) => return Err(Stop::Fault(why)),
            Err(Stop::Failed(_) | Stop::Undecided(_)) => {}
        }
    }
    Ok(rows)
}
