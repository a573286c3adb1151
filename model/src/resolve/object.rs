//! Objects that stand for themselves: schemas, extensions, types, roles, sequences, definitions.

use super::world::{World, at, unknown};
use super::{Lowered, Output, PendingGrant};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::{self, Context};
use crate::quote;
use crate::schema::{
    Attribute, Composite, Defined, Domain, DomainCheck, Enum, Expr, Extension, Id, Kind, Name,
    Node, Object, Origin, Range, Raw, Role, Sequence, SequenceOptions, Type,
};
use crate::source::{FileId, Span};
use crate::syntax::tree::{
    self, ExternalItem, Item, ObjectClause, RoleFlag, RoleOption, SequenceOptionKind,
};

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
                    merge_schema(node, out);
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
    let file = FileId(origin.file);
    node.origin = Some(origin);
    node.comment = docs.as_deref().map(Into::into);
    if !node.id.schema.is_empty() && !node.id.kind.is_part_of_relation() {
        node.needs
            .push(Id::global(Kind::Schema, node.id.schema.clone()));
    }
    for clause in clauses {
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
            ObjectClause::Grant(grant) => {
                lowered.grants.push(PendingGrant {
                    target: node.id.clone(),
                    file,
                    grant,
                });
            }
        }
    }
    node
}

impl World<'_> {
    /// Reports a role that doesn't exist.
    pub(super) fn role(&self, file: FileId, role: &tree::Ident, faults: &mut Vec<Diagnostic>) {
        let name = role.name.as_str();
        // PostgreSQL's own begin so; `public` is everybody, and some words stand for a role.
        let known = self.symbols.roles.contains(name)
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
    pub(super) fn collation(&self, name: &tree::QName) -> (Name, Name) {
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

    pub(super) fn pair(&self, name: &tree::QName) -> (Name, Name) {
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
        lowered.nodes.push(node);
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
        | Item::Table(_)
        | Item::View(_)
        | Item::Function(_)
        | Item::Seed(_)
        | Item::Mixin(_)
        | Item::Json(_) => return,
    };
    let node = finish(node, at(file, span), docs, clauses, world, lowered);
    lowered.nodes.push(node);
}

fn lower_enum<'t>(
    file: FileId,
    x: &tree::Enum,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
    let mut labels: Vec<std::sync::Arc<str>> = Vec::new();
    let mut node = Node::new(world.id(Kind::Enum, &x.name), Object::Opaque);
    for label in &x.labels {
        if labels.iter().any(|l| **l == *label.name.name) {
            let message = format!(
                "enum `{}` has the label `{}` twice",
                x.name.name.name, label.name.name
            );
            lowered.faults.push(
                Diagnostic::error(code::DUPLICATE_PART, message, at(file, label.name.span))
                    .label("again here")
                    .help("remove one of the two"),
            );
            continue;
        }
        if let Some(was) = &label.was {
            node.hints
                .parts_were
                .push((was.name.clone(), label.name.name.clone()));
        }
        labels.push(label.name.name.as_str().into());
    }
    node.object = Object::Enum(Enum { labels });
    node
}

fn domain<'t>(
    file: FileId,
    x: &tree::Domain,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Option<Node> {
    let base = world.ty(file, &x.base, &mut lowered.faults)?;
    let mut node = Node::new(world.id(Kind::Domain, &x.name), Object::Opaque);
    node.needs.extend(base.needs);
    let default = x.default.as_ref().map(|default| {
        let resolved = world.expr(file, default, Context::default(), &mut lowered.faults);
        node.needs.extend(resolved.needs);
        resolved.expr
    });
    let values = [Name::from("value")];
    let mut checks: Vec<DomainCheck> = Vec::new();
    for check in &x.checks {
        let context = Context {
            values: &values,
            ..Context::default()
        };
        let resolved = world.expr(file, &check.condition, context, &mut lowered.faults);
        node.needs.extend(resolved.needs);
        let taken = |n: &str| checks.iter().any(|c| c.name == *n);
        let name = match &check.name {
            Some(name) => name.name.clone(),
            None => Name::from(crate::names::choose(
                &x.name.name.name,
                None,
                "check",
                taken,
            )),
        };
        checks.push(DomainCheck {
            name,
            condition: resolved.expr,
            validated: !check.not_valid,
            comment: check.clauses.iter().find_map(|clause| match clause {
                ObjectClause::Comment(text) => Some((*text.value).into()),
                _ => None,
            }),
        });
    }
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    node.object = Object::Domain(Domain {
        base: base.ty,
        not_null: !x.base.nullable,
        default,
        collation: x.collation.as_ref().map(|c| world.collation(c)),
        checks,
    });
    Some(node)
}

fn composite<'t>(
    file: FileId,
    x: &tree::Composite,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
    let mut node = Node::new(world.id(Kind::Composite, &x.name), Object::Opaque);
    let mut attributes: Vec<Attribute> = Vec::new();
    for attribute in &x.attributes {
        let name = attribute.name.name.clone();
        if attributes.iter().any(|a| a.name == name) {
            let message = format!(
                "type `{}` has the attribute `{name}` twice",
                x.name.name.name
            );
            lowered.faults.push(
                Diagnostic::error(code::DUPLICATE_PART, message, at(file, attribute.name.span))
                    .label("again here")
                    .help("give one of them another name, or remove one"),
            );
            continue;
        }
        let Some(found) = world.ty(file, &attribute.ty, &mut lowered.faults) else {
            continue;
        };
        node.needs.extend(found.needs);
        if let Some(was) = &attribute.was {
            node.hints.parts_were.push((was.name.clone(), name.clone()));
        }
        attributes.push(Attribute {
            name,
            ty: found.ty,
            collation: attribute.collation.as_ref().map(|c| world.collation(c)),
            comment: attribute.docs.as_deref().map(Into::into),
        });
    }
    node.object = Object::Composite(Composite { attributes });
    node
}

/// The server's rule: `range` in the name becomes `multirange`, otherwise `_multirange` is added.
pub(super) fn multirange_name(x: &tree::Range) -> Name {
    if let Some(name) = &x.multirange {
        return name.name.name.clone();
    }
    let own = x.name.name.name.as_str();
    Name::from(match own.rfind("range") {
        Some(at) => format!("{}multirange{}", &own[..at], &own[at + 5..]),
        None => crate::names::object_name(own, None, "multirange"),
    })
}

fn range<'t>(
    file: FileId,
    x: &tree::Range,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Option<Node> {
    let subtype = world.ty(file, &x.subtype, &mut lowered.faults)?;
    let range = Range {
        subtype: subtype.ty,
        operator_class: x.operator_class.as_ref().map(|n| world.pair(n)),
        collation: x.collation.as_ref().map(|c| world.collation(c)),
        canonical: x.canonical.as_ref().map(|n| world.pair(n)),
        subtype_diff: x.subtype_diff.as_ref().map(|n| world.pair(n)),
        multirange: multirange_name(x),
    };
    let mut node = Node::new(world.id(Kind::Range, &x.name), Object::Range(range));
    node.needs.extend(subtype.needs);
    Some(node)
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

/// The options of a sequence of that type, with what is written in place of the defaults.
pub(super) fn sequence_options(ty: &Type, written: &[tree::SequenceOption]) -> SequenceOptions {
    let mut options = SequenceOptions::default_for(ty);
    let limits = options.clone();
    let (mut start, mut min, mut max) = (None, None, None);
    for option in written {
        match option.kind {
            SequenceOptionKind::Start(n) => start = Some(n),
            SequenceOptionKind::Increment(n) => options.increment = n,
            SequenceOptionKind::Min(n) => min = n,
            SequenceOptionKind::Max(n) => max = n,
            SequenceOptionKind::Cache(n) => options.cache = n,
            SequenceOptionKind::Cycle(on) => options.cycle = on,
        }
    }
    // A sequence that counts down runs from -1 to the least of its type.
    let down = options.increment < 0;
    options.min = min.unwrap_or(if down { -limits.max - 1 } else { 1 });
    options.max = max.unwrap_or(if down { -1 } else { limits.max });
    options.start = start.unwrap_or(if down { options.max } else { options.min });
    options
}

fn sequence<'t>(
    file: FileId,
    x: &tree::Sequence,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
    let found =
        x.ty.as_ref()
            .and_then(|ty| world.ty(file, ty, &mut lowered.faults));
    let ty = found.map_or(Type::builtin("bigint"), |f| f.ty);
    let mut node = Node::new(world.id(Kind::Sequence, &x.name), Object::Opaque);
    let owned_by = x.owned_by.as_ref().and_then(|(table, column)| {
        let id = world.table(file, table, &mut lowered.faults)?;
        let relation = world.relation(&id)?;
        if !relation.open && relation.columns.iter().all(|c| *c != *column.name) {
            let names = relation.columns.iter().map(|n| n.as_str());
            let place = at(file, column.span);
            lowered.faults.push(unknown(
                code::UNKNOWN_COLUMN,
                "column",
                &column.name,
                place,
                names,
            ));
            return None;
        }
        Some(id.within(Kind::Column, column.name.clone()))
    });
    // OWNED BY makes it go with the column, which may draw from it and so comes after it.
    node.object = Object::Sequence(Sequence {
        options: sequence_options(&ty, &x.options),
        ty,
        owned_by,
        unlogged: x.unlogged,
    });
    node
}

fn define<'t>(
    file: FileId,
    x: &tree::Define,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
    let mut faults = Vec::new();
    let mut ty = |ty: &tree::TypeExpr| {
        let found = world.ty(file, ty, &mut faults);
        found.map_or(String::new(), |f| {
            quote::type_name(&Type {
                modifiers: None,
                ..f.ty
            })
        })
    };
    let global = matches!(
        x.kind,
        Kind::Language
            | Kind::EventTrigger
            | Kind::Publication
            | Kind::Subscription
            | Kind::ForeignDataWrapper
            | Kind::ForeignServer
            | Kind::AccessMethod
    );
    let id = match &x.target {
        tree::DefineTarget::Named(name) if global => Id::global(x.kind, name.name.name.clone()),
        tree::DefineTarget::Named(name) => world.id(x.kind, name),
        tree::DefineTarget::Routine(routine) => {
            let arguments: Vec<_> = routine.arguments.iter().flatten().map(&mut ty).collect();
            Id {
                part: Name::from(arguments.join(", ")),
                ..world.id(x.kind, &routine.name)
            }
        }
        tree::DefineTarget::Operator {
            schema,
            symbol,
            left,
            right,
        } => {
            let mut operand = |t: &Option<tree::TypeExpr>| match t {
                Some(t) => ty(t),
                None => "NONE".to_owned(),
            };
            let part = format!("{}, {}", operand(left), operand(right));
            let schema = schema
                .as_ref()
                .map_or(world.default_schema.clone(), |s| s.name.clone());
            Id::new(x.kind, schema, symbol.name.clone(), part)
        }
        tree::DefineTarget::WithMethod(name, method) => Id {
            part: method.name.clone(),
            ..world.id(x.kind, name)
        },
        tree::DefineTarget::Cast(source, target) => Id::new(x.kind, "", ty(source), ty(target)),
        tree::DefineTarget::OnTable(name, table) => {
            let table = world.table(file, table, &mut lowered.faults);
            let table = table.unwrap_or_else(|| Id::table(world.default_schema.clone(), ""));
            table.within(x.kind, name.name.clone())
        }
        tree::DefineTarget::Mapping(role, server) => {
            Id::new(x.kind, "", role.name.clone(), server.name.clone())
        }
        tree::DefineTarget::Transform(target, language) => {
            Id::new(x.kind, "", ty(target), language.name.clone())
        }
    };
    lowered.faults.extend(faults);
    let definition = expr::folded(x.definition.value.trim().trim_end_matches(';'));
    let mut node = Node::new(id, Object::Opaque);
    // The statement names what it needs; only the names we know count.
    node.needs.extend(world.mentions(&x.definition.value));
    node.object = Object::Defined(Defined {
        definition,
        then: x
            .then
            .iter()
            .map(|t| expr::folded(t.value.trim().trim_end_matches(';')))
            .collect(),
    });
    node
}

fn raw<'t>(file: FileId, x: &tree::Raw, world: &World<'t>, lowered: &mut Lowered<'t>) -> Node {
    let raw = Raw {
        up: Expr::new(x.up.value.trim()),
        down: x.down.as_ref().map(|d| Expr::new(d.value.trim())),
    };
    let mut node = Node::new(Id::global(Kind::Raw, x.name.name.clone()), Object::Raw(raw));
    for name in &x.after {
        match world.anything(name) {
            Some(id) => node.needs.push(id),
            None => lowered.faults.push(world.unknown_object(file, name)),
        }
    }
    for name in &x.before {
        if world.anything(name).is_none() {
            lowered.faults.push(world.unknown_object(file, name));
        }
    }
    node
}

/// `before`: what is named there needs the raw block.
pub(super) fn raw_blocks_come_before(
    files: &[tree::File],
    world: &World<'_>,
    out: &mut Output<'_>,
) {
    for item in files.iter().flat_map(|f| &f.items) {
        let Item::Raw(raw) = item else { continue };
        for target in raw.before.iter().filter_map(|name| world.anything(name)) {
            if let Some(node) = out.builder.get_mut(&target) {
                node.needs
                    .push(Id::global(Kind::Raw, raw.name.name.clone()));
            }
        }
    }
}

impl World<'_> {
    /// Whatever bears that name, relations first.
    pub(super) fn anything(&self, name: &tree::QName) -> Option<Id> {
        const KINDS: [Kind; 14] = [
            Kind::Table,
            Kind::View,
            Kind::Sequence,
            Kind::Enum,
            Kind::Domain,
            Kind::Composite,
            Kind::Range,
            Kind::BaseType,
            Kind::Function,
            Kind::Role,
            Kind::Extension,
            Kind::Schema,
            Kind::Shape,
            Kind::Raw,
        ];
        let schema = self.schema_of(name);
        let own = &name.name.name;
        KINDS.into_iter().find_map(|kind| {
            let scoped = Id::in_schema(kind, schema.clone(), own.clone());
            let global = Id::global(kind, own.clone());
            if kind == Kind::Function {
                return self
                    .places
                    .keys()
                    .find(|id| id.kind == kind && id.name == *own && id.schema == schema)
                    .cloned();
            }
            let known = |id: &Id| {
                self.places.contains_key(id)
                    || (id.kind == Kind::Schema && self.symbols.schemas.contains(&id.name))
            };
            [scoped, global].into_iter().find(known)
        })
    }

    pub(super) fn unknown_object(&self, file: FileId, name: &tree::QName) -> Diagnostic {
        let names: Vec<&str> = self
            .places
            .keys()
            .map(|id| id.own_name().as_str())
            .collect();
        unknown(
            code::UNKNOWN_OBJECT,
            "object",
            &name.name.name,
            at(file, name.span()),
            names,
        )
    }

    /// The relations, routines and types that a statement of SQL mentions by name.
    fn mentions(&self, sql: &str) -> Vec<Id> {
        expr::mentioned(sql, &self.symbols)
    }

    /// The table or view of that name; an unknown one is reported.
    pub(super) fn table(
        &self,
        file: FileId,
        name: &tree::QName,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Id> {
        let schema = name.schema.as_ref().map(|s| s.name.as_str());
        if let Some(relation) = self.symbols.relation(schema, &name.name.name) {
            return Some(relation.id.clone());
        }
        if schema.is_some_and(|s| self.symbols.is_open(s)) {
            return Some(self.id(Kind::Table, name));
        }
        let names = self.symbols.relation_names().map(|n| n.as_str());
        faults.push(unknown(
            code::UNKNOWN_RELATION,
            "table",
            &name.name.name,
            at(file, name.span()),
            names,
        ));
        None
    }
}
