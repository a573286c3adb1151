//! Enums, domains, composite and range types, and the types the server derives from others.
//!
//! Never reads base types; see `defined`.

use model::schema::{Attribute, Composite, Domain, DomainCheck, Enum, Expr, Name, Object, Range};
use model::{Id, Kind};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::{Scope, no_member};
use super::lowering::Lowering;
use super::privileges::Class;
use super::rows::{Fields, Rows};
use super::text::unwrapped;

/// The columns every kind of type begins with.
const HEAD: &str = "t.oid, t.typnamespace, t.typname, t.typowner, t.typacl::text";

/// Reads them.
fn head<'a>(
    row: &mut Fields<'a>,
    kind: Kind,
    to: &Lowering<'_>,
) -> Result<(u32, Id, u32, Option<&'a str>), CatalogError> {
    let (oid, schema) = (row.oid()?, row.oid()?);
    let id = Id::in_schema(kind, to.schema_name(schema), row.name()?);
    Ok((oid, id, row.oid()?, row.opt()?))
}

fn own_types(scope: &Scope<'_>) -> String {
    format!(
        "{} AND {}",
        scope.visible("t.typnamespace"),
        no_member("pg_type", "t.oid")
    )
}

pub(super) mod enumeration {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT {HEAD}, (SELECT array_agg(l.enumlabel ORDER BY l.enumsortorder) \
               FROM pg_enum l WHERE l.enumtypid = t.oid) \
             FROM pg_type t WHERE t.typtype = 'e' AND {}",
            own_types(scope)
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, id, owner, acl) = head(&mut row, Kind::Enum, to)?;
            let labels = row.list()?.into_iter().map(Into::into).collect();
            let object = Object::Enum(Enum { labels });
            let node = to.top(id, object, owner, Some((Class::Type, acl)));
            to.place((class::TYPE, oid, 0), node);
        }
        Ok(())
    }
}

pub(super) mod domain {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT {HEAD}, format_type(t.typbasetype, t.typtypmod), t.typnotnull, \
               pg_get_expr(t.typdefaultbin, 0), cn.nspname, co.collname \
             FROM pg_type t JOIN pg_type b ON b.oid = t.typbasetype \
             LEFT JOIN pg_collation co ON co.oid = t.typcollation \
               AND t.typcollation <> b.typcollation \
             LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace \
             WHERE t.typtype = 'd' AND {}",
            own_types(scope)
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, id, owner, acl) = head(&mut row, Kind::Domain, to)?;
            let domain = Domain {
                base: to.type_of(row.text()?),
                not_null: row.flag()?,
                default: row.opt_expr()?,
                collation: row.opt_pair()?,
                checks: Vec::new(),
            };
            let node = to.top(id, Object::Domain(domain), owner, Some((Class::Type, acl)));
            to.place((class::TYPE, oid, 0), node);
        }
        Ok(())
    }
}

pub(super) mod check {
    use super::*;

    pub(in crate::catalog) fn sql(_: &Scope<'_>) -> String {
        "SELECT k.oid, k.contypid, k.conname, pg_get_expr(k.conbin, 0), k.convalidated \
         FROM pg_constraint k WHERE k.contypid >= 16384 AND k.contype = 'c' \
         ORDER BY k.contypid, k.conname"
            .to_owned()
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, domain) = (row.oid()?, row.oid()?);
            let check = DomainCheck {
                name: row.name()?,
                condition: Expr::new(unwrapped(row.text()?)),
                validated: row.flag()?,
                comment: None,
            };
            let Some(Place::Node(id)) = to.addresses.get((class::TYPE, domain, 0)) else {
                continue;
            };
            let id = id.clone();
            if let Some(Object::Domain(d)) = to.builder.get_mut(&id).map(|n| &mut n.object) {
                let number = d.checks.len();
                d.checks.push(check);
                to.addresses
                    .set((class::CONSTRAINT, oid, 0), Place::DomainCheck(id, number));
            }
        }
        Ok(())
    }
}

pub(super) mod composite {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT {HEAD}, t.typrelid FROM pg_type t \
             JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' \
             WHERE t.typtype = 'c' AND {}",
            own_types(scope)
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, id, owner, acl) = head(&mut row, Kind::Composite, to)?;
            let relation = row.oid()?;
            let object = Object::Composite(Composite {
                attributes: Vec::new(),
            });
            let node = to.top(id, object, owner, Some((Class::Type, acl)));
            let place = Place::Part(node.id.clone(), "composite type");
            to.addresses.set((class::RELATION, relation, 0), place);
            to.place((class::TYPE, oid, 0), node);
        }
        Ok(())
    }
}

pub(super) mod attribute {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), \
               cn.nspname, co.collname \
             FROM pg_attribute a \
             JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'c' \
             JOIN pg_type t ON t.oid = a.atttypid \
             LEFT JOIN pg_collation co ON co.oid = a.attcollation \
               AND a.attcollation <> t.typcollation \
             LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace \
             WHERE a.attnum > 0 AND NOT a.attisdropped AND {} ORDER BY a.attrelid, a.attnum",
            scope.visible("c.relnamespace")
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (relation, number) = (row.oid()?, row.number()?);
            let attribute = Attribute {
                name: row.name()?,
                ty: to.type_of(row.text()?),
                collation: row.opt_pair()?,
                comment: None,
            };
            let Some(Place::Part(id, _)) = to.addresses.get((class::RELATION, relation, 0)) else {
                continue; // a member of an extension
            };
            let id = id.clone();
            if let Some(Object::Composite(c)) = to.builder.get_mut(&id).map(|n| &mut n.object) {
                let place = Place::Attribute(id, c.attributes.len());
                c.attributes.push(attribute);
                to.addresses.set((class::RELATION, relation, number), place);
            }
        }
        Ok(())
    }
}

pub(super) mod range {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        let multirange = scope.pick(14, "r.rngmultitypid", "0::oid");
        format!(
            "SELECT {HEAD}, format_type(r.rngsubtype, NULL), \
               CASE WHEN NOT opc.opcdefault THEN opn.nspname END, opc.opcname, \
               cn.nspname, co.collname, pn.nspname, p.proname, fn.nspname, f.proname, \
               m.typname, m.oid, array[m.typarray] \
             FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid \
             JOIN pg_type b ON b.oid = r.rngsubtype \
             JOIN pg_opclass opc ON opc.oid = r.rngsubopc \
             JOIN pg_namespace opn ON opn.oid = opc.opcnamespace \
             LEFT JOIN pg_collation co ON co.oid = r.rngcollation \
               AND r.rngcollation <> b.typcollation \
             LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace \
             LEFT JOIN pg_proc p ON p.oid = r.rngcanonical \
             LEFT JOIN pg_namespace pn ON pn.oid = p.pronamespace \
             LEFT JOIN pg_proc f ON f.oid = r.rngsubdiff \
             LEFT JOIN pg_namespace fn ON fn.oid = f.pronamespace \
             LEFT JOIN pg_type m ON m.oid = {multirange} \
             WHERE t.typtype = 'r' AND {}",
            own_types(scope)
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, id, owner, acl) = head(&mut row, Kind::Range, to)?;
            let subtype = to.type_of(row.text()?);
            let (operator_class, collation) = (row.opt_pair()?, row.opt_pair()?);
            let (canonical, subtype_diff) = (row.opt_pair()?, row.opt_pair()?);
            let multirange = row.opt_name()?;
            let of = id.clone();
            let range = Range {
                subtype,
                operator_class,
                collation,
                canonical,
                subtype_diff,
                multirange: multirange.unwrap_or_else(|| default_multirange(&id.name)),
            };
            let node = to.top(id, Object::Range(range), owner, Some((Class::Type, acl)));
            to.place((class::TYPE, oid, 0), node);
            if let Some(multirange) = row.opt_number()? {
                let mut derived = row.numbers::<u32>().unwrap_or_default();
                derived.push(multirange);
                for oid in derived {
                    let place = Place::Part(of.clone(), "multirange type");
                    to.addresses.set((class::TYPE, oid, 0), place);
                }
            }
        }
        Ok(())
    }

    /// The name PostgreSQL 14 chooses, so that a range of 13 reads the same.
    pub(crate) fn default_multirange(range: &Name) -> Name {
        if range.contains("range") {
            Name::from(range.replacen("range", "multirange", 1))
        } else {
            Name::from(format!("{range}_multirange"))
        }
    }
}

/// Array types and row types, which stand for what they are made of.
pub(super) mod derived {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT t.oid, t.typarray, t.typrelid FROM pg_type t \
             WHERE t.oid >= 16384 AND (t.typarray <> 0 OR t.typrelid <> 0) \
               AND (t.typrelid = 0 OR {})",
            scope.belongs("1259", "t.typrelid")
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, array, relation) = (row.oid()?, row.oid()?, row.oid()?);
            let own = to.addresses.id((class::TYPE, oid, 0));
            let of = own.or_else(|| to.addresses.id((class::RELATION, relation, 0)));
            if let Some(id) = of.cloned() {
                let place = Place::Part(id, "array type");
                to.addresses.set((class::TYPE, oid, 0), place.clone());
                to.addresses.set((class::TYPE, array, 0), place);
            }
        }
        Ok(())
    }
}
