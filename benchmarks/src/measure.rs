//! Who took how long. This module never knows what is measured beyond the four works.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use postgres::Client;

use crate::contender::Contender;
use crate::given::{BULK, DEALS, EMAILS, Given, PAGE};

/// Calls of one turn, so that a turn is long against the clock and short against the noise.
const READS: usize = 100;
const INSERTS: usize = 100;
const PAGES: usize = 8;

type Contenders = Vec<Box<dyn Contender>>;

/// One work, and how it is done once in a turn.
struct Work {
    name: &'static str,
    calls: usize,
    /// Whether it leaves rows behind.
    writes: bool,
    /// Times the calls of one turn; the number is the round.
    turn: fn(&mut dyn Contender, usize, &[Given]) -> Spent,
}

/// What a turn took.
#[derive(Clone, Copy)]
struct Spent {
    /// By the clock.
    clock: f64,
    /// By this thread, on a processor.
    client: f64,
}

const WORKS: [Work; 4] = [
    Work {
        name: "read one by key",
        calls: READS,
        writes: false,
        turn: |who, round, _| {
            timed(|| {
                for call in 0..READS {
                    let id = (round * READS + call) as i64 * 7_919 % DEALS + 1;
                    black_box(who.read(id));
                }
            })
        },
    },
    Work {
        name: "insert one",
        calls: INSERTS,
        writes: true,
        turn: |who, round, given| {
            for call in 0..INSERTS {
                who.ready_insert(&given[(round + call) % given.len()]);
            }
            timed(|| {
                for _ in 0..INSERTS {
                    black_box(who.insert());
                }
            })
        },
    },
    Work {
        name: "a page of 100 with a relation",
        calls: PAGES,
        writes: false,
        turn: |who, round, _| {
            timed(|| {
                for call in 0..PAGES {
                    let after = (round * PAGES + call) as i64 * 7_919 % (DEALS - PAGE);
                    black_box(who.page(after));
                }
            })
        },
    },
    Work {
        name: "insert 10,000",
        calls: 1,
        writes: true,
        turn: |who, _, given| {
            who.ready_bulk(given);
            timed(|| assert_eq!(who.bulk(), BULK as u64))
        },
    },
];

fn timed(work: impl FnOnce()) -> Spent {
    let (client, began) = (on_processor(), Instant::now());
    work();
    let clock = began.elapsed();
    Spent {
        clock: clock.as_secs_f64() * 1e6,
        client: on_processor().saturating_sub(client) as f64 / 1e3,
    }
}

/// Nanoseconds that this thread has run; 0 where the system does not say.
fn on_processor() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = text.split_whitespace().next();
    first.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Sees to it that everybody does the same, before anybody is measured.
pub fn agree(contenders: &mut Contenders, client: &mut Client) {
    let given: Vec<Given> = (0..BULK).map(Given::new).collect();
    for who in contenders {
        let name = who.name();
        assert_eq!(who.read(DEALS + 1), None, "{name}");
        assert_eq!(who.read(77), Some(Given::new(77).seen()), "{name}");
        who.ready_insert(&given[3]);
        assert_eq!(who.insert(), given[3].seen(), "{name}");
        let mails: i64 = (1..=PAGE)
            .map(|place| {
                place
                    * (0..EMAILS as i64)
                        .map(|n| n * DEALS + 500 + place)
                        .sum::<i64>()
            })
            .sum();
        let rows = PAGE as usize;
        assert_eq!(who.page(500), (rows, rows * EMAILS, mails), "{name}");
        clear(client);
        who.ready_bulk(&given);
        assert_eq!(who.bulk(), BULK as u64, "{name}");
        let text =
            "SELECT count(*), count(DISTINCT title), sum(team_size), count(notes) FROM imports";
        let row = client.query_one(text, &[]).expect("a count");
        let team_sizes: i64 = given.iter().map(|g| i64::from(g.team_size)).sum();
        let notes = given.iter().filter(|g| g.notes.is_some()).count() as i64;
        let found: [i64; 4] = [0, 1, 2, 3].map(|column| row.get(column));
        assert_eq!(
            found,
            [BULK as i64, BULK as i64, team_sizes, notes],
            "{name}"
        );
        clear(client);
    }
}

fn clear(client: &mut Client) {
    client
        .batch_execute("TRUNCATE imports")
        .expect("an empty table");
}

/// Measures for about that long, and tells it as a table in Markdown.
pub fn measured(contenders: &mut Contenders, client: &mut Client, within: Duration) -> String {
    let given: Vec<Given> = (0..BULK).map(Given::new).collect();
    // By work, contender and round.
    let mut spent: Vec<Vec<Vec<Spent>>> = WORKS
        .iter()
        .map(|_| contenders.iter().map(|_| Vec::new()).collect())
        .collect();
    let began = Instant::now();
    let mut round = 0;
    while began.elapsed() < within || round < 10 {
        for (work, spent) in WORKS.iter().zip(&mut spent) {
            for turn in 0..contenders.len() {
                let at = (turn + round) % contenders.len();
                let took = (work.turn)(&mut *contenders[at], round, &given);
                // The first rounds prepare statements and warm what is to be warm.
                if round >= 3 {
                    spent[at].push(took);
                }
                if work.writes {
                    clear(client);
                }
            }
        }
        round += 1;
    }
    told(contenders, &spent)
}

fn told(contenders: &Contenders, spent: &[Vec<Vec<Spent>>]) -> String {
    let mut text = String::new();
    let rounds = spent[0][0].len();
    for (work, spent) in WORKS.iter().zip(spent) {
        let per_call = |value: f64| value / work.calls as f64;
        let unit = |value: f64| match value {
            v if v >= 1_000.0 => format!("{:.2} ms", v / 1_000.0),
            v => format!("{v:.1} µs"),
        };
        _ = writeln!(
            text,
            "| {} | median | to hand-written | of it the client |",
            work.name
        );
        _ = writeln!(text, "|---|--:|--:|--:|");
        for (who, turns) in contenders.iter().zip(spent) {
            let clock = per_call(median(turns.iter().map(|t| t.clock)));
            let client = per_call(median(turns.iter().map(|t| t.client)));
            let ratios = turns
                .iter()
                .zip(&spent[0])
                .map(|(t, hand)| t.clock / hand.clock);
            let ratio = median(ratios);
            let (clock, client) = (unit(clock), unit(client));
            _ = writeln!(text, "| {} | {clock} | {ratio:.2} | {client} |", who.name());
        }
        text.push('\n');
    }
    _ = writeln!(text, "Medians of {rounds} rounds.");
    text
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
