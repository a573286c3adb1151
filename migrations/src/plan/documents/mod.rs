//! Documents in rows that are there when their shape changes: whether they still fit, and what is
//! filled, renamed or wrapped so that they do.
//!
//! That a change only widens a shape is told from the shapes; for everything else the server is
//! asked, here about rows before a migration begins, and by `VALIDATE CONSTRAINT` in it.

mod ask;
mod compare;
mod fits;
mod lift;
mod side;
mod sql;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use model::names::object_name;
use model::schema::{Column, Id, Kind, Node, Schema, ShapeType};

use compare::{Found, Lifts};
use fits::Fits;
use lift::Lift;
use side::Side;

pub(crate) use ask::NAMED;
pub use ask::{Question, questions};

/// Which way a plan leads: `was` is said by the state that comes later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the state that a model wants.
    Forth,
    /// Back to the one before it.
    Back,
}

/// Whether every document of `old` in one schema is one of `new` in the other, told from the shapes
/// alone. A yes is certain; a no means that only a server can tell.
pub fn fits(from: &Schema, old: &ShapeType, to: &Schema, new: &ShapeType) -> bool {
    Fits::new(Side::new(from), Side::new(to)).fits(old, new)
}

/// What becomes of the documents of columns whose shape changes.
#[derive(Debug, Default)]
pub(super) struct Documents {
    columns: BTreeMap<Id, Evolution>,
}

/// What becomes of one column's documents.
#[derive(Debug)]
pub(super) struct Evolution {
    /// Whether every document that was accepted is accepted as it stands, and none is to change.
    pub(super) fits: bool,
    /// What old documents may be that nothing can be filled in for.
    pub(super) refused: Vec<String>,
    /// What of them is gone.
    pub(super) lost: Vec<String>,
    /// The functions that lift a document, in an order in which they can be dropped; the column's
    /// own comes first. None where no document changes.
    functions: Vec<Lifter>,
}

/// A function that is there while documents are lifted.
#[derive(Debug)]
struct Lifter {
    id: Id,
    create: String,
}

impl Documents {
    /// Looks at every column that has documents before and after.
    pub(super) fn between(from: &Schema, to: &Schema, way: Way) -> Self {
        let mut columns = BTreeMap::new();
        let pairs = to.of_kind(Kind::Column).filter_map(|node| {
            let (column, old) = (documents(node)?, documents(from.get(&node.id)?)?);
            Some((node, old, column))
        });
        let pairs: Vec<_> = pairs.collect();
        if pairs.is_empty() || !may_differ(from, to, &pairs) {
            return Documents::default();
        }
        let mut lifts = Lifts::new(Fits::new(Side::new(from), Side::new(to)), way);
        for (node, old, new) in pairs {
            let at = format!("{}.{}", node.id.name, node.id.part);
            let fits = lifts.fits.fits(old, new);
            let found = lifts.between(old, new, &at);
            columns.insert(node.id.clone(), evolution(&node.id, fits, found, &lifts));
        }
        Documents { columns }
    }

    /// Whether no shape differs.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// What becomes of a column's documents; `None` where no shape of the schema differs, or the
    /// column has no shape on one side.
    pub(super) fn of(&self, column: &Id) -> Option<&Evolution> {
        self.columns.get(column)
    }

    /// The same of the column that a derived check is about.
    pub(super) fn judged_by(&self, check: &Node) -> Option<(&Id, &Evolution)> {
        let derived = check.derived_from.as_ref()?;
        if check.id.kind != Kind::Constraint || !matches!(derived.kind, Kind::Shape | Kind::Column)
        {
            return None;
        }
        let column = check.needs.iter().find(|id| id.kind == Kind::Column)?;
        self.columns.get_key_value(column)
    }

    /// All columns of which documents change.
    pub(super) fn lifted(&self) -> impl Iterator<Item = (&Id, &Evolution)> {
        self.columns
            .iter()
            .filter(|(_, evolution)| evolution.lifts())
    }
}

impl Evolution {
    /// Whether documents change.
    pub(super) fn lifts(&self) -> bool {
        !self.functions.is_empty()
    }
}

/// The type of a column's documents, where rows of its own hold them.
fn documents(node: &Node) -> Option<&ShapeType> {
    let column: &Column = node.object.as_column()?;
    let own = !node.external && !column.inherited && column.generated.is_none();
    column.documents.0.as_deref().filter(|_| own)
}

fn may_differ(from: &Schema, to: &Schema, pairs: &[(&Node, &ShapeType, &ShapeType)]) -> bool {
    let same = |kind: Kind| {
        let states = [from, to].map(|schema| schema.of_kind(kind).map(|n| (&n.id, &n.object)));
        let [old, new] = states;
        old.eq(new)
    };
    let judged = |schema: &Schema| {
        let derived = schema
            .of_kind(Kind::Function)
            .filter(|n| n.derived_from.is_some());
        derived.map(|n| n.id.clone()).collect::<BTreeSet<Id>>()
    };
    pairs.iter().any(|(_, old, new)| old != new)
        || !same(Kind::Shape)
        || !same(Kind::Enum)
        || judged(from) != judged(to)
}

/// What was found of a column, with what was found of the shapes that it holds.
fn evolution(column: &Id, fits: bool, found: Found, lifts: &Lifts<'_>) -> Evolution {
    let mut reached: Vec<usize> = Vec::new();
    found.lift.calls(&mut reached);
    let mut at = 0;
    while at < reached.len() {
        let mut more = Vec::new();
        lifts.named[reached[at]].found.lift.calls(&mut more);
        more.retain(|place| !reached.contains(place));
        reached.extend(more);
        at += 1;
    }
    let mut changing: BTreeSet<usize> = BTreeSet::new();
    loop {
        let does = |place: usize| changing.contains(&place);
        let more = reached.iter().filter(|place| !changing.contains(place));
        let more: Vec<usize> = more
            .filter(|place| lifts.named[**place].found.lift.does(&does))
            .copied()
            .collect();
        if more.is_empty() {
            break;
        }
        changing.extend(more);
    }
    let does = |place: usize| changing.contains(&place);
    let id = |place: usize| lifter_of(place, lifts);
    let mut functions = Vec::new();
    let mut write = |id: Id, lift: &Lift, named: &dyn Fn(usize) -> Id| {
        let create = sql::function(&id, &lift.clone().pruned(&does), named);
        functions.push(Lifter { id, create });
    };
    if found.lift.does(&does) {
        // What is a shape's alone needs no function of the column's own.
        let alone = match found.lift {
            Lift::Call(place) => Some(place),
            _ => None,
        };
        match alone {
            Some(place) => write(id(place), &lifts.named[place].found.lift, &id),
            None => {
                let own = object_name(&column.name, Some(&column.part), "lifted");
                let own = Id::new(Kind::Function, column.schema.clone(), own, "jsonb");
                write(own, &found.lift, &id);
            }
        }
        for place in changing.iter().filter(|place| alone != Some(**place)) {
            write(id(*place), &lifts.named[*place].found.lift, &id);
        }
    }
    let (mut refused, mut lost) = (found.refused, found.lost);
    for named in reached.iter().map(|place| &lifts.named[*place]) {
        if named.judged {
            refused.extend(named.found.refused.iter().cloned());
        }
        lost.extend(named.found.lost.iter().cloned());
    }
    let lifted = !functions.is_empty();
    Evolution {
        fits: fits && !lifted,
        refused: if fits { Vec::new() } else { refused },
        lost,
        functions,
    }
}

/// The function that lifts documents of a shape: `wish_lifted`, with a number where documents of
/// several shapes become documents of one.
fn lifter_of(place: usize, lifts: &Lifts<'_>) -> Id {
    let shape = &lifts.named[place].shape;
    let before = lifts.named[..place].iter();
    let name = match before.filter(|named| named.shape == *shape).count() {
        0 => object_name(&shape.name, None, "lifted"),
        n => object_name(&shape.name, Some(&(n + 1).to_string()), "lifted"),
    };
    let name = name.to_lowercase();
    Id::new(Kind::Function, shape.schema.clone(), name, "jsonb")
}
