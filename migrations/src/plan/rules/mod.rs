//! One rule per kind: what making, altering and dropping an object of it becomes.
//!
//! Here the kinds are told apart and what all of them share is written: comments and owners. A rule
//! never asks what else changes; order and rebuilding are decided elsewhere.

pub(super) mod column;
pub(super) mod constraint;
mod database;
mod defined;
mod extension;
pub(super) mod index;
mod making;
mod place;
mod policy;
mod raw;
mod role;
mod routine;
pub(super) mod sequence;
pub(super) mod sql;
mod stable;
pub(super) mod table;
mod trigger;
pub(super) mod types;
mod view;

use model::quote::{ident, literal};
use model::schema::{Id, Kind, Name, Node, Object, PUBLIC, Settings};
use rustc_hash::FxHashSet;

use super::access;
use super::address::address;
use super::changes::Context;
use super::step::{HazardKind, Lock, Statement};

pub use database::set_in_database;
pub(super) use making::Making;
pub(super) use place::{POLICY_RANK, Place, place_in_table, places, rank};
pub(super) use routine::replaced;

/// What becomes of a difference in an object's own attributes.
pub(super) enum Difference {
    /// Nothing: another object's change brings it about, or no statement can.
    Nothing,
    /// It is changed where it stands.
    Alter(Box<Alteration>),
    /// It is dropped and made again.
    Replace,
}

/// How an object is changed where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Alteration {
    /// What gives way first: a default that the new type can't take.
    pub(super) before: Vec<Statement>,
    /// The change.
    pub(super) main: Vec<Statement>,
    /// What comes back afterwards.
    pub(super) after: Vec<Statement>,
    /// What waits for other objects.
    pub(super) late: Vec<Statement>,
    /// Whether views, policies and the like must make way because a column's type changes.
    pub(super) retypes: bool,
    /// Whether checks that call this function must look at all rows again.
    pub(super) judges_anew: bool,
}

impl Difference {
    /// An alteration of those statements alone; nothing where there are none.
    fn main(main: Vec<Statement>) -> Self {
        Difference::of(Alteration {
            main,
            ..Alteration::default()
        })
    }

    fn of(alteration: Alteration) -> Self {
        let Alteration {
            before,
            main,
            after,
            late,
            retypes,
            judges_anew,
        } = &alteration;
        let empty = before.is_empty() && main.is_empty() && after.is_empty() && late.is_empty();
        if empty && !retypes && !judges_anew {
            Difference::Nothing
        } else {
            Difference::Alter(Box::new(alteration))
        }
    }
}

/// What comes with an object that is made.
#[derive(Debug, Default)]
pub(super) struct Riding<'a> {
    /// The ids of all that does.
    pub(super) all: FxHashSet<&'a Id>,
    /// The columns among them whose defaults are set afterwards.
    pub(super) bare: FxHashSet<&'a Id>,
    /// Whether the partitioned index that it is to be attached to is made in this plan.
    pub(super) parent_made: bool,
}

impl Riding<'_> {
    fn contains(&self, id: &Id) -> bool {
        self.all.contains(id)
    }
}

/// Makes the object, and what comes with it.
pub(super) fn create(context: &Context<'_>, node: &Node, riding: &Riding<'_>) -> Making {
    match &node.object {
        Object::Role(role) => role::create(node, role).into(),
        Object::Schema => {
            let name = ident(&node.id.name);
            vec![Statement::new(Lock::None, format!("CREATE SCHEMA {name}"))].into()
        }
        Object::Extension(extension) => extension::create(node, extension).into(),
        Object::Enum(_) | Object::Domain(_) | Object::Composite(_) | Object::Range(_) => {
            types::create(node).into()
        }
        Object::Sequence(sequence) => sequence::create(node, sequence),
        Object::Table(table) => table::create(context, node, table, riding),
        Object::Column(column) => column::create(context, node, column, riding),
        Object::Constraint(constraint) => constraint::create(context, node, constraint),
        Object::Index(index) => index::create(context, node, index, riding.parent_made),
        Object::View(view) => view::create(node, view).into(),
        Object::Routine(routine) => routine::create(node, routine).into(),
        Object::Trigger(trigger) => trigger::create(context, node, trigger).into(),
        Object::Policy(policy) => policy::create(node, policy).into(),
        Object::Defined(defined) => defined::create(defined).into(),
        Object::Raw(raw) => raw::up(raw).into(),
        // Their grants are written with everybody else's.
        Object::DefaultPrivileges(_) => Making::default(),
        Object::DatabaseSettings(settings) => {
            database::between(node, &Settings::new(), settings).into()
        }
        // What enforces these is derived, and an object of its own.
        Object::Shape(_) | Object::Transitions(_) | Object::Seed(_) | Object::Opaque => {
            Making::default()
        }
    }
}

/// Gives what is made anew another name for as long as it is still of use.
pub(super) fn set_aside(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    match &node.object {
        Object::Index(_) => index::set_aside(node),
        _ => types::set_aside(context, node),
    }
}

/// Drops what was set aside.
pub(super) fn drop_set_aside(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    match &node.object {
        Object::Index(index) => index::drop_set_aside(context, node, index),
        _ => types::drop_set_aside(context, node),
    }
}

/// An object whose needs need it, in two halves: a routine without its body at first, a column without
/// its default.
pub(super) fn halves(node: &Node, mut making: Making) -> Making {
    match &node.object {
        Object::Routine(routine) => {
            if let Some(first) = making.main.first_mut() {
                *first = routine::without_body(node, routine)
                    .comment("what its body needs needs it: the body follows");
            }
            making.late.push(routine::again(node, routine));
        }
        Object::Column(column) => column::set_default(&mut making.late, node, column),
        _ => {}
    }
    making
}

/// Takes out of the object what needs others that need it, so that they can be dropped.
pub(super) fn loosen(node: &Node) -> Vec<Statement> {
    match &node.object {
        Object::Routine(routine) => vec![routine::without_body(node, routine)],
        Object::Column(_) => column::drop_default(node),
        Object::Table(table) => table::leave(node, table),
        _ => Vec::new(),
    }
}

/// Changes the object from one to the other.
pub(super) fn alter(context: &Context<'_>, from: &Node, to: &Node) -> Difference {
    match (&from.object, &to.object) {
        (Object::Role(a), Object::Role(b)) => Difference::main(role::alter(to, a, b)),
        (Object::Extension(a), Object::Extension(b)) => extension::alter(to, a, b),
        (Object::Enum(a), Object::Enum(b)) => types::alter_enum(to, a, b),
        (Object::Domain(a), Object::Domain(b)) => types::alter_domain(context, to, a, b),
        (Object::Composite(a), Object::Composite(b)) => types::alter_composite(context, to, a, b),
        (Object::Sequence(a), Object::Sequence(b)) => sequence::alter(to, a, b),
        (Object::Table(a), Object::Table(b)) => table::alter(context, to, a, b),
        (Object::Column(a), Object::Column(b)) => column::alter(context, from, to, a, b),
        (Object::Constraint(a), Object::Constraint(b)) => constraint::alter(to, a, b),
        (Object::Index(a), Object::Index(b)) => index::alter(context, to, a, b),
        (Object::View(a), Object::View(b)) => view::alter(context, from, to, a, b),
        (Object::Routine(a), Object::Routine(b)) => routine::alter(to, a, b),
        (Object::Trigger(a), Object::Trigger(b)) => trigger::alter(context, to, a, b),
        (Object::Policy(a), Object::Policy(b)) => policy::alter(to, a, b),
        (Object::DatabaseSettings(a), Object::DatabaseSettings(b)) => {
            Difference::main(database::between(to, a, b))
        }
        // Grants are compared grantee by grantee.
        (Object::DefaultPrivileges(a), Object::DefaultPrivileges(_)) => {
            Difference::of(Alteration {
                before: access::revoke_from_leaving(context, to, a),
                ..Alteration::default()
            })
        }
        (Object::DefaultPrivileges(_), _) | (_, Object::DefaultPrivileges(_)) => {
            Difference::Nothing
        }
        (Object::Shape(_) | Object::Transitions(_) | Object::Seed(_), _) => Difference::Nothing,
        (Object::Opaque, _) | (_, Object::Opaque) => Difference::Nothing,
        (Object::Schema, _) => Difference::Nothing,
        (Object::Defined(a), Object::Defined(b)) => defined::alter(context, to, a, b),
        (Object::Range(_) | Object::Defined(_) | Object::Raw(_), _) => Difference::Replace,
        // Two objects of one id are of one kind.
        (
            Object::Role(_)
            | Object::DatabaseSettings(_)
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Domain(_)
            | Object::Composite(_)
            | Object::Sequence(_)
            | Object::Table(_)
            | Object::Column(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::View(_)
            | Object::Routine(_)
            | Object::Trigger(_)
            | Object::Policy(_),
            _,
        ) => Difference::Replace,
    }
}

/// Drops the object; `again` where it is made again at once.
pub(super) fn drop(context: &Context<'_>, node: &Node, again: bool) -> Vec<Statement> {
    let plain = |lock: Lock| {
        vec![Statement::new(
            lock,
            format!("DROP {}", address(context.from, node)),
        )]
    };
    match &node.object {
        Object::Table(table) => table::drop(context, node, table),
        Object::Column(column) => column::drop(context, node, column),
        Object::Constraint(constraint) => constraint::drop(context, node, constraint),
        Object::Index(index) => index::drop(context, node, index),
        Object::View(view) => {
            let mut statements = plain(Lock::AccessExclusive);
            if view.materialized && !again {
                let message = format!(
                    "the rows kept in {} are gone",
                    super::address::label(&node.id)
                );
                statements = statements
                    .into_iter()
                    .map(|s| s.hazard(HazardKind::DataLoss, message.clone()))
                    .collect();
            }
            statements
        }
        Object::Trigger(trigger) if trigger.inherited => Vec::new(),
        Object::Trigger(_) => plain(Lock::AccessExclusive),
        Object::Policy(policy) => policy::drop(context, node, policy, again),
        Object::Sequence(_) => {
            let mut statements = plain(Lock::None);
            if let Some(statement) = statements.pop() {
                let message = format!(
                    "how far {} has counted is gone",
                    super::address::label(&node.id)
                );
                statements.push(statement.hazard(HazardKind::DataLoss, message));
            }
            statements
        }
        Object::DatabaseSettings(settings) => database::between(node, settings, &Settings::new()),
        Object::DefaultPrivileges(_) => access::revoke_defaults(context, node),
        Object::Raw(raw) => raw::down(raw),
        Object::Role(role) => role::drop(node, role),
        Object::Defined(defined) => defined::drop(context, node, defined),
        Object::Schema
        | Object::Extension(_)
        | Object::Enum(_)
        | Object::Domain(_)
        | Object::Composite(_)
        | Object::Range(_)
        | Object::Routine(_) => plain(Lock::None),
        Object::Shape(_) | Object::Transitions(_) | Object::Seed(_) | Object::Opaque => Vec::new(),
    }
}

/// Comment and owner of an object that has just been made.
pub(super) fn finish_new(context: &Context<'_>, node: &Node) -> Making {
    let mut making = Making::default();
    if let Some(owner) = &node.owner
        && context.options.applier.as_ref() != Some(owner)
    {
        making
            .place_of_owner(context, node)
            .extend(owned_by(context, node, owner));
    }
    if node.comment.is_some() {
        making.main.extend(comment_on(context, node));
    }
    making
}

/// Comment and owner of an object that stays.
pub(super) fn finish_altered(context: &Context<'_>, from: &Node, to: &Node) -> Making {
    let mut making = Making::default();
    if let Some(owner) = &to.owner
        && from.owner.as_ref() != Some(owner)
    {
        making
            .place_of_owner(context, to)
            .extend(owned_by(context, to, owner));
    }
    if from.comment != to.comment {
        making.main.extend(comment_on(context, to));
    }
    making
}

/// A partition's index that the server rebuilds takes over the comment of its parent's.
pub(super) fn comment_after_rebuild(context: &Context<'_>, node: &Node) -> Option<Statement> {
    let parent = node.object.as_index()?.parent.as_ref()?;
    let parent = context.from.get(parent)?;
    (parent.comment.is_some() && parent.comment != node.comment)
        .then(|| comment_on(context, node))?
}

fn comment_on(context: &Context<'_>, node: &Node) -> Option<Statement> {
    if node.id.kind.is_model_only()
        || matches!(
            node.id.kind,
            Kind::DefaultPrivileges | Kind::DatabaseSettings
        )
    {
        return None;
    }
    let text = node
        .comment
        .as_ref()
        .map_or_else(|| no_comment(&node.id), |text| literal(text));
    let subject = address(context.to, node);
    let lock = match node.id.kind {
        kind if kind.is_part_of_relation() => Lock::ShareUpdateExclusive,
        Kind::Table | Kind::View => Lock::ShareUpdateExclusive,
        _ => Lock::None,
    };
    Some(Statement::new(
        lock,
        format!("COMMENT ON {subject} IS {text}"),
    ))
}

/// What takes a comment away: `public` gets the one that every database has.
fn no_comment(id: &Id) -> String {
    match id.kind == Kind::Schema && id.name == *PUBLIC {
        true => literal(crate::catalog::STANDARD_COMMENT),
        false => "NULL".to_owned(),
    }
}

fn owned_by(context: &Context<'_>, node: &Node, owner: &Name) -> Option<Statement> {
    let changes_hands = match &node.object {
        // A sequence that a column owns has the owner of its table: it takes it before, and no more.
        Object::Sequence(sequence) => {
            let before = context.from.get(&node.id);
            let before = before.and_then(|node| node.object.as_sequence());
            sequence.owned_by.is_none() || before.is_some_and(|s| s.owned_by.is_none())
        }
        Object::Role(_) | Object::Extension(_) => false,
        Object::DefaultPrivileges(_) | Object::DatabaseSettings(_) => false,
        _ => !node.id.kind.is_part_of_relation() && !node.id.kind.is_model_only(),
    };
    let lock = match node.id.kind {
        Kind::Table | Kind::View => Lock::AccessExclusive,
        _ => Lock::None,
    };
    let subject = address(context.to, node);
    changes_hands.then(|| {
        Statement::new(
            lock,
            format!("ALTER {subject} OWNER TO {}", access::role(owner)),
        )
    })
}
