//! Objects and blocks that are written as SQL.

use super::super::world::World;
use super::super::{Lowered, Output};
use crate::expr;
use crate::quote;
use crate::schema::{Defined, Expr, Id, Kind, Name, Node, Object, Raw, Type};
use crate::source::FileId;
use crate::syntax::tree::{self, Item};

pub(super) fn define<'t>(
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
        tree::DefineTarget::Aggregate {
            name,
            direct,
            ordered,
        } => {
            let mut list = |types: &[tree::TypeExpr]| {
                let types: Vec<_> = types.iter().map(&mut ty).collect();
                types.join(", ")
            };
            let mut part = list(direct);
            if let Some(ordered) = ordered {
                let blank = if part.is_empty() { "" } else { " " };
                part = format!("{part}{blank}ORDER BY {}", list(ordered));
            }
            Id {
                part: Name::from(part),
                ..world.id(x.kind, name)
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

pub(super) fn raw<'t>(
    file: FileId,
    x: &tree::Raw,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Node {
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
pub(in crate::resolve) fn raw_blocks_come_before(
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
