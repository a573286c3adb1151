//! Who may do what, below each table it is said of.

use std::collections::BTreeMap;

use model::{Id, Schema};
use serde::Serialize;

use super::words::cell;
use crate::matrix::{CellView, RowView, View};

/// The matrix of one table.
#[derive(Serialize)]
pub(super) struct Matrix {
    ties: Vec<String>,
    grids: Vec<Grid>,
}

#[derive(Serialize)]
struct Grid {
    /// Of which rows, where not of all.
    state: String,
    commands: Vec<&'static str>,
    rows: Vec<Persona>,
}

#[derive(Serialize)]
struct Persona {
    persona: String,
    cells: Vec<String>,
}

/// The matrices of all tables that the intent speaks of.
pub(super) fn of_all(schema: &Schema) -> BTreeMap<Id, Matrix> {
    let view = View::meant("", schema);
    let tables = view.tables.into_iter().map(|table| {
        let mut grids = vec![grid(String::new(), &table.rows)];
        let states = table.states.iter();
        grids.extend(states.map(|state| grid(format!("`{}`", state.state), &state.rows)));
        grids.retain(|grid| !grid.rows.is_empty());
        let ties = table.ties.iter().map(|tie| cell(tie)).collect();
        (table.id, Matrix { ties, grids })
    });
    tables.collect()
}

fn grid(state: String, rows: &[RowView]) -> Grid {
    let first = rows.first();
    let commands = first.map(|row| row.cells.iter().map(|cell| cell.command).collect());
    let rows = rows.iter().map(|row| Persona {
        persona: cell(&row.persona),
        cells: row.cells.iter().map(word).collect(),
    });
    Grid {
        state,
        commands: commands.unwrap_or_default(),
        rows: rows.collect(),
    }
}

fn word(of: &CellView) -> String {
    match (&of.columns, of.meant) {
        (Some(columns), _) => cell(&columns.join(", ")),
        (None, true) => "yes".to_owned(),
        (None, false) => "–".to_owned(),
    }
}
