//! Tables: the head, and everything that stands in the block.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{Covered, column_grants, grants};
use super::layout::fitted;
use super::mixin::{Line, Mixin, repeated};
use super::template::{self, Access};
use super::text::{comment_clause, docs, name, plain_string, qname, settings, type_name};
use super::{Form, Printer};
use crate::schema::{
    Audited, Constraint, Id, Kind, Name, Node, ReplicaIdentity, Table, Transitions,
};

const INDENT: &str = "  ";

impl<'a> Printer<'a> {
    pub(super) fn table(&mut self, node: &Node) {
        let Some(table) = node.object.as_table() else {
            return;
        };
        let id = &node.id;
        let head = docs(node.comment.as_deref(), "") + &self.table_head(node, table);
        let start = self.out.text.len();
        self.lines(format!("{head} {{"));
        let opened = self.out.text.len();
        self.table_columns(id);
        self.table_rest(node, table);
        let body = &mut self.out.text;
        if body.len() == opened {
            body.truncate(opened - 3);
            // A block without a line is left out where a partition says nothing of its own.
            body.push_str(if table.partition_of.is_some() {
                "\n"
            } else {
                " {\n}\n"
            });
        } else {
            if body.ends_with("\n\n") {
                body.pop();
            }
            body.push_str("}\n");
        }
        let end = self.out.text.len();
        self.out.places.push((start, end, id.clone()));
    }

    fn table_head(&self, node: &Node, table: &Table) -> String {
        let word = match (&table.foreign, table.unlogged) {
            (Some(_), _) => "foreign table",
            (None, true) => "unlogged table",
            (None, false) => "table",
        };
        let mut head = format!("{word} {}", qname(&node.id.schema, &node.id.name));
        if let Some(of) = &table.of_type {
            head.push_str(&format!(" of {}", type_name(of)));
        }
        if !table.inherits.is_empty() {
            let parents: Vec<String> = table
                .inherits
                .iter()
                .map(|p| qname(&p.schema, &p.name))
                .collect();
            head.push_str(&format!(" inherits ({})", parents.join(", ")));
        }
        if let Some(partition) = &table.partition_of {
            let parent = qname(&partition.parent.schema, &partition.parent.name);
            head.push_str(&format!(" partition of {parent} {}", partition.bound.text));
        }
        if let Some(key) = &table.partition_key {
            head.push_str(&format!(" partition by {}", key.definition.text));
        }
        if let Some(foreign) = &table.foreign {
            head.push_str(&format!(" server {}", name(&foreign.server)));
            if !foreign.options.is_empty() {
                let all: Vec<String> = foreign
                    .options
                    .iter()
                    .map(|(n, v)| format!("{} = {}", name(n), plain_string(v)))
                    .collect();
                head.push_str(&format!(" options ({})", all.join(", ")));
            }
        }
        if let Some(method) = &table.access_method {
            head.push_str(&format!(" using {}", name(method)));
        }
        if let Some(owner) = &node.owner {
            head.push_str(&format!(" owner {}", name(owner)));
        }
        let comment = comment_clause(node.comment.as_deref());
        if !comment.is_empty() {
            head.push_str(&format!(" {comment}"));
        }
        head
    }

    /// Columns, and the constraints that stand behind them; then those that don't.
    fn table_columns(&mut self, id: &Id) {
        let (lines, alone) = self.column_lines(id);
        let included = self.included(id);
        let mut skip = 0;
        for (at, line) in lines.into_iter().enumerate() {
            let column = id.within(Kind::Column, line.column.as_str());
            if let Some((_, mixin)) = included.iter().find(|(start, _)| *start == at) {
                skip = mixin.lines.len();
                self.of(&column, format!("{INDENT}include {}", mixin.name));
            }
            if skip == 0 {
                self.of(&column, line.text);
            }
            skip = skip.saturating_sub(1);
        }
        if !alone.is_empty() {
            self.blank();
        }
        for (node, constraint) in alone {
            self.constraint(node, constraint, INDENT);
        }
    }

    /// Finds what the tables have in common, and prints it.
    pub(super) fn mixins(&mut self, tables: &[Id]) {
        let lines: Vec<Vec<Line>> = tables.iter().map(|id| self.column_lines(id).0).collect();
        let (mixins, included) = repeated(&lines);
        self.mixins = mixins;
        self.included = tables.iter().cloned().zip(included).collect();
        for mixin in self.mixins.clone() {
            self.blank();
            self.lines(format!(
                "mixin {} {{\n{}}}",
                mixin.name,
                mixin.lines.concat()
            ));
        }
    }

    /// Finds what the tables say of access in the same words, and prints it.
    pub(super) fn templates(&mut self, tables: &[Id], apart: &BTreeSet<Id>) {
        let mut saying = Vec::new();
        let mut of = Vec::new();
        for node in tables.iter().filter_map(|id| self.schema.get(id)) {
            if apart.contains(&node.id) {
                continue;
            }
            let (lines, covered) = self.access(node);
            if !lines.is_empty() {
                let columns = self.schema.columns(&node.id);
                saying.push(Access {
                    table: node.id.name.to_string(),
                    columns: columns.iter().map(|(c, _)| c.id.part.to_string()).collect(),
                    lines,
                });
                of.push((&node.id, covered));
            }
        }
        let (templates, uses) = template::repeated(&saying);
        for template in templates {
            let parameter = template
                .parameter
                .map(|p| p + " column")
                .unwrap_or_default();
            let lines = template
                .lines
                .into_iter()
                .map(|line| fitted(INDENT, line) + "\n");
            let lines: String = lines.collect();
            self.blank();
            self.lines(format!(
                "template {}({parameter}) {{\n{lines}}}",
                template.name
            ));
        }
        for (at, uses) in uses {
            let (id, covered) = &of[at];
            let shared = self.shared.entry((*id).clone()).or_default();
            for one in uses {
                shared.uses.push(one.line);
                let lines = one.covered.into_iter().map(|line| covered[line].clone());
                shared.covered.extend(lines);
            }
        }
    }

    /// The mixins of a table, each with the place of its first column.
    fn included(&self, id: &Id) -> Vec<(usize, Mixin)> {
        let own = self.included.get(id).into_iter().flatten();
        own.filter_map(|(at, mixin)| Some((*at, self.mixins.get(*mixin)?.clone())))
            .collect()
    }

    /// The columns of a table, each with what stands behind it, and the constraints left over.
    fn column_lines(&self, id: &Id) -> (Vec<Line>, Vec<(&'a Node, &'a Constraint)>) {
        let schema = self.schema;
        let mut lines = Vec::new();
        let mut behind: BTreeMap<Name, Vec<String>> = BTreeMap::new();
        let mut alone = Vec::new();
        for (node, constraint) in schema.constraints(id) {
            if node.derived_from.is_some() && self.form(&node.id) == Form::Short {
                continue;
            }
            if constraint.inherited && self.form(&node.id) == Form::Short {
                continue;
            }
            match self
                .inline(node, constraint)
                .filter(|(c, _)| self.is_printed(id, c))
            {
                Some((column, clause)) => behind.entry(column).or_default().push(clause),
                None => alone.push((node, constraint)),
            }
        }
        for (node, column) in schema.columns(id) {
            if self.is_printed(id, &node.id.part) {
                let clauses = behind.remove(&node.id.part).unwrap_or_default();
                let own = clauses.iter().any(|c| c.contains("primary key"));
                lines.push(Line {
                    column: node.id.part.to_string(),
                    text: self.column(node, column, &clauses, INDENT) + "\n",
                    may_repeat: !own,
                });
            }
        }
        (lines, alone)
    }

    /// Whether a column has a line: one that is inherited needs none while it says nothing new.
    fn is_printed(&self, table: &Id, column: &Name) -> bool {
        let id = table.within(Kind::Column, column.clone());
        let Some(node) = self.schema.get(&id) else {
            return false;
        };
        let Some(column) = node.object.as_column() else {
            return false;
        };
        let typed = self
            .schema
            .get(table)
            .and_then(|t| t.object.as_table())
            .is_some_and(|t| t.of_type.is_some());
        !column.inherited && !typed
            || node.comment.is_some()
            || column.statistics.is_some()
            || !column.options.is_empty()
            || !column.foreign_options.is_empty()
            || column.identity.is_some()
            || self.form(&id) != Form::Short
    }

    fn table_rest(&mut self, node: &Node, table: &Table) {
        let (schema, id) = (self.schema, &node.id);
        self.blank();
        for (index, object) in schema.indexes(id).filter(|(n, _)| n.derived_from.is_none()) {
            if object.parent.is_none() || self.form(&index.id) != Form::Short || !self.rides(index)
            {
                self.index(index, object, INDENT);
            }
        }
        self.blank();
        if table.writes.append_only {
            self.of(id, format!("{INDENT}append only"));
        }
        if let Some(audited) = &table.writes.audited {
            self.of(id, format!("{INDENT}{}", line_of(audited)));
        }
        for part in schema.parts(id, Kind::Transitions) {
            if let Some(transitions) = part.object.as_transitions() {
                self.transitions(part, transitions);
            }
        }
        for (part, trigger) in schema
            .triggers(id)
            .filter(|(n, _)| n.derived_from.is_none())
        {
            if !trigger.inherited || self.form(&part.id) != Form::Short {
                self.trigger(part, trigger, INDENT);
            }
        }
        self.blank();
        let has_policy = schema.policies(id).next().is_some();
        let state = match (table.row_security, table.force_row_security) {
            (true, true) => Some("rls forced"),
            (false, true) => Some("rls forced disabled"),
            (true, false) if !has_policy => Some("rls enabled"),
            (false, false) if has_policy => Some("rls disabled"),
            _ => None,
        };
        if let Some(state) = state {
            self.of(id, format!("{INDENT}{state}"));
        }
        let shared = self.shared.get(id).cloned().unwrap_or_default();
        for line in &shared.uses {
            self.of(id, format!("{INDENT}{line}"));
        }
        for (part, policy) in schema.policies(id) {
            let covered = Covered::Policy(part.id.part.clone());
            if !shared.covered.contains(&covered) {
                self.policy(part, policy, INDENT);
            }
        }
        for line in grants(node) {
            if !shared.covered.contains(&Covered::Grant(line.clone())) {
                self.of(id, format!("{INDENT}{line}"));
            }
        }
        let columns: Vec<&Node> = schema.columns(id).into_iter().map(|(n, _)| n).collect();
        for line in column_grants(&columns) {
            self.of(id, format!("{INDENT}{line}"));
        }
        self.blank();
        self.storage(id, table);
    }

    fn storage(&mut self, id: &Id, table: &Table) {
        if !table.parameters.is_empty() {
            self.of(id, format!("{INDENT}with {}", settings(&table.parameters)));
        }
        if let Some(space) = &table.tablespace {
            self.of(id, format!("{INDENT}tablespace {}", name(space)));
        }
        let identity = match &table.replica_identity {
            ReplicaIdentity::Default => return,
            ReplicaIdentity::Full => "full".to_owned(),
            ReplicaIdentity::Nothing => "nothing".to_owned(),
            ReplicaIdentity::Index(index) => format!("using index {}", name(index)),
        };
        self.of(id, format!("{INDENT}replica identity {identity}"));
    }

    /// Whether an index comes with that of the partitioned table.
    fn rides(&self, index: &Node) -> bool {
        index.comment.is_none() && index.owner.is_none()
    }

    fn transitions(&mut self, node: &Node, transitions: &Transitions) {
        let mut text = docs(node.comment.as_deref(), INDENT);
        text.push_str(&format!("{INDENT}transitions {} {{\n", name(&node.id.part)));
        let state = |s: &str| {
            if s == "initial" || s == "frozen" || crate::syntax::quoted_name(s) != s {
                crate::quote::literal(s)
            } else {
                s.to_owned()
            }
        };
        let list = |all: &[&str]| all.iter().map(|s| state(s)).collect::<Vec<_>>().join(", ");
        if !transitions.initial.is_empty() {
            let all: Vec<&str> = transitions.initial.iter().map(|s| &**s).collect();
            text.push_str(&format!("    initial {}\n", list(&all)));
        }
        for same in transitions.edges.chunk_by(|a, b| a.0 == b.0) {
            let to: Vec<&str> = same.iter().map(|(_, to)| &**to).collect();
            text.push_str(&format!("    {} -> {}\n", state(&same[0].0), list(&to)));
        }
        for same in transitions.frozen.chunk_by(|a, b| a.1 == b.1) {
            let states: Vec<&str> = same.iter().map(|(s, _)| &**s).collect();
            let except = if same[0].1.is_empty() {
                String::new()
            } else {
                format!(" except ({})", super::text::names(&same[0].1))
            };
            text.push_str(&format!("    frozen {}{except}\n", list(&states)));
        }
        text.push_str(&format!("{INDENT}}}"));
        self.of(&node.id, text);
    }
}

/// `audited into TRAIL (COLUMN = COLUMN) except (COLUMN)`.
fn line_of(audited: &Audited) -> String {
    let mut line = format!(
        "audited into {}",
        qname(&audited.into.schema, &audited.into.name)
    );
    if !audited.columns.is_empty() {
        let columns = audited.columns.iter();
        let columns: Vec<String> = columns
            .map(|(trail, own)| format!("{} = {}", name(trail), name(own)))
            .collect();
        line.push_str(&format!(" ({})", columns.join(", ")));
    }
    if !audited.except.is_empty() {
        line.push_str(&format!(
            " except ({})",
            super::text::names(&audited.except)
        ));
    }
    line
}
