//! Pairs of random schemas with rows, of every kind that a `Schema` holds: the plan from one to the
//! other is applied on a real server and compared with a database that was made directly.
//!
//! `PILASTER_RANDOM_PAIRS` says how many (40; the gate says 1,000), `PILASTER_RANDOM_SEED` where to
//! begin: a pair has the seed of the first and its place added, so one pair is run again with its
//! own seed and a count of 1. Every 25th pair is committed unit by unit in its online form, and
//! `pg_dump` is asked as a second witness; the others live in a transaction that is rolled back.

mod bench;
mod code;
mod draw;
mod hints;
mod items;
mod judge;
mod kinds;
mod mutate;
mod parts;
mod rows;
mod shrink;
mod sorts;
mod sql;
mod tables;
mod tally;
mod values;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use conformance::server::Server;

use bench::Bench;
use draw::Draw;
use judge::{Failure, Pair, judge};
use tally::Tally;

/// Failures shown before the run ends early.
const ENOUGH: usize = 5;

#[test]
fn every_pair_is_reached_and_left_again() {
    let setting = |name: &str, otherwise: u64| match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} takes a number")),
        Err(_) => otherwise,
    };
    let pairs = setting("PILASTER_RANDOM_PAIRS", 40);
    let seed = setting("PILASTER_RANDOM_SEED", 1);
    let enough = setting("PILASTER_RANDOM_FAILURES", ENOUGH as u64) as usize;
    println!("seed {seed}, {pairs} pairs");
    let server = Server::shared();
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let next = AtomicU64::new(0);
    let tally = Mutex::new(Tally::default());
    let failures = Mutex::new(Vec::new());
    let start = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (next, tally, failures) = (&next, &tally, &failures);
            scope.spawn(move || {
                let mut bench = Bench::new(server, worker);
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= pairs || failures.lock().unwrap().len() >= enough {
                        return;
                    }
                    if n > 0 && n % 1_000 == 0 {
                        let seconds = start.elapsed().as_secs();
                        println!("{n} pairs after {seconds} s");
                    }
                    let mut pair = drawn(seed.wrapping_add(n), &bench.suffix);
                    match judge(&mut bench, &mut pair) {
                        Ok(facts) => tally.lock().unwrap().add(&facts),
                        Err(failure) => {
                            let (pair, failure) = shrink::shrink(&mut bench, pair, failure);
                            let told = told(seed.wrapping_add(n), &pair, &failure);
                            println!("{told}");
                            failures.lock().unwrap().push(told);
                        }
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    println!("{tally}");
    println!("{} s", start.elapsed().as_secs());
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} pairs failed", failures.len());
    if pairs >= 1_000 {
        let missing = tally.missing();
        assert!(missing.is_empty(), "never seen: {}", missing.join(", "));
    }
}

fn drawn(seed: u64, suffix: &str) -> Pair {
    let mut draw = Draw::new(seed, suffix);
    // From nothing, now and then.
    let one = match draw.chance(2) {
        true => world::World::new(1),
        false => draw.world(1),
    };
    let other = mutate::second(&mut draw, &one);
    Pair {
        one,
        other,
        committed: seed.is_multiple_of(25),
    }
}

fn told(seed: u64, pair: &Pair, failure: &Failure) -> String {
    let mut text = format!(
        "seed {seed}: {} (PILASTER_RANDOM_SEED={seed} PILASTER_RANDOM_PAIRS=1)\n",
        failure.stage
    );
    for line in &failure.lines {
        text += &format!("  {}\n", line.replace('\n', "\n  "));
    }
    text += &format!("the script:\n{}\n", failure.script);
    for (name, world) in [("first", &pair.one), ("second", &pair.other)] {
        text += &format!("the {name} in SQL:\n");
        for made in sql::script(world) {
            text += &format!("{};\n", made.statements.join(";\n"));
        }
    }
    if let Some((one, other)) = &failure.schemas {
        text += &format!("the first as a model:\n{}\n", model::print(one));
        text += &format!("the second as a model:\n{}\n", model::print(other));
    }
    text
}
