//! Indexes and the keys of indexes and exclusion constraints.
//!
//! It never prints an index that a constraint owns.

use super::layout::fitted;
use super::text::{comment_clause, docs, is_call, name, names, of_pair, parameters, qname};
use super::{Form, Printer};
use crate::expr;
use crate::names as usual;
use crate::schema::{Id, Index, IndexKey, KeyTerm, Node};

impl Printer<'_> {
    pub(super) fn key(&self, id: &Id, key: &IndexKey) -> String {
        let mut text = match &key.term {
            KeyTerm::Column(column) => name(column),
            KeyTerm::Expr(e) if self.form(id) != Form::Verbatim && is_call(&e.text) => {
                e.text.to_string()
            }
            KeyTerm::Expr(e) => self.paren(id, e),
        };
        if let Some(collation) = &key.collation {
            text.push_str(&format!(" collate {}", of_pair(collation)));
        }
        if let Some(class) = &key.operator_class {
            text.push_str(&format!(" {class}"));
        }
        if key.descending {
            text.push_str(" desc");
        }
        match (key.nulls_first, key.descending) {
            (true, false) => text.push_str(" nulls first"),
            (false, true) => text.push_str(" nulls last"),
            _ => {}
        }
        text
    }

    pub(super) fn index(&mut self, node: &Node, index: &Index, indent: &str) {
        let id = &node.id;
        let mut head = String::from(if index.unique {
            "unique index"
        } else {
            "index"
        });
        let has_children = self.attached_to.contains(id);
        if self.form(id) != Form::Short || has_children || *id.part != *usual_name(id, &index.keys)
        {
            head.push_str(&format!(" {}", name(&id.part)));
        }
        if *index.method != *"btree" {
            head.push_str(&format!(" using {}", name(&index.method)));
        }
        let keys: Vec<String> = index.keys.iter().map(|k| self.key(id, k)).collect();
        head.push_str(&format!(" ({})", keys.join(", ")));
        let mut parts = vec![head];
        if !index.include.is_empty() {
            parts.push(format!("include ({})", names(&index.include)));
        }
        if index.nulls_not_distinct {
            parts.push("nulls not distinct".to_owned());
        }
        if !index.parameters.is_empty() {
            parts.push(format!("with {}", parameters(&index.parameters)));
        }
        if let Some(space) = &index.tablespace {
            parts.push(format!("tablespace {}", name(space)));
        }
        if let Some(predicate) = &index.predicate {
            parts.push(format!("where {}", self.paren(id, predicate)));
        }
        if index.clustered {
            parts.push("clustered".to_owned());
        }
        if !index.valid {
            parts.push("invalid".to_owned());
        }
        if let Some(parent) = &index.parent {
            parts.push(format!(
                "attached to {}",
                qname(&parent.schema, &parent.part)
            ));
        }
        if !index.statistics.is_empty() {
            let all: Vec<String> = index
                .statistics
                .iter()
                .map(|(key, target)| format!("{key} {target}"))
                .collect();
            parts.push(format!("statistics ({})", all.join(", ")));
        }
        parts.push(comment_clause(node.comment.as_deref()));
        let text = docs(node.comment.as_deref(), indent) + &fitted(indent, parts);
        self.of(id, text);
    }
}

/// The middle of the name that PostgreSQL gives an index with these keys.
pub(crate) fn middle(keys: &[&IndexKey]) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|key| match &key.term {
            KeyTerm::Column(column) => column.to_string(),
            KeyTerm::Expr(expr) => expr::index_name(&expr.text),
        })
        .collect();
    let all = usual::index_column_names(keys.iter().map(String::as_str));
    usual::columns_addition(all.iter().map(String::as_str))
}

fn usual_name(id: &Id, keys: &[IndexKey]) -> String {
    let keys: Vec<&IndexKey> = keys.iter().collect();
    usual::object_name(&id.name, Some(&middle(&keys)), "idx")
}
