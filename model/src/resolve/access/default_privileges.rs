//! Default privileges: what each grantee gets on objects that a role will create.

use std::collections::BTreeMap;

use super::super::Output;
use super::super::world::{World, at, unknown};
use super::{apply, privileges_of};
use crate::diagnostic::code;
use crate::schema::{Id, Kind, Name, Node, Object, PUBLIC, Privilege, Privileges};
use crate::source::FileId;
use crate::syntax::tree::{self, ObjectClass};

pub(super) fn default_privileges<'t>(
    file: FileId,
    x: &'t tree::DefaultPrivileges,
    world: &World<'t>,
    out: &mut Output<'t>,
) {
    let mut faults = Vec::new();
    x.roles
        .iter()
        .chain(&x.grant.grantees)
        .for_each(|r| world.role(file, r, &mut faults));
    for schema in &x.schemas {
        if !world.symbols.schemas.contains(&schema.name) {
            let names = world.symbols.schemas.iter().map(|n| n.as_str());
            let place = at(file, schema.span);
            faults.push(unknown(
                code::UNKNOWN_SCHEMA,
                "schema",
                &schema.name,
                place,
                names,
            ));
        }
    }
    faults.into_iter().for_each(|f| out.fault(f));
    let (word, kind) = match x.class {
        ObjectClass::Tables => ("tables", Kind::Table),
        ObjectClass::Sequences => ("sequences", Kind::Sequence),
        ObjectClass::Functions => ("functions", Kind::Function),
        ObjectClass::Types => ("types", Kind::Enum),
        ObjectClass::Schemas => ("schemas", Kind::Schema),
    };
    let (all, public) = privileges_of(kind);
    let named: Vec<Privilege> = match x.grant.privileges.is_empty() {
        true => all.to_vec(),
        false => x.grant.privileges.iter().map(|p| p.privilege).collect(),
    };
    let none = [Name::default()];
    let names = |idents: &[tree::Ident]| -> Vec<Name> {
        match idents.is_empty() {
            true => none.to_vec(),
            false => idents.iter().map(|i| i.name.clone()).collect(),
        }
    };
    for role in names(&x.roles) {
        for schema in names(&x.schemas) {
            let id = Id::new(Kind::DefaultPrivileges, schema.clone(), role.clone(), word);
            if out.builder.get(&id).is_none() {
                let mut node = Node::new(id.clone(), Object::DefaultPrivileges(BTreeMap::new()));
                node.origin = Some(at(file, x.span));
                node.needs
                    .extend((!role.is_empty()).then(|| Id::global(Kind::Role, role.clone())));
                node.needs
                    .extend((!schema.is_empty()).then(|| Id::global(Kind::Schema, schema.clone())));
                out.insert(node);
            }
            let Some(node) = out.builder.get_mut(&id) else {
                continue;
            };
            let Object::DefaultPrivileges(map) = &mut node.object else {
                continue;
            };
            for grantee in &x.grant.grantees {
                // In one schema defaults are only ever added to.
                let is_public = grantee.name == *PUBLIC && schema.is_empty();
                let default: Privileges = match is_public {
                    true => public.iter().map(|p| (*p, false)).collect(),
                    false => Privileges::new(),
                };
                let held = map
                    .entry(grantee.name.clone())
                    .or_insert_with(|| default.clone());
                apply(held, &x.grant, &named);
                if *held == default {
                    map.remove(&grantee.name);
                }
                if grantee.name != *PUBLIC {
                    node.needs
                        .push(Id::global(Kind::Role, grantee.name.clone()));
                }
            }
        }
    }
}
