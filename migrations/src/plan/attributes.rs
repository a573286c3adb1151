//! What differs between two states of an object, attribute by attribute, in words: for reports.
//!
//! No statement is made from these.

mod objects;

use model::schema::{GeneratedKind, IdentityMode, Node, Object, Privileges};
use model::types::short_name;

use super::step::Change;
use super::work::Slot;

/// The attributes that differ and that a step in that slot is about.
pub(super) fn changes(from: &Node, to: &Node, slot: Slot) -> Vec<Change> {
    let (old, new) = (attributes(from, slot), attributes(to, slot));
    // An owner counts only where it is named.
    let counts = |name: &str| name != "owner" || to.owner.is_some();
    let mut names: Vec<&str> = old
        .iter()
        .chain(&new)
        .map(|(name, _)| name.as_str())
        .collect();
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name) && counts(name));
    let find = |list: &[(String, String)], name: &str| {
        list.iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.clone())
    };
    let changes = names.into_iter().map(|name| Change {
        attribute: name.to_owned(),
        before: find(&old, name),
        after: find(&new, name),
    });
    changes
        .filter(|change| change.before != change.after)
        .collect()
}

fn attributes(node: &Node, slot: Slot) -> Vec<(String, String)> {
    let mut list = List(Vec::new());
    match slot {
        Slot::Grant => {
            for (grantee, privileges) in &node.privileges {
                list.add(&format!("privileges of {grantee}"), grants(privileges));
            }
            if let Object::DefaultPrivileges(entries) = &node.object {
                for (grantee, privileges) in entries {
                    list.add(&format!("privileges of {grantee}"), grants(privileges));
                }
            }
        }
        Slot::Secure => {
            if let Object::Table(table) = &node.object {
                list.add("row-level security", yes(table.row_security));
                list.add("forced row-level security", yes(table.force_row_security));
            }
        }
        Slot::Loosen | Slot::Release | Slot::Alter | Slot::Establish | Slot::Finish => {
            list.add_option("comment", node.comment.as_deref());
            list.add_option("owner", node.owner.as_deref());
            list.of_object(&node.object);
        }
    }
    list.0
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

fn grants(privileges: &Privileges) -> String {
    let words = privileges.iter().map(|(privilege, option)| {
        let option = if *option { " with grant option" } else { "" };
        format!("{}{option}", privilege.sql().to_lowercase())
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}

struct List(Vec<(String, String)>);

impl List {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    fn add_option(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn of_object(&mut self, object: &Object) {
        match object {
            Object::Enum(labels) => self.add("labels", labels.labels.join(", ")),
            Object::Domain(domain) => {
                self.add("type", short_name(&domain.base));
                self.add("not null", yes(domain.not_null));
                self.add_option("default", domain.default.as_ref().map(|e| e.as_str()));
                for check in &domain.checks {
                    self.add(&format!("check {}", check.name), check.condition.as_str());
                }
            }
            Object::Composite(composite) => {
                for attribute in &composite.attributes {
                    let name = format!("attribute {}", attribute.name);
                    self.add(&name, short_name(&attribute.ty));
                }
            }
            Object::Range(range) => self.add("subtype", short_name(&range.subtype)),
            Object::Column(column) => {
                self.add("type", short_name(&column.ty));
                self.add("not null", yes(column.not_null));
                self.add_option("default", column.default.as_ref().map(|e| e.as_str()));
                if let Some(generated) = &column.generated {
                    let kind = match generated.kind {
                        GeneratedKind::Stored => "stored",
                        GeneratedKind::Virtual => "virtual",
                    };
                    self.add("generated", format!("({}) {kind}", generated.expr.as_str()));
                }
                if let Some(identity) = &column.identity {
                    let mode = match identity.mode {
                        IdentityMode::Always => "always",
                        IdentityMode::ByDefault => "by default",
                    };
                    self.add("identity", mode);
                    self.sequence_options(&identity.sequence);
                }
                let collation = column.collation.as_ref().map(|(s, n)| format!("{s}.{n}"));
                self.add_option("collation", collation.as_deref());
                self.add_option("storage", column.storage.as_deref());
                self.add_option("compression", column.compression.as_deref());
                if let Some(statistics) = column.statistics {
                    self.add("statistics", statistics.to_string());
                }
                for option in column.options.iter().chain(&column.foreign_options) {
                    let (name, value) = option.split_once('=').unwrap_or((option, ""));
                    self.add(name, value);
                }
            }
            Object::Constraint(constraint) => self.of_constraint(constraint),
            Object::View(view) => {
                self.add("query", view.query.as_str());
                self.add("materialized", yes(view.materialized));
                for (name, value) in &view.options {
                    self.add(name, value.as_str());
                }
            }
            Object::Policy(policy) => {
                self.add("permissive", yes(policy.permissive));
                self.add("command", policy.command.sql().to_lowercase());
                let roles: Vec<_> = policy.roles.iter().map(|name| name.as_str()).collect();
                self.add("roles", roles.join(", "));
                self.add_option("using", policy.using.as_ref().map(|e| e.as_str()));
                self.add_option("with check", policy.with_check.as_ref().map(|e| e.as_str()));
            }
            Object::Extension(extension) => {
                self.add_option("schema", extension.schema.as_deref());
                self.add_option("version", extension.version.as_deref());
            }
            Object::Defined(defined) => {
                self.add("definition", defined.definition.as_str());
                for (n, text) in defined.then.iter().enumerate() {
                    self.add(&format!("statement {}", n + 1), text.as_str());
                }
            }
            Object::Table(table) => self.of_table(table),
            Object::Role(role) => self.of_role(role),
            Object::Sequence(sequence) => self.of_sequence(sequence),
            Object::Index(index) => self.of_index(index),
            Object::Routine(routine) => self.of_routine(routine),
            Object::Trigger(trigger) => self.of_trigger(trigger),
            Object::DatabaseSettings(settings) => self.settings(settings),
            Object::Schema
            | Object::DefaultPrivileges(_)
            | Object::Raw(_)
            | Object::Shape(_)
            | Object::Transitions(_)
            | Object::Seed(_)
            | Object::Opaque => {}
        }
    }
}
