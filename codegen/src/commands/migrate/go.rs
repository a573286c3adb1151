//! `migrate up` and `migrate down`: the migrator at work, and what is shown of it meanwhile.
//!
//! The migrator works in a thread of its own, so that a connection that will never answer holds
//! nobody: it never waits for that thread where the connection is lost.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use migrations::apply::{ApplyError, Direction, Event, Look, Migrator, Patience, Watch};
use serde_json::{Value, json};

use super::{Opened, Use, documents, failure, one_project, open, remember, say_risks};
use crate::args::MigrateRun;
use crate::console::Console;
use crate::failure::{Cause, Exit, Failure, Outcome};

/// From when on a statement is long enough to be watched.
const LONG: Duration = Duration::from_secs(1);
/// How often is looked.
const PERIOD: Duration = Duration::from_millis(500);

/// What the migrator's thread and the watch say.
enum Said {
    /// Another migrator is waited for.
    Waiting(String),
    /// A statement begins: its place, and its first line.
    Statement(String, String),
    /// Others go first.
    Retries(String),
    /// A migration is through.
    Done(String, Vec<String>, u128),
    /// All is through, or something failed.
    End(Result<usize, ApplyError>),
    /// The watch has looked.
    Looked(Look),
}

pub(super) fn run(
    console: &Console,
    config: Option<&Path>,
    args: &MigrateRun,
    way: Direction,
) -> Outcome {
    let patience = patience(config, args)?;
    let mut opened = open(console, config, &args.to, Use::Migrate)?;
    if way == Direction::Up {
        say_risks(console, &mut opened, args.to.to);
    }
    // Through a pooler there is no session of ours to be watched.
    let pooled = opened.pooled;
    let watched = (!pooled).then(|| Watch::new(opened.url.clone(), opened.pid));
    let (tell, said) = mpsc::channel();
    let worker = tell.clone();
    let to = args.to.to;
    thread::spawn(move || work(opened, way, to, patience, &worker));
    let mut show = Show {
        console,
        way,
        bar: console.spinner(),
        patience,
        watches: watched.is_some(),
        watch: watched.map(|watch| (watch, tell)),
        done: Vec::new(),
        doing: ("the beginning".to_owned(), String::new()),
        busy_since: Some(Instant::now()),
        answered: Instant::now(),
        unheard_since: None,
    };
    let count = show.listen(&said)?;
    show.bar.finish_and_clear();
    if console.is_json() {
        console.json(&json!({ word(way): show.done }));
    } else if count == 0 {
        console.say(match way {
            Direction::Up => "nothing to do: every migration is applied",
            Direction::Down => "nothing to do: no migration is applied",
        });
    }
    if way == Direction::Up && count > 0 && args.to.to.is_none() && !pooled {
        remember(console, config, &args.to, patience.silence)?;
    }
    Ok(Exit::Fine)
}

fn patience(config: Option<&Path>, args: &MigrateRun) -> Outcome<Patience> {
    let settings = one_project(config)?.migrate;
    let limits = Patience::default();
    let pick = |said: Option<Duration>, set: Option<Duration>, or| said.or(set).unwrap_or(or);
    let retries = args.lock_retries.or(settings.lock_retries);
    Ok(Patience {
        lock: pick(args.lock_timeout, settings.lock_timeout, limits.lock),
        retries: retries.unwrap_or(limits.retries),
        statement: pick(
            args.statement_timeout,
            settings.statement_timeout,
            limits.statement,
        ),
        silence: pick(
            args.network_timeout,
            settings.network_timeout,
            limits.silence,
        ),
    })
}

/// The migrator's thread. Nobody may be listening any more; the work goes on all the same.
fn work(opened: Opened, way: Direction, to: Option<u32>, patience: Patience, tell: &Sender<Said>) {
    let Opened {
        history,
        mut client,
        pooled,
        ..
    } = opened;
    let mut on = |event: Event<'_>| {
        let said = match event {
            Event::Waiting(holder) => Said::Waiting(format!(
                "waiting for another migrator: process {} of {}, since {}",
                holder.pid, holder.user, holder.since
            )),
            Event::Begins(..) => return,
            Event::Statement {
                migration,
                statement,
                number,
                of,
            } => {
                let first = statement.sql.lines().next().unwrap_or_default();
                let name = migration.folder_name();
                Said::Statement(format!("{name} {number}/{of}"), first.to_owned())
            }
            Event::Retries(error, attempt, pause) => Said::Retries(format!(
                "{error}\n  others go first; try {} follows in {} s",
                attempt + 1,
                pause.as_secs_f32()
            )),
            Event::Done(migration, way, milliseconds) => {
                let losses = match way {
                    Direction::Up => Vec::new(),
                    Direction::Down => migration.losses(),
                };
                Said::Done(migration.folder_name(), losses, milliseconds)
            }
        };
        let _ = tell.send(said);
    };
    let mut migrator = Migrator::new(&mut client, &history)
        .with_patience(patience)
        .through_a_pooler(pooled)
        .asking_before(Box::new(|client, migration, way| {
            documents::judge(&history, client, migration, way)
        }));
    let result = match way {
        Direction::Up => migrator.up(to, &mut on),
        Direction::Down => migrator.down(to, &mut on),
    };
    let _ = tell.send(Said::End(result));
}

struct Show<'a> {
    console: &'a Console,
    way: Direction,
    bar: ProgressBar,
    patience: Patience,
    /// The watch, until it is set going.
    watch: Option<(Watch, Sender<Said>)>,
    /// Whether there is one.
    watches: bool,
    done: Vec<Value>,
    /// The statement that runs: its place, and its first line.
    doing: (String, String),
    /// Since when the server is at work for us; `None` while we wait on purpose.
    busy_since: Option<Instant>,
    /// When the watch was last heard of.
    answered: Instant,
    /// Since when the server is known not to be at work for us.
    unheard_since: Option<Instant>,
}

impl Show<'_> {
    /// Until the migrator is through, or the connection is lost.
    fn listen(&mut self, said: &Receiver<Said>) -> Outcome<usize> {
        loop {
            match said.recv_timeout(PERIOD) {
                Ok(Said::End(result)) => {
                    self.bar.finish_and_clear();
                    return result.map_err(|e| failure(&e));
                }
                Ok(said) => self.hear(said),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::database("migrate", "the migrator ended unheard"));
                }
            }
            let busy = self.busy_since.map(|since| since.elapsed());
            if busy.is_some_and(|busy| busy >= LONG) {
                self.watch();
                self.judge()?;
            }
        }
    }

    fn hear(&mut self, said: Said) {
        if !matches!(said, Said::Looked(_)) {
            self.unheard_since = None;
            self.answered = Instant::now();
            self.busy_since = Some(Instant::now());
        }
        match said {
            Said::Waiting(text) | Said::Retries(text) => {
                self.busy_since = None;
                self.bar.set_message(text.clone());
                self.bar.suspend(|| self.console.note(text));
            }
            Said::Statement(place, sql) => {
                self.bar.set_message(format!("{place}  {sql}"));
                self.doing = (place, sql);
            }
            Said::Done(name, losses, milliseconds) => self.through(&name, &losses, milliseconds),
            Said::Looked(look) => self.looked(look),
            Said::End(_) => {}
        }
    }

    fn through(&mut self, name: &str, losses: &[String], milliseconds: u128) {
        let mut entry = json!({ "migration": name, "milliseconds": milliseconds as u64 });
        if self.way == Direction::Down {
            entry["losses"] = json!(losses);
        }
        self.done.push(entry);
        if self.console.is_json() {
            return;
        }
        self.bar.suspend(|| {
            let word = word(self.way);
            self.console
                .say(format!("{word} {name} ({milliseconds} ms)"));
            for loss in losses {
                self.console.say(format!("    {loss}"));
            }
        });
    }

    fn looked(&mut self, look: Look) {
        self.answered = Instant::now();
        match look {
            Look::Idle | Look::Gone => {
                self.unheard_since.get_or_insert_with(Instant::now);
                return;
            }
            Look::Working(Some(progress)) => {
                let (place, sql) = &self.doing;
                let mut text = format!("{place}  {}", progress.phase);
                if let Some(percent) = (progress.done * 100).checked_div(progress.total) {
                    text += &format!(", {percent} %");
                }
                if let Some(pid) = progress.waits_for {
                    text += &format!(", for process {pid}");
                }
                self.bar.set_message(format!("{text}  {sql}"));
            }
            Look::Working(None) | Look::Blind => {}
        }
        self.unheard_since = None;
    }

    /// Sets the watch going, once.
    fn watch(&mut self) {
        let Some((mut watch, tell)) = self.watch.take() else {
            return;
        };
        self.answered = Instant::now();
        thread::spawn(move || {
            while tell.send(Said::Looked(watch.look())).is_ok() {
                thread::sleep(PERIOD);
            }
        });
    }

    /// Whether the connection is lost: the server is done with us and we have not heard, or it says
    /// nothing to the watch either.
    fn judge(&self) -> Outcome<()> {
        let silence = self.patience.silence;
        if silence.is_zero() || !self.watches {
            return Ok(());
        }
        let fact = match self.unheard_since {
            Some(since) if since.elapsed() >= silence / 4 => {
                "the server is not at work for us any more, and its answer has not come"
            }
            _ if self.answered.elapsed() >= silence => "the server has not answered",
            _ => return Ok(()),
        };
        self.bar.finish_and_clear();
        Err(Failure::of(
            Cause::Outside,
            format!(
                "error: the connection is lost: {fact}, at {}\n  = mend: see to the network; \
                 `migrate status` then says where the database stands, and `migrate {}` goes on there",
                self.doing.0,
                match self.way {
                    Direction::Up => "up",
                    Direction::Down => "down",
                }
            ),
        ))
    }
}

fn word(way: Direction) -> &'static str {
    match way {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    }
}
