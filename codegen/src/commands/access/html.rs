//! The matrix as one page for a browser, with nothing to load.

use std::fmt::Write;

use crate::matrix::{CellView, RowView, View};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}\
table{border-collapse:collapse;margin:.5rem 0 1rem}th,td{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}\
th{background:#f4f4f4}.yes{background:#e3f4e3}.some{background:#f4f0dc}.no{color:#999}\
.differs{background:#f8d0d0;font-weight:600}.tie,.state{color:#555}";

/// The page.
pub(super) fn page(views: &[View]) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>Who may do what</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    );
    for view in views {
        let _ = writeln!(out, "<h1>{}: who may do what</h1>", text(&view.project));
        out.push_str("<table>\n<tr><th>persona</th><th>role</th><th></th></tr>\n");
        for persona in &view.personas {
            let _ = writeln!(
                out,
                "<tr><th>{}</th><td>{}</td><td>{}</td></tr>",
                text(&persona.name),
                text(&persona.role),
                text(persona.about.as_deref().unwrap_or_default())
            );
        }
        out.push_str("</table>\n");
        for table in &view.tables {
            let of = table.of.as_ref();
            let of = of.map_or(String::new(), |of| format!(", rows of {of}"));
            let _ = writeln!(out, "<h2>{}</h2>", text(&format!("{}{of}", table.name)));
            for tie in &table.ties {
                let _ = writeln!(out, "<p class=\"tie\">{}</p>", text(tie));
            }
            grid(&table.rows, &mut out);
            for state in &table.states {
                let _ = writeln!(out, "<p class=\"state\">when {}</p>", text(&state.state));
                grid(&state.rows, &mut out);
            }
            if !table.differences.is_empty() {
                out.push_str("<ul>\n");
            }
            for difference in &table.differences {
                let line = format!(
                    "{}, {}, {}: meant {}, found {}",
                    difference.persona,
                    difference.row,
                    difference.command,
                    difference.meant,
                    difference.got
                );
                let _ = writeln!(out, "<li class=\"differs\">{}</li>", text(&line));
            }
            if !table.differences.is_empty() {
                out.push_str("</ul>\n");
            }
        }
    }
    out.push_str("</body>\n</html>");
    out
}

fn grid(rows: &[RowView], out: &mut String) {
    let Some(first) = rows.first() else { return };
    out.push_str("<table>\n<tr><th></th>");
    for cell in &first.cells {
        let _ = write!(out, "<th>{}</th>", cell.command);
    }
    out.push_str("</tr>\n");
    for row in rows {
        let _ = write!(out, "<tr><th>{}</th>", text(&row.persona));
        row.cells.iter().for_each(|cell| one(cell, out));
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}

fn one(cell: &CellView, out: &mut String) {
    let (class, words) = match (&cell.columns, cell.meant) {
        (Some(columns), _) => ("some", columns.join(", ")),
        (None, true) => ("yes", "yes".to_owned()),
        (None, false) => ("no", "no".to_owned()),
    };
    let class = match cell.as_meant {
        Some(false) => "differs",
        _ => class,
    };
    let _ = write!(out, "<td class=\"{class}\">{}</td>", text(&words));
}

/// The text with what HTML would read as its own written out.
fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
