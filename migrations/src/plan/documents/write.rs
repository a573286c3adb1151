//! The statements that bring a column's old documents to its new shape.

use model::names::object_name;
use model::quote::{ident, literal, qualified};
use model::schema::{Id, Kind, Name};

use super::Evolution;
use crate::plan::address::{label, relation};
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, Lock, Statement};

impl Evolution {
    /// The column's document as it will be, where `column` is its name as SQL.
    pub(super) fn lifted(&self, column: &str) -> String {
        match self.functions.first() {
            Some(own) => format!("{}({column})", qualified(&own.id.schema, &own.id.name)),
            None => column.to_owned(),
        }
    }

    /// What is made first.
    pub(super) fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions
            .iter()
            .map(|function| function.create.as_str())
    }

    /// What refuses documents, in a sentence; `None` where nothing is known to.
    pub(in crate::plan) fn warning(&self) -> Option<String> {
        let [first, ..] = &self.refused[..] else {
            return None;
        };
        let others = match self.refused.len() {
            1 => String::new(),
            2 => format!("; {}", self.refused[1]),
            n => format!("; {}; and {} more", self.refused[1], n - 2),
        };
        Some(format!(
            "stops where an old document does not fit: {first}{others}"
        ))
    }

    /// The statements; nothing where no document changes.
    pub(in crate::plan) fn statements(&self, context: &Context<'_>, column: &Id) -> Vec<Statement> {
        if !self.lifts() {
            return Vec::new();
        }
        let table = relation(column);
        let name = ident(&column.part);
        let lifted = self.lifted(&name);
        let update = format!("UPDATE {table}\nSET {name} = {lifted}\nWHERE {name} <> {lifted}");
        let mut update = Statement::new(Lock::RowExclusive, update);
        update = update.comment(match self.refused.is_empty() {
            true => "old documents as the new shape has them: every one then fits",
            false => "old documents as the new shape has them, as far as that is known",
        });
        if !self.lost.is_empty() {
            let lost = self.lost.join(", ");
            let message = format!("of the documents in {} is gone: {lost}", label(column));
            update = update.hazard(HazardKind::DataLoss, message);
        }
        let (before, after) = around(context, column);
        let make = self
            .functions
            .iter()
            .map(|f| Statement::new(Lock::None, &f.create));
        let remove = self.functions.iter().map(|f| {
            let name = qualified(&f.id.schema, &f.id.name);
            Statement::new(Lock::None, format!("DROP FUNCTION {name}(jsonb)"))
        });
        let mut all = before;
        all.extend(make);
        all.push(update);
        all.extend(remove);
        all.extend(after);
        if context.options.online
            && let Some(last) = all.pop()
        {
            all.push(last.then_commit());
        }
        all
    }
}

/// What would keep rows from being changed stands aside meanwhile: row-level security that holds for
/// the owner as well, and triggers that freeze rows or refuse every change.
fn around(context: &Context<'_>, column: &Id) -> (Vec<Statement>, Vec<Statement>) {
    let table = Id::table(column.schema.clone(), column.name.clone());
    let sql = relation(column);
    let mut pairs: Vec<(String, String)> = Vec::new();
    let forced = context.from.get(&table).and_then(|n| n.object.as_table());
    if forced.is_some_and(|table| table.force_row_security) {
        pairs.push((
            format!("ALTER TABLE {sql} NO FORCE ROW LEVEL SECURITY"),
            format!("ALTER TABLE {sql} FORCE ROW LEVEL SECURITY"),
        ));
    }
    let trigger = object_name(&table.name, None, "append_only");
    let id = table.within(Kind::Trigger, trigger);
    if context.to.is_append_only(&table) && context.from.contains(&id) && context.to.contains(&id) {
        pairs.push(aside(&sql, &id));
    }
    for source in context.to.parts(&table, Kind::Transitions) {
        let Some(transitions) = source.object.as_transitions() else {
            continue;
        };
        let freezes = |except: &[Name]| !except.contains(&column.part);
        let trigger = object_name(&table.name, Some(&source.id.part), "frozen");
        let id = table.within(Kind::Trigger, trigger);
        if transitions.frozen.iter().any(|(_, except)| freezes(except))
            && context.from.contains(&id)
            && context.to.contains(&id)
        {
            pairs.push(aside(&sql, &id));
        }
    }
    let statement = |sql: String| Statement::new(Lock::AccessExclusive, sql);
    let (before, mut after): (Vec<_>, Vec<_>) = pairs
        .into_iter()
        .map(|(before, after)| (statement(before), statement(after)))
        .unzip();
    after.reverse();
    (before, after)
}

/// A trigger disabled, and enabled again.
fn aside(table: &str, trigger: &Id) -> (String, String) {
    let trigger = ident(&trigger.part);
    (
        format!("ALTER TABLE {table} DISABLE TRIGGER {trigger}"),
        format!("ALTER TABLE {table} ENABLE TRIGGER {trigger}"),
    )
}

/// The key of a row as people read it: `id = 4`.
pub(super) fn key(columns: &[Name]) -> String {
    let parts = columns.iter().map(|column| {
        let label = literal(&format!("{} = ", column));
        format!("{label} || {}::text", ident(column))
    });
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true => "ctid::text".to_owned(),
        false => format!("concat_ws(', ', {})", parts.join(", ")),
    }
}
