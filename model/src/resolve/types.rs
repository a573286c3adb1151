//! Types in the model's text: what each refers to.

use super::world::{World, at, unknown};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Id, Kind, Name, Type};
use crate::source::FileId;
use crate::syntax::tree::TypeExpr;
use crate::types::{self, Written};

/// A type that was found.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) ty: Type,
    pub(super) needs: Option<Id>,
    pub(super) serial: bool,
}

impl World<'_> {
    /// Looks a type up; a fault is reported once, and nothing is answered.
    pub(super) fn ty(
        &self,
        file: FileId,
        written: &TypeExpr,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Found> {
        let name = &written.name.name;
        let modifiers: Option<String> = written.modifiers.as_ref().map(|m| squeezed(&m.text));
        let modifiers = modifiers.as_deref();
        if let (None, false) = (&written.name.schema, name.quoted && name.name != "char") {
            let spelled = if name.quoted {
                "\"char\""
            } else {
                name.name.as_str()
            };
            match types::from_parts(spelled, modifiers, written.array) {
                Ok(Written::Builtin(ty)) => {
                    return Some(Found {
                        ty,
                        needs: None,
                        serial: false,
                    });
                }
                Ok(Written::Serial(ty)) => {
                    return Some(Found {
                        ty,
                        needs: None,
                        serial: true,
                    });
                }
                Ok(Written::Named { .. }) => {}
                Err(fault) => {
                    let place = at(file, written.span);
                    faults.push(Diagnostic::error(
                        code::MALFORMED_TYPE,
                        fault.message,
                        place,
                    ));
                    return None;
                }
            }
        }
        let schema = written.name.schema.as_ref().map(|s| s.name.as_str());
        let wrap = |schema: Name, name: &str, needs| {
            let mut ty = Type::user(schema, name);
            ty.modifiers = modifiers.map(Name::from);
            ty.array = written.array;
            Some(Found {
                ty,
                needs,
                serial: false,
            })
        };
        if schema == Some("pg_catalog") {
            let spelled = types::from_parts(&name.name, modifiers, written.array);
            if let Ok(Written::Builtin(ty)) = spelled {
                return Some(Found {
                    ty,
                    needs: None,
                    serial: false,
                });
            }
        }
        if let Some(id) = self.symbols.ty(schema, &name.name) {
            return wrap(id.schema.clone(), &name.name, Some(id.clone()));
        }
        if let Some(relation) = self.symbols.relation(schema, &name.name) {
            return wrap(
                relation.id.schema.clone(),
                &name.name,
                Some(relation.id.clone()),
            );
        }
        if let Some((extension, lives)) = self.symbols.extension_of_type(&name.name) {
            let needs = Id::global(Kind::Extension, extension.clone());
            return wrap(
                schema.map_or(lives.clone(), Name::from),
                &name.name,
                Some(needs),
            );
        }
        if schema.is_some_and(|s| self.symbols.is_open(s)) {
            return wrap(Name::from(schema.unwrap_or_default()), &name.name, None);
        }
        faults.push(self.unknown_type(file, written));
        None
    }

    fn unknown_type(&self, file: FileId, written: &TypeExpr) -> Diagnostic {
        let name = written.name.name.name.as_str();
        let place = at(file, written.name.span());
        if let Some(extension) = types::extension_of(name) {
            let message = format!("type `{name}` belongs to the extension `{extension}`");
            return Diagnostic::error(code::EXTENSION_NOT_DECLARED, message, place)
                .label("the extension is not declared")
                .help(format!(
                    "add a line `extension {}`",
                    super::world::bare(extension)
                ));
        }
        if self.shapes.keys().any(|id| id.name == *name) {
            return Diagnostic::error(
                code::UNKNOWN_TYPE,
                format!("`{name}` is a json shape, not a type"),
                place,
            )
            .help("a column of that shape has the type `jsonb<…>`")
            .suggest(place, format!("jsonb<{name}>"));
        }
        match types::likely(name) {
            Some(likely) => Diagnostic::error(
                code::UNKNOWN_TYPE,
                format!("type `{name}` doesn't exist"),
                place,
            )
            .label("not a type of PostgreSQL")
            .help(format!("PostgreSQL's is `{likely}`"))
            .suggest(place, likely),
            None => {
                let own = self.symbols.type_names().map(|n| n.as_str());
                let all = own.chain(types::builtin_names());
                unknown(code::UNKNOWN_TYPE, "type", name, place, all)
            }
        }
    }
}

/// Without blanks, as the server keeps a type's modifiers.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
