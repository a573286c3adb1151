//! Puts a corpus of schemas through a stage, a line a case, and counts.
//!
//! `corpus PATH --old SERVER --new SERVER [--filter TEXT] [--check STAGE] [--shard K/N]`
//!
//! `--shard 2/8` takes the second of eight equal parts, so that several can run side by side.
//! A server is a libpq connection string without a database: `host=/tmp/a user=postgres`. Exits
//! with 0 where every case passed or the corpus isn't there, 1 where one failed, 2 where the usage
//! is wrong, 3 where a server or the file system failed.

use std::path::PathBuf;
use std::process::ExitCode;

use conformance::corpus::{STAGES, Scratch, cases};

struct Arguments {
    corpus: PathBuf,
    old: String,
    new: String,
    filter: String,
    stage: String,
    shard: (usize, usize),
}

fn main() -> ExitCode {
    let arguments = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(fault) => {
            eprintln!("error: {fault}");
            return ExitCode::from(2);
        }
    };
    let Some((_, check)) = STAGES.iter().find(|(name, _)| *name == arguments.stage) else {
        let names: Vec<_> = STAGES.iter().map(|(name, _)| *name).collect();
        eprintln!(
            "error: no stage {}; there are {}",
            arguments.stage,
            names.join(", ")
        );
        return ExitCode::from(2);
    };
    if !arguments.corpus.join("index.json").is_file() {
        println!(
            "skipped: there is no corpus at {}",
            arguments.corpus.display()
        );
        return ExitCode::SUCCESS;
    }
    let cases = match cases(&arguments.corpus, &arguments.filter) {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("error: failed to read the corpus: {error}");
            return ExitCode::from(3);
        }
    };
    let mut scratch = match Scratch::connect(&arguments.old, &arguments.new) {
        Ok(scratch) => scratch,
        Err(error) => {
            eprintln!("error: failed to connect: {error}");
            return ExitCode::from(3);
        }
    };
    let (mut passed, mut failed) = (0, 0);
    let (shard, shards) = arguments.shard;
    for case in cases.iter().skip(shard - 1).step_by(shards) {
        match check(case, &mut scratch) {
            Ok(()) => {
                passed += 1;
                println!("ok    {}", case.name);
            }
            Err(failures) => {
                failed += 1;
                println!("FAIL  {}", case.name);
                for failure in failures {
                    println!("      {}", failure.replace('\n', "\n      "));
                }
            }
        }
        for note in scratch.notes() {
            println!("      {}", note.replace('\n', "\n      "));
        }
        if let Err(error) = scratch.clear() {
            println!("      left behind: {error}");
        }
    }
    println!(
        "{} cases: {passed} passed, {failed} failed",
        passed + failed
    );
    ExitCode::from(u8::from(failed > 0))
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let (mut corpus, mut old, mut new) = (None, None, None);
    let (mut filter, mut stage) = (String::new(), "read".to_owned());
    let mut shard = (1, 1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--old" => old = Some(value()?),
            "--new" => new = Some(value()?),
            "--filter" => filter = value()?,
            "--check" => stage = value()?,
            "--shard" => shard = part(&value()?).ok_or("--shard takes K/N, with K from 1 to N")?,
            _ if word.starts_with('-') => return Err(format!("unknown option {word}")),
            _ if corpus.is_none() => corpus = Some(PathBuf::from(word)),
            _ => return Err(format!("unexpected {word}")),
        }
    }
    Ok(Arguments {
        corpus: corpus.ok_or("the corpus's folder is missing")?,
        old: old.ok_or("--old SERVER is missing")?,
        new: new.ok_or("--new SERVER is missing")?,
        filter,
        stage,
        shard,
    })
}

fn part(text: &str) -> Option<(usize, usize)> {
    let (part, of) = text.split_once('/')?;
    let (part, of) = (part.parse().ok()?, of.parse().ok()?);
    (1..=of).contains(&part).then_some((part, of))
}
