//! Sequences and their options.

use super::super::Lowered;
use super::super::world::{World, at, unknown};
use crate::diagnostic::code;
use crate::schema::{Kind, Node, Object, Sequence, SequenceOptions, Type};
use crate::source::FileId;
use crate::syntax::tree::{self, SequenceOptionKind};

/// The options of a sequence of that type, with what is written in place of the defaults.
pub(in crate::resolve) fn sequence_options(
    ty: &Type,
    written: &[tree::SequenceOption],
) -> SequenceOptions {
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

pub(super) fn sequence<'t>(
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
