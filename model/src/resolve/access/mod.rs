//! Grants and default privileges: who may do what, as deviations from PostgreSQL's defaults.

mod database_settings;
mod default_privileges;

use database_settings::database_settings;
use default_privileges::default_privileges;

use std::collections::BTreeMap;

use super::world::{World, at, unknown};
use super::{Output, PendingGrant};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Id, Kind, Name, Node, Object, PUBLIC, Privilege, Privileges};
use crate::source::FileId;
use crate::syntax::tree::{self, GrantTarget, Item, ObjectClass};

use Privilege::*;

/// Makes every grant, those in objects' blocks first.
pub(super) fn lower<'t>(files: &'t [tree::File], world: &World<'t>, out: &mut Output<'t>) {
    for PendingGrant {
        target,
        file,
        grant,
    } in std::mem::take(&mut out.grants)
    {
        one(file, &grant, &target, world, out);
    }
    for file in files {
        for item in &file.items {
            match item {
                Item::Grant(grant) => {
                    for target in targets(file.file, grant, world, out) {
                        one(file.file, grant, &target, world, out);
                    }
                }
                Item::DatabaseSettings(x) => database_settings(file.file, x, world, out),
                Item::DefaultPrivileges(x) => default_privileges(file.file, x, world, out),
                _ => {}
            }
        }
    }
}

/// The objects that a grant of a file is on; unknown ones are reported.
fn targets<'t>(
    file: FileId,
    grant: &tree::Grant,
    world: &World<'t>,
    out: &mut Output<'t>,
) -> Vec<Id> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    let global = |kind: Kind, names: &[tree::Ident]| -> Vec<Id> {
        names
            .iter()
            .map(|n| Id::global(kind, n.name.clone()))
            .collect()
    };
    match &grant.target {
        None | Some(GrantTarget::Identity) => {}
        Some(GrantTarget::Relations(names) | GrantTarget::Sequences(names)) => {
            for name in names {
                // A serial column's sequence is declared by the column.
                let sequence = world.id(Kind::Sequence, name);
                match out.builder.get(&sequence) {
                    Some(_) => found.push(sequence),
                    None => found.extend(world.table(file, name, &mut missing)),
                }
            }
        }
        Some(GrantTarget::Routines(routines)) => {
            for routine in routines {
                match routine_id(file, routine, world, out) {
                    Some(id) => found.push(id),
                    None => {
                        let names = world.symbols.function_names().map(|n| n.as_str());
                        let own = &routine.name.name.name;
                        let place = at(file, routine.name.span());
                        missing.push(unknown(
                            code::UNKNOWN_FUNCTION,
                            "function",
                            own,
                            place,
                            names,
                        ));
                    }
                }
            }
        }
        Some(GrantTarget::Schemas(names)) => {
            for name in names {
                if !world.symbols.schemas.contains(&name.name) {
                    let names = world.symbols.schemas.iter().map(|n| n.as_str());
                    let place = at(file, name.span);
                    missing.push(unknown(
                        code::UNKNOWN_SCHEMA,
                        "schema",
                        &name.name,
                        place,
                        names,
                    ));
                }
            }
            found.extend(global(Kind::Schema, names));
        }
        Some(GrantTarget::Types(names)) => {
            for name in names {
                let schema = name.schema.as_ref().map(|s| s.name.as_str());
                match world.symbols.ty(schema, &name.name.name) {
                    Some(id) => found.push(id.clone()),
                    None => missing.push(world.unknown_object(file, name)),
                }
            }
        }
        Some(GrantTarget::Languages(names)) => found.extend(global(Kind::Language, names)),
        Some(GrantTarget::ForeignDataWrappers(names)) => {
            found.extend(global(Kind::ForeignDataWrapper, names));
        }
        Some(GrantTarget::ForeignServers(names)) => {
            found.extend(global(Kind::ForeignServer, names))
        }
        Some(GrantTarget::AllIn(class, schemas)) => {
            let within = |id: &Id| schemas.iter().any(|s| s.name == id.schema);
            let of_class = |id: &Id| match class {
                ObjectClass::Tables => matches!(id.kind, Kind::Table | Kind::View),
                ObjectClass::Sequences => id.kind == Kind::Sequence,
                ObjectClass::Functions => matches!(id.kind, Kind::Function | Kind::Aggregate),
                ObjectClass::Types => {
                    matches!(
                        id.kind,
                        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range
                    )
                }
                ObjectClass::Schemas => id.kind == Kind::Schema,
            };
            let nodes = out.builder.so_far().nodes();
            found.extend(
                nodes
                    .filter(|n| !n.external && of_class(&n.id) && within(&n.id))
                    .map(|n| n.id.clone()),
            );
        }
    }
    missing.into_iter().for_each(|f| out.fault(f));
    found
}

fn routine_id<'t>(
    file: FileId,
    routine: &tree::RoutineRef,
    world: &World<'t>,
    out: &mut Output<'t>,
) -> Option<Id> {
    let base = world.id(Kind::Function, &routine.name);
    let same_name = |id: &Id| {
        matches!(id.kind, Kind::Function | Kind::Aggregate)
            && id.name == base.name
            && id.schema == base.schema
    };
    let ids: Vec<Id> = out
        .builder
        .so_far()
        .nodes()
        .map(|n| &n.id)
        .filter(|id| same_name(id))
        .cloned()
        .collect();
    let Some(arguments) = &routine.arguments else {
        return ids.into_iter().next();
    };
    let mut faults = Vec::new();
    let types: Vec<String> = arguments
        .iter()
        .filter_map(|ty| world.ty(file, ty, &mut faults))
        .map(|f| {
            crate::quote::type_name(&crate::schema::Type {
                modifiers: None,
                ..f.ty
            })
        })
        .collect();
    let part = types.join(", ");
    ids.into_iter().find(|id| id.part == *part)
}

/// What everybody may do with an object from the start.
pub(crate) fn held_by_everybody(id: &Id) -> &'static [Privilege] {
    // initdb grants this one.
    if id.kind == Kind::Schema && *id.name == *PUBLIC {
        return &[Usage];
    }
    privileges_of(id.kind).1
}

/// The privileges of a kind of object, and those that everybody has from the start.
pub(crate) fn privileges_of(kind: Kind) -> (&'static [Privilege], &'static [Privilege]) {
    match kind {
        Kind::Table | Kind::View => (
            &[
                Select, Insert, Update, Delete, Truncate, References, Trigger, Maintain,
            ],
            &[],
        ),
        Kind::Column => (&[Select, Insert, Update, References], &[]),
        Kind::Sequence => (&[Usage, Select, Update], &[]),
        Kind::Schema => (&[Usage, Create], &[]),
        Kind::Function | Kind::Aggregate => (&[Execute], &[Execute]),
        Kind::Enum
        | Kind::Domain
        | Kind::Composite
        | Kind::Range
        | Kind::BaseType
        | Kind::Language => (&[Usage], &[Usage]),
        Kind::ForeignDataWrapper | Kind::ForeignServer => (&[Usage], &[]),
        _ => (&[], &[]),
    }
}

fn one<'t>(
    file: FileId,
    grant: &tree::Grant,
    target: &Id,
    world: &World<'t>,
    out: &mut Output<'t>,
) {
    let mut faults = Vec::new();
    for grantee in &grant.grantees {
        world.role(file, grantee, &mut faults);
    }
    // Columns first: they are objects of their own.
    let mut on_columns: BTreeMap<&Name, Vec<Privilege>> = BTreeMap::new();
    let mut on_object = Vec::new();
    if matches!(grant.target, Some(GrantTarget::Identity)) {
        faults.into_iter().for_each(|f| out.fault(f));
        return on_identity(grant, target, out);
    }
    let (all, _) = privileges_of(target.kind);
    if grant.privileges.is_empty() {
        match grant.all_columns.is_empty() {
            true => on_object.extend_from_slice(all),
            false => {
                let known = world.columns_named(target, file, &grant.all_columns, &mut faults);
                for column in grant.all_columns.iter().filter(|_| known.is_some()) {
                    on_columns
                        .entry(&column.name)
                        .or_default()
                        .extend(privileges_of(Kind::Column).0);
                }
            }
        }
    }
    for item in &grant.privileges {
        let allowed = if item.columns.is_empty() {
            all
        } else {
            privileges_of(Kind::Column).0
        };
        if !allowed.contains(&item.privilege) && !all.is_empty() {
            let what = if item.columns.is_empty() {
                target.kind.word()
            } else {
                "column"
            };
            let choices: Vec<String> = allowed.iter().map(|p| p.sql().to_lowercase()).collect();
            faults.push(
                Diagnostic::error(
                    code::PRIVILEGE,
                    format!(
                        "a {what} has no privilege `{}`",
                        item.privilege.sql().to_lowercase()
                    ),
                    at(file, item.span),
                )
                .help(format!("it has: {}", choices.join(", "))),
            );
            continue;
        }
        if item.columns.is_empty() {
            if target.kind == Kind::Column {
                on_columns
                    .entry(&target.part)
                    .or_default()
                    .push(item.privilege);
            } else {
                on_object.push(item.privilege);
            }
        } else if world
            .columns_named(target, file, &item.columns, &mut faults)
            .is_some()
        {
            for column in &item.columns {
                on_columns
                    .entry(&column.name)
                    .or_default()
                    .push(item.privilege);
            }
        }
    }
    faults.into_iter().for_each(|f| out.fault(f));
    if let (true, Some(node)) = (!on_object.is_empty(), out.builder.get_mut(target)) {
        change(node, grant, &on_object);
    }
    for (column, privileges) in on_columns {
        let id = target.within(Kind::Column, column.clone());
        if let Some(node) = out.builder.get_mut(&id) {
            change(node, grant, &privileges);
        } else if target.kind == Kind::View {
            // A view's column is an object only where it carries something.
            let ty = crate::schema::Type::builtin("unknown");
            let mut node = Node::new(id, Object::Column(crate::schema::Column::new(ty)));
            node.origin = Some(at(file, grant.span));
            change(&mut node, grant, &privileges);
            out.insert(node);
        }
    }
}

/// A grant on the sequence of a column's identity, which is no object of its own.
fn on_identity(grant: &tree::Grant, column: &Id, out: &mut Output<'_>) {
    let Some(node) = out.builder.get_mut(column) else {
        return;
    };
    let Object::Column(object) = &mut node.object else {
        return;
    };
    let Some(identity) = &mut object.identity else {
        return;
    };
    let named: Vec<Privilege> = match grant.privileges.is_empty() {
        true => privileges_of(Kind::Sequence).0.to_vec(),
        false => grant.privileges.iter().map(|p| p.privilege).collect(),
    };
    for grantee in &grant.grantees {
        let held = identity.privileges.entry(grantee.name.clone()).or_default();
        apply(held, grant, &named);
        if held.is_empty() {
            identity.privileges.remove(&grantee.name);
        }
        if grantee.name != *PUBLIC {
            node.needs
                .push(Id::global(Kind::Role, grantee.name.clone()));
        }
    }
}

fn change(node: &mut Node, grant: &tree::Grant, privileges: &[Privilege]) {
    let public = held_by_everybody(&node.id);
    for grantee in &grant.grantees {
        let is_public = grantee.name == *PUBLIC;
        if !is_public {
            node.needs
                .push(Id::global(Kind::Role, grantee.name.clone()));
        }
        let default: Privileges = match is_public {
            true => public.iter().map(|p| (*p, false)).collect(),
            false => Privileges::new(),
        };
        let held = node
            .privileges
            .entry(grantee.name.clone())
            .or_insert_with(|| default.clone());
        apply(held, grant, privileges);
        // An owner has all that is not said, and none is said so.
        let bare_owner = grant.revoke && node.owner.as_ref() == Some(&grantee.name);
        if *held == default && !bare_owner {
            node.privileges.remove(&grantee.name);
        }
    }
}

fn apply(held: &mut Privileges, grant: &tree::Grant, privileges: &[Privilege]) {
    for privilege in privileges {
        match (grant.revoke, grant.grant_option) {
            (true, true) => {
                if let Some(option) = held.get_mut(privilege) {
                    *option = false;
                }
            }
            (true, false) => {
                held.remove(privilege);
            }
            (false, option) => {
                let had = held.get(privilege).copied().unwrap_or(false);
                held.insert(*privilege, had || option);
            }
        }
    }
}
