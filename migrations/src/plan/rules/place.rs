//! Where an object stands among the others: its rank in the order, and the names it takes.

use model::schema::{ConstraintBody, Kind, Name, Node, Object};

use super::sequence;

/// The place of a kind among the others where the rules of order leave it open.
pub(in crate::plan) const POLICY_RANK: u8 = 85;

pub(in crate::plan) fn rank(node: &Node) -> u8 {
    match node.id.kind {
        Kind::Role => 1,
        Kind::Schema => 2,
        Kind::Extension => 3,
        Kind::Language => 4,
        Kind::AccessMethod => 5,
        Kind::ForeignDataWrapper => 6,
        Kind::ForeignServer => 7,
        Kind::UserMapping => 8,
        Kind::Collation => 10,
        Kind::Enum => 11,
        Kind::BaseType => 12,
        Kind::Domain => 13,
        Kind::Composite => 14,
        Kind::Range => 15,
        Kind::Raw => 20,
        Kind::Sequence => 30,
        Kind::TextSearchParser => 31,
        Kind::TextSearchTemplate => 32,
        Kind::TextSearchDictionary => 33,
        Kind::TextSearchConfiguration => 34,
        Kind::Function => 40,
        Kind::Operator => 41,
        Kind::OperatorFamily => 42,
        Kind::OperatorClass => 43,
        Kind::Cast => 44,
        Kind::Conversion => 45,
        Kind::Transform => 46,
        Kind::Aggregate => 47,
        Kind::Table => 50,
        Kind::Column => 51,
        Kind::Constraint => match &node.object {
            Object::Constraint(c) if matches!(c.body, ConstraintBody::ForeignKey(_)) => 56,
            _ => 55,
        },
        Kind::Index => 60,
        Kind::Statistics => 61,
        Kind::View => 65,
        Kind::Rule => 68,
        Kind::Trigger => 70,
        Kind::EventTrigger => 75,
        Kind::Publication => 76,
        Kind::Subscription => 77,
        Kind::Policy => POLICY_RANK,
        Kind::DefaultPrivileges => 95,
        Kind::DatabaseSettings => 96,
        Kind::Shape | Kind::Transitions | Kind::Seed => 99,
    }
}

/// A place that one object at a time can take: a namespace and up to three names.
pub(in crate::plan) type Place = (u8, Name, Name, Name);

/// The places an object takes.
pub(in crate::plan) fn places(node: &Node) -> Vec<Place> {
    let id = &node.id;
    let none = Name::default;
    let relation = |name: &Name| (0, id.schema.clone(), name.clone(), none());
    let ty = || (1, id.schema.clone(), id.name.clone(), none());
    match &node.object {
        Object::Table(_) | Object::View(_) | Object::Composite(_) => vec![relation(&id.name), ty()],
        Object::Sequence(_) => vec![relation(&id.name)],
        Object::Index(_) => vec![relation(&id.part)],
        Object::Enum(_) | Object::Domain(_) | Object::Range(_) => vec![ty()],
        Object::Constraint(constraint) => match constraint.body {
            ConstraintBody::PrimaryKey(_)
            | ConstraintBody::Unique(_)
            | ConstraintBody::Exclusion(_) => {
                let mut places = vec![relation(&id.part)];
                // A table has one primary key, whatever its name.
                if matches!(constraint.body, ConstraintBody::PrimaryKey(_)) {
                    places.push((4, id.schema.clone(), id.name.clone(), none()));
                }
                places
            }
            _ => Vec::new(),
        },
        Object::Column(column) if column.identity.is_some() => {
            vec![relation(&sequence::chosen_name(&id.name, &id.part))]
        }
        Object::Routine(_) => vec![(2, id.schema.clone(), id.name.clone(), id.part.clone())],
        Object::Defined(_) if id.kind == Kind::Aggregate => {
            vec![(2, id.schema.clone(), id.name.clone(), id.part.clone())]
        }
        Object::Defined(_) if id.kind == Kind::BaseType => vec![ty()],
        _ => Vec::new(),
    }
}

/// The name that a constraint takes in its table, and a constraint trigger as well.
pub(in crate::plan) fn place_in_table(node: &Node) -> Option<Place> {
    let id = &node.id;
    let is_constraint = match &node.object {
        Object::Constraint(_) => true,
        Object::Trigger(trigger) => trigger.constraint.is_some(),
        _ => false,
    };
    is_constraint.then(|| (5, id.schema.clone(), id.name.clone(), id.part.clone()))
}
