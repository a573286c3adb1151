//! `pg_depend` → what each object needs.
//!
//! Never keeps a dependency on something built in, or on the relation a part belongs to.

use model::schema::Node;
use model::{Id, Kind};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::Scope;
use super::lowering::Lowering;
use super::rows::Rows;

/// Objects that stand between two of ours: a view's rewrite rule, a column's default, the entry of
/// a table in a publication, an operator of a family.
pub(super) mod intermediate {
    use super::*;

    /// The oids of the catalogs whose rows are operators and functions of operator families.
    const AMOP: u32 = 2602;
    const AMPROC: u32 = 2603;
    const PUBLICATION_NAMESPACE: u32 = 6237;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        let namespaces = scope.pick(
            15,
            "UNION ALL SELECT 6237, pn.oid, 6104, pn.pnpubid, 0 FROM pg_publication_namespace pn",
            "",
        );
        format!(
            "SELECT {} AS class, r.oid, {} AS of, r.ev_class AS object, 0 AS column \
               FROM pg_rewrite r WHERE r.oid >= 16384 AND r.rulename = '_RETURN' \
                 AND {} \
             UNION ALL SELECT {}, d.oid, {}, d.adrelid, d.adnum FROM pg_attrdef d \
               WHERE d.oid >= 16384 AND {} \
             UNION ALL SELECT {}, pr.oid, {}, pr.prpubid, 0 FROM pg_publication_rel pr {namespaces} \
             UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0 FROM pg_depend d \
               WHERE d.classid IN ({AMOP}, {AMPROC}) AND d.objid >= 16384 \
                 AND d.refclassid IN ({}, {}) AND d.deptype IN ('i', 'a')",
            class::REWRITE,
            class::RELATION,
            scope.chosen("r.ev_class"),
            class::ATTRDEF,
            class::RELATION,
            scope.chosen("d.adrelid"),
            class::PUBLICATION_RELATION,
            class::PUBLICATION,
            class::OPERATOR_CLASS,
            class::OPERATOR_FAMILY,
        )
        .replace("6237", &PUBLICATION_NAMESPACE.to_string())
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let own = (row.oid()?, row.oid()?, 0);
            let of = (row.oid()?, row.oid()?, row.number()?);
            if let Some(id) = to.addresses.id(of).cloned() {
                to.addresses.set(own, Place::Part(id, "part of an object"));
            }
        }
        Ok(())
    }
}

pub(super) fn sql(scope: &Scope<'_>) -> String {
    // Parts of relations that aren't read are known by the names that come along.
    let (names, of) = match scope.options.only {
        None => ("NULL, NULL::oid, NULL", String::new()),
        Some(_) => (
            "a.attname, k.conrelid, k.conname",
            format!(
                "LEFT JOIN pg_attribute a ON d.refclassid = {relation} AND d.refobjsubid > 0 \
                   AND a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND NOT {} \
                 LEFT JOIN pg_constraint k ON d.refclassid = {relation} AND d.refobjsubid = 0 \
                   AND k.conindid = d.refobjid AND k.contype IN ('p', 'u', 'x') AND NOT {} ",
                scope.chosen("a.attrelid"),
                scope.chosen("k.conrelid"),
                relation = class::RELATION,
            ),
        ),
    };
    // Schemas are known by name. A column of a primary key, say, depends on nothing but its table.
    format!(
        "SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, \
           d.deptype = 'a', {names} \
         FROM pg_depend d {of}WHERE d.objid >= 16384 AND d.refobjid >= 16384 \
           AND d.deptype IN ('n', 'a', 'i', 'P') AND d.refclassid NOT IN ({}, {}) \
           AND NOT (d.refclassid = d.classid AND d.refobjid = d.objid \
             AND (d.objsubid = 0 OR d.refobjsubid = 0)) AND {}",
        class::NAMESPACE,
        class::AUTHID,
        scope.belongs("d.classid", "d.objid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let own = (row.oid()?, row.oid()?, row.number()?);
        let on = (row.oid()?, row.oid()?, row.number()?);
        let automatic = row.flag()?;
        let Some(id) = to.addresses.id(own).cloned() else {
            continue;
        };
        // A member of an extension needs what it needs; the extension brings it.
        if matches!(to.addresses.get(own), Some(Place::Member(_))) {
            continue;
        }
        let (column, relation) = (row.opt_name()?, row.opt_number::<u32>()?);
        let constraint = row.opt_name()?;
        let unread = match (column, constraint) {
            (Some(column), _) => Some((on.1, Kind::Column, column)),
            (None, Some(key)) => relation.map(|relation| (relation, Kind::Constraint, key)),
            (None, None) => None,
        };
        let unread = unread.and_then(|(relation, kind, name)| {
            let relation = to.relation(relation)?;
            Some(relation.within(kind, name)).filter(|_| to.unread.contains(relation))
        });
        let Some(need) = unread.as_ref().or_else(|| to.addresses.id(on)) else {
            continue;
        };
        // OWNED BY makes the sequence go with the column, which is made after the sequence.
        if automatic && id.kind == Kind::Sequence && need.kind == Kind::Column {
            continue;
        }
        if is_own_relation(&id, need) || is_own_relation(need, &id) {
            continue;
        }
        let need = need.clone();
        if let Some(node) = to.builder.get_mut(&id) {
            push(node, need);
        }
    }
    Ok(())
}

/// Whether `of` is the relation that `part` is a part of.
fn is_own_relation(part: &Id, of: &Id) -> bool {
    part.kind.is_part_of_relation()
        && of.kind == Kind::Table
        && part.schema == of.schema
        && part.name == of.name
}

fn push(node: &mut Node, need: Id) {
    if node.needs.last() != Some(&need) {
        node.needs.push(need);
    }
}
