//! Grants: from what a grantee may do to what it shall be able to do.
//!
//! A node keeps deviations from PostgreSQL's defaults only, so both sides are completed with the
//! defaults before they are compared. Nothing here judges what a policy lets through.

mod along;
mod target;

use std::collections::{BTreeMap, BTreeSet};

use model::quote::{ident, qualified};
use model::schema::{Id, Kind, Name, Node, Object, PUBLIC, Privilege, Privileges};

use target::{Target, default_privileges, target};

use super::changes::Context;
use super::step::{HazardKind, Lock, Statement};

/// Grants on an object that has just been made.
pub(super) fn grants_on_new(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    if let Object::DefaultPrivileges(grants) = &node.object {
        let target = default_privileges(context, node);
        return between(&target, &BTreeMap::new(), grants, false);
    }
    // A column has what it is granted, and no more.
    if node.id.kind == Kind::Column && node.privileges.is_empty() {
        return identity_grants(context, None, node);
    }
    let Some(target) = target(context, node) else {
        return identity_grants(context, None, node);
    };
    let given = given_by_default_privileges(context, node, &target, context.from, false);
    let mut statements = closed_to_platform(context, node, &target);
    statements.extend(between(&target, &given, &node.privileges, true));
    statements.extend(identity_grants(context, None, node));
    statements
}

/// Takes back what a platform's default privileges open and the model doesn't grant.
///
/// The platform is there before the first migration, so only the wanted side knows it, as external
/// objects. What is wanted is granted all the same: the server may be a plain one.
fn closed_to_platform(context: &Context<'_>, node: &Node, target: &Target) -> Vec<Statement> {
    let mut opened = given_by_default_privileges(context, node, target, context.to, true);
    // What everybody may do, taking it from one role would not change.
    let public = target.of(&node.privileges, &Name::from(PUBLIC));
    for (grantee, privileges) in &mut opened {
        let granted = target.of(&node.privileges, grantee);
        privileges.retain(|p, _| !public.contains_key(p) && !granted.contains_key(p));
    }
    let roles: Vec<String> = opened
        .iter()
        .filter(|(_, p)| !p.is_empty())
        .map(|(grantee, _)| role(grantee))
        .collect();
    if roles.is_empty() {
        return Vec::new();
    }
    let sql = format!("REVOKE ALL ON {} FROM {}", target.on, roles.join(", "));
    vec![Statement::new(Lock::None, sql)]
}

/// Grants on an object that stays.
pub(super) fn grants_between(context: &Context<'_>, from: &Node, to: &Node) -> Vec<Statement> {
    if let (Object::DefaultPrivileges(before), Object::DefaultPrivileges(after)) =
        (&from.object, &to.object)
    {
        let mut before = before.clone();
        before.retain(|grantee, _| !leaves(context, grantee));
        return between(&default_privileges(context, to), &before, after, false);
    }
    let before = match to.id.kind {
        // Its table's step gives it back what that takes.
        Kind::Column if from.privileges == to.privileges => to.privileges.clone(),
        Kind::Column => along::on_column(context, from, to),
        _ => along::before(context, from, to),
    };
    let mut statements = Vec::new();
    if before != to.privileges
        && let Some(target) = target(context, to)
    {
        statements = between(&target, &before, &to.privileges, false);
    }
    statements.extend(along::columns_again(context, from, to));
    statements.extend(identity_grants(context, Some(from), to));
    statements
}

/// Whether a role has that name that goes.
fn leaves(context: &Context<'_>, grantee: &Name) -> bool {
    let role = Id::global(Kind::Role, grantee.clone());
    context.from.contains(&role) && !context.to.contains(&role)
}

/// Takes back what default privileges give to roles that go, before anything is made: they would give
/// it on that too, and on what is no object of the model (members of an extension, a range's functions).
pub(super) fn revoke_from_leaving(
    context: &Context<'_>,
    node: &Node,
    grants: &BTreeMap<Name, Privileges>,
) -> Vec<Statement> {
    let mut leaving = grants.clone();
    leaving.retain(|grantee, _| leaves(context, grantee));
    let target = default_privileges(context, node);
    between(&target, &leaving, &BTreeMap::new(), false)
}

/// Takes back the default privileges that are no longer wanted.
pub(super) fn revoke_defaults(context: &Context<'_>, node: &Node) -> Vec<Statement> {
    match &node.object {
        Object::DefaultPrivileges(grants) => between(
            &default_privileges(context, node),
            grants,
            &BTreeMap::new(),
            false,
        ),
        _ => Vec::new(),
    }
}

/// The identity's sequence is no object of its own, but `GRANT … ON ALL SEQUENCES` reaches it.
fn identity_grants(context: &Context<'_>, from: Option<&Node>, to: &Node) -> Vec<Statement> {
    let identity = |node: &Node| {
        let column = node.object.as_column()?;
        column
            .identity
            .as_ref()
            .map(|identity| identity.privileges.clone())
    };
    let Some(after) = identity(to) else {
        return Vec::new();
    };
    let owner = context
        .to
        .relation(&to.id.schema, &to.id.name)
        .and_then(|n| n.owner.clone());
    let own = to
        .object
        .as_column()
        .and_then(|c| c.identity.as_ref()?.named.0.clone());
    let chosen = || super::rules::sequence::chosen_name(&to.id.name, &to.id.part);
    let name = own.unwrap_or_else(chosen);
    let target = Target {
        prefix: String::new(),
        on: format!("SEQUENCE {}", qualified(&to.id.schema, &name)),
        columns: None,
        all: vec![Privilege::Select, Privilege::Update, Privilege::Usage],
        public: Vec::new(),
        owner: owner.clone().or_else(|| context.options.applier.clone()),
    };
    let mut statements = Vec::new();
    let before = from.and_then(identity).unwrap_or_else(|| {
        let id = Id::in_schema(Kind::Sequence, to.id.schema.clone(), name);
        let mut sequence = Node::new(id, Object::Opaque);
        sequence.owner = owner;
        sequence.privileges = after.clone();
        statements = closed_to_platform(context, &sequence, &target);
        given_by_default_privileges(context, &sequence, &target, context.from, false)
    });
    if before != after {
        statements.extend(between(&target, &before, &after, false));
    }
    statements
}

/// What `ALTER DEFAULT PRIVILEGES` has already given on an object as it was made.
fn given_by_default_privileges(
    context: &Context<'_>,
    node: &Node,
    target: &Target,
    side: &model::Schema,
    external: bool,
) -> BTreeMap<Name, Privileges> {
    let class = match node.id.kind {
        Kind::Table | Kind::View => "tables",
        Kind::Sequence => "sequences",
        Kind::Function | Kind::Aggregate => "functions",
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => "types",
        Kind::Schema => "schemas",
        _ => return BTreeMap::new(),
    };
    let maker = context.options.applier.as_ref().or(node.owner.as_ref());
    let mut given: BTreeMap<Name, Privileges> = BTreeMap::new();
    let entries = side
        .of_kind(Kind::DefaultPrivileges)
        .filter(|e| e.external == external)
        // Those that go are gone before anything is made.
        .filter(|e| external || context.to.contains(&e.id));
    for entry in entries {
        let made_by = |maker: &Name| entry.id.name.is_empty() || *maker == entry.id.name;
        let reaches = entry.id.part.eq_ignore_ascii_case(class)
            && (entry.id.schema.is_empty() || entry.id.schema == node.id.schema)
            && maker.is_none_or(made_by);
        if let (true, Object::DefaultPrivileges(grants)) = (reaches, &entry.object) {
            let staying = |(grantee, _): &(&Name, _)| external || !leaves(context, grantee);
            for (grantee, privileges) in grants.iter().filter(staying) {
                let held = given.entry(grantee.clone()).or_insert_with(|| {
                    if entry.id.schema.is_empty() {
                        Privileges::new()
                    } else {
                        target.by_default(grantee)
                    }
                });
                let known = privileges.iter().filter(|(p, _)| target.all.contains(p));
                held.extend(known.map(|(p, g)| (*p, *g)));
            }
        }
    }
    given
}

fn between(
    target: &Target,
    before: &BTreeMap<Name, Privileges>,
    after: &BTreeMap<Name, Privileges>,
    new: bool,
) -> Vec<Statement> {
    let grantees: BTreeSet<&Name> = before.keys().chain(after.keys()).collect();
    let mut statements = Vec::new();
    for grantee in grantees {
        let (have, want) = (target.of(before, grantee), target.of(after, grantee));
        let role = role(grantee);
        let pick = |wanted: &dyn Fn(Privilege) -> bool| -> BTreeSet<Privilege> {
            have.keys()
                .chain(want.keys())
                .copied()
                .filter(|p| wanted(*p))
                .collect()
        };
        let revoke = pick(&|p| have.contains_key(&p) && !want.contains_key(&p));
        let unoption = pick(&|p| have.get(&p) == Some(&true) && want.get(&p) == Some(&false));
        let grant = pick(&|p| want.get(&p) == Some(&false) && !have.contains_key(&p));
        let grant_on = pick(&|p| want.get(&p) == Some(&true) && have.get(&p) != Some(&true));
        let prefix = &target.prefix;
        let on = &target.on;
        if !revoke.is_empty() {
            let list = target.list(&revoke);
            let sql = format!("{prefix}REVOKE {list} ON {on} FROM {role}");
            let mut statement = Statement::new(Lock::None, sql);
            if !new {
                let message = format!("{grantee} loses {list} on {on}");
                statement = statement.hazard(HazardKind::NarrowedAccess, message);
            }
            statements.push(statement);
        }
        if !unoption.is_empty() {
            let list = target.list(&unoption);
            let sql = format!("{prefix}REVOKE GRANT OPTION FOR {list} ON {on} FROM {role}");
            statements.push(Statement::new(Lock::None, sql).hazard(
                HazardKind::NarrowedAccess,
                format!("{grantee} may no longer grant {list} on {on}"),
            ));
        }
        for (privileges, option) in [(grant, ""), (grant_on, " WITH GRANT OPTION")] {
            if privileges.is_empty() {
                continue;
            }
            let list = target.list(&privileges);
            let sql = format!("{prefix}GRANT {list} ON {on} TO {role}{option}");
            let mut statement = Statement::new(Lock::None, sql);
            if !new {
                let message = format!("{grantee} gains {list} on {on}");
                statement = statement.hazard(HazardKind::WidenedAccess, message);
            }
            statements.push(statement);
        }
    }
    statements
}

/// A grantee as SQL names it.
pub(super) fn role(name: &Name) -> String {
    if *name == *PUBLIC {
        "PUBLIC".to_owned()
    } else {
        ident(name).into_owned()
    }
}
