//! Scripts on one of several databases of a server. Roles belong to the server, and so to all of them.
//!
//! A role that is there is never made anew, and none is dropped: others may be using it.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use migrations::apply::{self, ApplyError};
use model::quote::literal;
use postgres::Client;

/// Two sessions that change one role at once are refused by the server.
static TURN: Mutex<()> = Mutex::new(());

/// Applies a script as on a server of its own: a role that it makes may be there already, and one that
/// it drops stays, as long as nothing in this database depends on it any more.
///
/// # Errors
///
/// [`ApplyError`], with the line of the script.
pub(crate) fn script(client: &mut Client, sql: &str) -> Result<(), ApplyError> {
    let shared = sharing(sql);
    let _turn = match &shared {
        Cow::Owned(_) => Some(TURN.lock().unwrap_or_else(PoisonError::into_inner)),
        Cow::Borrowed(_) => None,
    };
    apply::script(client, &shared)
}

/// The same script, line for line, as it may be run beside others.
fn sharing(sql: &str) -> Cow<'_, str> {
    if !sql.lines().any(|line| shared_statement(line).is_some()) {
        return Cow::Borrowed(sql);
    }
    let lines = sql.lines().map(|line| match shared_statement(line) {
        Some(statement) => Cow::Owned(statement),
        None => Cow::Borrowed(line),
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// What stands for a statement that makes or drops a role; such a statement is one line.
fn shared_statement(line: &str) -> Option<String> {
    let statement = line.strip_suffix(';')?;
    if statement.starts_with("CREATE ROLE ") {
        return Some(format!(
            "DO $role$ BEGIN {statement}; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $role$;"
        ));
    }
    let role = literal(statement.strip_prefix("DROP ROLE ")?);
    Some(format!(
        "DO $role$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_shdepend d \
         JOIN pg_catalog.pg_database b ON b.oid = d.dbid AND b.datname = current_database() \
         WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = {role}::regrole) \
         THEN RAISE dependent_objects_still_exist \
         USING MESSAGE = 'something in the database depends on the role ' || {role}; \
         END IF; END $role$;"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_statements_about_roles_are_others_and_lines_stay_where_they_are() {
        let plain = "CREATE TABLE t ();\nGRANT SELECT ON t TO reader;\n";
        assert!(matches!(sharing(plain), Cow::Borrowed(_)));
        let script = format!("CREATE ROLE \"a reader\" LOGIN;\n{plain}DROP ROLE reader;");
        let shared = sharing(&script);
        let lines: Vec<&str> = shared.lines().collect();
        assert_eq!(lines.len(), 4, "{shared}");
        assert_eq!(&lines[1..3], &plain.lines().collect::<Vec<_>>());
        assert!(lines[0].contains("CREATE ROLE \"a reader\" LOGIN; EXCEPTION"));
        assert!(lines[3].contains("'reader'::regrole") && !lines[3].contains("DROP"));
    }
}
