//! What to ask a server about documents before a migration begins. It is asked elsewhere.

use std::collections::BTreeSet;

use model::quote::{ident, qualified};
use model::schema::{Id, Kind, Node, Schema};

use super::{Documents, Way, write};
use crate::plan::Options;
use crate::plan::rename::{self, Renamed};
use crate::plan::rules::replaced;

/// How many keys are named.
pub(crate) const NAMED: usize = 10;

/// What to ask about one column.
#[derive(Clone, Debug)]
pub struct Question {
    /// The column, by its later name.
    pub column: Id,
    /// The functions that judge and lift, to be made first.
    pub(crate) functions: Vec<String>,
    /// How many documents would be refused, and how many there are.
    pub(crate) count: String,
    /// The keys of the first of those that would be refused.
    pub(crate) keys: String,
}

/// What a server must be asked before the plan between the two schemas is run on it: one question a
/// column whose documents a new check judges, unless the shapes alone tell that all fit.
pub fn questions(from: &Schema, to: &Schema, way: Way) -> Vec<Question> {
    let renames = match way {
        Way::Forth => rename::said(from, to),
        Way::Back => rename::reversed(rename::said(to, from)),
    };
    let Ok(carried) = rename::carry_out(from, to, &renames, &Options::default()) else {
        // There is no plan either.
        return Vec::new();
    };
    let before = carried.schema.as_ref().unwrap_or(from);
    let documents = Documents::between(before, to, way);
    let functions = functions(before, to);
    let asked = to.of_kind(Kind::Constraint).filter_map(|check| {
        let (column, evolution) = match documents.judged_by(check) {
            Some((_, evolution)) if evolution.fits => return None,
            Some((column, evolution)) => (column, Some(evolution)),
            None => (newly_judged(before, check)?, None),
        };
        if !before.contains(column) {
            return None;
        }
        let judge = check.needs.iter().find(|id| id.kind == Kind::Function)?;
        let (table, name) = former(&renames, column);
        let key: Vec<_> = from.primary_key(&table);
        let (table, name) = (qualified(&table.schema, &table.name), ident(&name.part));
        let lifted = evolution.map_or(name.to_string(), |e| e.lifted(&name));
        let refused = format!(
            "{name} IS NOT NULL AND {}({lifted}) IS FALSE",
            qualified(&judge.schema, &judge.name)
        );
        let order: Vec<_> = key.iter().map(|column| ident(column)).collect();
        let order = match order.is_empty() {
            true => "ctid".to_owned(),
            false => order.join(", "),
        };
        let lifters = evolution.into_iter().flat_map(|e| e.functions());
        Some(Question {
            column: column.clone(),
            functions: functions
                .iter()
                .cloned()
                .chain(lifters.map(str::to_owned))
                .collect(),
            count: format!("SELECT count(*) FILTER (WHERE {refused}), count({name}) FROM {table}"),
            keys: format!(
                "SELECT {} FROM {table} WHERE {refused} ORDER BY {order} LIMIT {NAMED}",
                write::key(&key)
            ),
        })
    });
    asked.collect()
}

/// The column of a derived check that judges documents which had no shape.
fn newly_judged<'a>(before: &Schema, check: &'a Node) -> Option<&'a Id> {
    let derived = check.derived_from.as_ref()?;
    // A parent's check reads its children's rows too.
    let own = check.object.as_constraint().is_some_and(|c| !c.inherited);
    let shape = own && matches!(derived.kind, Kind::Shape | Kind::Column);
    let column = check.needs.iter().find(|id| id.kind == Kind::Column)?;
    (shape && !before.contains(&check.id)).then_some(column)
}

/// The functions that judge documents, as they will be: those that differ, in an order in which they
/// can be made.
fn functions(before: &Schema, to: &Schema) -> Vec<String> {
    let mut made: BTreeSet<&Id> = BTreeSet::new();
    let mut sql = Vec::new();
    for node in to.of_kind(Kind::Function) {
        make(before, to, node, &mut made, &mut sql);
    }
    sql
}

fn make<'a>(
    before: &Schema,
    to: &'a Schema,
    node: &'a Node,
    made: &mut BTreeSet<&'a Id>,
    sql: &mut Vec<String>,
) {
    let source = node.derived_from.as_ref().map(|id| id.kind);
    let judges = node.object.as_routine().is_some_and(|routine| {
        let answer = routine.returns.as_ref().map(|returns| returns.as_str());
        answer == Some("boolean") && matches!(source, Some(Kind::Shape | Kind::Column))
    });
    if !judges || !made.insert(&node.id) {
        return;
    }
    for need in node.needs.iter().filter(|id| id.kind == Kind::Function) {
        if let Some(need) = to.get(need) {
            make(before, to, need, made, sql);
        }
    }
    let same = before
        .get(&node.id)
        .is_some_and(|n| n.object == node.object);
    if let Some(routine) = node.object.as_routine().filter(|_| !same) {
        sql.push(replaced(node, routine));
    }
}

/// Table and column by the names they have before the renames.
fn former(renames: &[Renamed], column: &Id) -> (Id, Id) {
    let was = |id: &Id| {
        let rename = renames.iter().find(|r| r.part.is_none() && r.to == *id);
        rename.map_or_else(|| id.clone(), |r| r.from.clone())
    };
    let table = Id::table(column.schema.clone(), column.name.clone());
    (was(&table), was(column))
}
