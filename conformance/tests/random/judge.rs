//! Judges a pair on the server: up, compare, plan again, down, compare again.

use conformance::corpus::{differences, is_only_local, witness};
use migrations::plan::{Options, Plan, Unplannable, plan, plan_down};
use migrations::{render, script};
use model::Schema;

use super::bench::{Bench, is_about_rows, text};
use super::hints;
use super::rows;
use super::world::World;

/// Two worlds that the server has accepted.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) one: World,
    pub(crate) other: World,
    /// Whether everything is committed, in the ways that let others work, and pg_dump is asked.
    pub(crate) committed: bool,
}

/// What a pair that held has shown.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) tables_with_rows: usize,
    /// The rows stood against the way up, or down, and it was gone again without.
    pub(crate) refused_up: bool,
    pub(crate) refused_down: bool,
    pub(crate) same: bool,
    /// The plan has said that PostgreSQL has no way.
    pub(crate) no_way: bool,
    pub(crate) dumped: bool,
    pub(crate) kept_columns: usize,
    pub(crate) schemas: Option<(Schema, Schema)>,
    pub(crate) plans: Vec<Plan>,
}

pub(crate) struct Failure {
    /// Where it failed: shrinking keeps it.
    pub(crate) stage: &'static str,
    pub(crate) lines: Vec<String>,
    pub(crate) script: String,
    pub(crate) schemas: Option<(Schema, Schema)>,
}

impl Failure {
    fn new(stage: &'static str, lines: Vec<String>, script: String) -> Failure {
        Failure {
            stage,
            lines,
            script,
            schemas: None,
        }
    }
}

/// Makes both worlds, takes out what the server refuses, and judges the way from one to the other
/// and back.
pub(crate) fn judge(bench: &mut Bench, pair: &mut Pair) -> Result<Facts, Box<Failure>> {
    let judged = once(bench, pair);
    // A new label of an enum can be used only once it is committed.
    let unsafe_use = |failure: &Failure| failure.lines.iter().any(|l| l.starts_with("55P04"));
    match &judged {
        Err(failure) if !pair.committed && unsafe_use(failure) => {
            pair.committed = true;
            once(bench, pair)
        }
        _ => judged,
    }
}

fn once(bench: &mut Bench, pair: &mut Pair) -> Result<Facts, Box<Failure>> {
    bench.begin();
    bench.make(&mut pair.other, true);
    let want = bench.read(true).schema;
    bench.rollback();
    let mut facts = Facts::default();
    let judged = if pair.committed {
        bench.renew();
        let judged = ways(bench, pair, &want, &mut facts, true);
        bench.run("ROLLBACK");
        bench.renew();
        judged
    } else {
        bench.begin();
        let judged = ways(bench, pair, &want, &mut facts, true);
        bench.rollback();
        judged
    };
    judged.map(|()| facts)
}

fn ways(
    bench: &mut Bench,
    pair: &mut Pair,
    want: &Schema,
    facts: &mut Facts,
    with_rows: bool,
) -> Result<(), Box<Failure>> {
    let within = !pair.committed;
    bench.make(&mut pair.one, within);
    let want = hints::said(want, &pair.one, &pair.other);
    if with_rows {
        if pair.committed {
            bench.run("BEGIN");
        }
        facts.tables_with_rows = bench.fill(&pair.one);
        if pair.committed {
            bench.run("COMMIT");
        }
    }
    let catalog = bench.read(within);
    let have = catalog.schema;
    let both = (have.clone(), want.clone());
    let with_both = |mut failure: Box<Failure>| {
        failure.schemas = Some(both.clone());
        failure
    };
    let options = Options {
        online: pair.committed,
        server_version: catalog.version,
        applier: Some(bench.me.clone()),
    };
    let lasting = rows::lasting(&pair.one, &pair.other);
    let (ones, others): (Vec<_>, Vec<_>) = lasting.into_iter().unzip();
    let before = bench.sums(&ones);

    let up = match plan(&have, &want, &options) {
        Err(faults) if faults.iter().all(is_known) => {
            facts.no_way = true;
            return Ok(());
        }
        planned => planned.map_err(|f| with_both(no_way("no way up", &f)))?,
    };
    facts.same = up.is_empty();
    match apply(bench, &up, &pair.one, within) {
        Applied::Done => {}
        Applied::Refused(error) if error.is_ambiguous() || error.is_never_built() => {
            facts.no_way = true;
            return Ok(());
        }
        Applied::WithoutRows => facts.refused_up = true,
        Applied::Refused(error) if error.is_about_rows && !within && with_rows => {
            facts.refused_up = true;
            bench.renew();
            return ways(bench, pair, &want, facts, false);
        }
        Applied::Refused(error) => {
            let failure = Failure::new("the way up fails", error.lines, render::script(&up));
            return Err(with_both(Box::new(failure)));
        }
    }
    arrived(bench, "up", &want, &options, &up, within).map_err(with_both)?;
    facts.kept_columns = before.len();
    let moved = |before: &[String], after: &[String], queries: &[String]| -> Vec<String> {
        let all = before.iter().zip(after).zip(queries);
        let moved = all.filter(|((before, after), _)| before != after);
        moved
            .map(|((before, after), query)| format!("{query}: {before} became {after}"))
            .collect()
    };
    if !facts.refused_up {
        let moved = moved(&before, &bench.sums(&others), &others);
        if !moved.is_empty() {
            let failure = Failure::new("rows are lost", moved, render::script(&up));
            return Err(with_both(Box::new(failure)));
        }
    }
    let dump = match pair.committed {
        true => bench.dump(),
        false => None,
    };

    let down =
        plan_down(&have, &want, &options).map_err(|f| with_both(no_way("no way down", &f)))?;
    match apply(bench, &down, &pair.other, within) {
        Applied::Done => {}
        Applied::Refused(error) if error.is_ambiguous() || error.is_never_built() => {
            facts.no_way = true;
            return Ok(());
        }
        Applied::WithoutRows => facts.refused_down = true,
        Applied::Refused(error) if error.is_about_rows && !within && with_rows => {
            facts.refused_down = true;
            bench.renew();
            return ways(bench, pair, &want, facts, false);
        }
        Applied::Refused(error) => {
            let failure = Failure::new("the way down fails", error.lines, render::script(&down));
            return Err(with_both(Box::new(failure)));
        }
    }
    arrived(bench, "down", &have, &options, &down, within).map_err(with_both)?;
    if !facts.refused_up && !facts.refused_down {
        let moved = moved(&before, &bench.sums(&ones), &ones);
        if !moved.is_empty() {
            let failure = Failure::new(
                "rows are lost on the way down",
                moved,
                render::script(&down),
            );
            return Err(with_both(Box::new(failure)));
        }
    }
    if let Some(dump) = dump {
        bench.renew();
        bench.make(&mut pair.other, false);
        let odd = bench
            .dump()
            .map_or(Vec::new(), |want| witness(&dump, &want));
        // What a table has that comes to inherit is its own for ever: PostgreSQL has no statement for it.
        let joins = up.statements().any(|s| s.sql.contains(" INHERIT "));
        let odd = if joins { Vec::new() } else { odd };
        facts.dumped = true;
        if !odd.is_empty() {
            let failure = Failure::new("pg_dump differs", odd, render::script(&up));
            return Err(with_both(Box::new(failure)));
        }
    }
    facts.plans = vec![up, down];
    facts.schemas = Some(both);
    Ok(())
}

/// What PostgreSQL has no statement for, and what only the author knows; the plan says so: names
/// inherited from two sides, and a former name whose new one something else has.
fn is_known(fault: &Unplannable) -> bool {
    ["inherited from two sides no other name", "both are there"]
        .iter()
        .any(|reason| fault.reason.contains(reason))
}

fn no_way(stage: &'static str, faults: &[Unplannable]) -> Box<Failure> {
    let lines = faults.iter().map(ToString::to_string).collect();
    Box::new(Failure::new(stage, lines, String::new()))
}

/// Compares what is there with what should be, and plans again.
fn arrived(
    bench: &mut Bench,
    way: &'static str,
    want: &Schema,
    options: &Options,
    done: &Plan,
    within: bool,
) -> Result<(), Box<Failure>> {
    let now = bench.read(within).schema;
    let odd: Vec<String> = differences(&now, want)
        .iter()
        .filter(|(id, _)| !is_only_local(&now, want, id))
        .map(|(id, what)| format!("{} {id} {what}", id.kind.word()))
        .collect();
    if !odd.is_empty() {
        let stage = match way {
            "up" => "up arrives elsewhere",
            _ => "down arrives elsewhere",
        };
        return Err(Box::new(Failure::new(stage, odd, render::script(done))));
    }
    let again = match plan(&now, want, options) {
        Ok(again) if again.is_empty() => return Ok(()),
        Ok(again) => vec![render::script(&again)],
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    };
    let script = render::script(done);
    Err(Box::new(Failure::new(
        "a second plan has more to do",
        again,
        script,
    )))
}

struct Refused {
    is_about_rows: bool,
    lines: Vec<String>,
}

impl Refused {
    /// PostgreSQL prints a call that leaves arguments to their defaults without them, and then refuses
    /// its own text, as from pg_dump, where another function of that name takes none.
    fn is_ambiguous(&self) -> bool {
        let said = self.lines.first();
        said.is_some_and(|line| line.starts_with("42725") && line.contains("is not unique"))
    }

    /// An index is built with the rights of its table's owner, who has not got those to a function in it:
    /// it was there before they were taken away.
    fn is_never_built(&self) -> bool {
        let has = |line: usize, start: &str| {
            let line = self.lines.get(line);
            line.is_some_and(|line| line.trim_start().starts_with(start))
        };
        let built = ["in CREATE INDEX", "in CREATE UNIQUE INDEX"];
        has(0, "42501 permission denied for function") && built.iter().any(|s| has(1, s))
    }
}

enum Applied {
    Done,
    WithoutRows,
    Refused(Refused),
}

fn apply(bench: &mut Bench, plan: &Plan, world: &World, within: bool) -> Applied {
    if !within {
        return match units(bench, plan) {
            Ok(()) => Applied::Done,
            Err(refused) => Applied::Refused(refused),
        };
    }
    // A savepoint right after ALTER DOMAIN … DROP CONSTRAINT leaves the server unable to go on
    // ("unprocessed inval messages"), so something else comes between.
    bench.run("CREATE TEMP TABLE pause (); DROP TABLE pause");
    bench.run("SAVEPOINT way; SET LOCAL check_function_bodies = off");
    let Err(refused) = statements(bench, plan) else {
        return Applied::Done;
    };
    bench.run("ROLLBACK TO way");
    if !refused.is_about_rows {
        return Applied::Refused(refused);
    }
    if let Some(truncate) = rows::truncate(world) {
        bench.run(&truncate);
    }
    match statements(bench, plan) {
        Ok(()) => Applied::WithoutRows,
        Err(refused) => Applied::Refused(refused),
    }
}

/// In the one transaction that is open: what a plan without online forms must bear.
fn statements(bench: &mut Bench, plan: &Plan) -> Result<(), Refused> {
    for statement in plan.statements() {
        one(bench, &statement.sql)?;
    }
    Ok(())
}

fn one(bench: &mut Bench, sql: &str) -> Result<(), Refused> {
    bench.client.batch_execute(sql).map_err(|error| Refused {
        is_about_rows: is_about_rows(&error),
        lines: vec![text(&error), format!("in {sql}")],
    })
}

/// Unit by unit, as the script says.
fn units(bench: &mut Bench, plan: &Plan) -> Result<(), Refused> {
    bench.run("SET check_function_bodies = off");
    for unit in script::units(&render::script(plan)) {
        if unit.in_transaction {
            bench.run("BEGIN");
        }
        for piece in &unit.statements {
            one(bench, &piece.sql)?;
        }
        if unit.in_transaction {
            one(bench, "COMMIT")?;
        }
    }
    bench.run("RESET check_function_bodies");
    Ok(())
}
