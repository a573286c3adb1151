//! The one batch of statements that reads everything, and its answers told apart.
//!
//! Never leaves the session other than it found it.

use model::quote::literal;
use postgres::{GenericClient, SimpleQueryMessage};

use super::lowering::READERS;
use super::rows::Rows;
use super::{CatalogError, ReadOptions};

/// Settings that the server's deparsed text depends on.
///
/// With `pg_catalog` first and nothing of the user's on the path, a name is printed bare exactly
/// when it is built in; without naming `pg_temp` last, a temporary table could stand in for
/// `pg_class`.
const SETTINGS: &[(&str, &str)] = &[
    ("search_path", "pg_catalog, pg_temp"),
    ("DateStyle", "ISO, YMD"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
    ("lc_monetary", "C"),
    ("quote_all_identifiers", "off"),
];

/// What the queries are composed for.
pub(super) struct Scope<'o> {
    pub(super) version: u32,
    pub(super) options: &'o ReadOptions,
    schemas: String,
}

impl<'o> Scope<'o> {
    pub(super) fn new(version: u32, options: &'o ReadOptions) -> Self {
        let mut schemas = String::from("s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'");
        let list = |names: Vec<String>| names.join(", ");
        if !options.schemas.is_empty() {
            let names = options.schemas.iter().map(|n| literal(n)).collect();
            schemas.push_str(&format!(" AND s.nspname IN ({})", list(names)));
        }
        for name in &options.exclude {
            match name.strip_suffix('*') {
                Some(head) => schemas.push_str(&format!(
                    " AND NOT starts_with(s.nspname::text, {})",
                    literal(head)
                )),
                None => schemas.push_str(&format!(" AND s.nspname <> {}", literal(name))),
            }
        }
        Scope {
            version,
            options,
            schemas,
        }
    }

    /// Whether the server is of that major or later.
    pub(super) fn since(&self, major: u32) -> bool {
        self.version >= major * 10_000
    }

    /// The expression on servers of that major or later, the other one before.
    pub(super) fn pick<'a>(&self, major: u32, now: &'a str, before: &'a str) -> &'a str {
        if self.since(major) { now } else { before }
    }

    /// The condition that the schema with that oid is read.
    pub(super) fn visible(&self, oid: &str) -> String {
        format!(
            "{oid} IN (SELECT s.oid FROM pg_namespace s WHERE {})",
            self.schemas
        )
    }

    /// The condition that the relation with that oid is read; see [`ReadOptions::only`].
    pub(super) fn chosen(&self, oid: &str) -> String {
        match &self.options.only {
            None => "true".to_owned(),
            Some(only) => {
                let only: Vec<String> = only.iter().map(u32::to_string).collect();
                format!("{oid} = ANY ('{{{}}}'::oid[])", only.join(","))
            }
        }
    }

    /// The condition that the relation `c` is read.
    pub(super) fn relations(&self) -> String {
        format!(
            "{} AND {}",
            self.visible("c.relnamespace"),
            self.chosen("c.oid")
        )
    }

    /// The condition that what stands at that address is no relation, nor part of one, that is left
    /// unread.
    pub(super) fn belongs(&self, class: &str, oid: &str) -> String {
        if self.options.only.is_none() {
            return "true".to_owned();
        }
        let part = |catalog: &str, relation: &str| {
            format!(
                "{oid} IN (SELECT x.oid FROM {catalog} x WHERE {})",
                self.chosen(relation)
            )
        };
        format!(
            "CASE {class} WHEN 1259 THEN {} OR {oid} IN (SELECT x.indexrelid FROM pg_index x \
                 WHERE {} UNION ALL SELECT x.oid FROM pg_class x WHERE x.relkind IN ('c', 'S')) \
               WHEN 2604 THEN {} WHEN 2606 THEN {} OR {oid} IN (SELECT x.oid FROM pg_constraint x \
                 WHERE x.contypid <> 0) \
               WHEN 2618 THEN {} WHEN 2620 THEN {} WHEN 3256 THEN {} ELSE true END",
            self.chosen(oid),
            self.chosen("x.indrelid"),
            part("pg_attrdef", "x.adrelid"),
            part("pg_constraint", "x.conrelid"),
            part("pg_rewrite", "x.ev_class"),
            part("pg_trigger", "x.tgrelid"),
            part("pg_policy", "x.polrelid"),
        )
    }

    /// The condition on rows `s` of `pg_namespace` that the schema is read.
    pub(super) fn schema_condition(&self) -> &str {
        &self.schemas
    }
}

/// The condition that the object is no member of an extension.
pub(super) fn no_member(class: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = '{class}'::regclass \
         AND e.objid = {oid} AND e.objsubid = 0 AND e.deptype = 'e')"
    )
}

/// The condition that the object is no member of an extension, and that the server has not made it
/// for another object, as it makes the functions and casts of a range type.
pub(super) fn no_member_nor_internal(class: &str, oid: &str) -> String {
    no_member(class, oid).replace("= 'e'", "IN ('e', 'i')")
}

/// Asks for `server_version_num`.
pub(super) fn server_version<C: GenericClient>(client: &mut C) -> Result<u32, CatalogError> {
    said_version(&client.simple_query(ASK_VERSION)?)
}

pub(super) const ASK_VERSION: &str = "SHOW server_version_num";

/// The answer to [`ASK_VERSION`].
pub(super) fn said_version(answer: &[SimpleQueryMessage]) -> Result<u32, CatalogError> {
    let text = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    text.and_then(|t| t.parse().ok())
        .ok_or_else(|| CatalogError::Unexpected {
            what: "server version",
            text: text.unwrap_or_default().to_owned(),
        })
}

/// Sends every reader's query in one batch; gives the rows of each, in the readers' order.
///
/// Several statements in one simple query are one implicit transaction, so that nothing has to be
/// begun or committed, and a transaction of the caller's is never ended by mistake.
pub(super) fn run<C: GenericClient>(
    client: &mut C,
    scope: &Scope<'_>,
) -> Result<Vec<Rows>, CatalogError> {
    let within = scope.options.in_transaction;
    let names: Vec<_> = SETTINGS
        .iter()
        .map(|(n, _)| format!("({})", literal(n)))
        .collect();
    let mut statements = match within {
        true => settings(format!(
            "SELECT set_config('pilaster.' || n, current_setting(n), true) FROM (VALUES {}) v(n)",
            names.join(", ")
        )),
        false => settings(OWN_SNAPSHOT.to_owned()),
    };
    let first = statements.len();
    let queries = READERS.iter().map(|reader| (reader.sql)(scope));
    // Of a reader that is spared the answer is empty.
    let mut asked: Vec<usize> = (0..READERS.len()).collect();
    if scope.options.prepared {
        let queries: Vec<String> = queries.collect();
        let spared = prepare(client, &statements, &queries)?;
        asked.retain(|reader| !spared.contains(&READERS[*reader].what));
        let names = asked.iter().map(|reader| prepared_name(&queries[*reader]));
        statements.extend(names.map(|name| format!("EXECUTE {name}")));
    } else {
        statements.extend(queries);
    }
    if within {
        statements.push(format!(
            "SELECT pg_catalog.set_config(n, pg_catalog.current_setting('pilaster.' || n), true) \
             FROM (VALUES {}) v(n)",
            names.join(", ")
        ));
    }
    let messages = client.simple_query(&statements.join(";\n"))?;
    let mut answers: Vec<Rows> = READERS
        .iter()
        .map(|reader| Rows::none(reader.what))
        .collect();
    let (mut statement, mut rows) = (0, Vec::new());
    for message in messages {
        match message {
            SimpleQueryMessage::Row(row) => rows.push(row),
            // Each statement ends with exactly one of these, whether it gives rows or not.
            SimpleQueryMessage::CommandComplete(_) => {
                let rows = std::mem::take(&mut rows);
                if let Some(reader) = (statement >= first)
                    .then(|| asked.get(statement - first))
                    .flatten()
                {
                    answers[*reader].rows = rows;
                }
                statement += 1;
            }
            _ => {}
        }
    }
    Ok(answers)
}

/// Every reader's query for a session that is in no transaction, and behind how many statements the
/// first of them stands.
pub(super) fn alone(scope: &Scope<'_>) -> (String, usize) {
    let mut statements = settings(OWN_SNAPSHOT.to_owned());
    let first = statements.len();
    statements.extend(READERS.iter().map(|reader| (reader.sql)(scope)));
    (statements.join(";\n"), first)
}

const OWN_SNAPSHOT: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// What comes before the queries.
fn settings(first: String) -> Vec<String> {
    let rest = SETTINGS
        .iter()
        .map(|(name, value)| format!("SET LOCAL {name} = {}", setting(name, value)));
    std::iter::once(first).chain(rest).collect()
}

/// What readers of rare kinds have their rows from. Where nobody has made any, they are spared: most
/// of what a read of a small database costs is the planning of queries that find nothing.
const RARE: &[(&str, &str)] = &[
    ("range types", "pg_range"),
    ("policies", "pg_policy"),
    ("triggers", "pg_trigger"),
    ("aggregates", "pg_proc WHERE prokind = 'a'"),
    ("casts", "pg_cast"),
    ("transforms", "pg_transform"),
    (
        "base types",
        "pg_type WHERE typtype IN ('b', 'p') AND typcategory <> 'A'",
    ),
    ("collation definitions", "pg_collation"),
    ("conversions", "pg_conversion"),
    ("operators", "pg_operator"),
    ("operator families", "pg_opfamily"),
    ("operator class definitions", "pg_opclass"),
    ("access methods", "pg_am"),
    ("text search parsers", "pg_ts_parser"),
    ("text search templates", "pg_ts_template"),
    ("text search dictionaries", "pg_ts_dict"),
    ("text search configurations", "pg_ts_config"),
    ("rules", "pg_rewrite WHERE rulename <> '_RETURN'"),
    ("statistics", "pg_statistic_ext"),
    ("event triggers", "pg_event_trigger"),
    ("publications", "pg_publication"),
    ("foreign-data wrappers", "pg_foreign_data_wrapper"),
    ("foreign servers", "pg_foreign_server"),
    ("user mappings", "pg_foreign_server"),
];

/// Prepares the queries in this session, under the settings that they run with, where they aren't
/// yet; gives the readers that would find nothing.
fn prepare<C: GenericClient>(
    client: &mut C,
    settings: &[String],
    queries: &[String],
) -> Result<Vec<&'static str>, CatalogError> {
    let rare = RARE.iter().map(|(what, from)| {
        let (table, only) = from.split_once(" WHERE ").unwrap_or((from, "true"));
        let oid = if table == "pg_range" {
            "rngtypid"
        } else {
            "oid"
        };
        // The first one that is not the server's own.
        let any = format!("SELECT FROM pg_catalog.{table} WHERE {oid} >= 16384 AND {only}");
        format!(
            "SELECT {} WHERE NOT EXISTS ({any})",
            literal(&format!("no {what}"))
        )
    });
    let rare: Vec<String> = rare.collect();
    let answer = client.simple_query(&format!(
        "SELECT name FROM pg_catalog.pg_prepared_statements UNION ALL {}",
        rare.join(" UNION ALL ")
    ))?;
    let there: Vec<&str> = answer
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        })
        .collect();
    let is_spared = |what: &&str| there.iter().any(|t| t.strip_prefix("no ") == Some(what));
    let spared = RARE
        .iter()
        .map(|(what, _)| *what)
        .filter(is_spared)
        .collect();
    let missing: Vec<String> = queries
        .iter()
        .map(|sql| (prepared_name(sql), sql))
        .filter(|(name, _)| !there.contains(&name.as_str()))
        .map(|(name, sql)| format!("PREPARE {name} AS {sql}"))
        .collect();
    if !missing.is_empty() {
        let mut batch = settings.to_vec();
        batch.extend(missing);
        if let Some(back) = settings.iter().find(|s| s.starts_with("SELECT set_config")) {
            batch.push(back.replacen(
                "set_config('pilaster.' || n, current_setting(n), true)",
                "pg_catalog.set_config(n, pg_catalog.current_setting('pilaster.' || n), true)",
                1,
            ));
        }
        client.simple_query(&batch.join(";\n"))?;
    }
    Ok(spared)
}

fn prepared_name(sql: &str) -> String {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    sql.hash(&mut hasher);
    format!("pilaster_{:016x}", hasher.finish())
}

/// `search_path` is a list; quoted as one string it would be one schema's name.
fn setting(name: &str, value: &str) -> String {
    if name == "search_path" {
        value.to_owned()
    } else {
        literal(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_is_spared() {
        let read = |what: &str| READERS.iter().any(|reader| reader.what == what);
        for (what, _) in RARE {
            assert!(read(what), "{what} is no reader");
        }
    }
}
