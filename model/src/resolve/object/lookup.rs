//! Objects found by a name alone.

use super::super::world::{World, at, unknown};
use crate::diagnostic::{Diagnostic, code};
use crate::expr;
use crate::schema::{Id, Kind};
use crate::source::FileId;
use crate::syntax::tree;

impl World<'_> {
    /// Whatever bears that name, relations first.
    pub(in crate::resolve) fn anything(&self, name: &tree::QName) -> Option<Id> {
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

    pub(in crate::resolve) fn unknown_object(
        &self,
        file: FileId,
        name: &tree::QName,
    ) -> Diagnostic {
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
    pub(super) fn mentions(&self, sql: &str) -> Vec<Id> {
        expr::mentioned(sql, &self.symbols)
    }

    /// The table or view of that name; an unknown one is reported.
    pub(in crate::resolve) fn table(
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
