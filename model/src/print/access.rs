//! Grants, policies and default privileges.
//!
//! It prints deviations from PostgreSQL's defaults, as the schema keeps them.

use std::collections::BTreeMap;

use super::layout::fitted;
use super::template::Line;
use super::text::{comment_clause, docs, name, names};
use super::{Form, Printer};
use crate::resolve::{held_by_everybody, privileges_of};
use crate::schema::{
    Command, Expr, Id, Kind, Name, Node, PUBLIC, Policy, Privilege, Privileges, TriggerEnabled,
};

/// The grants of an object, one a line, without what they are on.
pub(super) fn grants(node: &Node) -> Vec<String> {
    let (all, _) = privileges_of(node.id.kind);
    of_map(all, held_by_everybody(&node.id), &node.privileges, "")
}

/// The grants on a column's identity sequence.
pub(super) fn identity_grants(held: &BTreeMap<Name, Privileges>) -> Vec<String> {
    of_map(privileges_of(Kind::Sequence).0, &[], held, " on identity")
}

fn of_map(
    all: &[Privilege],
    public: &[Privilege],
    held: &BTreeMap<Name, Privileges>,
    on: &str,
) -> Vec<String> {
    // Grantees with the same rights share a line; lines come in the order of their first grantee.
    let mut lines: Vec<(String, String, &str, Vec<&Name>)> = Vec::new();
    let mut line = |before: String, after: &'static str, word: &str, grantee| match lines
        .iter_mut()
        .find(|l| l.0 == before && l.1 == word && l.2 == after)
    {
        Some(line) => line.3.push(grantee),
        None => lines.push((before, word.to_owned(), after, vec![grantee])),
    };
    for (grantee, rights) in held {
        let default: &[Privilege] = if *grantee == *PUBLIC { public } else { &[] };
        let gone: Vec<Privilege> = default
            .iter()
            .filter(|p| !rights.contains_key(p))
            .copied()
            .collect();
        let with = |option: bool| -> Vec<Privilege> {
            let new = rights
                .iter()
                .filter(|(p, o)| **o == option && (option || !default.contains(p)));
            new.map(|(p, _)| *p).collect()
        };
        let (plain, option) = (with(false), with(true));
        if rights.is_empty() && default.is_empty() {
            // The owner, who has taken everything from itself.
            line(format!("revoke all{on} from"), "", "", grantee);
        }
        if !gone.is_empty() {
            line(
                format!("revoke {}{on} from", words(all, &gone)),
                "",
                "",
                grantee,
            );
        }
        if !plain.is_empty() {
            line(
                format!("grant {}{on} to", words(all, &plain)),
                "",
                "",
                grantee,
            );
        }
        if !option.is_empty() {
            let after = " with grant option";
            line(
                format!("grant {}{on} to", words(all, &option)),
                after,
                "",
                grantee,
            );
        }
    }
    lines
        .into_iter()
        .map(|(before, _, after, grantees)| format!("{before} {}{after}", names(grantees)))
        .collect()
}

fn words(all: &[Privilege], some: &[Privilege]) -> String {
    if all.len() > 1 && all.len() == some.len() && all.iter().all(|p| some.contains(p)) {
        return "all".to_owned();
    }
    let words: Vec<String> = some.iter().map(|p| p.sql().to_lowercase()).collect();
    words.join(", ")
}

/// The column grants of a relation: columns that have the same rights share a line.
pub(super) fn column_grants(columns: &[&Node]) -> Vec<String> {
    let mut lines: BTreeMap<(Name, bool), BTreeMap<Privilege, Vec<&Name>>> = BTreeMap::new();
    for column in columns {
        for (grantee, rights) in &column.privileges {
            for (privilege, option) in rights {
                let line = lines.entry((grantee.clone(), *option)).or_default();
                line.entry(*privilege).or_default().push(&column.id.part);
            }
        }
    }
    let line = |((grantee, option), rights): (&(Name, bool), &BTreeMap<Privilege, Vec<&Name>>)| {
        let rights: Vec<String> = rights
            .iter()
            .map(|(p, columns)| {
                format!(
                    "{} ({})",
                    p.sql().to_lowercase(),
                    names(columns.iter().copied())
                )
            })
            .collect();
        let option = if *option { " with grant option" } else { "" };
        format!("grant {} to {}{option}", rights.join(", "), name(grantee))
    };
    lines.iter().map(line).collect()
}

/// What a template says in place of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Covered {
    /// The policy of that name.
    Policy(Name),
    /// The line of a grant.
    Grant(String),
}

impl Printer<'_> {
    pub(super) fn policy(&mut self, node: &Node, policy: &Policy, indent: &str) {
        let line = self.policy_line(node, policy);
        let kind = if policy.permissive {
            ""
        } else {
            "restrictive "
        };
        let mut parts = vec![format!("{kind}policy {}", name(&node.id.part))];
        parts.push(line.before);
        parts.extend(
            line.exprs
                .into_iter()
                .map(|(words, expr)| format!("{words} {expr}")),
        );
        parts.push(comment_clause(node.comment.as_deref()));
        let text = docs(node.comment.as_deref(), indent) + &fitted(indent, parts);
        self.of(&node.id, text);
    }

    /// What a policy says behind its name.
    fn policy_line(&self, node: &Node, policy: &Policy) -> Line {
        let command = match policy.command {
            Command::All => "all".to_owned(),
            command => command.sql().to_lowercase(),
        };
        let mut before = format!("for {command}");
        let everybody = policy.roles.len() == 1 && policy.roles.contains(&Name::from(PUBLIC));
        if !everybody {
            before.push_str(&format!(" to {}", names(&policy.roles)));
        }
        if policy.using.is_none() && policy.with_check.is_none() {
            before.push_str(" no using");
        }
        let expr = |words: &'static str, expr: &Option<Expr>| {
            let expr = expr.as_ref()?;
            Some((words, self.paren(&node.id, expr)))
        };
        Line {
            policy: Some(node.id.part.to_string()),
            before,
            exprs: [
                expr("using", &policy.using),
                expr("with check", &policy.with_check),
            ]
            .into_iter()
            .flatten()
            .collect(),
        }
    }

    /// What a table says of access that a template could say: no policy with docs or of the server's
    /// own text, none that restricts.
    pub(super) fn access(&self, node: &Node) -> (Vec<Line>, Vec<Covered>) {
        let mut lines = Vec::new();
        let mut of = Vec::new();
        for (part, policy) in self.schema.policies(&node.id) {
            let plain = part.comment.is_none() && self.form(&part.id) == Form::Short;
            if plain && policy.permissive {
                lines.push(self.policy_line(part, policy));
                of.push(Covered::Policy(part.id.part.clone()));
            }
        }
        for line in grants(node) {
            lines.push(Line {
                policy: None,
                before: line.clone(),
                exprs: Vec::new(),
            });
            of.push(Covered::Grant(line));
        }
        (lines, of)
    }

    pub(super) fn default_privileges(&mut self, id: &Id, held: &BTreeMap<Name, Privileges>) {
        let kind = match id.part.as_str() {
            "sequences" => Kind::Sequence,
            "functions" => Kind::Function,
            "types" => Kind::Enum,
            "schemas" => Kind::Schema,
            _ => Kind::Table,
        };
        let (all, public) = privileges_of(kind);
        // In one schema defaults are only ever added to.
        let public = if id.schema.is_empty() { public } else { &[] };
        let mut head = String::from("default privileges");
        if !id.name.is_empty() {
            head.push_str(&format!(" for role {}", name(&id.name)));
        }
        if !id.schema.is_empty() {
            head.push_str(&format!(" in schema {}", name(&id.schema)));
        }
        let on = format!(" on {}", id.part);
        for line in of_map(all, public, held, &on) {
            self.of(id, format!("{head} {line}"));
        }
    }
}

/// The words for when a trigger fires with respect to replication.
pub(super) fn enabled(state: TriggerEnabled) -> &'static str {
    match state {
        TriggerEnabled::Origin => "",
        TriggerEnabled::Replica => "enabled replica",
        TriggerEnabled::Always => "enabled always",
        TriggerEnabled::Disabled => "disabled",
    }
}
