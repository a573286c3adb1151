//! Enums, domains, composite and range types.

use super::super::Lowered;
use super::super::world::{World, at};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::Context;
use crate::schema::{
    Attribute, Composite, Domain, DomainCheck, Enum, Kind, Name, Node, Object, Range,
};
use crate::source::FileId;
use crate::syntax::tree::{self, ObjectClause};

pub(super) fn lower_enum<'t>(
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

pub(super) fn domain<'t>(
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

pub(super) fn composite<'t>(
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
pub(in crate::resolve) fn multirange_name(x: &tree::Range) -> Name {
    if let Some(name) = &x.multirange {
        return name.name.name.clone();
    }
    let own = x.name.name.name.as_str();
    Name::from(match own.rfind("range") {
        Some(at) => format!("{}multirange{}", &own[..at], &own[at + 5..]),
        None => crate::names::object_name(own, None, "multirange"),
    })
}

pub(super) fn range<'t>(
    file: FileId,
    x: &tree::Range,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Option<Node> {
    let subtype = world.ty(file, &x.subtype, &mut lowered.faults)?;
    let range = Range {
        subtype: subtype.ty,
        operator_class: x
            .operator_class
            .as_ref()
            .map(|n| world.operator_class_of(n)),
        collation: x.collation.as_ref().map(|c| world.collation(c)),
        canonical: x.canonical.as_ref().map(|n| world.pair(n)),
        subtype_diff: x.subtype_diff.as_ref().map(|n| world.pair(n)),
        multirange: multirange_name(x),
    };
    let mut node = Node::new(world.id(Kind::Range, &x.name), Object::Range(range));
    node.needs.extend(subtype.needs);
    Some(node)
}
