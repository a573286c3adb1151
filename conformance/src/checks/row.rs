//! Whole rows: one with every column filled, one with no more than it must have.

use model::Id;
use model::schema::Schema;

use super::{Check, Family, said};
use crate::rows::Wish;

pub(super) fn checks(_: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (least, what) in [
        (false, "a full row"),
        (true, "a row with only what it must have"),
    ] {
        let own = table.clone();
        found.push(Check::new(
            Family::Row,
            table,
            format!("{}: accepts {what}", said(table)),
            move |bench| {
                bench
                    .insert(
                        &own,
                        &Wish {
                            least,
                            ..Wish::default()
                        },
                    )
                    .map(drop)
            },
        ));
    }
}
