//! The lines that a trail has of one row.

use crate::column::Order;
use crate::sql::{Column, Kept, Piece};
use crate::{Filter, Query, Table};

/// The lines for which the condition holds, in the order of their key. `$1`, `$2` … in it stand for
/// the values, each once and in this order.
#[doc(hidden)]
pub fn lines<L: Table<Of = L>>(condition: &str, key: Vec<(Column, Kept)>) -> Query<L> {
    let mut pieces = Vec::new();
    let mut rest = condition;
    for (place, (column, value)) in key.into_iter().enumerate() {
        let (before, after) = rest
            .split_once(&format!("${}", place + 1))
            .unwrap_or((rest, ""));
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Value(column, value));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    let mut lines = L::filter(Filter::of(pieces));
    for column in L::KEY {
        lines = lines.order_by(Order::new(*column, false, false));
    }
    lines
}
