//! Differences for which no way is known, shown where the model says what is wanted.

use migrations::plan::Unplannable;
use model::{Diagnostic, Diagnostics};

use crate::console::Console;
use crate::failure::Failure;
use crate::source::Read;

/// Each at its object, or the table that it is a part of; what the model has no place for follows.
pub(super) fn shown(faults: &[Unplannable], read: &Read, console: &Console) -> Failure {
    let schema = &read.model.schema;
    let mut placed = Diagnostics::new();
    let mut others = Vec::new();
    for fault in faults {
        let own = schema.get(&fault.id).and_then(|node| node.origin);
        let origin = own.or_else(|| {
            let relation = fault.id.relation()?;
            schema.relation(&relation.schema, &relation.name)?.origin
        });
        let Some(origin) = origin else {
            others.push(fault.clone());
            continue;
        };
        let said = fault.to_string();
        let diagnostic = match said.split_once(": ") {
            Some((fact, mend)) => Diagnostic::error("no_way", fact, origin).help(mend),
            None => Diagnostic::error("no_way", said, origin),
        };
        placed.push(diagnostic);
    }
    let mut failures = Vec::new();
    if !placed.is_empty() {
        let color = console.error_color();
        failures.push(Failure::faults(&placed, &read.sources, color));
    }
    if !others.is_empty() {
        failures.push(super::unplanned(&others));
    }
    let all = Failure::all(failures).unwrap_or_else(|| super::unplanned(faults));
    all.with_note("nothing was written")
}
