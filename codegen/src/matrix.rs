//! The matrix as it is shown, whatever the format.

use std::collections::BTreeMap;

use conformance::access::{Answer, Got, Verb};
use model::schema::{
    COMMANDS, Columns, ConstraintBody, Meant, Persona, Privilege, Schema, StateIs, Tie,
};
use model::{Id, Kind};
use serde::Serialize;

/// One project's matrix.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    pub(crate) project: String,
    pub(crate) personas: Vec<PersonaView>,
    pub(crate) tables: Vec<TableView>,
    /// Whether personas have acted.
    pub(crate) acted: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct PersonaView {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) about: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct TableView {
    pub(crate) name: String,
    /// For a view, the table whose rows it shows.
    pub(crate) of: Option<String>,
    /// How rows belong to persons.
    pub(crate) ties: Vec<String>,
    pub(crate) rows: Vec<RowView>,
    /// What differs for rows in a state.
    pub(crate) states: Vec<StateView>,
    /// Each difference between what was meant and what was found.
    pub(crate) differences: Vec<Difference>,
    /// Why something could not be tried.
    pub(crate) undecided: Vec<String>,
    #[serde(skip)]
    pub(crate) id: Id,
}

/// What one persona may do.
#[derive(Debug, Serialize)]
pub(crate) struct RowView {
    pub(crate) persona: String,
    pub(crate) cells: Vec<CellView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct StateView {
    pub(crate) state: String,
    pub(crate) rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct CellView {
    pub(crate) command: &'static str,
    pub(crate) meant: bool,
    /// The columns it is limited to.
    pub(crate) columns: Option<Vec<String>>,
    /// Whether what was found is what was meant; none where it was not tried, or showed nothing.
    pub(crate) as_meant: Option<bool>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Difference {
    pub(crate) persona: String,
    pub(crate) row: String,
    pub(crate) command: String,
    pub(crate) meant: &'static str,
    pub(crate) got: &'static str,
    pub(crate) detail: Option<String>,
}

impl View {
    /// The matrix as it is meant.
    pub(crate) fn meant(project: &str, schema: &Schema) -> Self {
        let intent = schema.intent();
        let personas = intent.personas.iter().map(|p| PersonaView {
            name: p.name.to_string(),
            role: p.role.to_string(),
            about: p.comment.as_deref().map(|c| c.replace('\n', " ")),
        });
        let tables = intent.relations.iter().map(|(id, meant)| TableView {
            name: said(id),
            of: meant.of.as_ref().map(said),
            ties: ties(schema, meant),
            rows: intent
                .personas
                .iter()
                .filter_map(|p| row(p, meant.cells.get(&p.name)))
                .collect(),
            states: meant
                .states
                .iter()
                .map(|state| StateView {
                    state: match &state.is {
                        StateIs::Set => format!("{} is set", state.column),
                        StateIs::Null => format!("{} is null", state.column),
                        StateIs::Value(value) => format!("{} = {}", state.column, value.text),
                    },
                    rows: intent
                        .personas
                        .iter()
                        .filter_map(|p| row(p, state.cells.get(&p.name)))
                        .collect(),
                })
                .collect(),
            differences: Vec::new(),
            undecided: Vec::new(),
            id: id.clone(),
        });
        View {
            project: project.to_owned(),
            personas: personas.collect(),
            tables: tables.collect(),
            acted: false,
        }
    }

    /// Notes what became of the tries of one table.
    pub(crate) fn found(&mut self, table: &Id, answer: &Answer) {
        self.acted = true;
        let Some(view) = self.tables.iter_mut().find(|t| t.id == *table) else {
            return;
        };
        let found = match answer {
            Ok(found) => found,
            Err(why) => return view.undecided.push(why.clone()),
        };
        let mut marks: BTreeMap<(String, &'static str), Option<bool>> = BTreeMap::new();
        for probe in &found.probes {
            let command = word(&probe.verb);
            let mark = marks
                .entry((probe.persona.to_string(), command))
                .or_default();
            match probe.is_as_meant() {
                Some(true) => *mark = mark.or(Some(true)),
                Some(false) => *mark = Some(false),
                None => view.undecided.push(probe.to_string()),
            }
            if probe.is_as_meant() == Some(false) {
                let said = |allowed| if allowed { "allowed" } else { "refused" };
                view.differences.push(Difference {
                    persona: probe.persona.to_string(),
                    row: probe.row.clone(),
                    command: probe.verb.to_string(),
                    meant: said(probe.meant),
                    got: said(probe.got == Got::Allowed),
                    detail: match &probe.got {
                        Got::Refused(why) => Some(why.clone()),
                        _ => None,
                    },
                });
            }
        }
        for row in &mut view.rows {
            for cell in &mut row.cells {
                let key = (row.persona.clone(), cell.command);
                cell.as_meant = marks.get(&key).copied().flatten();
            }
        }
    }

    /// Whether anything was found that was not meant.
    pub(crate) fn differs(&self) -> bool {
        self.tables.iter().any(|t| !t.differences.is_empty())
    }
}

/// The command under which a try is shown.
fn word(verb: &Verb) -> &'static str {
    match verb {
        Verb::Select | Verb::Through(_) => "select",
        Verb::Insert | Verb::Returning | Verb::Upsert => "insert",
        Verb::Update | Verb::Move => "update",
        Verb::Delete => "delete",
        Verb::Truncate => "truncate",
    }
}

fn row(persona: &Persona, cell: Option<&model::schema::Cell>) -> Option<RowView> {
    let cell = cell?;
    let cells = COMMANDS.into_iter().map(|command| {
        let columns = cell.allowed.get(&command);
        CellView {
            command: lower(command),
            meant: columns.is_some(),
            columns: match columns {
                Some(Columns::Only(names)) => Some(names.iter().map(|n| n.to_string()).collect()),
                _ => None,
            },
            as_meant: None,
        }
    });
    Some(RowView {
        persona: persona.name.to_string(),
        cells: cells.collect(),
    })
}

fn lower(command: Privilege) -> &'static str {
    match command {
        Privilege::Insert => "insert",
        Privilege::Update => "update",
        Privilege::Delete => "delete",
        Privilege::Truncate => "truncate",
        _ => "select",
    }
}

pub(crate) fn said(id: &Id) -> String {
    let full = Id::in_schema(Kind::Table, id.schema.clone(), id.name.clone()).to_string();
    full.strip_prefix("public.")
        .map(str::to_owned)
        .unwrap_or(full)
}

/// How rows belong to persons, a line for each way.
fn ties(schema: &Schema, meant: &Meant) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, ways) in &meant.ties {
        for way in ways {
            lines.push(format!(
                "{name}: {} is the person's {}",
                path(schema, way),
                way.fact
            ));
        }
    }
    lines
}

fn path(schema: &Schema, way: &Tie) -> String {
    let columns = |id: &Id| -> String {
        let constraint = schema.get(id).and_then(|n| n.object.as_constraint());
        match constraint.map(|c| &c.body) {
            Some(ConstraintBody::ForeignKey(key)) => {
                let names: Vec<&str> = key.columns.iter().map(|c| c.as_str()).collect();
                names.join("+")
            }
            _ => id.part.to_string(),
        }
    };
    let mut parts: Vec<String> = way.path.iter().map(columns).collect();
    match &way.member {
        Some(member) => parts.push(format!("{} of a row of {}", way.column, member.name)),
        None => parts.push(way.column.to_string()),
    }
    parts.join(".")
}
