//! Objects that stand for themselves: schemas, extensions, types, roles, sequences, definitions.

mod lookup;
mod raw;
mod sequence;
mod types;

pub(super) use raw::raw_blocks_come_before;
use raw::{define, raw};
use sequence::sequence;
pub(super) use sequence::sequence_options;
pub(super) use types::multirange_name;
use types::{composite, domain, lower_enum, range};

use std::borrow::Cow;
use std::sync::Arc;

use super::world::{World, at, unknown};
use super::{Lowered, Output, PendingGrant};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Extension, Id, Kind, Name, Node, Object, Origin, Role};
use crate::source::{FileId, Span};
use crate::syntax::tree::{self, ExternalItem, Item, ObjectClause, RoleFlag, RoleOption};

/// Lowers every statement that is no table, view, routine, grant, shape or seed.
pub(super) fn lower<'t>(files: &'t [tree::File], world: &World<'t>, out: &mut Output<'t>) {
    for file in files {
        for item in &file.items {
            let mut lowered = Lowered::default();
            match item {
                Item::Platform(x) => {
                    if crate::platform::PLATFORMS.contains(&x.name.name.as_str()) {
                        crate::platform::lower(&x.name.name, &mut out.builder);
                    } else {
                        let place = at(file.file, x.name.span);
                        let names = crate::platform::PLATFORMS;
                        out.fault(unknown(
                            code::UNKNOWN_PLATFORM,
                            "platform",
                            &x.name.name,
                            place,
                            names,
                        ));
                    }
                }
                Item::External(x) => external(file.file, x, world, &mut lowered),
                _ => one(file.file, item, world, &mut lowered),
            }
            // Several lines may speak of one schema.
            if let Item::Schema(_) = item {
                for node in std::mem::take(&mut lowered.nodes) {
                    merge_schema(Arc::unwrap_or_clone(node), out);
                }
            }
            out.take(lowered);
        }
    }
    // A schema that is merely used, and `public`, exist as well.
    for name in ["public", world.default_schema.as_str()] {
        let _ = out
            .builder
            .insert(Node::new(Id::global(Kind::Schema, name), Object::Schema));
    }
}

fn merge_schema(node: Node, out: &mut Output<'_>) {
    match out.builder.get_mut(&node.id) {
        None => out.insert(node),
        Some(known) => {
            known.owner = node.owner.or(known.owner.take());
            known.comment = node.comment.or(known.comment.take());
            known.origin = known.origin.or(node.origin);
        }
    }
}

/// Fills in what every kind of object may be told.
pub(super) fn finish<'t>(
    mut node: Node,
    origin: Origin,
    docs: &Option<String>,
    clauses: impl IntoIterator<Item = &'t ObjectClause>,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
    for clause in clauses {
        if let ObjectClause::Grant(grant) = clause {
            lowered.grants.push(PendingGrant {
                target: node.id.clone(),
                file: FileId(origin.file),
                grant: Cow::Borrowed(grant),
            });
        } else {
            told(&mut node, FileId(origin.file), clause, world, lowered);
        }
    }
    placed(node, origin, docs)
}

/// The same for what a template says, which has no grants of its own.
pub(super) fn said<'t>(
    mut node: Node,
    origin: Origin,
    docs: &Option<String>,
    clauses: &[ObjectClause],
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
    for clause in clauses {
        told(&mut node, FileId(origin.file), clause, world, lowered);
    }
    placed(node, origin, docs)
}

fn placed(mut node: Node, origin: Origin, docs: &Option<String>) -> Node {
    node.origin = Some(origin);
    if node.comment.is_none() {
        node.comment = docs.as_deref().map(Into::into);
    }
    if !node.id.schema.is_empty() && !node.id.kind.is_part_of_relation() {
        node.needs
            .push(Id::global(Kind::Schema, node.id.schema.clone()));
    }
    node
}

fn told<'t>(
    node: &mut Node,
    file: FileId,
    clause: &ObjectClause,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    match clause {
        ObjectClause::Owner(role) => {
            world.role(file, role, &mut lowered.faults);
            node.owner = Some(role.name.clone());
            node.needs.push(Id::global(Kind::Role, role.name.clone()));
        }
        ObjectClause::Comment(text) => node.comment = Some((*text.value).into()),
        ObjectClause::Was(name) => {
            node.hints.was = Some(match &name.schema {
                Some(schema) => Name::from(format!("{}.{}", schema.name, name.name.name)),
                None => name.name.name.clone(),
            });
        }
        ObjectClause::Allow(hazard) => node.hints.allow.push(hazard.name.clone()),
        ObjectClause::Accept(rule, reason) => {
            node.hints
                .accept
                .push((rule.name.clone(), (*reason.value).into()));
        }
        // A grant is made once all objects exist.
        ObjectClause::Grant(_) => {}
    }
}

impl World<'_> {
    /// Reports a role that doesn't exist.
    pub(in crate::resolve) fn role(
        &self,
        file: FileId,
        role: &tree::Ident,
        faults: &mut Vec<Diagnostic>,
    ) {
        let name = role.name.as_str();
        // PostgreSQL's own begin so; `public` is everybody, and some words stand for a role.
        let known = self.symbols.roles.contains(&role.name)
            || name.starts_with("pg_")
            || matches!(
                name,
                "public" | "current_user" | "session_user" | "current_role" | "postgres"
            );
        if !known {
            let names = self.symbols.roles.iter().map(|n| n.as_str());
            let mut fault = unknown(code::UNKNOWN_ROLE, "role", name, at(file, role.span), names);
            if fault.help.is_none() {
                let name = super::world::bare(name);
                fault = fault.help(format!(
                    "declare it: `role {name}`, or `external role {name}`"
                ));
            }
            faults.push(fault);
        }
    }

    /// A collation: one of the model, or PostgreSQL's own.
    pub(in crate::resolve) fn collation(&self, name: &tree::QName) -> (Name, Name) {
        let own = &name.name.name;
        match &name.schema {
            Some(schema) => (schema.name.clone(), own.clone()),
            None => {
                let declared = self.collations.get(own).and_then(|ids| ids.first());
                let schema = declared.map_or(Name::from("pg_catalog"), |id| id.schema.clone());
                (schema, own.clone())
            }
        }
    }

    pub(in crate::resolve) fn pair(&self, name: &tree::QName) -> (Name, Name) {
        let own = name.name.name.clone();
        match &name.schema {
            Some(schema) => (schema.name.clone(), own),
            None if crate::builtins::is_function(&own) => (Name::from("pg_catalog"), own),
            None => (self.default_schema.clone(), own),
        }
    }
}

fn external<'t>(file: FileId, x: &'t tree::External, world: &World<'t>, lowered: &mut Lowered<'t>) {
    let mut add = |id: Id, object: Object, span: Span| {
        let mut node = Node::new(id, object);
        node.external = true;
        node.origin = Some(at(file, span));
        node.comment = x.docs.as_deref().map(Into::into);
        lowered.add(node);
    };
    match &x.what {
        ExternalItem::Schemas(names) => names.iter().for_each(|n| {
            add(
                Id::global(Kind::Schema, n.name.clone()),
                Object::Schema,
                n.span,
            )
        }),
        ExternalItem::Roles(names) => names.iter().for_each(|n| {
            add(
                Id::global(Kind::Role, n.name.clone()),
                Object::Role(Role::default()),
                n.span,
            )
        }),
        ExternalItem::Types(names) => names
            .iter()
            .for_each(|n| add(world.id(Kind::BaseType, n), Object::Opaque, n.span())),
        ExternalItem::Extensions(names) => names.iter().for_each(|n| {
            let id = Id::global(Kind::Extension, n.name.clone());
            add(id, Object::Extension(Extension::default()), n.span);
        }),
        ExternalItem::Sequences(names) => names
            .iter()
            .for_each(|n| add(world.id(Kind::Sequence, n), Object::Opaque, n.span())),
        // Routines and tables come with their like.
        ExternalItem::Function { .. } | ExternalItem::Table(_) => {}
    }
}

fn one<'t>(file: FileId, item: &'t Item, world: &World<'t>, lowered: &mut Lowered<'t>) {
    let (node, span, docs, clauses): (Node, Span, &Option<String>, &[ObjectClause]) = match item {
        Item::Schema(x) => {
            let id = Id::global(Kind::Schema, x.name.name.clone());
            (
                Node::new(id, Object::Schema),
                x.name.span,
                &x.docs,
                &x.clauses,
            )
        }
        Item::Extension(x) => {
            let id = Id::global(Kind::Extension, x.name.name.clone());
            let extension = Extension {
                schema: x.schema.as_ref().map(|s| s.name.clone()),
                version: x.version.as_ref().map(|v| Name::from(&*v.value)),
            };
            let mut node = Node::new(id, Object::Extension(extension));
            node.needs.extend(
                x.schema
                    .as_ref()
                    .map(|s| Id::global(Kind::Schema, s.name.clone())),
            );
            (node, x.name.span, &x.docs, &x.clauses)
        }
        Item::Enum(x) => (
            lower_enum(file, x, world, lowered),
            x.name.span(),
            &x.docs,
            &x.clauses,
        ),
        Item::Domain(x) => match domain(file, x, world, lowered) {
            Some(node) => (node, x.name.span(), &x.docs, &x.clauses),
            None => return,
        },
        Item::Composite(x) => (
            composite(file, x, world, lowered),
            x.name.span(),
            &x.docs,
            &x.clauses,
        ),
        Item::Range(x) => match range(file, x, world, lowered) {
            Some(node) => (node, x.name.span(), &x.docs, &x.clauses),
            None => return,
        },
        Item::Role(x) => (
            role(file, x, world, lowered),
            x.name.span,
            &x.docs,
            &x.clauses,
        ),
        Item::Sequence(x) => (
            sequence(file, x, world, lowered),
            x.name.span(),
            &x.docs,
            &x.clauses,
        ),
        Item::Define(x) => (define(file, x, world, lowered), x.span, &x.docs, &x.clauses),
        Item::Raw(x) => (raw(file, x, world, lowered), x.name.span, &x.docs, &[]),
        Item::External(_)
        | Item::Platform(_)
        | Item::Grant(_)
        | Item::DefaultPrivileges(_)
        | Item::DatabaseSettings(_)
        | Item::Table(_)
        | Item::View(_)
        | Item::Function(_)
        | Item::Seed(_)
        | Item::Mixin(_)
        | Item::Template(_)
        | Item::Identity(_)
        | Item::Persona(_)
        | Item::Intent(_)
        | Item::Json(_) => return,
    };
    let node = finish(node, at(file, span), docs, clauses, world, lowered);
    lowered.add(node);
}

fn role<'t>(file: FileId, x: &tree::Role, world: &World<'t>, lowered: &mut Lowered<'t>) -> Node {
    let mut role = Role::default();
    let mut node = Node::new(Id::global(Kind::Role, x.name.name.clone()), Object::Opaque);
    for option in &x.options {
        match option {
            RoleOption::Flag(flag, on) => {
                *match flag {
                    RoleFlag::Login => &mut role.login,
                    RoleFlag::Superuser => &mut role.superuser,
                    RoleFlag::CreateDatabase => &mut role.create_database,
                    RoleFlag::CreateRole => &mut role.create_role,
                    RoleFlag::Inherit => &mut role.inherit,
                    RoleFlag::Replication => &mut role.replication,
                    RoleFlag::BypassRowSecurity => &mut role.bypass_row_security,
                } = *on;
            }
            RoleOption::ConnectionLimit(limit) => role.connection_limit = *limit,
            RoleOption::MemberOf(groups) => {
                for (group, admin) in groups {
                    world.role(file, group, &mut lowered.faults);
                    role.member_of.insert(group.name.clone(), *admin);
                    node.needs.push(Id::global(Kind::Role, group.name.clone()));
                }
            }
            RoleOption::Set(setting) => {
                let (name, value) = super::routine::setting(setting);
                role.settings.insert(name, value);
            }
        }
    }
    node.object = Object::Role(role);
    node
}
