//! Triggers of tables and views.
//!
//! Never reads those that the server keeps constraints with.

use model::schema::{
    Expr, Name, Node, Object, Trigger, TriggerEnabled, TriggerEvent, TriggerTiming,
};
use model::{Id, Kind};

use super::CatalogError;
use super::address::class;
use super::batch::{Scope, no_member};
use super::constraint::deferrable;
use super::lowering::Lowering;
use super::rows::Rows;
use super::text::{after_parentheses, after_quoted, unwrapped};

pub(super) fn sql(scope: &Scope<'_>) -> String {
    format!(
        "SELECT g.oid, g.tgrelid, g.tgname, g.tgtype, g.tgattr::text, n.nspname, p.proname, \
           encode(g.tgargs, 'hex'), g.tgconstraint <> 0, g.tgdeferrable, g.tginitdeferred, \
           g.tgconstrrelid, g.tgoldtable, g.tgnewtable, g.tgenabled, g.tgparentid <> 0, \
           CASE WHEN g.tgqual IS NOT NULL THEN pg_get_triggerdef(g.oid) END \
         FROM pg_trigger g \
         JOIN pg_class c ON c.oid = g.tgrelid \
         JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace \
         LEFT JOIN pg_constraint k ON k.oid = g.tgconstraint \
         WHERE (NOT g.tgisinternal OR g.tgparentid <> 0) AND k.contype IS DISTINCT FROM 'f' \
           AND k.contype IS DISTINCT FROM 'u' AND k.contype IS DISTINCT FROM 'p' \
           AND k.contype IS DISTINCT FROM 'x' AND {} AND {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid"),
        no_member("pg_trigger", "g.oid")
    )
}

// The bits of `pg_trigger.tgtype`.
const ROW: i32 = 1;
const BEFORE: i32 = 2;
const INSERT: i32 = 4;
const DELETE: i32 = 8;
const UPDATE: i32 = 16;
const TRUNCATE: i32 = 32;
const INSTEAD: i32 = 64;

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (oid, relation, name) = (row.oid()?, row.oid()?, row.name()?);
        let bits: i32 = row.number()?;
        let columns: Vec<i32> = row.numbers()?;
        let function = Id::new(Kind::Function, row.name()?, row.name()?, "");
        let arguments = arguments(row.text()?).ok_or_else(|| row.unexpected("tgargs"))?;
        let constraint = row.flag()?;
        let when = deferrable(row.flag()?, row.flag()?);
        let from = row.oid()?;
        let (old_table, new_table) = (row.opt_name()?, row.opt_name()?);
        let enabled = match row.letter()? {
            b'R' => TriggerEnabled::Replica,
            b'A' => TriggerEnabled::Always,
            b'D' => TriggerEnabled::Disabled,
            _ => TriggerEnabled::Origin,
        };
        let inherited = row.flag()?;
        let condition = row.opt()?.and_then(condition).map(Expr::new);
        let Some(of) = to.relation(relation).cloned() else {
            continue;
        };
        let event = |bit, event| (bits & bit != 0).then_some(event);
        let columns = to.column_names(relation, &columns);
        let events = [
            event(INSERT, TriggerEvent::Insert),
            event(DELETE, TriggerEvent::Delete),
            event(UPDATE, TriggerEvent::Update(columns)),
            event(TRUNCATE, TriggerEvent::Truncate),
        ];
        let trigger = Trigger {
            timing: match bits & (BEFORE | INSTEAD) {
                BEFORE => TriggerTiming::Before,
                INSTEAD => TriggerTiming::InsteadOf,
                _ => TriggerTiming::After,
            },
            events: events.into_iter().flatten().collect(),
            for_each_row: bits & ROW != 0,
            condition,
            function,
            arguments,
            constraint: constraint.then_some(when),
            from_table: to.relation(from).cloned(),
            old_table,
            new_table,
            enabled,
            inherited,
        };
        let mut node = Node::new(of.within(Kind::Trigger, name), Object::Trigger(trigger));
        if of.kind == Kind::View {
            node.needs.push(of);
        }
        to.place((class::TRIGGER, oid, 0), node);
    }
    Ok(())
}

/// `tgargs`: the arguments, each ended by a NUL, as hexadecimal digits.
fn arguments(hex: &str) -> Option<Vec<Name>> {
    let bytes: Option<Vec<u8>> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect();
    let bytes = bytes?;
    let text = String::from_utf8_lossy(&bytes);
    Some(text.split_terminator('\0').map(Name::from).collect())
}

/// What is in the parentheses after `WHEN`. `pg_get_expr` can't print it, as it names two rows.
fn condition(definition: &str) -> Option<&str> {
    let bytes = definition.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'"' {
            at = after_quoted(definition, at);
        } else if definition[at..].starts_with(" WHEN (") {
            let start = at + " WHEN ".len();
            let end = after_parentheses(definition, start);
            return Some(unwrapped(&definition[start + 1..end - 1]));
        } else {
            at += 1;
            while !definition.is_char_boundary(at) {
                at += 1;
            }
        }
    }
    None
}
