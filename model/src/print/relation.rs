//! Views, and what their blocks hold.

use super::access::{column_grants, grants};
use super::layout::broken;
use super::text::{comment_clause, docs, name, names, qname, settings};
use super::{Form, Printer};
use crate::quote;
use crate::schema::{Id, Node};

const INDENT: &str = "  ";

impl Printer<'_> {
    pub(super) fn view(&mut self, node: &Node) {
        let Some(view) = node.object.as_view() else {
            return;
        };
        let id = &node.id;
        let word = if view.materialized {
            "materialized view"
        } else {
            "view"
        };
        let mut text = docs(node.comment.as_deref(), "");
        text.push_str(&format!("{word} {}", qname(&id.schema, &id.name)));
        if !view.options.is_empty() {
            text.push_str(&format!(" with {}", settings(&view.options)));
        }
        if let Some(method) = &view.access_method {
            text.push_str(&format!(" using {}", name(method)));
        }
        if let Some(space) = &view.tablespace {
            text.push_str(&format!(" tablespace {}", name(space)));
        }
        if let Some(owner) = &node.owner {
            text.push_str(&format!(" owner {}", name(owner)));
        }
        let comment = comment_clause(node.comment.as_deref());
        if !comment.is_empty() {
            text.push_str(&format!(" {comment}"));
        }
        let query = match self.form(id) {
            Form::Verbatim => format!("sql {}", quote::dollar(&view.query.text)),
            _ => broken(&view.query.text, INDENT),
        };
        text.push_str(&format!(" as (\n{INDENT}{query}\n)"));
        if view.materialized && !view.populated {
            text.push_str(" with no data");
        }
        let start = self.out.text.len();
        self.lines(format!("{text} {{"));
        let opened = self.out.text.len();
        self.view_block(node);
        let body = &mut self.out.text;
        if body.len() == opened {
            body.truncate(opened - 3);
            body.push('\n');
        } else {
            body.push_str("}\n");
        }
        let end = self.out.text.len();
        self.out.places.push((start, end, id.clone()));
    }

    fn view_block(&mut self, node: &Node) {
        let (schema, id) = (self.schema, &node.id);
        for (column, object) in schema.columns(id) {
            let mut parts = self.column_attributes(object);
            if let Some(default) = &object.default {
                parts.push(format!("default {}", self.bare(&column.id, default)));
            }
            if let Some(comment) = &column.comment {
                parts.push(format!("comment {}", quote::literal(comment)));
            }
            if !parts.is_empty() {
                let line = format!(
                    "{INDENT}column {} {}",
                    name(&column.id.part),
                    parts.join(" ")
                );
                self.of(&column.id, line);
            }
        }
        for (part, index) in schema.indexes(id) {
            self.index(part, index, INDENT);
        }
        for (part, trigger) in schema
            .triggers(id)
            .filter(|(n, _)| n.derived_from.is_none())
        {
            self.trigger(part, trigger, INDENT);
        }
        for line in grants(node) {
            self.of(id, format!("{INDENT}{line}"));
        }
        let columns: Vec<&Node> = schema.columns(id).into_iter().map(|(n, _)| n).collect();
        for line in column_grants(&columns) {
            self.of(id, format!("{INDENT}{line}"));
        }
    }

    /// The names of a seed's columns.
    pub(super) fn seed(&mut self, node: &Node, seed: &crate::schema::Seed) {
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        let sample = match seed.kind {
            crate::schema::SeedKind::Sample => "sample ",
            crate::schema::SeedKind::Reference => "",
        };
        let key = if self.schema.primary_key(&table) == seed.key {
            String::new()
        } else {
            format!(" key ({})", names(&seed.key))
        };
        let mut text = docs(node.comment.as_deref(), "");
        text.push_str(&format!(
            "seed {sample}{} ({}){key} {{\n",
            qname(&node.id.schema, &node.id.name),
            names(&seed.columns)
        ));
        for row in &seed.rows {
            let values: Vec<String> = row.iter().map(|v| self.bare(&node.id, v)).collect();
            text.push_str(&format!("{INDENT}{}\n", values.join(", ")));
        }
        text.push('}');
        self.of(&node.id, text);
    }
}
