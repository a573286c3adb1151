//! Renames that the model says: found, turned into steps, and carried through the whole of `from`.
//!
//! What is compared afterwards already has the new names, so a rename loses nothing. A name is never
//! guessed here; [`suspect`](super::suspect) only asks.

mod carry;
mod companions;
mod family;
mod room;
mod said;

use std::collections::BTreeSet;

use model::Schema;
use model::quote::{ident, literal, object, qualified};
use model::schema::{Id, Kind, Name, Node, Object};
use rustc_hash::FxHashMap;

use super::address::{address, label, named, relation};
use super::rules::sequence::chosen_name;
use super::step::{Action, Lock, Statement, Step};
use super::{Options, Unplannable, step};
use family::is_of;
pub(super) use said::{contested, reversed, said};

/// One object, or one part of a type, that goes by another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// What it was.
    pub from: Id,
    /// What it is.
    pub to: Id,
    /// For a label of an enum or an attribute of a composite type: former and present name.
    pub part: Option<(Name, Name)>,
}

/// What has come of the renames.
#[derive(Default)]
pub(super) struct Carried {
    /// `from` with the new names everywhere; `None` where nothing is renamed.
    pub(super) schema: Option<Schema>,
    /// The steps that give the names.
    pub(super) steps: Vec<Step>,
    /// What the columns were called that have another name now.
    pub(super) columns: FxHashMap<Id, Name>,
}

/// Gives `from` the new names everywhere.
///
/// # Errors
///
/// Every name that PostgreSQL won't give.
pub(super) fn carry_out(
    from: &Schema,
    to: &Schema,
    renames: &[Renamed],
    options: &Options,
) -> Result<Carried, Vec<Unplannable>> {
    if renames.is_empty() {
        return Ok(Carried::default());
    }
    let released = family::released(from, to, renames);
    let (freed, mut steps) = family::free(from, &released);
    let from = freed.as_ref().unwrap_or(from);
    let renames = &family::with_children(from, renames);
    let refused = family::refused(from, renames);
    if !refused.is_empty() {
        return Err(refused);
    }
    let (aside, sorted) = room::with_room(from, to, renames);
    let mut all = aside.clone();
    all.extend(sorted);
    let mut renamed = carry::through(from, &all);
    let companions = companions::of(&renamed, to, renames);
    if !companions.is_empty() {
        renamed = carry::through(&renamed, &companions);
        all.extend(companions);
    }
    for schema in new_schemas(from, to, &all) {
        let mut node = Node::new(schema.clone(), Object::Schema);
        node.owner = options.applier.clone();
        let mut builder = renamed.into_builder();
        if builder.insert(node).is_ok() {
            steps.push(step_of_schema(schema));
        }
        renamed = builder.finish();
    }
    let whole = |(place, r): (usize, &'_ Renamed)| {
        let whole = r.part.is_none() && !r.to.kind.is_part_of_relation();
        whole.then(|| (r.to.clone(), (place, r.from.clone())))
    };
    let wholes: Wholes = all.iter().enumerate().filter_map(whole).collect();
    let mut given = Vec::new();
    for (place, rename) in all.iter().enumerate() {
        if family::follows_parent(&renamed, &all, rename) {
            continue;
        }
        let Some(mut step) = step_of(&renamed, to, rename) else {
            continue;
        };
        if let Some(early) = early(rename, place, &wholes)
            && let Some(node) = renamed.get(&rename.to)
        {
            step.statements = statements(&renamed, node, &early);
        }
        given.push(step);
    }
    given.retain(|step| !step.statements.is_empty());
    steps.extend(given);
    identities_follow(&renamed, &mut steps);
    let columns = all.into_iter().filter(|r| r.to.kind == Kind::Column);
    Ok(Carried {
        schema: Some(renamed),
        steps,
        columns: columns.map(|r| (r.to, r.from.part)).collect(),
    })
}

/// The rename of a part of a table or type that itself is renamed only later on, and so goes by its
/// former name still.
fn early(rename: &Renamed, place: usize, wholes: &Wholes) -> Option<Renamed> {
    let id = &rename.to;
    let kinds = match (&rename.part, id.kind.is_part_of_relation()) {
        (Some(_), _) => [id.kind; 2],
        (None, true) => [Kind::Table, Kind::View],
        (None, false) => return None,
    };
    let whole = |kind| wholes.get(&Id::in_schema(kind, id.schema.clone(), id.name.clone()));
    let later = |(at, _): &&(usize, Id)| *at > place;
    let (_, former) = kinds
        .into_iter()
        .find_map(|kind| whole(kind).filter(later))?;
    let before = |id: &Id| Id {
        schema: former.schema.clone(),
        name: former.name.clone(),
        ..id.clone()
    };
    Some(Renamed {
        from: before(&rename.from),
        to: before(&rename.to),
        part: rename.part.clone(),
    })
}

/// The renames of tables, views and types by their later name: their place, and their former name.
type Wholes = FxHashMap<Id, (usize, Id)>;

/// The schemas that something moves to and that are only now made.
fn new_schemas(from: &Schema, to: &Schema, renames: &[Renamed]) -> BTreeSet<Id> {
    let moved = renames.iter().filter(|r| r.from.schema != r.to.schema);
    let schemas = moved.map(|r| Id::global(Kind::Schema, r.to.schema.clone()));
    schemas
        .filter(|id| !from.contains(id) && !renames.iter().any(|r| r.to == *id))
        .filter(|id| to.get(id).is_some_and(|node| !node.external))
        .collect()
}

fn step_of_schema(id: Id) -> Step {
    let sql = format!("CREATE SCHEMA {}", ident(&id.name));
    Step {
        title: format!("create schema {}", id.name),
        id,
        action: Action::Create,
        changes: Vec::new(),
        statements: vec![Statement::new(Lock::None, sql)],
        lossy: None,
    }
}

/// An identity's sequence is named after its table and column, and PostgreSQL leaves it as it was
/// when they are renamed.
fn identities_follow(renamed: &Schema, steps: &mut [Step]) {
    let last: FxHashMap<Id, usize> = steps
        .iter()
        .enumerate()
        .map(|(n, step)| (step.id.clone(), n))
        .collect();
    for node in renamed.of_kind(Kind::Column) {
        let identity = node.object.as_column().and_then(|c| c.identity.as_ref());
        if identity.is_none() {
            continue;
        }
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        let find = |id: &Id| last.get(id).copied();
        let (of_column, of_table) = (find(&node.id), find(&table));
        let former = |at: Option<usize>| match &steps.get(at?)?.action {
            Action::Rename { from } => Some(from.clone()),
            _ => None,
        };
        let (column, relation) = (former(of_column), former(of_table));
        let Some(last) = of_column.max(of_table) else {
            continue;
        };
        let was = chosen_name(
            relation.as_ref().map_or(&node.id.name, |id| &id.name),
            column.as_ref().map_or(&node.id.part, |id| &id.part),
        );
        let is = chosen_name(&node.id.name, &node.id.part);
        if was != is {
            let was = qualified(&node.id.schema, &was);
            let sql = format!("ALTER SEQUENCE IF EXISTS {was} RENAME TO {}", ident(&is));
            let statement = Statement::new(Lock::None, sql);
            steps[last].statements.push(statement);
        }
    }
}

fn step_of(renamed: &Schema, to: &Schema, rename: &Renamed) -> Option<Step> {
    let node = renamed.get(&rename.to).or_else(|| to.get(&rename.to))?;
    let statements = statements(renamed, node, rename);
    let (was, is) = match &rename.part {
        Some((was, is)) => (format!("{}.{was}", label(&rename.to)), is.to_string()),
        None => (label(&rename.from), label(&rename.to)),
    };
    let mut before = node.clone();
    before.id = rename.from.clone();
    let title = match &rename.part {
        Some(_) => format!("rename {was} to {is}"),
        None if node.id.kind == Kind::Column => {
            format!("rename {} to {}", named(&before), node.id.part)
        }
        None => format!("rename {} to {is}", named(&before)),
    };
    Some(Step {
        id: rename.to.clone(),
        action: Action::Rename {
            from: rename.from.clone(),
        },
        title,
        changes: vec![step::Change {
            attribute: "name".to_owned(),
            before: Some(was),
            after: Some(is),
        }],
        statements,
        lossy: None,
    })
}

/// ` CASCADE` where a table is of that type: its columns change with the type's attributes.
pub(super) fn typed_tables_follow(schema: &Schema, ty: &Id) -> &'static str {
    match typed_tables(schema, ty).next() {
        Some(_) => " CASCADE",
        None => "",
    }
}

/// The tables of that type.
pub(super) fn typed_tables<'a>(
    schema: &'a Schema,
    ty: &'a Id,
) -> impl Iterator<Item = &'a Node> + 'a {
    let of_it = schema.tables().filter(|(_, table)| is_of(table, ty));
    of_it.map(|(node, _)| node)
}

fn statements(schema: &Schema, node: &Node, rename: &Renamed) -> Vec<Statement> {
    let (old, new) = (&rename.from, &rename.to);
    if let Some((was, is)) = &rename.part {
        let name = object(new);
        let sql = match node.object {
            Object::Enum(_) => {
                format!(
                    "ALTER TYPE {name} RENAME VALUE {} TO {}",
                    literal(was),
                    literal(is)
                )
            }
            _ => format!(
                "ALTER TYPE {name} RENAME ATTRIBUTE {} TO {}{}",
                ident(was),
                ident(is),
                typed_tables_follow(schema, new)
            ),
        };
        return vec![Statement::new(Lock::None, sql)];
    }
    let lock = Lock::AccessExclusive;
    if new.kind == Kind::Column && family::is_typed(schema, new) {
        // It follows the attribute of its table's type.
        return Vec::new();
    }
    if new.kind.is_part_of_relation() {
        let (was, is) = (ident(&old.part), ident(&new.part));
        let table = relation(new);
        let sql = match new.kind {
            Kind::Column => format!("ALTER TABLE {table} RENAME COLUMN {was} TO {is}"),
            Kind::Constraint => format!("ALTER TABLE {table} RENAME CONSTRAINT {was} TO {is}"),
            Kind::Index => format!("ALTER INDEX {} RENAME TO {is}", object(old)),
            Kind::Trigger => {
                let sql = format!("ALTER TRIGGER {was} ON {table} RENAME TO {is}");
                let trigger = node.object.as_trigger();
                let mut statements = vec![Statement::new(lock, sql)];
                if trigger.is_some_and(|trigger| trigger.constraint.is_some()) {
                    // `SET CONSTRAINTS` knows it by its constraint's name, which stays otherwise.
                    let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {was} TO {is}");
                    statements.push(Statement::new(lock, sql));
                }
                return statements;
            }
            Kind::Policy => format!("ALTER POLICY {was} ON {table} RENAME TO {is}"),
            Kind::Rule => format!("ALTER RULE {was} ON {table} RENAME TO {is}"),
            _ => return Vec::new(),
        };
        return vec![Statement::new(lock, sql)];
    }
    if new.kind.is_model_only()
        || matches!(new.kind, Kind::DefaultPrivileges | Kind::DatabaseSettings)
    {
        return Vec::new();
    }
    let mut place = node.clone();
    place.id = old.clone();
    let mut statements = Vec::new();
    if old.name != new.name {
        let sql = format!(
            "ALTER {} RENAME TO {}",
            address(schema, &place),
            ident(&new.name)
        );
        statements.push(Statement::new(lock, sql));
        place.id.name = new.name.clone();
    }
    if old.schema != new.schema {
        let sql = format!(
            "ALTER {} SET SCHEMA {}",
            address(schema, &place),
            ident(&new.schema)
        );
        statements.push(Statement::new(lock, sql));
    }
    statements
}
