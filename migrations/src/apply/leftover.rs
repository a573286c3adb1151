//! What a statement outside a transaction left when it, or the record of it, did not get through.
//!
//! It never looks at a statement that was not begun by an earlier run.

use postgres::Client;

use crate::script::lex;

/// An index that a statement makes or drops, by the statement's own words.
#[derive(Debug, PartialEq, Eq)]
enum Subject {
    Create { index: String, table: String },
    Drop { index: String },
}

/// Whether the statement has done its work already. The invalid index of a build that failed is
/// dropped, so that the statement can run again.
pub(super) fn is_done(client: &mut Client, sql: &str) -> Result<bool, postgres::Error> {
    match subject(sql) {
        None => Ok(false),
        Some(Subject::Drop { index }) => {
            let row = client.query_one("select to_regclass($1) is null", &[&index])?;
            Ok(row.get(0))
        }
        Some(Subject::Create { index, table }) => {
            // An index lives in its table's schema; parse_ident folds and unquotes as SQL does.
            let found = client.query_opt(
                "select i.indisvalid, i.indexrelid::regclass::text
                   from pg_index i
                   join pg_class c on c.oid = i.indexrelid
                  where i.indrelid = to_regclass($1) and c.relkind = 'i'
                    and c.relname = (parse_ident($2))[1]",
                &[&table, &index],
            )?;
            let Some(row) = found else {
                return Ok(false);
            };
            if row.get(0) {
                return Ok(true);
            }
            let name: String = row.get(1);
            client.batch_execute(&format!("DROP INDEX CONCURRENTLY {name}"))?;
            Ok(false)
        }
    }
}

fn subject(sql: &str) -> Option<Subject> {
    let words: Vec<&str> = lex(sql).map(|token| token.text).collect();
    let is = |at: usize, word: &str| {
        words
            .get(at)
            .is_some_and(|found| found.eq_ignore_ascii_case(word))
    };
    let drops = is(0, "drop");
    if !drops && !is(0, "create") {
        return None;
    }
    let mut at = if is(1, "unique") { 2 } else { 1 };
    if !is(at, "index") || !is(at + 1, "concurrently") {
        return None;
    }
    at += 2;
    if is(at, "if") {
        at += if drops { 2 } else { 3 };
    }
    let index = name(&words, &mut at)?;
    if drops {
        return Some(Subject::Drop { index });
    }
    if !is(at, "on") {
        return None;
    }
    at += if is(at + 1, "only") { 2 } else { 1 };
    let table = name(&words, &mut at)?;
    Some(Subject::Create { index, table })
}

/// A name, qualified or not, quoted as it was.
fn name(words: &[&str], at: &mut usize) -> Option<String> {
    let mut name = (*words.get(*at)?).to_owned();
    *at += 1;
    while words.get(*at) == Some(&".") {
        name = format!("{name}.{}", words.get(*at + 1)?);
        *at += 2;
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_a_statement_is_found() {
        let create = |index: &str, table: &str| {
            Some(Subject::Create {
                index: index.into(),
                table: table.into(),
            })
        };
        let text = r#"CREATE UNIQUE INDEX CONCURRENTLY "A b" ON public."T" (x)"#;
        assert_eq!(subject(text), create(r#""A b""#, r#"public."T""#));
        let text = "create index concurrently if not exists i on only t (x)";
        assert_eq!(subject(text), create("i", "t"));
        let text = "DROP INDEX CONCURRENTLY IF EXISTS public.i";
        let index = "public.i".to_owned();
        assert_eq!(subject(text), Some(Subject::Drop { index }));
        assert_eq!(subject("VACUUM t"), None);
        assert_eq!(subject("CREATE INDEX i ON t (x)"), None);
    }
}
