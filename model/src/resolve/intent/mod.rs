//! What is meant of access: personas and intents, every name looked up, nothing left unsaid.

mod cells;
mod complete;
mod persona;
mod ties;

use std::collections::BTreeMap;

use super::Output;
use super::world::{World, at};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Id, Intent, Kind, Meant, Schema};
use crate::source::FileId;
use crate::syntax::tree::{self, IntentItem, Item};

/// Lowers identity, personas and intents, once every object is there.
pub(super) fn lower(files: &[tree::File], world: &World<'_>, out: &mut Output<'_>) {
    let said = files
        .iter()
        .flat_map(|f| &f.items)
        .any(|item| matches!(item, Item::Identity(_) | Item::Persona(_) | Item::Intent(_)));
    if !said {
        return;
    }
    let mut faults = Vec::new();
    let mut intent = Intent::default();
    persona::lower(files, world, &mut intent, &mut faults);
    let blocks = blocks(files, world, &mut faults);
    let lowering = Lowering {
        world,
        schema: out.builder.so_far(),
        blocks: &blocks,
    };
    let before = faults.len();
    let ties = lowering.all_ties(&intent, &mut faults);
    let tied = faults.len() == before;
    for (id, block) in &blocks {
        let mut meant = Meant {
            of: block.of.clone(),
            ties: ties.get(id).cloned().unwrap_or_default(),
            cells: BTreeMap::new(),
            states: Vec::new(),
            origin: at(block.file, block.name),
        };
        lowering.cells(id, block, &intent, &mut meant, &mut faults);
        intent.relations.insert(id.clone(), meant);
    }
    persona::tied_by_what_there_is(files, &intent, &mut faults);
    complete::check(&lowering, &intent, tied, &mut faults);
    faults.into_iter().for_each(|f| out.fault(f));
    out.builder.mean(intent);
}

/// The block of one relation.
struct Block<'t> {
    file: FileId,
    tree: &'t tree::Intent,
    /// Where the relation's name stands in it.
    name: crate::source::Span,
    of: Option<Id>,
}

struct Lowering<'a, 't> {
    world: &'a World<'t>,
    schema: &'a Schema,
    blocks: &'a BTreeMap<Id, Block<'t>>,
}

fn blocks<'t>(
    files: &'t [tree::File],
    world: &World<'_>,
    faults: &mut Vec<Diagnostic>,
) -> BTreeMap<Id, Block<'t>> {
    let mut found: BTreeMap<Id, Block<'t>> = BTreeMap::new();
    for file in files {
        for item in &file.items {
            let Item::Intent(tree) = item else { continue };
            let of = tree.of.as_ref();
            let of = of.and_then(|of| world.table(file.file, of, faults));
            for name in &tree.relations {
                let Some(id) = world.table(file.file, name, faults) else {
                    continue;
                };
                let place = at(file.file, name.span());
                if let Some(first) = found.get(&id) {
                    faults.push(
                        Diagnostic::error(
                            code::DUPLICATE,
                            format!("what is meant of `{}` is said twice", id.name),
                            place,
                        )
                        .label("said again here")
                        .secondary(at(first.file, first.name), "first said here")
                        .help("keep one of the two blocks"),
                    );
                    continue;
                }
                if let (Kind::View, None) = (id.kind, &tree.of) {
                    faults.push(
                        Diagnostic::error(
                            code::INTENT_OF_VIEW,
                            format!("`{}` is a view, and its rows are a table's", id.name),
                            place,
                        )
                        .label("the rows of which table?")
                        .help(format!("write `intent {} of TABLE {{`", name.name.name)),
                    );
                }
                let block = Block {
                    file: file.file,
                    tree,
                    name: name.span(),
                    of: of.clone(),
                };
                found.insert(id, block);
            }
        }
    }
    found
}

impl Block<'_> {
    fn items(&self) -> impl Iterator<Item = &IntentItem> {
        self.tree.items.iter()
    }
}
