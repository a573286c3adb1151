//! The speed of policies: the server's plan is read, over enough rows to matter.
//!
//! Who is calling is asked once a statement and not once a row, and a column that is compared with
//! the answer is found by an index. No time is measured.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{ident, literal, qualified, type_name};
use model::schema::{Command, ConstraintBody, KeyTerm, Name, PUBLIC, Privilege, Schema, Type};

use super::policy::SUBJECT;
use super::policy_rows::policy_rows;
use super::refusal::state;
use super::{Check, Family, said};
use crate::rows::{Bench, Refusal, Stop, TextRow, base_type};

/// Rows enough that a scan of all of them costs more than an index.
const ROWS: usize = 5_000;

/// What asks who is calling, as it stands in a plan.
const ASKING: [&str; 5] = [
    "current_setting(",
    "auth.uid()",
    "auth.jwt()",
    "auth.role()",
    "auth.email()",
];

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let Some(node) = schema.get(table) else {
        return;
    };
    let own = node.object.as_table();
    if !own.is_some_and(|t| t.row_security && t.partition_key.is_none() && t.partition_of.is_none())
    {
        return;
    }
    let readers = node.privileges.iter().filter(|(role, privileges)| {
        **role != *PUBLIC
            && privileges.contains_key(&Privilege::Select)
            && !super::doors::passes_row_security(schema, role)
    });
    for (role, _) in readers {
        let asks = schema.policies(table).any(|(_, policy)| {
            let read = matches!(policy.command, Command::Select | Command::All);
            let own = policy.roles.contains(role) || policy.roles.contains(&Name::from(PUBLIC));
            read && own && policy.using.as_ref().is_some_and(|e| e.text.contains('('))
        });
        if !asks {
            continue;
        }
        let accepts = |rule: &str| {
            let nodes = schema.policies(table).map(|(node, _)| node).chain([node]);
            let mut all = nodes.flat_map(|node| &node.hints.accept);
            all.any(|(name, _)| *name == rule)
        };
        let once = !accepts("policy_calls_function_per_row");
        let indexed = !accepts("policy_column_without_index");
        let (table, role) = (table.clone(), role.clone());
        let name = format!(
            "{}: {role} reads it without asking anything once a row",
            said(&table)
        );
        found.push(Check::altering(
            Family::Plan,
            &table.clone(),
            name,
            move |bench| {
                let plan = plan(bench, &table, &role)?;
                if once {
                    asked_once(&plan)?
                }
                if indexed {
                    by_index(&plan, &table)?
                }
                Ok(())
            },
        ));
    }
}

/// The lines of the plan by which the role reads the table, filled with enough rows.
fn plan(bench: &mut Bench, table: &Id, role: &Name) -> Result<Vec<String>, Stop> {
    let claims = format!("{{\"sub\": \"{SUBJECT}\", \"role\": \"{role}\"}}");
    bench.query(&format!(
        "SELECT set_config('request.jwt.claims', {}, true); SET LOCAL session_replication_role = replica",
        literal(&claims)
    ))?;
    let schema = bench.schema();
    // Policies that compare no column read every row the same way, however many there are.
    if !compared(&schema, table).is_empty() {
        let policies: Vec<_> = schema.policies(table).map(|(_, p)| p.clone()).collect();
        let rows = policy_rows(bench, table, &policies, Command::Select)?;
        let Some(row) = rows.first() else {
            return Err(Stop::Undecided(format!("no row of {table} could be made")));
        };
        fill(bench, &schema, table, row)?;
    }
    let relation = qualified(&table.schema, &table.name);
    bench.query(&format!("ANALYZE {relation}"))?;
    let ask = format!("EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM {relation}");
    let lines = match bench.acting(role, "SELECT 1", &ask)? {
        Ok(lines) => lines,
        Err(refusal) => return Err(Stop::Undecided(refusal.to_string())),
    };
    Ok(lines
        .into_iter()
        .filter_map(|mut row| row.remove("QUERY PLAN").flatten())
        .collect())
}

/// The row again and again. What a key holds, or a policy compares, is another value each time. Where
/// a check refuses that, its columns hold texts that end as the row's own; where it refuses those as
/// well, they hold what the row does.
fn fill(bench: &mut Bench, schema: &Schema, table: &Id, row: &TextRow) -> Result<(), Stop> {
    let all = varied(schema, table);
    let conditions = crate::rows::conditions(schema, table);
    let checked = |name: &&Name| conditions.iter().any(|c| c.columns.contains(*name));
    let free: BTreeSet<Name> = all.iter().filter(|name| !checked(name)).cloned().collect();
    let alike: BTreeSet<Name> = all.difference(&free).cloned().collect();
    let none = BTreeSet::new();
    let mut outcome = copies(bench, schema, table, row, (&all, &none))?;
    for columns in [(&free, &alike), (&free, &none)] {
        if outcome.as_ref().is_err_and(|r| r.state == state::CHECK) {
            outcome = copies(bench, schema, table, row, columns)?;
        }
    }
    outcome.map_err(|refusal| Stop::Undecided(format!("{ROWS} rows could not be made: {refusal}")))
}

fn copies(
    bench: &mut Bench,
    schema: &Schema,
    table: &Id,
    row: &TextRow,
    (varied, alike): (&BTreeSet<Name>, &BTreeSet<Name>),
) -> Result<Result<(), Refusal>, Stop> {
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for (node, column) in schema.columns(table) {
        let name = &node.id.part;
        if column.generated.is_some() {
            continue;
        }
        let ty = base_type(schema, &column.ty);
        let same = crate::rows::held(schema, table, row, name);
        let mut other = varied.contains(name).then(|| another(&ty)).flatten();
        let is_text = matches!(ty.name.as_str(), "text" | "character varying");
        if let (true, true, Some(same)) = (alike.contains(name), is_text, &same) {
            other = Some(format!("left(md5(n::text), 12) || ({same})::text"));
        }
        if let Some(value) = other.or(same) {
            columns.push(ident(name).into_owned());
            values.push(format!("({value})::{}", type_name(&column.ty)));
        }
    }
    let sql = format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM generate_series(1, {ROWS}) AS n",
        qualified(&table.schema, &table.name),
        columns.join(", "),
        values.join(", ")
    );
    Ok(bench.attempt(&sql)?.map(drop))
}

/// Another value each time, as an expression over `n`.
fn another(ty: &Type) -> Option<String> {
    let limit = ty
        .modifiers
        .as_ref()
        .map_or(30, |m| m.parse::<usize>().unwrap_or(30));
    Some(match ty.name.as_str() {
        "uuid" => "gen_random_uuid()".into(),
        "smallint" => "n".into(),
        "integer" => "1000000000 + n".into(),
        "bigint" => "1000000000000 + n".into(),
        "text" | "character varying" => format!("left(md5(n::text), {limit})"),
        "timestamp with time zone" | "timestamp without time zone" | "date" => {
            "date '2001-01-01' + (n || ' days')::interval".into()
        }
        _ => return None,
    })
}

fn varied(schema: &Schema, table: &Id) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for (_, constraint) in schema.constraints(table) {
        match &constraint.body {
            ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                names.extend(key.columns.iter().cloned());
            }
            _ => {}
        }
    }
    for (_, index) in schema.indexes(table).filter(|(_, index)| index.unique) {
        for key in &index.keys {
            match &key.term {
                KeyTerm::Column(name) => names.extend([name.clone()]),
                KeyTerm::Expr(expr) => names.extend(named(schema, table, &expr.text)),
            }
        }
    }
    names.extend(compared(schema, table));
    names
}

/// The table's columns that its policies name.
fn compared(schema: &Schema, table: &Id) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for (_, policy) in schema.policies(table) {
        for expr in [&policy.using, &policy.with_check].into_iter().flatten() {
            names.extend(named(schema, table, &expr.text));
        }
    }
    names
}

/// The table's columns that a text names.
fn named(schema: &Schema, table: &Id, text: &str) -> Vec<Name> {
    let columns = schema.columns(table).into_iter();
    let own = columns.map(|(node, _)| node.id.part.clone());
    own.filter(|name| crate::rows::names(text, name)).collect()
}

/// What filters rows asks nobody who is calling: that is an `InitPlan`, asked beforehand.
fn asked_once(plan: &[String]) -> Result<(), Stop> {
    let judged = plan.iter().map(|line| line.trim()).filter(|line| {
        ["Filter:", "Join Filter:"]
            .iter()
            .any(|word| line.starts_with(word))
    });
    for line in judged {
        if let Some(call) = ASKING.iter().find(|call| line.contains(*call)) {
            return Err(Stop::Failed(format!(
                "{call}…) is called once a row: {line}\n  write it as `(select …)` in the policy"
            )));
        }
    }
    Ok(())
}

/// A scan of every row does not pick them by comparing a column with what was asked beforehand.
fn by_index(plan: &[String], table: &Id) -> Result<(), Stop> {
    let mut scanned = false;
    for line in plan.iter().map(|line| line.trim()) {
        if let Some(at) = line.find("Seq Scan on ") {
            let of = &line[at + "Seq Scan on ".len()..];
            let of = of.split(' ').next().unwrap_or_default();
            scanned = of == qualified(&table.schema, &table.name);
        } else if line.contains(" Scan ") {
            scanned = false;
        }
        let Some(filter) = line.strip_prefix("Filter: ").filter(|_| scanned) else {
            continue;
        };
        // `((t.owner = $0))`, or `((t.owner = (InitPlan 1).col1))` since 17.
        let alone = !filter.contains(" OR ") && !filter.contains("SubPlan");
        if alone && (filter.contains(" = $") || filter.contains(" = (InitPlan")) {
            return Err(Stop::Failed(format!(
                "{ROWS} rows are read to find some: {filter}\n  add an index on the column"
            )));
        }
    }
    Ok(())
}
