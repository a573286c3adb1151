//! Schemas and extensions.
//!
//! Never reads what an extension holds: that comes with it.

use std::collections::BTreeMap;

use model::schema::{Name, Node, Object, PUBLIC};
use model::{Id, Kind};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::Scope;
use super::lowering::Lowering;
use super::privileges::{self, Class};
use super::rows::Rows;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    format!(
        "SELECT s.oid, s.nspname, s.nspowner, s.nspacl::text, EXISTS (SELECT 1 FROM pg_depend e \
           WHERE e.classid = 'pg_namespace'::regclass AND e.objid = s.oid AND e.deptype = 'e') \
         FROM pg_namespace s WHERE {}",
        scope.schema_condition()
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let oid = row.oid()?;
        let name = row.name()?;
        let owner = row.oid()?;
        let acl = row.opt()?;
        to.schemas.insert(oid, name.clone());
        if row.flag()? {
            continue; // an extension makes it
        }
        let id = Id::global(Kind::Schema, name.clone());
        let mut node = to.top(id, Object::Schema, owner, Some((Class::Schema, acl)));
        if name == *PUBLIC {
            untouched_public(&mut node, owner, acl, to);
        }
        to.place((class::NAMESPACE, oid, 0), node);
    }
    Ok(())
}

/// The bootstrap superuser, who owned `public` before `pg_database_owner` did (15).
const BOOTSTRAP_SUPERUSER: u32 = 10;

/// Makes a `public` that nobody has touched the same in every major.
fn untouched_public(node: &mut Node, owner: u32, acl: Option<&str>, to: &Lowering<'_>) {
    let name = to.role_name(owner);
    let first = owner == BOOTSTRAP_SUPERUSER && to.scope.version < 150_000;
    if first || name == *"pg_database_owner" {
        node.owner = None;
    }
    let initial = if to.scope.since(15) { "=U" } else { "=UC" };
    let text = format!("{{{initial}/x}}");
    let everyone = privileges::parse(&text)
        .remove(&Name::from(PUBLIC))
        .unwrap_or_default();
    let has = acl.map(privileges::parse).unwrap_or_default();
    let public = Name::from(PUBLIC);
    let now = has.get(&public).cloned().unwrap_or_default();
    node.privileges.remove(&public);
    if now != everyone && acl.is_some() {
        node.privileges.insert(public, now);
    } else if acl.is_none() {
        // Never granted nor revoked: everybody has nothing, where initdb grants usage.
        node.privileges.insert(public, BTreeMap::new());
    }
}

pub(super) mod extension {
    use super::*;
    use model::schema::Extension;

    pub(in crate::catalog) fn sql(_: &Scope<'_>) -> String {
        "SELECT x.oid, x.extname, n.nspname, x.extversion FROM pg_extension x \
         JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname <> 'plpgsql'"
            .to_owned()
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let oid = row.oid()?;
            let id = Id::global(Kind::Extension, row.name()?);
            let schema = row.name()?;
            let version = row.opt_name()?;
            let mut node = Node::new(
                id.clone(),
                Object::Extension(Extension {
                    schema: Some(schema.clone()),
                    version,
                }),
            );
            let home = Id::global(Kind::Schema, schema);
            if to.builder.get(&home).is_some() {
                node.needs.push(home);
            }
            to.place((class::EXTENSION, oid, 0), node);
        }
        Ok(())
    }
}

pub(super) mod member {
    use super::*;

    pub(in crate::catalog) fn sql(_: &Scope<'_>) -> String {
        "SELECT d.classid, d.objid, d.refobjid FROM pg_depend d \
         WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass"
            .to_owned()
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let address = (row.oid()?, row.oid()?, 0);
            let extension = row.oid()?;
            if let Some(id) = to.addresses.id((class::EXTENSION, extension, 0)) {
                let id = id.clone();
                to.addresses.set(address, Place::Member(id));
            }
        }
        Ok(())
    }
}
