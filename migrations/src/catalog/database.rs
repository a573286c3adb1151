//! What the database sets for its sessions, for all of them or for those of one role.
//!
//! Never reads a value that is a secret by its name.

use model::schema::{Name, Node, Object, is_secret};
use model::{Id, Kind};

use super::CatalogError;
use super::address::class;
use super::batch::Scope;
use super::lowering::Lowering;
use super::rows::Rows;
use super::table::settings;

pub(super) fn sql(_: &Scope<'_>) -> String {
    "SELECT s.setrole, s.setconfig FROM pg_db_role_setting s \
     WHERE s.setdatabase = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())"
        .to_owned()
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let role = row.oid()?;
        let mut settings = settings(row.list()?);
        let name = match role {
            0 => Name::default(),
            role => to.role_name(role),
        };
        let id = Id::global(Kind::DatabaseSettings, name.clone());
        settings.retain(|setting, _| {
            let secret = is_secret(setting);
            if secret {
                let which = format!("{setting} {id}");
                let why = "a secret by its name, which no model holds";
                to.report("settings", which, why);
            }
            !secret
        });
        if settings.is_empty() {
            continue;
        }
        let mut node = Node::new(id, Object::DatabaseSettings(settings));
        if !name.is_empty() {
            node.needs.push(Id::global(Kind::Role, name));
        }
        to.place((class::DATABASE_SETTINGS, role, 0), node);
    }
    Ok(())
}
