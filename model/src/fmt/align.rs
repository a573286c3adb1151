//! Lines, and the alignment of their cells.
//!
//! It moves cells to the right and changes no text.

/// A line of the output, or several where a string runs over lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) indent: usize,
    pub(super) blank_before: bool,
    /// The parts that are aligned with those of neighbouring lines; most often only one.
    pub(super) cells: Vec<String>,
    /// The comment the line ends with.
    pub(super) comment: Option<String>,
    pub(super) role: Role,
}

/// What a line is to the lines around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// It begins a statement.
    #[default]
    Statement,
    /// It continues one.
    Continuation,
    /// A comment of its own.
    Comment,
    /// It closes a block.
    Close,
}

impl Line {
    pub(super) fn write(&self, out: &mut String) {
        if self.blank_before {
            out.push('\n');
        }
        out.extend(std::iter::repeat_n(' ', self.indent));
        let start = out.len();
        for cell in &self.cells {
            out.push_str(cell);
        }
        out.truncate(start + out[start..].trim_end_matches(' ').len());
        if let Some(comment) = &self.comment {
            if out.len() > start {
                out.push_str("  ");
            }
            out.push_str(comment);
        }
        out.push('\n');
    }

    fn is_row(&self) -> bool {
        self.role == Role::Statement
            && self.cells.len() > 1
            && !self.cells[..self.cells.len() - 1]
                .iter()
                .any(|c| c.contains('\n'))
    }
}

/// Aligns names with names over a run of lines, and types with types over those neighbours in it
/// that have something behind the type.
pub(super) fn align(lines: &mut [Line]) {
    let mut start = 0;
    while start < lines.len() {
        if !lines[start].is_row() {
            start += 1;
            continue;
        }
        let (rows, end) = run(lines, start);
        pad(lines, &rows, 0);
        let with_clauses: Vec<bool> = rows.iter().map(|r| lines[*r].cells.len() > 2).collect();
        let mut from = 0;
        for neighbours in with_clauses.chunk_by(|a, b| a == b) {
            let to = from + neighbours.len();
            if neighbours[0] {
                pad(lines, &rows[from..to], 1);
            }
            from = to;
        }
        start = end;
    }
}

/// The rows of the run that begins at `start`, and the line behind it.
fn run(lines: &[Line], start: usize) -> (Vec<usize>, usize) {
    let indent = lines[start].indent;
    let mut rows = vec![start];
    for (index, line) in lines.iter().enumerate().skip(start + 1) {
        let goes_on = !line.blank_before
            && match line.role {
                Role::Statement => line.is_row() && line.indent == indent,
                Role::Continuation => line.indent > indent,
                Role::Comment => line.indent >= indent,
                Role::Close => false,
            };
        if !goes_on {
            return (rows, index);
        }
        if line.role == Role::Statement {
            rows.push(index);
        }
    }
    (rows, lines.len())
}

fn pad(lines: &mut [Line], rows: &[usize], cell: usize) {
    let width = |line: &Line| line.cells[cell].chars().count();
    let widest = rows.iter().map(|row| width(&lines[*row])).max();
    for row in rows {
        let missing = widest.unwrap_or(0) - width(&lines[*row]) + 2;
        lines[*row].cells[cell].extend(std::iter::repeat_n(' ', missing));
    }
}
