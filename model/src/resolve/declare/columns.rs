//! The columns of every table: mixins are expanded, what parents bring comes first, and each type is
//! looked up once.

use rustc_hash::FxHashSet;

use super::Declaration;
use crate::diagnostic::{Diagnostic, code};
use crate::expr::Relation;
use crate::resolve::types::Found;
use crate::resolve::world::{ColumnWork, Placed, at, unknown};
use crate::schema::{Id, Kind, Name, Origin, Type};
use crate::source::FileId;
use crate::syntax::tree::{self, TableItem};

impl<'t> Declaration<'_, 't> {
    /// Mixins are expanded, columns get their types, and every table becomes a relation.
    pub(super) fn tables(&mut self) {
        let ids: Vec<Id> = self.world.tables.keys().cloned().collect();
        for id in &ids {
            let work = &self.world.tables[id];
            let items = self.expand(work.file, &work.table.body);
            if let Some(work) = self.world.tables.get_mut(id) {
                work.items = items;
            }
        }
        // Tables are types as well, so they are known by name before columns are.
        for id in &ids {
            self.world.symbols.add_type(id.clone());
        }
        for id in self.world.views.keys() {
            self.world.symbols.add_type(id.clone());
        }
        let mut done = FxHashSet::default();
        for id in &ids {
            self.columns(id, &mut done, &mut Vec::new());
        }
        for id in ids {
            let work = &self.world.tables[&id];
            let columns = work.columns.iter().map(|c| c.name.clone()).collect();
            let open = work.table.of_type.is_some() || (work.external && work.columns.is_empty());
            self.world
                .symbols
                .add_relation(Relation { id, columns, open });
        }
    }

    fn expand(&mut self, file: FileId, body: &'t [TableItem]) -> Vec<Placed<'t>> {
        let mut placed = Vec::with_capacity(body.len());
        for item in body {
            let TableItem::Include(name) = item else {
                placed.push(Placed {
                    item,
                    file,
                    include: None,
                });
                continue;
            };
            let place = at(file, name.span);
            let Some(&(mixin_file, mixin)) = self.world.mixins.get(&name.name) else {
                let names: Vec<Name> = self.world.mixins.keys().cloned().collect();
                let names = names.iter().map(|n| n.as_str());
                self.out.fault(unknown(
                    code::UNKNOWN_MIXIN,
                    "mixin",
                    &name.name,
                    place,
                    names,
                ));
                continue;
            };
            *self.included.entry(name.name.clone()).or_default() += 1;
            for item in &mixin.body {
                if let TableItem::Include(nested) = item {
                    self.out.fault(
                        Diagnostic::error(
                            code::CYCLE,
                            "a mixin can't include another",
                            at(mixin_file, nested.span),
                        )
                        .help("include both where they are needed"),
                    );
                    continue;
                }
                placed.push(Placed {
                    item,
                    file: mixin_file,
                    include: Some(place),
                });
            }
        }
        placed
    }

    fn columns(&mut self, id: &Id, done: &mut FxHashSet<Id>, open: &mut Vec<Id>) {
        if done.contains(id) {
            return;
        }
        let Some(work) = self.world.tables.get(id) else {
            return;
        };
        let (file, table) = (work.file, work.table);
        if open.contains(id) {
            self.out.fault(
                Diagnostic::error(
                    code::CYCLE,
                    format!("table `{}` inherits from itself", id.name),
                    at(file, table.name.span()),
                )
                .help("remove one of the tables from `inherits` or `partition of`"),
            );
            return;
        }
        open.push(id.clone());
        let parents = table
            .inherits
            .iter()
            .chain(table.partition_of.as_ref().map(|p| &p.parent));
        let mut columns: Vec<ColumnWork<'t>> = Vec::new();
        for parent in parents {
            let parent = self.world.id(Kind::Table, parent);
            self.columns(&parent, done, open);
            if let Some(parent) = self.world.tables.get(&parent) {
                for column in &parent.columns {
                    if columns.iter().all(|c| c.name != column.name) {
                        columns.push(ColumnWork {
                            tree: None,
                            ..column.clone()
                        });
                    }
                }
            }
        }
        open.pop();
        done.insert(id.clone());
        let items = self.world.tables[id].items.clone();
        for Placed {
            item,
            file,
            include,
        } in items
        {
            let TableItem::Column(column) = item else {
                continue;
            };
            self.column(id, file, column, include, &mut columns);
        }
        if let Some(work) = self.world.tables.get_mut(id) {
            columns.shrink_to_fit();
            work.columns = columns;
        }
    }

    fn column(
        &mut self,
        table: &Id,
        file: FileId,
        column: &'t tree::Column,
        include: Option<Origin>,
        columns: &mut Vec<ColumnWork<'t>>,
    ) {
        let name = &column.name.name;
        let place = at(file, column.name.span);
        let earlier = columns.iter().position(|c| c.name == *name);
        if let Some((first_file, first)) = earlier.and_then(|i| columns[i].tree) {
            let first = at(first_file, first.name.span);
            self.out.fault(match include {
                Some(include) => Diagnostic::error(
                    code::MIXIN_COLLISION,
                    format!("the mixin repeats column `{name}` of `{}`", table.name),
                    include,
                )
                .label("included here")
                .secondary(first, "the table's own column")
                .secondary(place, "the mixin's column")
                .help("an include may repeat nothing: remove one of the two"),
                None => Diagnostic::error(
                    code::DUPLICATE_COLUMN,
                    format!("`{}` has two columns `{name}`", table.name),
                    place,
                )
                .label("declared again here")
                .secondary(first, "first declared here")
                .help("give one of them another name, or remove one"),
            });
            return;
        }
        self.length(name, place);
        let found = self.ty_of(file, &column.ty);
        let broken = found.is_none();
        let (ty, needs, serial) = match found {
            Some(found) => (found.ty, found.needs, found.serial),
            None => (Type::builtin("text"), None, false),
        };
        let not_null = !column.ty.nullable;
        let tree = Some((file, column));
        let work = ColumnWork {
            name: name.clone(),
            ty,
            not_null,
            serial,
            needs,
            broken,
            tree,
        };
        match earlier {
            // A child may declare a parent's column again, to say more about it.
            Some(i) => columns[i] = work,
            None => columns.push(work),
        }
    }

    fn ty_of(&mut self, file: FileId, written: &'t tree::TypeExpr) -> Option<Found> {
        let name = &written.name;
        let key = (
            name.schema.as_ref().map(|s| s.name.as_str()),
            name.name.name.as_str(),
            name.name.quoted,
            written.modifiers.as_ref().map(|m| &*m.text),
            written.array,
        );
        if let Some(found) = self.types.get(&key) {
            return Some(found.clone());
        }
        let mut faults = Vec::new();
        let found = self.world.ty(file, written, &mut faults);
        faults.into_iter().for_each(|f| self.out.fault(f));
        self.types.extend(found.clone().map(|found| (key, found)));
        found
    }

    pub(super) fn unused_mixins(&mut self) {
        let mut unused: Vec<_> = self
            .world
            .mixins
            .iter()
            .filter(|(name, _)| !self.included.contains_key(*name))
            .collect();
        unused.sort_by_key(|(name, _)| (*name).clone());
        for (name, (file, mixin)) in unused {
            self.out.diagnostics.push(
                Diagnostic::advice(
                    code::UNUSED_MIXIN,
                    format!("mixin `{name}` is included nowhere"),
                    at(*file, mixin.name.span),
                )
                .help(format!(
                    "add `include {name}` to a table, or remove the mixin"
                )),
            );
        }
    }
}
