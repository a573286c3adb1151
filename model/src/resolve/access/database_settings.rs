//! What the database sets for its sessions.

use super::super::Output;
use super::super::routine::setting;
use super::super::world::{World, at};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Id, Kind, Node, Object, Settings, is_secret};
use crate::source::FileId;
use crate::syntax::tree;

pub(super) fn database_settings<'t>(
    file: FileId,
    x: &'t tree::DatabaseSettings,
    world: &World<'t>,
    out: &mut Output<'t>,
) {
    let mut faults = Vec::new();
    let role = x.role.as_ref().map(|role| {
        world.role(file, role, &mut faults);
        role.name.clone()
    });
    let id = Id::global(Kind::DatabaseSettings, role.clone().unwrap_or_default());
    if out.builder.get(&id).is_none() {
        let mut node = Node::new(id.clone(), Object::DatabaseSettings(Settings::new()));
        node.origin = Some(at(file, x.span));
        node.needs
            .extend(role.map(|role| Id::global(Kind::Role, role)));
        out.insert(node);
    }
    let node = out.builder.get_mut(&id);
    if let Some(Object::DatabaseSettings(settings)) = node.map(|node| &mut node.object) {
        for said in &x.settings {
            let (name, value) = setting(said);
            let place = at(file, said.span);
            if is_secret(&name) {
                let message = format!("`{name}` is a secret by its name, and a model holds none");
                faults.push(
                    Diagnostic::error(code::SECRET, message, place)
                        .help("leave it out and set it on the server, where no drift reports it"),
                );
            } else if settings.insert(name.clone(), value).is_some() {
                let message = format!("`{name}` is set twice");
                faults.push(
                    Diagnostic::error(code::REPEATED_CLAUSE, message, place)
                        .help("keep one of the two"),
                );
            }
        }
    }
    faults.into_iter().for_each(|fault| out.fault(fault));
}
