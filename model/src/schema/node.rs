//! An object together with what every kind of object has.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;

/// One object of a [`Schema`]: its own attributes, and those that every kind may have.
#[derive(Clone, Debug)]
pub struct Node {
    /// Who it is.
    pub id: Id,
    /// What it is.
    pub object: Object,
    /// `COMMENT ON`.
    pub comment: Option<Arc<str>>,
    /// Its owner; `None` where the model leaves it to whoever applies the migration.
    pub owner: Option<Name>,
    /// What each grantee may do, where that is not PostgreSQL's default. On a column: column grants.
    pub privileges: BTreeMap<Name, Privileges>,
    /// What must exist before this does, sorted and without doubles. A part's relation is implied.
    pub needs: Vec<Id>,
    /// Its place among its like: a column's in its table. Never makes two nodes differ.
    pub ordinal: u32,
    /// Whether it is verified and never migrated.
    pub external: bool,
    /// The model object this was derived from: the shape of a check, the transitions of a trigger.
    pub derived_from: Option<Id>,
    /// What the author said about the way here. Never makes two nodes differ.
    pub hints: Hints,
    /// Where it stands in the model's text.
    pub origin: Option<Origin>,
}

/// What a model says about how to get from its former state to this one. Most objects have nothing
/// to say, and take no room for it.
///
/// ```
/// let mut hints = model::schema::Hints::default();
/// assert!(hints.was.is_none());
/// hints.was = Some("remarks".into());
/// assert_eq!(hints.was.as_deref(), Some("remarks"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Hints(Option<Box<Said>>);

/// What [`Hints`] hold.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// `was`: its former name. For something that moved from another schema, `schema.name`.
    pub was: Option<Name>,
    /// Renamed labels of an enum or attributes of a composite type: (former, present).
    pub parts_were: Vec<(Name, Name)>,
    /// `using`: how old values become values of the new type.
    pub using: Option<Expr>,
    /// Hazards accepted beside the change, by name.
    pub allow: Vec<Name>,
    /// Lint rules silenced here, each with its reason.
    pub accept: Vec<(Name, Arc<str>)>,
}

static NOTHING_SAID: Said = Said {
    was: None,
    parts_were: Vec::new(),
    using: None,
    allow: Vec::new(),
    accept: Vec::new(),
};

impl std::ops::Deref for Hints {
    type Target = Said;

    fn deref(&self) -> &Said {
        self.0.as_deref().unwrap_or(&NOTHING_SAID)
    }
}

impl std::ops::DerefMut for Hints {
    fn deref_mut(&mut self) -> &mut Said {
        self.0.get_or_insert_default()
    }
}

/// A place in the model: the number of the file in its `Sources`, and a byte range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Which file.
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// The attributes of each kind of object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each variant is named for its type, which is documented
pub enum Object {
    Role(Role),
    /// A schema has nothing of its own.
    Schema,
    Extension(Extension),
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Range(Range),
    Sequence(Sequence),
    Table(Table),
    Column(Column),
    Constraint(Constraint),
    Index(Index),
    View(View),
    Routine(Routine),
    Trigger(Trigger),
    Policy(Policy),
    /// Kinds that are carried as their definition; the id's kind says which.
    Defined(Defined),
    /// Default privileges: what each grantee gets on objects that the role will create. As with a
    /// node's own privileges only deviations from PostgreSQL's defaults are kept.
    DefaultPrivileges(BTreeMap<Name, Privileges>),
    /// `ALTER DATABASE … SET`, or `ALTER ROLE … IN DATABASE … SET`.
    DatabaseSettings(Settings),
    Raw(Raw),
    Shape(Shape),
    Transitions(Transitions),
    Seed(Seed),
    /// An external object of which only the existence is known: a function, a type.
    Opaque,
}

impl Node {
    /// A node with nothing but its object.
    pub fn new(id: Id, object: Object) -> Self {
        Node {
            id,
            object,
            comment: None,
            owner: None,
            privileges: BTreeMap::new(),
            needs: Vec::new(),
            ordinal: 0,
            external: false,
            derived_from: None,
            hints: Hints::default(),
            origin: None,
        }
    }
}

macro_rules! accessors {
    ($($method:ident: $variant:ident($ty:ty)),* $(,)?) => {
        impl Object {
            $(
                #[doc = concat!("The [`", stringify!($ty), "`], where this is one.")]
                pub fn $method(&self) -> Option<&$ty> {
                    match self {
                        Object::$variant(inner) => Some(inner),
                        _ => None,
                    }
                }
            )*
        }
    };
}

accessors! {
    as_role: Role(Role),
    as_extension: Extension(Extension),
    as_enum: Enum(Enum),
    as_domain: Domain(Domain),
    as_composite: Composite(Composite),
    as_range: Range(Range),
    as_sequence: Sequence(Sequence),
    as_table: Table(Table),
    as_column: Column(Column),
    as_constraint: Constraint(Constraint),
    as_index: Index(Index),
    as_view: View(View),
    as_routine: Routine(Routine),
    as_trigger: Trigger(Trigger),
    as_policy: Policy(Policy),
    as_defined: Defined(Defined),
    as_raw: Raw(Raw),
    as_shape: Shape(Shape),
    as_transitions: Transitions(Transitions),
    as_seed: Seed(Seed),
}
