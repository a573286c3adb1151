//! What a migrator asks of its own session, so that the server soon gives up one whose client is
//! gone: it would hold the migrators' lock, and locks on tables, for hours.
//!
//! It never bounds a statement that runs: the server counts only the time in which nothing is asked.

use postgres::Client;

use super::{ApplyError, Patience, failed};

/// The settings, as long as the session lasts or [`end`] is called.
pub(super) fn begin(client: &mut Client, patience: &Patience) -> Result<(), ApplyError> {
    let silence = patience.silence.as_millis();
    let mut sql = format!(
        "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; \
         SET tcp_keepalives_count = 3; SET idle_in_transaction_session_timeout = {silence}; "
    );
    // PostgreSQL 14 brought it; a setting with a dot in its name is anybody's.
    sql += &format!(
        "DO $$ BEGIN IF current_setting('server_version_num')::int >= 140000 THEN \
         PERFORM set_config('idle_session_timeout', '{silence}', false); END IF; END $$"
    );
    client
        .batch_execute(&sql)
        .map_err(failed("set up the session"))
}

/// Sets them back. Where the connection is gone there is nothing to set.
pub(super) fn end(client: &mut Client) {
    let _ = client.batch_execute(
        "RESET tcp_keepalives_idle; RESET tcp_keepalives_interval; RESET tcp_keepalives_count; \
         RESET idle_in_transaction_session_timeout; \
         DO $$ BEGIN IF current_setting('server_version_num')::int >= 140000 THEN \
         PERFORM set_config('idle_session_timeout', reset_val, false) FROM pg_settings \
         WHERE name = 'idle_session_timeout'; END IF; END $$",
    );
}
