//! Catalog addresses: class, oid and column number, and the object each belongs to.
//!
//! Never hands an oid on: ids are names, or two databases could not be compared.

use std::collections::HashMap;

use model::Id;

/// The oids of the system catalogs, which are the same in every major.
#[allow(missing_docs)]
pub(super) mod class {
    pub(in crate::catalog) const DEFAULT_ACL: u32 = 826;
    pub(in crate::catalog) const TYPE: u32 = 1247;
    pub(in crate::catalog) const PROC: u32 = 1255;
    pub(in crate::catalog) const RELATION: u32 = 1259;
    pub(in crate::catalog) const AUTHID: u32 = 1260;
    pub(in crate::catalog) const SERVER: u32 = 1417;
    pub(in crate::catalog) const USER_MAPPING: u32 = 1418;
    pub(in crate::catalog) const WRAPPER: u32 = 2328;
    pub(in crate::catalog) const ACCESS_METHOD: u32 = 2601;
    pub(in crate::catalog) const ATTRDEF: u32 = 2604;
    pub(in crate::catalog) const CAST: u32 = 2605;
    pub(in crate::catalog) const CONSTRAINT: u32 = 2606;
    pub(in crate::catalog) const CONVERSION: u32 = 2607;
    pub(in crate::catalog) const LANGUAGE: u32 = 2612;
    pub(in crate::catalog) const NAMESPACE: u32 = 2615;
    pub(in crate::catalog) const OPERATOR_CLASS: u32 = 2616;
    pub(in crate::catalog) const OPERATOR: u32 = 2617;
    pub(in crate::catalog) const REWRITE: u32 = 2618;
    pub(in crate::catalog) const TRIGGER: u32 = 2620;
    pub(in crate::catalog) const OPERATOR_FAMILY: u32 = 2753;
    pub(in crate::catalog) const DATABASE_SETTINGS: u32 = 2964;
    pub(in crate::catalog) const EXTENSION: u32 = 3079;
    pub(in crate::catalog) const POLICY: u32 = 3256;
    pub(in crate::catalog) const STATISTICS: u32 = 3381;
    pub(in crate::catalog) const COLLATION: u32 = 3456;
    pub(in crate::catalog) const EVENT_TRIGGER: u32 = 3466;
    pub(in crate::catalog) const TRANSFORM: u32 = 3576;
    pub(in crate::catalog) const TS_DICTIONARY: u32 = 3600;
    pub(in crate::catalog) const TS_PARSER: u32 = 3601;
    pub(in crate::catalog) const TS_CONFIGURATION: u32 = 3602;
    pub(in crate::catalog) const TS_TEMPLATE: u32 = 3764;
    pub(in crate::catalog) const SUBSCRIPTION: u32 = 6100;
    pub(in crate::catalog) const PUBLICATION: u32 = 6104;
    pub(in crate::catalog) const PUBLICATION_RELATION: u32 = 6106;
}

/// Class, oid and column number (0 for the object itself), as in `pg_depend`.
pub(super) type Address = (u32, u32, i32);

/// What stands at an address.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// An object.
    Node(Id),
    /// Something that belongs to an object and has no comment of its own: a row type, an array
    /// type, the sequence of an identity, the index of a constraint.
    Part(Id, &'static str),
    /// A check of a domain, by its number.
    DomainCheck(Id, usize),
    /// An attribute of a composite type, by its number in the list.
    Attribute(Id, usize),
    /// A member of that extension.
    Member(Id),
}

impl Place {
    /// The object at the place or around it.
    pub(super) fn id(&self) -> &Id {
        match self {
            Place::Node(id)
            | Place::Part(id, _)
            | Place::DomainCheck(id, _)
            | Place::Attribute(id, _)
            | Place::Member(id) => id,
        }
    }
}

/// Which object stands at which address.
#[derive(Default)]
pub(super) struct Addresses(HashMap<Address, Place>);

impl Addresses {
    /// Records a place; the first one stays.
    pub(super) fn set(&mut self, address: Address, place: Place) {
        self.0.entry(address).or_insert(place);
    }

    /// What stands there.
    pub(super) fn get(&self, address: Address) -> Option<&Place> {
        self.0.get(&address)
    }

    /// The object there; for a column that is no object, its relation.
    pub(super) fn id(&self, (class, oid, column): Address) -> Option<&Id> {
        self.0
            .get(&(class, oid, column))
            .or_else(|| self.0.get(&(class, oid, 0)))
            .map(Place::id)
    }
}
