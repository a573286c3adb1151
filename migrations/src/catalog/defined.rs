//! Kinds that are carried as the statement that makes them.
//!
//! Each query composes the statement inside the server, which quotes and qualifies every name with
//! its own functions. All give the same columns, so one function lowers them. Never reads a
//! password: options of that name are left out, and said to be.

pub(super) mod foreign;
pub(super) mod operator;
pub(super) mod relation;
pub(super) mod replication;
pub(super) mod routine;
pub(super) mod search;
pub(super) mod types;

use model::schema::{Defined, Expr, Node, Object};
use model::{Id, Kind};

use super::CatalogError;
use super::lowering::Lowering;
use super::privileges::Class;
use super::rows::Rows;

/// The columns every query gives: oid, schema (null where it lives in none), name, part, owner (0
/// where it has none), grants, definition, finishing statements.
pub(super) fn lower(
    rows: &Rows,
    to: &mut Lowering<'_>,
    kind: Kind,
    class: u32,
    grants: Option<Class>,
) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let oid = row.oid()?;
        let id = Id {
            kind,
            schema: row.opt_name()?.unwrap_or_default(),
            name: row.name()?,
            part: row.opt_name()?.unwrap_or_default(),
        };
        let owner = row.oid()?;
        let acl = row.opt()?;
        let object = Object::Defined(Defined {
            definition: Expr::new(row.text()?.trim().trim_end_matches(';')),
            then: row.list()?.into_iter().map(Expr::new).collect(),
        });
        let node = if owner == 0 {
            Node::new(id, object)
        } else {
            to.top(id, object, owner, grants.map(|class| (class, acl)))
        };
        to.place((class, oid, 0), node);
    }
    Ok(())
}

/// A reader of one kind: its query, and the kind its rows become.
macro_rules! reader {
    ($(#[$doc:meta])* $module:ident, $kind:ident, $class:expr, $grants:expr, |$scope:ident| $sql:expr) => {
        $(#[$doc])*
        pub(in crate::catalog) mod $module {
            #[allow(unused_imports)]
            use super::super::super::batch::{Scope, no_member, no_member_nor_internal};
            #[allow(unused_imports)]
            use super::super::super::address::class;
            #[allow(unused_imports)]
            use super::super::super::privileges::Class;
            use super::super::super::{CatalogError, lowering::Lowering, rows::Rows};
            #[allow(unused_imports)]
            use super::*;

            pub(in crate::catalog) fn sql($scope: &Scope<'_>) -> String {
                $sql
            }

            pub(in crate::catalog) fn lower(
                rows: &Rows,
                to: &mut Lowering<'_>,
            ) -> Result<(), CatalogError> {
                super::super::lower(rows, to, model::Kind::$kind, $class, $grants)
            }
        }
    };
}
pub(super) use reader;

/// The name of the function with that oid, qualified.
pub(super) fn function(oid: &str) -> String {
    format!(
        "(SELECT format('%I.%I', fn.nspname, f.proname) FROM pg_proc f \
         JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = {oid})"
    )
}

/// `, NAME = function` where the oid isn't zero.
pub(super) fn function_item(label: &str, oid: &str) -> String {
    format!(
        "CASE WHEN {oid} <> 0 THEN {} ELSE '' END",
        format_args!("', {label} = ' || {}", function(oid))
    )
}

/// Whether the option, a `name=value`, is no password: `password_required` only says whether there
/// must be one.
pub(super) fn no_secret(option: &str) -> String {
    format!(
        "(split_part({option}, '=', 1) NOT ILIKE '%password%' \
           OR split_part({option}, '=', 1) = 'password_required')"
    )
}

/// ` OPTIONS (a 'b')` of a `name=value` array, sorted, without passwords. The order is the same in
/// databases of every collation.
pub(super) fn options(array: &str) -> String {
    format!(
        "coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(split_part(x, '=', 1)) || ' ' \
           || quote_literal(substr(x, strpos(x, '=') + 1)), ', ' ORDER BY x COLLATE \"C\") || ')' \
         FROM unnest({array}) x WHERE {}), '')",
        no_secret("x")
    )
}
