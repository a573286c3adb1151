//! What is meant of access: identity, personas and intents.
//!
//! Ties are written by their columns, whether they were or followed from `via`.

use std::collections::BTreeMap;

use super::Printer;
use super::text::{docs, name, names, qname};
use crate::schema::{
    COMMANDS, Cell, Columns, ConstraintBody, FactSource, ForeignKey, Id, Intent, Kind, Meant, Name,
    PersonRow, PersonValue, Persona, StateIs, Tie,
};
use crate::syntax::quoted_name;

impl Printer<'_> {
    /// Everything that is meant; nothing where nobody said.
    pub(super) fn intent(&mut self) {
        let schema = self.schema;
        let intent = schema.intent();
        if intent.is_empty() {
            return;
        }
        self.blank();
        self.identity(intent);
        for persona in &intent.personas {
            let text = self.persona(persona);
            self.lines(text);
        }
        for (id, meant) in &intent.relations {
            self.blank();
            let text = self.meant(id, meant, intent);
            self.lines(text);
        }
    }

    fn identity(&mut self, intent: &Intent) {
        let mut text = "identity {\n".to_owned();
        for fact in &intent.facts {
            let source = match &fact.source {
                Some(FactSource::Claim(path)) => {
                    let path: Vec<String> = path.iter().map(|p| quoted_name(p)).collect();
                    format!(" claim {}", path.join("."))
                }
                Some(FactSource::Setting(setting)) => format!(" setting {}", dotted(setting)),
                None => String::new(),
            };
            text.push_str(&format!(
                "  {} {}{source}\n",
                quoted_name(&fact.name),
                super::text::type_name(&fact.ty)
            ));
        }
        for row in &intent.rows {
            text.push_str(&format!("  {}\n", has(row)));
        }
        text.push_str("}\n\n");
        self.lines(text);
    }

    fn persona(&self, persona: &Persona) -> String {
        let mut text = docs(persona.comment.as_deref(), "");
        text.push_str(&format!(
            "persona {} as {}",
            quoted_name(&persona.name),
            name(&persona.role)
        ));
        if !persona.ties.is_empty() {
            text.push_str(&format!(" tied {}", listed(&persona.ties)));
        }
        if !persona.identified {
            text.push_str(" without identity");
        }
        if let Some(claims) = &persona.claims {
            text.push_str(&format!(" claims {claims}"));
        }
        for (setting, value) in &persona.settings {
            text.push_str(&format!(
                " set {} = {}",
                dotted(setting),
                crate::quote::literal(value)
            ));
        }
        for row in &persona.rows {
            text.push_str(&format!(" {}", has(row)));
        }
        text
    }

    fn meant(&self, id: &Id, meant: &Meant, intent: &Intent) -> String {
        let mut text = format!("intent {}", qname(&id.schema, &id.name));
        if let Some(of) = &meant.of {
            text.push_str(&format!(" of {}", qname(&of.schema, &of.name)));
        }
        text.push_str(" {\n");
        for (tie_name, ways) in &meant.ties {
            for way in ways {
                text.push_str(&format!(
                    "  tie {} {} = {}\n",
                    quoted_name(tie_name),
                    self.way(id, way),
                    quoted_name(&way.fact)
                ));
            }
        }
        let lines = |indent: &str, cells: &BTreeMap<Name, Cell>| -> String {
            let line = |p: &Persona| {
                let line = commands(cells.get(&p.name)?);
                Some(format!("{indent}{} {line}\n", persona_name(&p.name)))
            };
            intent.personas.iter().filter_map(line).collect()
        };
        text.push_str(&lines("  ", &meant.cells));
        for state in &meant.states {
            let is = match &state.is {
                StateIs::Set => "is set".to_owned(),
                StateIs::Null => "is null".to_owned(),
                StateIs::Value(value) => format!("= {}", value.text),
            };
            text.push_str(&format!("  when {} {is} {{\n", name(&state.column)));
            text.push_str(&lines("    ", &state.cells));
            text.push_str("  }\n");
        }
        text.push_str("}\n");
        text
    }

    /// The columns of a way, as they lead from one table to the next.
    fn way(&self, table: &Id, tie: &Tie) -> String {
        let mut here = table.clone();
        let mut parts = Vec::new();
        for hop in &tie.path {
            let Some(key) = self.reference(hop) else {
                continue;
            };
            parts.push(self.column_of(&here, hop, key));
            here = key.target.clone();
        }
        match &tie.member {
            None => parts.push(name(&tie.column)),
            Some(member) => {
                let by = self.reference(member).map(|key| {
                    let own = Id::in_schema(Kind::Table, &*member.schema, &*member.name);
                    self.column_of(&own, member, key)
                });
                parts.push(format!(
                    "{}({} by {})",
                    qname(&member.schema, &member.name),
                    name(&tie.column),
                    by.unwrap_or_default()
                ));
            }
        }
        parts.join(".")
    }

    fn reference(&self, id: &Id) -> Option<&ForeignKey> {
        match &self.schema.get(id)?.object.as_constraint()?.body {
            ConstraintBody::ForeignKey(key) => Some(key),
            _ => None,
        }
    }

    /// A column of the key that no shorter one has.
    fn column_of(&self, table: &Id, id: &Id, key: &ForeignKey) -> String {
        let shortest = |column: &&Name| {
            let keys = self
                .schema
                .constraints(table)
                .filter_map(|(node, constraint)| match &constraint.body {
                    ConstraintBody::ForeignKey(other) if other.columns.contains(*column) => {
                        Some((other.columns.len(), &node.id))
                    }
                    _ => None,
                });
            keys.min().is_some_and(|(_, first)| first == id)
        };
        let column = key.columns.iter().find(shortest).or(key.columns.first());
        column.map(|c| name(c)).unwrap_or_default()
    }
}

/// A persona's name where `tie`, `via` and `when` are words.
fn persona_name(persona: &Name) -> String {
    match persona.as_str() {
        "tie" | "via" | "when" => format!("\"{persona}\""),
        _ => quoted_name(persona),
    }
}

fn listed<'n>(all: impl IntoIterator<Item = &'n Name>) -> String {
    let all: Vec<String> = all.into_iter().map(|n| quoted_name(n)).collect();
    all.join(", ")
}

fn dotted(setting: &Name) -> String {
    let parts: Vec<String> = setting.split('.').map(quoted_name).collect();
    parts.join(".")
}

fn has(row: &PersonRow) -> String {
    let values: Vec<String> = row
        .values
        .iter()
        .map(|(column, value)| {
            let value = match value {
                PersonValue::Fact(fact) => quoted_name(fact),
                PersonValue::Literal(expr) => match expr.text.starts_with('\'') {
                    true => expr.text.to_string(),
                    false => format!("({})", expr.text),
                },
            };
            format!("{} = {value}", name(column))
        })
        .collect();
    format!(
        "has {} ({})",
        qname(&row.table.schema, &row.table.name),
        values.join(", ")
    )
}

/// What a cell allows.
pub(crate) fn commands(cell: &Cell) -> String {
    if cell.allowed.is_empty() {
        return "nothing".to_owned();
    }
    let whole = |columns: &Columns| *columns == Columns::All;
    if cell.allowed.len() == COMMANDS.len() && cell.allowed.values().all(whole) {
        return "all".to_owned();
    }
    let said: Vec<String> = cell
        .allowed
        .iter()
        .map(|(command, columns)| {
            let word = command.sql().to_lowercase();
            match columns {
                Columns::All => word,
                Columns::Only(columns) => format!("{word} ({})", names(columns)),
            }
        })
        .collect();
    said.join(", ")
}
