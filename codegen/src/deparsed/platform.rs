//! What a platform brings to every database on it, and no model of an application says.
//!
//! It leaves out what opens nothing: default privileges are the platform's own, and a grant of
//! what everybody may do adds nothing. Grants on tables always count.

use std::collections::BTreeSet;

use model::schema::{Node, Object, PUBLIC, Privilege};
use model::{Id, Kind, Name, Schema};

/// What the platform hands to functions as settings of the database.
const PLATFORM_SETTINGS: &str = "app.settings.jwt_";

/// The live database without it, where the model names a platform.
pub(crate) fn without(live: Schema, model: &Schema) -> Schema {
    let brought: Vec<&Node> = model
        .of_kind(Kind::DefaultPrivileges)
        .filter(|node| node.external)
        .collect();
    if brought.is_empty() {
        return live;
    }
    let roles: BTreeSet<&Name> = brought
        .iter()
        .filter_map(|node| match &node.object {
            Object::DefaultPrivileges(grants) => Some(grants.keys()),
            _ => None,
        })
        .flatten()
        .collect();
    let plain = |held: &model::schema::Privileges| held.values().all(|grant| !grant);
    let mut changed: Vec<Node> = Vec::new();
    for node in live.nodes().filter(|node| opens_nothing(node)) {
        let said = model.get(&node.id);
        let own = |role: &Name| said.is_some_and(|said| said.privileges.contains_key(role));
        let silent = |role: &Name, held: &model::schema::Privileges| {
            roles.contains(role) && !own(role) && plain(held)
        };
        if node
            .privileges
            .iter()
            .any(|(role, held)| silent(role, held))
        {
            let mut node = node.clone();
            node.privileges.retain(|role, held| !silent(role, held));
            changed.push(node);
        }
    }
    for node in live.of_kind(Kind::DatabaseSettings) {
        let mut node = node.clone();
        if let Object::DatabaseSettings(settings) = &mut node.object {
            let said = model.get(&node.id).map(|said| &said.object);
            let own = |name: &Name| match said {
                Some(Object::DatabaseSettings(said)) => said.contains_key(name),
                _ => false,
            };
            settings.retain(|name, _| own(name) || !name.starts_with(PLATFORM_SETTINGS));
            changed.push(node);
        }
    }
    let says_nothing = |node: &Node| match &node.object {
        Object::DatabaseSettings(settings) => settings
            .keys()
            .all(|name| name.starts_with(PLATFORM_SETTINGS)),
        _ => false,
    };
    let is_own = |node: &Node| {
        (is_default_of(node, &brought) || says_nothing(node)) && !model.contains(&node.id)
    };
    let live = live.retained(|node| !is_own(node));
    if changed.is_empty() {
        return live;
    }
    let mut builder = live.into_builder();
    for node in changed {
        if let Some(there) = builder.get_mut(&node.id) {
            *there = node;
        }
    }
    builder.finish()
}

/// Whether what these roles may do with it, everybody may, or the platform lets them everywhere.
fn opens_nothing(node: &Node) -> bool {
    match node.id.kind {
        // PUBLIC executes what nobody has revoked from it.
        Kind::Function => !node.privileges.contains_key(&Name::from(PUBLIC)),
        Kind::Schema => {
            let usage =
                |held: &model::schema::Privileges| held.keys().all(|p| *p == Privilege::Usage);
            node.id == Id::global(Kind::Schema, PUBLIC) && node.privileges.values().all(usage)
        }
        _ => false,
    }
}

/// Whether these are the default privileges of the platform, whoever makes the objects.
fn is_default_of(node: &Node, brought: &[&Node]) -> bool {
    let Object::DefaultPrivileges(grants) = &node.object else {
        return false;
    };
    brought.iter().any(|platform| {
        let Object::DefaultPrivileges(theirs) = &platform.object else {
            return false;
        };
        node.id.part == platform.id.part
            && node.id.schema == platform.id.schema
            && grants.iter().all(|(role, held)| {
                theirs
                    .get(role)
                    .is_some_and(|all| held.iter().all(|(p, grant)| all.contains_key(p) && !grant))
            })
    })
}
