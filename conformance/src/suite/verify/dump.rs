//! `pg_dump --schema-only` as a witness: its text, made fit to be compared.
//!
//! Never reads our own catalog queries: what they overlook, this sees.

use std::collections::BTreeSet;
use std::path::PathBuf;

use migrations::Url;

use crate::server::Server;
use crate::suite::client::client;

/// The program.
pub(super) struct Witness {
    program: PathBuf,
}

/// A dump's entries.
pub(super) struct Dump {
    entries: BTreeSet<String>,
}

impl Witness {
    pub(super) fn find(server: Option<&Server>) -> Result<Witness, String> {
        let program = server.and_then(|server| server.client_program("pg_dump"));
        let program = program.ok_or(
            "no pg_dump as new as the server is installed, so only our own reading of the catalog \
             was compared",
        )?;
        Ok(Witness { program })
    }

    pub(super) fn about(&self) -> String {
        "pg_dump".to_owned()
    }

    /// What that database holds.
    pub(super) fn dump(&self, url: &Url) -> Result<Dump, String> {
        let output = client(&self.program, url)
            .arg("--schema-only")
            .output()
            .map_err(|error| format!("failed to run pg_dump: {error}"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(format!("pg_dump failed: {}", text.trim()));
        }
        Ok(Dump::of(&String::from_utf8_lossy(&output.stdout)))
    }
}

impl Dump {
    /// Entries have no order, nor have a table's columns, as PostgreSQL appends one that is added,
    /// nor an object's grants, as it keeps them in the order they were made. `\restrict` carries a random key.
    fn of(text: &str) -> Dump {
        let entries = text.split("\n--\n-- Name: ").skip(1);
        let entry = |text: &str| {
            let (head, body) = text.split_once('\n').unwrap_or((text, ""));
            let kept = body.lines().map(str::trim_end).filter(|line| {
                !line.is_empty()
                    && !line.starts_with("--")
                    && !line.starts_with('\\')
                    && !line.starts_with("SET default_")
            });
            let mut lines: Vec<&str> = kept.collect();
            if head.contains("; Type: TABLE;") || head.contains("; Type: ACL;") {
                lines.iter_mut().for_each(|l| *l = l.trim_end_matches(','));
                lines.sort_unstable();
            }
            format!("{head}\n{}", lines.join("\n"))
        };
        Dump {
            entries: entries.map(entry).collect(),
        }
    }

    /// The headings of entries that are not the same in both.
    pub(super) fn differences(&self, want: &Dump) -> Vec<String> {
        let heads: BTreeSet<&str> = self
            .entries
            .symmetric_difference(&want.entries)
            .filter_map(|entry| entry.lines().next())
            .collect();
        let label = |head: &str| {
            let parts: Vec<&str> = head.split("; ").collect();
            let kind = parts.get(1).and_then(|p| p.strip_prefix("Type: "));
            match kind {
                Some(kind) => format!("{} {}", kind.to_lowercase(), parts[0]),
                None => head.to_owned(),
            }
        };
        heads.into_iter().map(label).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(columns: &str, key: &str) -> Dump {
        Dump::of(&format!(
            "\\restrict {key}\n\n--\n-- Name: t; Type: TABLE; Schema: public; Owner: -\n--\n\n\
             CREATE TABLE public.t (\n{columns}\n);\n\n\\unrestrict {key}\n"
        ))
    }

    #[test]
    fn the_order_of_columns_and_the_key_of_a_run_do_not_count() {
        let one = dump("    a integer,\n    b text", "x1");
        let other = dump("    b text,\n    a integer", "y2");
        assert!(one.differences(&other).is_empty());
    }

    #[test]
    fn a_column_that_differs_is_seen() {
        let one = dump("    a integer", "x");
        let other = dump("    a bigint", "x");
        assert_eq!(one.differences(&other), ["table t"]);
    }
}
