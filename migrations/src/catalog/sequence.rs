//! Sequences: free, owned by a column, or an identity's.
//!
//! Never reads how far a sequence has counted.

use model::schema::{Identity, Object, Sequence, SequenceOptions};
use model::{Id, Kind, names};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::{Scope, no_member};
use super::lowering::Lowering;
use super::privileges::{self, Class};
use super::rows::Rows;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    format!(
        "SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.relacl::text, \
           c.relpersistence = 'u', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, \
           s.seqmin, s.seqmax, s.seqcache, s.seqcycle, d.refobjid, d.refobjsubid, d.deptype \
         FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid \
         LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid \
           AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 \
           AND d.deptype IN ('a', 'i') \
         WHERE c.relpersistence <> 't' AND (d.refobjid IS NULL OR {}) AND {} AND {}",
        scope.chosen("d.refobjid"),
        scope.visible("c.relnamespace"),
        no_member("pg_class", "c.oid")
    )
}

/// Sequences of columns of relations that are not read, by name. An identity's is no object.
pub(super) mod elsewhere {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT n.nspname, c.relname FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid \
               AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 \
               AND d.deptype = 'a' \
             WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND NOT {} AND {} AND {}",
            scope.chosen("d.refobjid"),
            scope.visible("c.relnamespace"),
            no_member("pg_class", "c.oid")
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let id = Id::in_schema(Kind::Sequence, row.name()?, row.name()?);
            to.unread.insert(id);
        }
        Ok(())
    }
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (oid, schema, name) = (row.oid()?, row.oid()?, row.name()?);
        let owner = row.oid()?;
        let acl = row.opt()?;
        let unlogged = row.flag()?;
        let ty = to.type_of(row.text()?);
        let options = SequenceOptions {
            start: row.number()?,
            increment: row.number()?,
            min: row.number()?,
            max: row.number()?,
            cache: row.number()?,
            cycle: row.flag()?,
        };
        let relation: Option<u32> = row.opt_number()?;
        let number: Option<i32> = row.opt_number()?;
        let internal = row.opt()? == Some("i");
        let column = relation.zip(number).and_then(|(relation, number)| {
            let id = to.relation(relation)?.clone();
            let facts = to.column(relation, number)?;
            let column = id.within(Kind::Column, facts.name.clone());
            Some((column, facts.identity))
        });
        match column {
            Some((column, Some(mode))) if internal => {
                let owner = to.role_name(owner);
                let version = to.scope.version;
                let mut identity = Identity::new(mode, options);
                identity.privileges = privileges::lower(acl, Class::Sequence, &owner, version);
                let usual = names::object_name(&column.name, Some(&column.part), "seq");
                identity.named.0 = (*name != *usual).then(|| name.clone());
                let place = Place::Part(column.clone(), "identity sequence");
                to.addresses.set((class::RELATION, oid, 0), place);
                if let Some(node) = to.builder.get_mut(&column)
                    && let Object::Column(column) = &mut node.object
                {
                    column.identity = Some(Box::new(identity));
                }
            }
            column => {
                let id = Id::in_schema(Kind::Sequence, to.schema_name(schema), name);
                let object = Object::Sequence(Sequence {
                    ty,
                    options,
                    owned_by: column.map(|(id, _)| id),
                    unlogged,
                });
                let node = to.top(id, object, owner, Some((Class::Sequence, acl)));
                to.place((class::RELATION, oid, 0), node);
            }
        }
    }
    Ok(())
}
