//! Names of what the model only knows of: external objects, and those that SQL of its own defines.

use super::Declaration;
use crate::expr::{Function, Relation};
use crate::schema::{Id, Kind, Name};
use crate::source::FileId;
use crate::syntax::tree::{self, ExternalItem};

impl<'t> Declaration<'_, 't> {
    pub(super) fn external(&mut self, file: FileId, what: &'t ExternalItem) {
        match what {
            ExternalItem::Schemas(names) => {
                for name in names {
                    self.world.symbols.schemas.insert(name.name.clone());
                    self.world.symbols.open_schemas.insert(name.name.clone());
                }
            }
            ExternalItem::Roles(names) => {
                self.world
                    .symbols
                    .roles
                    .extend(names.iter().map(|n| n.name.clone()));
            }
            ExternalItem::Types(names) => {
                for name in names {
                    self.ty(file, Kind::BaseType, name);
                }
            }
            ExternalItem::Extensions(names) => {
                for name in names {
                    self.world
                        .symbols
                        .add_extension(name.name.clone(), Name::from("public"));
                }
            }
            ExternalItem::Function { .. } => {}
            ExternalItem::Sequences(names) => {
                for name in names {
                    if let Some(id) = self.in_schema(file, Kind::Sequence, name) {
                        self.world.symbols.add_relation(Relation {
                            id,
                            columns: Vec::new(),
                            open: true,
                        });
                    }
                }
            }
            ExternalItem::Table(table) => self.table(file, table, true),
        }
    }

    pub(super) fn define(&mut self, file: FileId, define: &'t tree::Define) {
        if let tree::DefineTarget::Named(name) = &define.target {
            let id = self.world.id(define.kind, name);
            match define.kind {
                Kind::BaseType => self.ty(file, Kind::BaseType, name),
                Kind::Collation => {
                    self.world
                        .collations
                        .entry(name.name.name.clone())
                        .or_default()
                        .push(id);
                }
                Kind::Table | Kind::View => {
                    self.world.symbols.add_relation(Relation {
                        id,
                        columns: Vec::new(),
                        open: true,
                    });
                }
                _ => {}
            }
        }
        if let (Kind::OperatorClass, tree::DefineTarget::WithMethod(name, method)) =
            (define.kind, &define.target)
        {
            let id = Id {
                part: method.name.clone(),
                ..self.world.id(define.kind, name)
            };
            self.world.operator_classes.push(id);
        }
        if let tree::DefineTarget::Aggregate { name, .. } = &define.target {
            let id = self.world.id(Kind::Aggregate, name);
            self.world.symbols.add_function(Function {
                id,
                arguments: (0, usize::MAX),
            });
        }
    }
}
