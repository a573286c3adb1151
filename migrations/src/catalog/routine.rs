//! Functions, procedures and window functions.
//!
//! Never reads an aggregate: see `defined`.

use model::schema::{Body, Expr, Object, Parallel, Routine, RoutineKind, Volatility};
use model::{Id, Kind};

use super::CatalogError;
use super::address::class;
use super::batch::{Scope, no_member_nor_internal};
use super::lowering::Lowering;
use super::privileges::Class;
use super::rows::Rows;
use super::table::settings;
use super::text::split_commas;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    let body = scope.pick(
        14,
        "CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) END",
        "NULL",
    );
    format!(
        "SELECT p.oid, p.pronamespace, p.proname, p.proowner, p.proacl::text, \
           oidvectortypes(p.proargtypes), p.prokind, pg_get_function_arguments(p.oid), \
           pg_get_function_result(p.oid), l.lanname, p.prosrc, p.probin, {body}, p.provolatile, \
           p.proisstrict, p.prosecdef, p.proleakproof, p.proparallel, \
           CASE WHEN p.procost <> CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END \
             THEN p.procost END, \
           CASE WHEN p.prorows <> CASE WHEN p.proretset THEN 1000 ELSE 0 END THEN p.prorows END, \
           CASE WHEN p.prosupport <> 0 THEN p.prosupport::regproc::text END, \
           (SELECT string_agg('FOR TYPE ' || format_type(x, NULL), ', ') \
             FROM unnest(p.protrftypes) x), p.proconfig \
         FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang \
         WHERE p.prokind IN ('f', 'p', 'w') AND {} AND {}",
        scope.visible("p.pronamespace"),
        no_member_nor_internal("pg_proc", "p.oid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (oid, schema, name) = (row.oid()?, row.oid()?, row.name()?);
        let owner = row.oid()?;
        let acl = row.opt()?;
        let types = row.text()?;
        let kind = match row.letter()? {
            b'p' => RoutineKind::Procedure,
            b'w' => RoutineKind::Window,
            _ => RoutineKind::Function,
        };
        let arguments = match (kind, to.scope.since(14)) {
            // Before 14 a procedure had no OUT, and its arguments were printed without a mode.
            (RoutineKind::Procedure, false) => Expr::new(with_modes(row.text()?)),
            _ => Expr::new(row.text()?),
        };
        let returns = match kind {
            RoutineKind::Procedure => {
                row.opt()?;
                None
            }
            _ => row.opt_expr()?,
        };
        let language = row.name()?;
        let (source, library) = (row.text()?, row.opt_name()?);
        let body = match (row.opt()?, library) {
            (Some(sql), _) => Body::Sql(Expr::new(sql)),
            (None, Some(library)) => Body::Library(library, source.into()),
            (None, None) => Body::Text(Expr::new(source)),
        };
        let routine = Routine {
            kind,
            arguments,
            returns,
            language,
            body,
            volatility: match row.letter()? {
                b'i' => Volatility::Immutable,
                b's' => Volatility::Stable,
                _ => Volatility::Volatile,
            },
            strict: row.flag()?,
            security_definer: row.flag()?,
            leakproof: row.flag()?,
            parallel: match row.letter()? {
                b's' => Parallel::Safe,
                b'r' => Parallel::Restricted,
                _ => Parallel::Unsafe,
            },
            cost: row.opt_name()?,
            rows: row.opt_name()?,
            support: row.opt_name()?,
            transform: row.opt_name()?,
            settings: settings(row.list()?),
        };
        let id = Id::new(Kind::Function, to.schema_name(schema), name, types);
        let object = Object::Routine(routine);
        let node = to.top(id, object, owner, Some((Class::Function, acl)));
        to.place((class::PROC, oid, 0), node);
    }
    Ok(())
}

/// A procedure's arguments as PostgreSQL 14 and later print them: each with its mode.
fn with_modes(arguments: &str) -> String {
    let has_mode = |argument: &str| {
        let modes = ["IN ", "INOUT ", "VARIADIC "];
        argument.is_empty() || modes.iter().any(|mode| argument.starts_with(mode))
    };
    let open = |text: &str| text.matches('[').count() > text.matches(']').count();
    let mut said: Vec<String> = Vec::new();
    for part in split_commas(arguments) {
        match said.last_mut() {
            // A comma within an array.
            Some(last) if open(last) => *last += &format!(", {part}"),
            _ if has_mode(part) => said.push(part.to_owned()),
            _ => said.push(format!("IN {part}")),
        }
    }
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_procedures_arguments_have_their_modes() {
        let said = with_modes(
            "a integer DEFAULT f(1, 2), INOUT b numeric(4,2), VARIADIC c text[], d text[] DEFAULT ARRAY['x', 'y']",
        );
        let wanted = "IN a integer DEFAULT f(1, 2), INOUT b numeric(4,2), VARIADIC c text[], IN d text[] DEFAULT ARRAY['x', 'y']";
        assert_eq!(said, wanted);
        assert_eq!(with_modes(""), "");
    }
}
