//! Who asks: each role that a schema names, as somebody and as nobody in particular.

use std::collections::BTreeSet;

use model::quote::literal;
use model::schema::{Name, PUBLIC, Schema};
use model::{Kind, Object};

use crate::checks::SUBJECT;

/// A role with what it claims to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The role that asks.
    pub role: Name,
    /// What tells it from others of the role, for people; empty where nothing does.
    pub claims: String,
    settings: Vec<(String, String)>,
}

impl Actor {
    /// The statement that sets the claims for the present transaction.
    pub(super) fn sql(&self) -> String {
        let set = |(name, value): &(String, String)| {
            format!("set_config({}, {}, true)", literal(name), literal(value))
        };
        let all: Vec<String> = self.settings.iter().map(set).collect();
        format!("SELECT {}", all.join(", "))
    }
}

/// Each role that the schemas grant something, make policies for, or own; once with the claims of
/// a subject and once without.
pub fn actors(schemas: &[&Schema]) -> Vec<Actor> {
    let mut roles: BTreeSet<Name> = BTreeSet::new();
    for node in schemas.iter().flat_map(|schema| schema.nodes()) {
        if node.id.kind == Kind::Role {
            roles.insert(node.id.name.clone());
        }
        if !node.external {
            roles.extend(node.privileges.keys().cloned());
        }
        match &node.object {
            Object::Policy(policy) => roles.extend(policy.roles.iter().cloned()),
            Object::DefaultPrivileges(grants) => roles.extend(grants.keys().cloned()),
            _ => {}
        }
    }
    roles.remove(&Name::from(PUBLIC));
    roles.into_iter().flat_map(of_role).collect()
}

fn of_role(role: Name) -> [Actor; 2] {
    let claims = format!("{{\"sub\": \"{SUBJECT}\", \"role\": \"{role}\"}}");
    let settings = |claims: &str, subject: &str| {
        [
            ("request.jwt.claims", claims),
            ("request.jwt.claim.sub", subject),
            ("request.jwt.claim.role", role.as_str()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    };
    [
        Actor {
            role: role.clone(),
            claims: format!("with the claim sub {SUBJECT}"),
            settings: settings(&claims, SUBJECT),
        },
        Actor {
            role: role.clone(),
            claims: "without claims".into(),
            settings: settings("", ""),
        },
    ]
}

impl Actor {
    /// The role, whatever it claims.
    pub(super) fn plain(role: &str) -> Self {
        Actor {
            role: Name::from(role),
            claims: String::new(),
            settings: Vec::new(),
        }
    }
}
