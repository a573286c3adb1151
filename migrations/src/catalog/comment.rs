//! `COMMENT ON`, for every kind of object alike.
//!
//! Never drops one: a comment on something that is no object of its own is reported.

use model::Kind;
use model::schema::{Object, PUBLIC};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::Scope;
use super::column;
use super::lowering::Lowering;
use super::rows::Rows;

/// What initdb says of `public`, in every major.
pub(crate) const STANDARD: &str = "standard public schema";

pub(super) fn sql(scope: &Scope<'_>) -> String {
    "SELECT d.classoid, d.objoid, d.objsubid, d.description FROM pg_description d \
     WHERE d.objoid >= 16384 AND {read} \
        OR d.classoid = 'pg_namespace'::regclass AND d.objoid = 'public'::regnamespace::oid \
     ORDER BY d.classoid, d.objoid, d.objsubid"
        .replace(
            "'public'::regnamespace::oid",
            "(SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public')",
        )
        .replace("{read}", &scope.belongs("d.classoid", "d.objoid"))
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (class, oid, column) = (row.oid()?, row.oid()?, row.number::<i32>()?);
        let text: std::sync::Arc<str> = row.text()?.into();
        if class == class::RELATION && column > 0 {
            column::of_view(to, oid, column);
        }
        let Some(place) = to.addresses.get((class, oid, column)).cloned() else {
            continue; // left out by rule
        };
        let Some(node) = to.builder.get_mut(place.id()) else {
            continue;
        };
        match (&place, &mut node.object) {
            (Place::Node(id), _) => {
                let standard = id.kind == Kind::Schema && id.name == *PUBLIC && *text == *STANDARD;
                node.comment = (!standard).then_some(text);
            }
            (Place::DomainCheck(_, i), Object::Domain(domain)) => {
                if let Some(check) = domain.checks.get_mut(*i) {
                    check.comment = Some(text);
                }
            }
            (Place::Attribute(_, i), Object::Composite(composite)) => {
                if let Some(attribute) = composite.attributes.get_mut(*i) {
                    attribute.comment = Some(text);
                }
            }
            (Place::Part(id, what), _) => {
                let of = id.relation();
                let (what, id) = (*what, id.to_string());
                to.remark(of);
                to.report(what, id, "a comment on it");
            }
            // An extension comments on its members, and itself when it is created.
            (Place::Member(_) | Place::DomainCheck(..) | Place::Attribute(..), _) => {}
        }
    }
    Ok(())
}
