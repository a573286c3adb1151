//! Operator classes: their names, and when one goes without saying.
//!
//! Never reads how a class is made; see `defined`.

use std::collections::HashMap;

use model::quote;
use model::schema::Name;

use super::CatalogError;
use super::batch::Scope;
use super::lowering::Lowering;
use super::rows::Rows;

pub(super) fn sql(_: &Scope<'_>) -> String {
    "SELECT o.oid, n.nspname, o.opcname, o.opcmethod, o.opcintype, o.opcdefault \
     FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace"
        .to_owned()
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let oid = row.oid()?;
        let (schema, name) = (row.text()?, row.text()?);
        let (method, input) = (row.oid()?, row.oid()?);
        let is_default = row.flag()?;
        if is_default {
            to.operator_classes.defaults.insert((method, input), oid);
        }
        let name = match schema {
            "pg_catalog" => quote::ident(name).into_owned(),
            schema => quote::qualified(schema, name),
        };
        let class = OperatorClass {
            name,
            is_default,
            input,
        };
        to.operator_classes.by_oid.insert(oid, class);
    }
    Ok(())
}

/// Operator classes: their names, and which is the default for a type.
#[derive(Default)]
pub(super) struct OperatorClasses {
    by_oid: HashMap<u32, OperatorClass>,
    /// (method, type) of those that are the default.
    defaults: HashMap<(u32, u32), u32>,
}

struct OperatorClass {
    name: String,
    is_default: bool,
    input: u32,
}

/// `character varying` has no classes of its own, and takes those of `text`.
const BPCHAR: u32 = 1042;

impl OperatorClasses {
    /// The class as SQL spells it, unless it is what the method takes for the type by itself.
    pub(super) fn spelled(
        &self,
        class: u32,
        method: u32,
        ty: u32,
        options: &[String],
    ) -> Option<Name> {
        let found = self.by_oid.get(&class)?;
        let chosen = found.is_default
            && match self.defaults.get(&(method, ty)) {
                Some(exact) => *exact == class,
                // Reached through a binary coercion, or polymorphic.
                None => found.input != BPCHAR,
            };
        if chosen && options.is_empty() {
            return None;
        }
        let options: Vec<String> = options
            .iter()
            .map(|option| match option.split_once('=') {
                Some((name, value)) if quote::ident(value) == value => {
                    format!("{}={value}", quote::ident(name))
                }
                Some((name, value)) => {
                    format!("{}={}", quote::ident(name), quote::literal(value))
                }
                None => option.clone(),
            })
            .collect();
        Some(Name::from(if options.is_empty() {
            found.name.clone()
        } else {
            format!("{}({})", found.name, options.join(", "))
        }))
    }
}
