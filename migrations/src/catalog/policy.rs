//! Row-level security policies.
//!
//! Never says whether a table enforces them: that is the table's.

use model::Kind;
use model::schema::{Command, Expr, Name, Node, Object, PUBLIC, Policy};

use super::CatalogError;
use super::address::class;
use super::batch::{Scope, no_member};
use super::lowering::Lowering;
use super::rows::Rows;
use super::text::unwrapped;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    format!(
        "SELECT p.oid, p.polrelid, p.polname, p.polpermissive, p.polcmd, p.polroles, \
           pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) \
         FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (oid, relation, name) = (row.oid()?, row.oid()?, row.name()?);
        let permissive = row.flag()?;
        let command = match row.letter()? {
            b'r' => Command::Select,
            b'a' => Command::Insert,
            b'w' => Command::Update,
            b'd' => Command::Delete,
            _ => Command::All,
        };
        let roles: Vec<u32> = row.numbers()?;
        let role = |oid: u32| match oid {
            0 => Name::from(PUBLIC),
            oid => to.role_name(oid),
        };
        let policy = Policy {
            permissive,
            command,
            roles: roles.into_iter().map(role).collect(),
            using: row.opt()?.map(|text| Expr::new(unwrapped(text))),
            with_check: row.opt()?.map(|text| Expr::new(unwrapped(text))),
        };
        let Some(of) = to.relation(relation) else {
            continue;
        };
        let node = Node::new(of.within(Kind::Policy, name), Object::Policy(policy));
        to.place((class::POLICY, oid, 0), node);
    }
    Ok(())
}
