//! Constraints of tables: behind the column they are of, or in a line of their own.
//!
//! A name is left out only where PostgreSQL would choose it.

use super::index::middle;
use super::layout::fitted;
use super::text::{comment_clause, docs, name, names, parameters, qname};
use super::{Form, Printer};
use crate::expr::lexer::{self, TokenKind};
use crate::names as usual;
use crate::quote;
use crate::schema::{
    Check, Constraint, ConstraintBody, Deferrable, ForeignKey, ForeignKeyAction, Id, IndexKey,
    MatchKind, Name, Node, UniqueKey,
};

/// The longest clause that stands behind a column.
const INLINE: usize = 60;

impl Printer<'_> {
    /// The column a constraint may stand behind, and its clause there.
    pub(super) fn inline(&self, node: &Node, constraint: &Constraint) -> Option<(Name, String)> {
        if self.form(&node.id) != Form::Short || node.comment.is_some() || constraint.inherited {
            return None;
        }
        let deferral = deferral(constraint.deferrable);
        let (column, clause) = match &constraint.body {
            ConstraintBody::PrimaryKey(key) => (
                only(&key.columns).filter(|_| is_plain(key))?,
                "primary key".to_owned(),
            ),
            ConstraintBody::Unique(key) => {
                let column = only(&key.columns).filter(|_| is_plain(key))?;
                let nulls = if key.nulls_not_distinct {
                    " nulls not distinct"
                } else {
                    ""
                };
                (column, format!("unique{nulls}"))
            }
            ConstraintBody::ForeignKey(key) if !key.period => {
                (only(&key.columns)?, self.references(key))
            }
            ConstraintBody::Check(check) => {
                return self.inline_check(node, constraint, check);
            }
            _ => return None,
        };
        let mut clause = joined([clause, deferral, self.state(constraint)]);
        if *node.id.part != *self.usual_name(node, constraint) {
            clause = format!("constraint {} {clause}", name(&node.id.part));
        }
        Some((column.clone(), clause))
    }

    fn inline_check(
        &self,
        node: &Node,
        constraint: &Constraint,
        check: &Check,
    ) -> Option<(Name, String)> {
        let column = self.mentioned(&node.id, &check.condition.text)?;
        let text = &*check.condition.text;
        let own = quote::ident(&column);
        let unusual = *node.id.part != *usual::object_name(&node.id.name, Some(&column), "check");
        let named = if unusual {
            format!(" {}", name(&node.id.part))
        } else {
            String::new()
        };
        let values = text
            .strip_prefix(&*own)
            .and_then(|t| t.strip_prefix(" in ("));
        let state = joined([no_inherit(check), self.state(constraint)]);
        let clause = match values {
            Some(values) if is_list(values) && state.is_empty() => {
                let check = if unusual {
                    format!("check{named} ")
                } else {
                    String::new()
                };
                format!("{check}in ({values}")
            }
            _ if text.len() > INLINE => return None,
            _ => joined([format!("check{named} ({text})"), state]),
        };
        Some((column, clause))
    }

    /// The column that a condition names, where it names only one.
    fn mentioned(&self, id: &Id, text: &str) -> Option<Name> {
        let table = Id::table(id.schema.clone(), id.name.clone());
        let mut found: Option<Name> = None;
        for token in lexer::tokens(text, false) {
            let word = match token.kind {
                TokenKind::Word => token.text(text).to_owned(),
                TokenKind::Quoted => token.text(text).trim_matches('"').replace("\"\"", "\""),
                _ => continue,
            };
            if self.schema.column(&table, &word).is_none() {
                continue;
            }
            if found.as_ref().is_some_and(|f| **f != *word) {
                return None;
            }
            found = Some(Name::from(word));
        }
        found
    }

    /// A constraint in a line of its own.
    pub(super) fn constraint(&mut self, node: &Node, constraint: &Constraint, indent: &str) {
        let id = &node.id;
        let given =
            if self.form(id) != Form::Short || *id.part != *self.usual_name(node, constraint) {
                format!(" {}", name(&id.part))
            } else {
                String::new()
            };
        let mut parts = match &constraint.body {
            ConstraintBody::PrimaryKey(key) => unique("primary key", &given, key),
            ConstraintBody::Unique(key) => unique("unique", &given, key),
            ConstraintBody::Check(check) => vec![
                format!("check{given} {}", self.paren(id, &check.condition)),
                no_inherit(check),
            ],
            ConstraintBody::ForeignKey(key) => {
                let last = key.columns.len() - 1;
                let columns: Vec<String> = key
                    .columns
                    .iter()
                    .enumerate()
                    .map(|(i, c)| match key.period && i == last {
                        true => format!("period {}", name(c)),
                        false => name(c),
                    })
                    .collect();
                vec![
                    format!("foreign key{given} ({})", columns.join(", ")),
                    self.references(key),
                ]
            }
            ConstraintBody::Exclusion(exclusion) => {
                let elements: Vec<String> = exclusion
                    .elements
                    .iter()
                    .map(|(key, operator)| format!("{} with {operator}", self.key(id, key)))
                    .collect();
                let mut parts = vec![format!(
                    "exclude{given} using {} ({})",
                    name(&exclusion.method),
                    elements.join(", ")
                )];
                if !exclusion.include.is_empty() {
                    parts.push(format!("include ({})", names(&exclusion.include)));
                }
                if !exclusion.parameters.is_empty() {
                    parts.push(format!("with {}", parameters(&exclusion.parameters)));
                }
                if let Some(space) = &exclusion.tablespace {
                    parts.push(format!("tablespace {}", name(space)));
                }
                if let Some(predicate) = &exclusion.predicate {
                    parts.push(format!("where {}", self.paren(id, predicate)));
                }
                parts
            }
            ConstraintBody::NotNull { column, no_inherit } => {
                let spared = if *no_inherit { " no inherit" } else { "" };
                vec![format!(
                    "constraint {} not null {}{spared}",
                    name(&id.part),
                    name(column)
                )]
            }
            ConstraintBody::Other(definition) => {
                let text = quote::dollar(&definition.text);
                vec![format!("constraint {} sql {text}", name(&id.part))]
            }
        };
        if constraint.inherited {
            parts[0].insert_str(0, "inherited ");
        }
        parts.push(deferral(constraint.deferrable));
        parts.push(self.state(constraint));
        parts.push(comment_clause(node.comment.as_deref()));
        let text = docs(node.comment.as_deref(), indent) + &fitted(indent, parts);
        self.of(id, text);
    }

    fn references(&self, key: &ForeignKey) -> String {
        let target = qname(&key.target.schema, &key.target.name);
        let known = self.schema.get(&key.target).is_some_and(|t| !t.external);
        let primary = match known {
            true => self.schema.primary_key(&key.target),
            false => self.platform.primary_key(&key.target),
        };
        let columns = if !primary.is_empty() && primary == key.target_columns {
            String::new()
        } else {
            let last = key.target_columns.len().saturating_sub(1);
            let columns: Vec<String> = key
                .target_columns
                .iter()
                .enumerate()
                .map(|(i, c)| match key.period && i == last {
                    true => format!("period {}", name(c)),
                    false => name(c),
                })
                .collect();
            format!(" ({})", columns.join(", "))
        };
        let mut text = format!("references {target}{columns}");
        if key.matching == MatchKind::Full {
            text.push_str(" match full");
        }
        if key.on_delete != ForeignKeyAction::NoAction {
            text.push_str(&format!(
                " on delete {}",
                key.on_delete.sql().to_lowercase()
            ));
            if !key.delete_columns.is_empty() {
                text.push_str(&format!(" ({})", names(&key.delete_columns)));
            }
        }
        if key.on_update != ForeignKeyAction::NoAction {
            text.push_str(&format!(
                " on update {}",
                key.on_update.sql().to_lowercase()
            ));
        }
        text
    }

    fn state(&self, constraint: &Constraint) -> String {
        match (constraint.enforced, constraint.validated) {
            (false, _) => "not enforced".to_owned(),
            (true, false) => "not valid".to_owned(),
            (true, true) => String::new(),
        }
    }

    /// The name PostgreSQL would choose, numbers aside; empty where it would choose none.
    fn usual_name(&self, node: &Node, constraint: &Constraint) -> String {
        let table = node.id.name.as_str();
        let columns = |key: &[Name]| usual::columns_addition(key.iter().map(|c| c.as_str()));
        match &constraint.body {
            ConstraintBody::PrimaryKey(_) => usual::object_name(table, None, "pkey"),
            ConstraintBody::Unique(key) => {
                usual::object_name(table, Some(&columns(&key.columns)), "key")
            }
            ConstraintBody::ForeignKey(key) => {
                usual::object_name(table, Some(&columns(&key.columns)), "fkey")
            }
            ConstraintBody::Check(check) => {
                let column = self.mentioned(&node.id, &check.condition.text);
                usual::object_name(table, column.as_deref(), "check")
            }
            ConstraintBody::Exclusion(exclusion) => {
                let keys: Vec<&IndexKey> = exclusion.elements.iter().map(|(k, _)| k).collect();
                usual::object_name(table, Some(&middle(&keys)), "excl")
            }
            ConstraintBody::NotNull { .. } | ConstraintBody::Other(_) => String::new(),
        }
    }
}

fn only(columns: &[Name]) -> Option<&Name> {
    match columns {
        [one] => Some(one),
        _ => None,
    }
}

/// Whether nothing is said of a key that has no place behind a column.
fn is_plain(key: &UniqueKey) -> bool {
    key.include.is_empty()
        && key.parameters.is_empty()
        && key.tablespace.is_none()
        && !key.without_overlaps
}

fn unique(word: &str, given: &str, key: &UniqueKey) -> Vec<String> {
    let mut columns = names(&key.columns);
    if key.without_overlaps {
        columns.push_str(" without overlaps");
    }
    let mut parts = vec![format!("{word}{given} ({columns})")];
    if key.nulls_not_distinct {
        parts.push("nulls not distinct".to_owned());
    }
    if !key.include.is_empty() {
        parts.push(format!("include ({})", names(&key.include)));
    }
    if !key.parameters.is_empty() {
        parts.push(format!("with {}", parameters(&key.parameters)));
    }
    if let Some(space) = &key.tablespace {
        parts.push(format!("tablespace {}", name(space)));
    }
    parts
}

pub(super) fn deferral(deferrable: Deferrable) -> String {
    match deferrable {
        Deferrable::No => String::new(),
        Deferrable::Immediate => "deferrable".to_owned(),
        Deferrable::Deferred => "deferrable initially deferred".to_owned(),
    }
}

fn no_inherit(check: &Check) -> String {
    if check.no_inherit { "no inherit" } else { "" }.to_owned()
}

fn joined<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    parts.join(" ")
}

/// Whether the text is literals up to one closing parenthesis at its end.
fn is_list(text: &str) -> bool {
    let tokens = lexer::tokens(text, false);
    let Some((last, values)) = tokens.split_last() else {
        return false;
    };
    last.kind == TokenKind::Mark(b')')
        && values.iter().enumerate().all(|(i, token)| match i % 2 {
            0 => matches!(token.kind, TokenKind::String | TokenKind::Number),
            _ => token.kind == TokenKind::Mark(b','),
        })
}
