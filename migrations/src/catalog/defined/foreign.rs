//! Foreign-data wrappers, foreign servers and user mappings.
//!
//! Never reads an option that is a password.

use super::{function, no_secret, options, reader};

reader!(
    /// Wrappers that no extension makes.
    wrapper, ForeignDataWrapper, class::WRAPPER, Some(Class::Wrapper), |_scope| format!(
        "SELECT w.oid, NULL, w.fdwname, NULL, w.fdwowner, w.fdwacl::text, \
           'CREATE FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname) \
           || CASE WHEN w.fdwhandler <> 0 THEN ' HANDLER ' || {} ELSE '' END \
           || CASE WHEN w.fdwvalidator <> 0 THEN ' VALIDATOR ' || {} ELSE '' END || {}, NULL \
         FROM pg_foreign_data_wrapper w WHERE {}",
        function("w.fdwhandler"),
        function("w.fdwvalidator"),
        options("w.fdwoptions"),
        no_member("pg_foreign_data_wrapper", "w.oid"),
    )
);

reader!(
    /// Servers.
    server, ForeignServer, class::SERVER, Some(Class::Server), |_scope| format!(
        "SELECT s.oid, NULL, s.srvname, NULL, s.srvowner, s.srvacl::text, \
           'CREATE SERVER ' || quote_ident(s.srvname) \
           || coalesce(' TYPE ' || quote_literal(s.srvtype), '') \
           || coalesce(' VERSION ' || quote_literal(s.srvversion), '') \
           || ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname) || {}, NULL \
         FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE {}",
        options("s.srvoptions"),
        no_member("pg_foreign_server", "s.oid"),
    )
);

/// User mappings: the name is the server's, the part the role's, `public` for everybody.
pub(in crate::catalog) mod mapping {
    use super::{no_secret, options};
    use crate::catalog::address::class;
    use crate::catalog::batch::Scope;
    use crate::catalog::lowering::Lowering;
    use crate::catalog::rows::Rows;
    use crate::catalog::{CatalogError, Unreadable};
    use model::{Id, Kind};

    pub(in crate::catalog) fn sql(_: &Scope<'_>) -> String {
        format!(
            "SELECT m.umid, NULL, m.usename, m.srvname, 0, NULL, \
               format('CREATE USER MAPPING FOR %s SERVER %I', \
                 CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END, \
                 m.srvname) || {}, NULL, m.umoptions IS NULL \
               OR EXISTS (SELECT 1 FROM unnest(m.umoptions) x \
                 WHERE NOT {}) \
             FROM pg_user_mappings m",
            options("m.umoptions"),
            no_secret("x")
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            row.opt()?;
            row.opt()?;
            let (role, server) = (row.text()?, row.text()?);
            for _ in 0..4 {
                row.opt()?;
            }
            if row.flag()? {
                to.unreadable.push(Unreadable {
                    what: format!("options of the user mapping of {role} for server {server}"),
                    why: "a password is never read, and other options only by the mapping's own \
                          user, the server's owner or a superuser"
                        .to_owned(),
                });
            }
        }
        super::super::lower(rows, to, Kind::UserMapping, class::USER_MAPPING, None)?;
        for mut row in rows.iter() {
            row.opt()?;
            row.opt()?;
            let (role, server) = (row.name()?, row.name()?);
            let id = Id::new(Kind::UserMapping, "", role, server.clone());
            if let Some(node) = to.builder.get_mut(&id) {
                node.needs.push(Id::global(Kind::ForeignServer, server));
            }
        }
        Ok(())
    }
}
