//! The matrix for a terminal: a table for each table.

use std::fmt::Write;

use crate::matrix::{CellView, RowView, TableView, View};

/// Who may do what, and below each table what was found to differ.
pub(super) fn matrix(view: &View) -> String {
    let mut out = String::new();
    let width = view.personas.iter().map(|p| p.name.chars().count()).max();
    let width = width.unwrap_or(0);
    for persona in &view.personas {
        let _ = writeln!(
            out,
            "{:width$}  as {}{}",
            persona.name,
            persona.role,
            persona
                .about
                .as_ref()
                .map_or(String::new(), |about| format!(": {about}"))
        );
    }
    for table in &view.tables {
        out.push('\n');
        one(table, width, &mut out);
    }
    if view.acted {
        let differ: usize = view.tables.iter().map(|t| t.differences.len()).sum();
        let _ = writeln!(
            out,
            "\n{}",
            match differ {
                0 => "everything found is as meant".to_owned(),
                1 => "1 difference between what is meant and what is found".to_owned(),
                n => format!("{n} differences between what is meant and what is found"),
            }
        );
    }
    out.trim_end().to_owned()
}

fn one(table: &TableView, width: usize, out: &mut String) {
    let of = table.of.as_ref();
    let of = of.map_or(String::new(), |of| format!(", which shows rows of {of}"));
    let _ = writeln!(out, "{}{of}", table.name);
    for tie in &table.ties {
        let _ = writeln!(out, "  {tie}");
    }
    grid(&table.rows, width, out);
    for state in &table.states {
        let _ = writeln!(out, "  when {}", state.state);
        grid(&state.rows, width, out);
    }
    for difference in &table.differences {
        let _ = writeln!(
            out,
            "  ! {}, {}, {}: meant {}, found {}{}",
            difference.persona,
            difference.row,
            difference.command,
            difference.meant,
            difference.got,
            difference
                .detail
                .as_ref()
                .map_or(String::new(), |why| format!(" ({why})"))
        );
    }
    for why in &table.undecided {
        let _ = writeln!(out, "  ? {}", why.replace('\n', " "));
    }
}

fn grid(rows: &[RowView], width: usize, out: &mut String) {
    let Some(first) = rows.first() else { return };
    let columns = first.cells.len();
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let cells = rows.iter().map(|row| cell(&row.cells[at]).chars().count());
            cells.max().unwrap_or(0).max(first.cells[at].command.len())
        })
        .collect();
    let mut line = |name: &str, cells: &[String]| {
        let mut text = format!("  {name:width$}");
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(text, "  {cell:width$}");
        }
        let _ = writeln!(out, "{}", text.trim_end());
    };
    let head: Vec<String> = first.cells.iter().map(|c| c.command.to_owned()).collect();
    line("", &head);
    for row in rows {
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        line(&row.persona, &cells);
    }
}

fn cell(cell: &CellView) -> String {
    let meant = match (&cell.columns, cell.meant) {
        (Some(columns), _) => format!("({})", columns.join(", ")),
        (None, true) => "yes".to_owned(),
        (None, false) => "-".to_owned(),
    };
    match cell.as_meant {
        Some(false) => format!("{meant} !"),
        _ => meant,
    }
}
