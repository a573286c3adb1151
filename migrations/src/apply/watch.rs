//! Watching a migrator's session from another one: how far an index build is, whom it waits for, and
//! whether the server still works for us at all.
//!
//! It never touches the session it watches, and says nothing rather than fail.

use std::time::{Duration, Instant};

use postgres::Client;
use postgres::types::Type;

use crate::{Url, connect};

/// A second session that looks at the first.
pub struct Watch {
    url: Url,
    pid: i32,
    client: Option<Client>,
    /// When the next connection may be tried, where the last could not be made.
    retry: Instant,
}

/// What a look shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// A statement runs; with its progress where the server keeps one.
    Working(Option<Progress>),
    /// The server has nothing to do for us, and waits for our next word.
    Idle,
    /// The session is gone.
    Gone,
    /// There is no second connection to be had, or it may not see; that means nothing.
    Blind,
}

/// How far an index build is, by `pg_stat_progress_create_index`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The phase, in the server's words: `building index: scanning table`.
    pub phase: String,
    /// How much of the phase is done, in blocks, tuples, or transactions waited for; 0 where the
    /// phase counts nothing.
    pub done: u64,
    /// Out of how much; 0 where the phase counts nothing.
    pub total: u64,
    /// The server process whose transaction is waited for.
    pub waits_for: Option<i32>,
}

impl Watch {
    /// Of the session with that server process, at that address. Connects at the first look.
    pub fn new(url: Url, pid: i32) -> Self {
        Watch {
            url,
            pid,
            client: None,
            retry: Instant::now(),
        }
    }

    /// Looks once.
    pub fn look(&mut self) -> Look {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            if Instant::now() < self.retry {
                return Look::Blind;
            }
            self.retry = Instant::now() + Duration::from_secs(10);
            self.client = connect(&self.url).ok();
        }
        let Some(client) = &mut self.client else {
            return Look::Blind;
        };
        ask(client, self.pid).unwrap_or(Look::Blind)
    }
}

fn ask(client: &mut Client, pid: i32) -> Result<Look, postgres::Error> {
    let row = client.query_typed_opt(
        "select coalesce(a.state, ''), p.phase,
                case when p.lockers_total > 0 and p.phase like 'waiting%' then p.lockers_done
                     when p.blocks_total > 0 then p.blocks_done
                     else p.tuples_done end,
                case when p.lockers_total > 0 and p.phase like 'waiting%' then p.lockers_total
                     when p.blocks_total > 0 then p.blocks_total
                     else p.tuples_total end,
                nullif(p.current_locker_pid, 0)::int
           from pg_stat_activity a left join pg_stat_progress_create_index p using (pid)
          where a.pid = $1",
        &[(&pid, Type::INT4)],
    )?;
    let Some(row) = row else {
        return Ok(Look::Gone);
    };
    let count = |n: usize| row.get::<_, Option<i64>>(n).unwrap_or(0).unsigned_abs();
    let state: &str = row.get(0);
    Ok(match state {
        "idle" | "idle in transaction" | "idle in transaction (aborted)" => Look::Idle,
        "active" => Look::Working(row.get::<_, Option<String>>(1).map(|phase| Progress {
            phase,
            done: count(2),
            total: count(3),
            waits_for: row.get::<_, Option<i32>>(4),
        })),
        // What belongs to another role is not shown to everybody.
        _ => Look::Blind,
    })
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch")
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}
