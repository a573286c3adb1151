//! Objects that stand for themselves: roles, schemas, extensions, types, sequences, definitions.

use super::Printer;
use super::access::grants;
use super::layout::fitted;
use super::routine::setting_value;
use super::text::{comment_clause, docs, name, of_pair, qname, sequence_options, type_name};
use crate::quote;
use crate::schema::{
    Composite, Defined, Domain, Enum, Extension, Id, Kind, Node, Object, PUBLIC, Range, Raw, Role,
    Sequence, Settings,
};
use crate::syntax::quoted_name;

impl Printer<'_> {
    /// Whether an object needs no statement, because another says it or every database has it.
    pub(super) fn is_implied(&self, node: &Node) -> bool {
        match &node.object {
            Object::Schema => {
                *node.id.name == *PUBLIC
                    && node.comment.is_none()
                    && node.owner.is_none()
                    && node.privileges.is_empty()
            }
            Object::Sequence(sequence) => {
                let column = sequence
                    .owned_by
                    .as_ref()
                    .and_then(|id| self.schema.get(id));
                let serial = column.and_then(|c| self.serial(c, c.object.as_column()?));
                serial.is_some_and(|found| found.id == node.id)
            }
            _ => false,
        }
    }

    /// One object. Tables, views and what is part of them have a place of their own.
    pub(super) fn object(&mut self, node: &Node) {
        let id = &node.id;
        match &node.object {
            Object::Role(role) => self.role(node, role),
            Object::Schema => self.simple(node, vec![format!("schema {}", name(&id.name))]),
            Object::Extension(extension) => self.extension(node, extension),
            Object::Enum(object) => self.enumeration(node, object),
            Object::Domain(domain) => self.domain(node, domain),
            Object::Composite(composite) => self.composite(node, composite),
            Object::Range(range) => self.range(node, range),
            Object::Sequence(sequence) => self.sequence(node, sequence),
            Object::Routine(routine) => self.routine(node, routine),
            Object::Defined(defined) => self.define(node, defined),
            Object::DatabaseSettings(settings) => self.database_settings(id, settings),
            Object::DefaultPrivileges(held) => self.default_privileges(id, held),
            Object::Raw(raw) => self.raw(node, raw),
            Object::Shape(shape) => self.shape(node, shape),
            Object::Seed(seed) => self.seed(node, seed),
            Object::Table(_)
            | Object::Column(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::View(_)
            | Object::Trigger(_)
            | Object::Policy(_)
            | Object::Transitions(_)
            | Object::Opaque => {}
        }
    }

    /// What every object may be told, in the order head, owner, comment, grants.
    fn clauses(&self, node: &Node) -> Vec<String> {
        let mut clauses = Vec::new();
        clauses.extend(node.owner.as_ref().map(|o| format!("owner {}", name(o))));
        clauses.push(comment_clause(node.comment.as_deref()));
        clauses.extend(grants(node));
        clauses
    }

    fn simple(&mut self, node: &Node, mut parts: Vec<String>) {
        parts.extend(self.clauses(node));
        let text = docs(node.comment.as_deref(), "") + &fitted("", parts);
        self.of(&node.id, text);
    }

    fn database_settings(&mut self, id: &Id, settings: &Settings) {
        let head = match id.name.as_str() {
            "" => "database".to_owned(),
            _ => format!("database for role {}", name(&id.name)),
        };
        let set = settings
            .iter()
            .map(|(setting, value)| format!("set {setting} = {}", setting_value(setting, value)));
        let parts = std::iter::once(head).chain(set).collect();
        self.of(id, fitted("", parts));
    }

    fn role(&mut self, node: &Node, role: &Role) {
        let mut parts = vec![format!("role {}", name(&node.id.name))];
        let mut flag = |on: bool, word: &str| {
            if on {
                parts.push(word.to_owned());
            }
        };
        flag(role.login, "login");
        flag(role.superuser, "superuser");
        flag(role.create_database, "createdb");
        flag(role.create_role, "createrole");
        flag(!role.inherit, "noinherit");
        flag(role.replication, "replication");
        flag(role.bypass_row_security, "bypassrls");
        if role.connection_limit != -1 {
            parts.push(format!("connection limit {}", role.connection_limit));
        }
        if !role.member_of.is_empty() {
            let groups: Vec<String> = role
                .member_of
                .iter()
                .map(|(group, admin)| {
                    let admin = if *admin { " with admin option" } else { "" };
                    format!("{}{admin}", name(group))
                })
                .collect();
            parts.push(format!("member of {}", groups.join(", ")));
        }
        for (setting, value) in &role.settings {
            parts.push(format!("set {setting} = {}", setting_value(setting, value)));
        }
        self.simple(node, parts);
    }

    fn extension(&mut self, node: &Node, extension: &Extension) {
        let mut parts = vec![format!("extension {}", name(&node.id.name))];
        parts.extend(
            extension
                .schema
                .as_ref()
                .map(|s| format!("in schema {}", name(s))),
        );
        parts.extend(
            extension
                .version
                .as_ref()
                .map(|v| format!("version {}", quote::literal(v))),
        );
        self.simple(node, parts);
    }

    fn enumeration(&mut self, node: &Node, object: &Enum) {
        let label = |label: &str| match quoted_name(label) {
            bare if bare == label && label != "was" => bare,
            _ => quote::literal(label),
        };
        let labels: Vec<String> = object.labels.iter().map(|l| label(l)).collect();
        let block = match labels.iter().map(|l| l.len() + 2).sum::<usize>() {
            0..=70 => format!("{{ {} }}", labels.join(", ")),
            _ => format!("{{\n  {}\n}}", labels.join("\n  ")),
        };
        let head = format!("enum {}", qname(&node.id.schema, &node.id.name));
        let mut parts = vec![head];
        parts.extend(self.clauses(node));
        let text = docs(node.comment.as_deref(), "") + &fitted("", parts);
        self.of(&node.id, format!("{text} {block}"));
    }

    fn domain(&mut self, node: &Node, domain: &Domain) {
        let id = &node.id;
        let nullable = if domain.not_null { "" } else { "?" };
        let mut parts = vec![format!(
            "domain {} {}{nullable}",
            qname(&id.schema, &id.name),
            type_name(&domain.base)
        )];
        parts.extend(
            domain
                .collation
                .as_ref()
                .map(|c| format!("collate {}", of_pair(c))),
        );
        parts.extend(
            domain
                .default
                .as_ref()
                .map(|d| format!("default {}", self.bare(id, d))),
        );
        for check in &domain.checks {
            let valid = if check.validated { "" } else { " not valid" };
            let comment = check
                .comment
                .as_ref()
                .map_or(String::new(), |c| format!(" comment {}", quote::literal(c)));
            let condition = self.paren(id, &check.condition);
            parts.push(format!(
                "check {} {condition}{valid}{comment}",
                name(&check.name)
            ));
        }
        // A comment behind a check would be the check's.
        let comment = comment_clause(node.comment.as_deref());
        if !comment.is_empty() {
            parts.insert(1, comment);
        }
        parts.extend(node.owner.as_ref().map(|o| format!("owner {}", name(o))));
        parts.extend(grants(node));
        let text = docs(node.comment.as_deref(), "") + &fitted("", parts);
        self.of(id, text);
    }

    fn composite(&mut self, node: &Node, composite: &Composite) {
        let mut parts = vec![format!("type {}", qname(&node.id.schema, &node.id.name))];
        parts.extend(self.clauses(node));
        let mut text = docs(node.comment.as_deref(), "") + &fitted("", parts);
        text.push_str(" {\n");
        for attribute in &composite.attributes {
            text.push_str(&docs(attribute.comment.as_deref(), "  "));
            let collation = attribute
                .collation
                .as_ref()
                .map_or(String::new(), |c| format!(" collate {}", of_pair(c)));
            text.push_str(&format!(
                "  {} {}{collation}\n",
                name(&attribute.name),
                type_name(&attribute.ty)
            ));
        }
        text.push('}');
        self.of(&node.id, text);
    }

    fn range(&mut self, node: &Node, range: &Range) {
        let id = &node.id;
        let mut options = vec![format!("subtype = {}", type_name(&range.subtype))];
        let mut option = |word: &str, pair: &Option<(crate::Name, crate::Name)>| {
            if let Some(pair) = pair {
                options.push(format!("{word} = {}", of_pair(pair)));
            }
        };
        option("subtype_opclass", &range.operator_class);
        option("collation", &range.collation);
        option("canonical", &range.canonical);
        option("subtype_diff", &range.subtype_diff);
        let own = id.name.as_str();
        let usual = match own.rfind("range") {
            Some(at) => format!("{}multirange{}", &own[..at], &own[at + 5..]),
            None => crate::names::object_name(own, None, "multirange"),
        };
        if *range.multirange != *usual {
            options.push(format!(
                "multirange_type_name = {}",
                name(&range.multirange)
            ));
        }
        let head = format!("range {} ({})", qname(&id.schema, own), options.join(", "));
        self.simple(node, vec![head]);
    }

    fn sequence(&mut self, node: &Node, sequence: &Sequence) {
        let unlogged = if sequence.unlogged { "unlogged " } else { "" };
        let mut parts = vec![format!(
            "{unlogged}sequence {}",
            qname(&node.id.schema, &node.id.name)
        )];
        if !sequence.ty.is("bigint") {
            parts.push(format!("as {}", type_name(&sequence.ty)));
        }
        parts.push(sequence_options(&sequence.ty, &sequence.options));
        if let Some(column) = &sequence.owned_by {
            let table = qname(&column.schema, &column.name);
            parts.push(format!("owned by {table}.{}", name(&column.part)));
        }
        self.simple(node, parts);
    }

    fn define(&mut self, node: &Node, defined: &Defined) {
        let id = &node.id;
        let words = id.kind.word().replace('-', " ");
        let mut parts = vec![format!("define {words} {}", target(id))];
        parts.push(quote::dollar(&defined.definition.text));
        parts.extend(defined.then.iter().map(|t| quote::dollar(&t.text)));
        self.simple(node, parts);
    }

    fn raw(&mut self, node: &Node, raw: &Raw) {
        let mut text = docs(node.comment.as_deref(), "");
        text.push_str(&format!("raw {} {{\n", name(&node.id.name)));
        text.push_str(&format!("  up {}\n", quote::dollar(&raw.up.text)));
        match &raw.down {
            Some(down) => text.push_str(&format!("  down {}\n", quote::dollar(&down.text))),
            None => text.push_str("  down none\n"),
        }
        let named = |id: &Id| match id.schema.is_empty() {
            true => name(&id.name),
            false => qname(&id.schema, &id.name),
        };
        let whole = |id: &&Id| !id.kind.is_part_of_relation();
        let after: Vec<String> = node.needs.iter().filter(whole).map(named).collect();
        if !after.is_empty() {
            text.push_str(&format!("  after {}\n", after.join(", ")));
        }
        let before: Vec<String> = self
            .schema
            .nodes()
            .filter(|n| whole(&&n.id) && n.needs.contains(&node.id))
            .map(|n| named(&n.id))
            .collect();
        if !before.is_empty() {
            text.push_str(&format!("  before {}\n", before.join(", ")));
        }
        text.push('}');
        self.of(&node.id, text);
    }
}

/// What a definition is called behind its kind.
fn target(id: &Id) -> String {
    let own = qname(&id.schema, &id.name);
    match id.kind {
        Kind::Aggregate if id.part.is_empty() => format!("{own}(*)"),
        Kind::Aggregate => format!("{own}({})", id.part),
        Kind::Operator => {
            let schema = match id.schema.as_str() {
                "public" | "" => String::new(),
                schema => format!("{}.", name(schema)),
            };
            format!("{schema}{} ({})", id.name, id.part)
        }
        Kind::OperatorClass | Kind::OperatorFamily => format!("{own} using {}", name(&id.part)),
        Kind::Cast => format!("({} as {})", id.name, id.part),
        Kind::Rule => format!("{} on {own}", name(&id.part)),
        Kind::UserMapping => format!("for {} server {}", name(&id.name), name(&id.part)),
        Kind::Transform => format!("for {} language {}", id.name, name(&id.part)),
        _ => own,
    }
}
