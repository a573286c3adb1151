//! Columns: one line each, with the constraints that stand behind them.

use super::Printer;
use super::access::identity_grants;
use super::shape;
use super::text::{
    comment_clause, docs, name, of_pair, parameters, plain_string, sequence_options, type_name,
};
use crate::names as usual;
use crate::quote;
use crate::schema::{Column, GeneratedKind, Id, IdentityMode, Kind, Node, Sequence, Type};

impl Printer<'_> {
    /// A column's line without its end; `clauses` are those of its constraints.
    pub(super) fn column(
        &self,
        node: &Node,
        column: &Column,
        clauses: &[String],
        indent: &str,
    ) -> String {
        let id = &node.id;
        let mut parts = vec![name(&id.part)];
        let serial = self.serial(node, column).is_some();
        let nullable = if column.not_null || serial { "" } else { "?" };
        let ty = match (&column.documents.0, serial) {
            (Some(shape), _) => format!("jsonb<{}>", shape::inline(shape)),
            (None, true) => serial_name(&column.ty).to_owned(),
            (None, false) => type_name(&column.ty),
        };
        parts.push(format!("{ty}{nullable}"));
        if let Some(identity) = &column.identity {
            let mode = match identity.mode {
                IdentityMode::Always => "identity",
                IdentityMode::ByDefault => "identity by default",
            };
            let mut options = sequence_options(&column.ty, &identity.sequence);
            if let Some(own) = &identity.named.0 {
                options = format!("sequence name {} {options}", name(own));
            }
            parts.push(mode.to_owned());
            if !options.is_empty() {
                parts.push(format!("({})", options.trim_end()));
            }
        }
        // What is a key is a key first; other constraints come behind the value.
        let key = |clause: &&String| clause.contains("primary key");
        parts.extend(clauses.iter().filter(key).cloned());
        if let Some(default) = column.default.as_ref().filter(|_| !serial) {
            parts.push(format!("default {}", self.bare(id, default)));
        }
        if let Some(generated) = &column.generated {
            let kind = match generated.kind {
                GeneratedKind::Stored => "stored",
                GeneratedKind::Virtual => "virtual",
            };
            parts.push(format!(
                "generated {} {kind}",
                self.paren(id, &generated.expr)
            ));
        }
        parts.extend(clauses.iter().filter(|c| !key(c)).cloned());
        parts.extend(self.column_attributes(column));
        if self.is_touched(id) {
            parts.push("touch".to_owned());
        }
        if column.soft_delete.0 {
            parts.push("soft delete".to_owned());
        }
        if let Some(part) = column.trail.0 {
            parts.push(format!("trail {}", part.word()));
        }
        if let Some(identity) = &column.identity {
            parts.extend(identity_grants(&identity.privileges));
        }
        parts.push(comment_clause(node.comment.as_deref()));
        let line = parts
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        format!("{}{indent}{line}", docs(node.comment.as_deref(), indent))
    }

    /// The clauses that a view's column may have as well.
    pub(super) fn column_attributes(&self, column: &Column) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(collation) = &column.collation {
            parts.push(format!("collate {}", of_pair(collation)));
        }
        if let Some(storage) = &column.storage {
            parts.push(format!("storage {storage}"));
        }
        if let Some(compression) = &column.compression {
            parts.push(format!("compression {compression}"));
        }
        if let Some(statistics) = column.statistics {
            parts.push(format!("statistics {statistics}"));
        }
        if !column.options.is_empty() {
            parts.push(format!("with {}", parameters(&column.options)));
        }
        if !column.foreign_options.is_empty() {
            let all: Vec<String> = column
                .foreign_options
                .iter()
                .map(|o| o.split_once('=').unwrap_or((o, "")))
                .map(|(n, v)| format!("{} = {}", name(n), plain_string(v)))
                .collect();
            parts.push(format!("options ({})", all.join(", ")));
        }
        parts
    }

    /// The sequence of a column that is `serial` in all that a sequence has.
    pub(super) fn serial(&self, node: &Node, column: &Column) -> Option<&Node> {
        let id = &node.id;
        let default = column.default.as_ref()?;
        if !column.not_null || !default.text.starts_with("nextval(") {
            return None;
        }
        let own = usual::object_name(&id.name, Some(&id.part), "seq");
        let sequence_id = Id::in_schema(Kind::Sequence, id.schema.clone(), own.as_str());
        let text = quote::literal(&quote::qualified(&id.schema, &own));
        if *default.text != *format!("nextval({text}::regclass)") {
            return None;
        }
        let found = self.schema.get(&sequence_id)?;
        if found.derived_from.is_some() {
            return Some(found);
        }
        let table = self
            .schema
            .get(&Id::table(id.schema.clone(), id.name.clone()))?;
        let same = |sequence: &Sequence| {
            sequence.ty == column.ty
                && sequence.options == crate::schema::SequenceOptions::default_for(&column.ty)
                && sequence.owned_by.as_ref() == Some(id)
                && sequence.unlogged == table.object.as_table().is_some_and(|t| t.unlogged)
        };
        let short = self.form(&sequence_id) == super::Form::Short;
        let plain = found.object.as_sequence().is_some_and(same)
            && found.comment.is_none()
            && (found.owner.is_none() || found.owner == table.owner);
        (plain && short).then_some(found)
    }

    fn is_touched(&self, column: &Id) -> bool {
        let table = Id::table(column.schema.clone(), column.name.clone());
        self.schema
            .parts(&table, Kind::Trigger)
            .any(|trigger| trigger.derived_from.as_ref() == Some(column))
    }
}

fn serial_name(ty: &Type) -> &'static str {
    match ty.name.as_str() {
        "smallint" => "smallserial",
        "bigint" => "bigserial",
        _ => "serial",
    }
}
