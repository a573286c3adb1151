//! Intent: what each persona can do is what was meant, cell by cell.
//!
//! No policy is read here. The tries of a table are made once and shared by its cells.

use model::Id;
use model::schema::Schema;

use super::{Check, Family, said};
use crate::access::{cells, judge};
use crate::rows::Stop;

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let intent = schema.intent();
    for (persona, verb) in cells(schema, table) {
        let own = table.clone();
        let name = format!("{}: {persona} may {verb} what is meant", said(table));
        let place = intent
            .relations
            .get(table)
            .and_then(|meant| meant.cell(&persona, None))
            .map(|cell| cell.origin);
        let check = Check::new(Family::Access, table, name, move |bench| {
            let answer = bench.board().answer(bench, &own)?;
            match &*answer {
                Ok(found) => judge(found, &persona, &verb),
                Err(why) => Err(Stop::Undecided(why.clone())),
            }
        });
        found.push(check.meant_at(place));
    }
}
