//! Cells: what each persona may do with the rows of a relation.

use std::collections::{BTreeMap, BTreeSet};

use super::{Block, Lowering};
use crate::diagnostic::{Diagnostic, code};
use crate::resolve::world::{at, unknown};
use crate::schema::{Cell, Columns, Id, Intent, Meant, Name, Privilege, RowState, StateIs};
use crate::source::FileId;
use crate::syntax::tree::{self, IntentItem, WhenIs};

impl Lowering<'_, '_> {
    /// Fills in what each persona may do, and what differs for rows in a state.
    pub(super) fn cells(
        &self,
        id: &Id,
        block: &Block<'_>,
        intent: &Intent,
        meant: &mut Meant,
        faults: &mut Vec<Diagnostic>,
    ) {
        for item in block.items() {
            match item {
                IntentItem::Cells(line) => {
                    self.line(id, block.file, line, intent, &mut meant.cells, faults);
                }
                IntentItem::When(when) => {
                    let column = std::slice::from_ref(&when.column);
                    if self
                        .world
                        .columns_named(id, block.file, column, faults)
                        .is_none()
                    {
                        continue;
                    }
                    let mut cells = BTreeMap::new();
                    for line in &when.cells {
                        self.line(id, block.file, line, intent, &mut cells, faults);
                    }
                    meant.states.push(RowState {
                        column: when.column.name.clone(),
                        is: match &when.is {
                            WhenIs::Set => StateIs::Set,
                            WhenIs::Null => StateIs::Null,
                            WhenIs::Value(text) => StateIs::Value(crate::expr::folded(&text.text)),
                        },
                        cells,
                        origin: at(block.file, when.span),
                    });
                }
                IntentItem::Tie(_) | IntentItem::Via(_) => {}
            }
        }
    }

    fn line(
        &self,
        id: &Id,
        file: FileId,
        line: &tree::Cells,
        intent: &Intent,
        cells: &mut BTreeMap<Name, Cell>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let mut allowed = BTreeMap::new();
        for said in &line.commands {
            if let Some(columns) = self.columns(id, file, said, faults) {
                allowed.insert(said.command, columns);
            }
        }
        for persona in &line.personas {
            let place = at(file, persona.span);
            if intent.persona(&persona.name).is_none() {
                let names = intent.personas.iter().map(|p| p.name.as_str());
                let mut fault = unknown(
                    code::UNKNOWN_PERSONA,
                    "persona",
                    &persona.name,
                    place,
                    names,
                );
                if fault.help.is_none() {
                    let name = crate::resolve::world::bare(&persona.name);
                    fault = fault.help(format!("declare it: `persona {name} as ROLE`"));
                }
                faults.push(fault);
                continue;
            }
            let cell = Cell {
                allowed: allowed.clone(),
                origin: place,
            };
            if let Some(first) = cells.get(&persona.name) {
                faults.push(
                    Diagnostic::error(
                        code::REPEATED_CLAUSE,
                        format!("what `{}` may do is said twice", persona.name),
                        place,
                    )
                    .label("said again here")
                    .secondary(first.origin, "first said here")
                    .help("keep one of the two"),
                );
                continue;
            }
            cells.insert(persona.name.clone(), cell);
        }
    }

    fn columns(
        &self,
        id: &Id,
        file: FileId,
        said: &tree::Commanded,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Columns> {
        if said.columns.is_empty() {
            return Some(Columns::All);
        }
        if matches!(said.command, Privilege::Delete | Privilege::Truncate) {
            let word = said.command.sql().to_lowercase();
            faults.push(
                Diagnostic::error(
                    code::PRIVILEGE,
                    format!("`{word}` is for whole rows"),
                    at(file, said.span),
                )
                .label("columns can't be told apart here")
                .help(format!("write `{word}` without columns")),
            );
            return None;
        }
        let named = self.world.columns_named(id, file, &said.columns, faults)?;
        let named: BTreeSet<Name> = named.into_iter().collect();
        if !said.except {
            return Some(Columns::Only(named));
        }
        let all = &self.world.relation(id)?.columns;
        let kept = all.iter().filter(|c| !named.contains(*c));
        Some(Columns::Only(kept.cloned().collect()))
    }
}
