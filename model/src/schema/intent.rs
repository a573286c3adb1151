//! What is meant of access: who acts, how rows belong to them, and who may do what.
//!
//! It is written by reading requirements, and never derived from a policy; it is no object of the
//! database, and no plan has a step for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Expr, Id, Name, Origin, Privilege, Settings, Type};

/// Everything a model says of access, apart from what grants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// What is known of a person: an id, a tenant.
    pub facts: Vec<Fact>,
    /// The rows that every person has.
    pub rows: Vec<PersonRow>,
    /// Who acts, in the order of the text.
    pub personas: Vec<Persona>,
    /// What is meant of each table and view.
    pub relations: BTreeMap<Id, Meant>,
}

/// Something that is known of a person, and how a request shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: Name,
    /// The type of its values.
    pub ty: Type,
    /// Where a request carries it; `None` where only rows of the database tell.
    pub source: Option<FactSource>,
    /// Where it stands.
    pub origin: Origin,
}

/// Where a request carries a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactSource {
    /// A claim of the token, by its path: `app_metadata.agency_id`.
    Claim(Vec<Name>),
    /// A setting, as `current_setting` reads it.
    Setting(Name),
}

/// A row that a person has, such as a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Its table.
    pub table: Id,
    /// The columns that are said.
    pub values: BTreeMap<Name, PersonValue>,
    /// Where it stands.
    pub origin: Origin,
}

/// What a column of a person's row holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonValue {
    /// The person's fact of that name.
    Fact(Name),
    /// The same for everybody.
    Literal(Expr),
}

/// Who acts: a role, claims, and how they are related to a row.
///
/// Personas of one role with equal claims, settings and rows are the same person in front of
/// different rows: an owner is a stranger to the rows of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    /// The name.
    pub name: Name,
    /// The role a request of theirs takes.
    pub role: Name,
    /// The ties that hold between them and a row that is theirs in this sense.
    pub ties: BTreeSet<Name>,
    /// Whether their requests carry the facts; a visitor's do not.
    pub identified: bool,
    /// Further claims, a JSON object as text.
    pub claims: Option<Arc<str>>,
    /// Settings of the request.
    pub settings: Settings,
    /// Rows they have besides those that every person has, or what differs in these.
    pub rows: Vec<PersonRow>,
    /// The doc comment.
    pub comment: Option<Arc<str>>,
    /// Where the name stands.
    pub origin: Origin,
}

impl Persona {
    /// Whether both are the same person, whatever the row.
    pub fn is_same_person(&self, other: &Persona) -> bool {
        let rows = |p: &Persona| -> Vec<(Id, BTreeMap<Name, PersonValue>)> {
            p.rows
                .iter()
                .map(|r| (r.table.clone(), r.values.clone()))
                .collect()
        };
        self.role == other.role
            && self.identified == other.identified
            && self.claims == other.claims
            && self.settings == other.settings
            && rows(self) == rows(other)
    }
}

/// What is meant of one table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// For a view: the table whose rows it shows.
    pub of: Option<Id>,
    /// How a row is tied to persons, by the tie's name; several ways must all hold.
    pub ties: BTreeMap<Name, Vec<Tie>>,
    /// What each persona may do.
    pub cells: BTreeMap<Name, Cell>,
    /// What differs for rows in a state, such as deleted ones.
    pub states: Vec<RowState>,
    /// Where the name of the table stands in the block.
    pub origin: Origin,
}

/// One way in which a row is tied to a person: a column, here or further away, equals a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The fact of the person.
    pub fact: Name,
    /// The foreign keys to follow, each a constraint of the table before.
    pub path: Vec<Id>,
    /// Where the path ends: a foreign key by which a row of another table refers to the one
    /// reached. The column is that table's then.
    pub member: Option<Id>,
    /// The column that equals the fact.
    pub column: Name,
    /// Where it stands.
    pub origin: Origin,
}

/// Rows in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowState {
    /// The column that shows the state.
    pub column: Name,
    /// What it shows.
    pub is: StateIs,
    /// The personas for which it makes a difference.
    pub cells: BTreeMap<Name, Cell>,
    /// Where it stands.
    pub origin: Origin,
}

/// What a column shows of a row in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateIs {
    /// Any value.
    Set,
    /// Null.
    Null,
    /// That value.
    Value(Expr),
}

/// What one persona may do; what is not there is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Commands, each with the columns it is for: `select`, `insert`, `update`, `delete`,
    /// `truncate`.
    pub allowed: BTreeMap<Privilege, Columns>,
    /// Where it stands.
    pub origin: Origin,
}

/// The columns a command is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Columns {
    /// All of them, those that come later too.
    All,
    /// These.
    Only(BTreeSet<Name>),
}

impl Columns {
    /// Whether that column is one of them.
    pub fn contain(&self, column: &str) -> bool {
        match self {
            Columns::All => true,
            Columns::Only(names) => names.contains(&Name::from(column)),
        }
    }
}

/// The commands a cell may allow, in order.
pub const COMMANDS: [Privilege; 5] = [
    Privilege::Select,
    Privilege::Insert,
    Privilege::Update,
    Privilege::Delete,
    Privilege::Truncate,
];

impl Intent {
    /// Whether nothing is meant: no persona is declared.
    pub fn is_empty(&self) -> bool {
        self.personas.is_empty()
    }

    /// The persona of that name.
    pub fn persona(&self, name: &str) -> Option<&Persona> {
        self.personas.iter().find(|p| p.name == *name)
    }

    /// The fact of that name.
    pub fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts.iter().find(|f| f.name == *name)
    }
}

impl Meant {
    /// What a persona may do with a row in that state, or in none.
    pub fn cell<'m>(&'m self, persona: &str, state: Option<&'m RowState>) -> Option<&'m Cell> {
        let persona = Name::from(persona);
        state
            .and_then(|s| s.cells.get(&persona))
            .or_else(|| self.cells.get(&persona))
    }

    /// The ties of a persona that rows of this table have.
    pub fn ties_of(&self, persona: &Persona) -> BTreeSet<Name> {
        let own = persona.ties.iter().filter(|t| self.ties.contains_key(*t));
        own.cloned().collect()
    }
}
