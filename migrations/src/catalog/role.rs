//! Roles, and the names of all of them.
//!
//! Never reads a password: `pg_roles` shows none, and `pg_authid` is a superuser's.

use model::schema::{Name, Node, Object, Role};
use model::{Id, Kind};

use super::CatalogError;
use super::address::class;
use super::batch::Scope;
use super::lowering::Lowering;
use super::rows::Rows;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    if !scope.options.roles {
        return "SELECT r.oid, r.rolname FROM pg_roles r".to_owned();
    }
    "SELECT r.oid, r.rolname, r.rolcanlogin, r.rolsuper, r.rolcreatedb, r.rolcreaterole, \
       r.rolinherit, r.rolreplication, r.rolbypassrls, r.rolconnlimit, \
       (SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0), \
       shobj_description(r.oid, 'pg_authid') \
     FROM pg_roles r"
        .to_owned()
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let oid = row.oid()?;
        let name = row.name()?;
        to.roles.insert(oid, name.clone());
        // The server's own roles and the one that made it are nobody's to migrate.
        if !to.scope.options.roles || oid < 16384 {
            continue;
        }
        let role = Role {
            login: row.flag()?,
            superuser: row.flag()?,
            create_database: row.flag()?,
            create_role: row.flag()?,
            inherit: row.flag()?,
            replication: row.flag()?,
            bypass_row_security: row.flag()?,
            connection_limit: row.number()?,
            member_of: Default::default(),
            settings: super::table::settings(row.list()?),
        };
        let mut node = Node::new(Id::global(Kind::Role, name), Object::Role(role));
        node.comment = row.opt()?.map(Into::into);
        to.place((class::AUTHID, oid, 0), node);
    }
    Ok(())
}

pub(super) mod membership {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        let options = scope.pick(
            16,
            "bool_or(m.inherit_option), bool_or(m.set_option)",
            "NULL::boolean, NULL::boolean",
        );
        let wanted = scope.options.roles;
        format!(
            "SELECT m.member, m.roleid, bool_or(m.admin_option), {options} \
             FROM pg_auth_members m WHERE {wanted} GROUP BY m.member, m.roleid"
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (member, of) = (row.oid()?, row.oid()?);
            let admin = row.flag()?;
            let (inherit, set) = (row.opt()?.map(|f| f == "t"), row.opt()?.map(|f| f == "t"));
            let of = to.role_name(of);
            let Some(id) = to.addresses.id((class::AUTHID, member, 0)).cloned() else {
                continue;
            };
            let mut own_inherit = true;
            if let Some(node) = to.builder.get_mut(&id) {
                if let Object::Role(role) = &mut node.object {
                    own_inherit = role.inherit;
                    role.member_of.insert(of.clone(), admin);
                }
                let need = Id::global(Kind::Role, Name::clone(&of));
                node.needs.push(need);
            }
            if inherit.is_some_and(|i| i != own_inherit) || set == Some(false) {
                to.report(
                    "role membership",
                    format!("{id} in {of}"),
                    "its INHERIT or SET option differs from what the role's own gives",
                );
            }
        }
        Ok(())
    }
}
