//! Keys as types of their own, and the foreign keys that follow them. It never looks at values.

use std::collections::{BTreeMap, BTreeSet};

use model::schema::{ConstraintBody, ForeignKey, Index, KeyTerm, Name};
use model::{Id, Schema};

use super::super::words::{identifier, snake};
use super::item::{Item, RustType};
use super::name::{Names, TableNames};
use super::types::Types;

/// The table whose key a column holds: its own, or the one it refers to at last.
pub(super) fn origin(schema: &Schema, types: &Types, table: &Id, column: &str) -> Option<Id> {
    origin_within(schema, types, table, column, 16)
}

fn origin_within(
    schema: &Schema,
    types: &Types,
    table: &Id,
    column: &str,
    depth: u8,
) -> Option<Id> {
    let of = schema.column(table, column)?;
    let simple = types.column(&of.ty);
    let ids = ["i16", "i32", "i64", "Uuid"];
    if depth == 0 || simple.through_text.is_some() || !ids.contains(&simple.ty.text.as_str()) {
        return None;
    }
    for key in foreign_keys(schema, table) {
        let Some(at) = key.columns.iter().position(|name| name == column) else {
            continue;
        };
        let Some(target) = key.target_columns.get(at) else {
            continue;
        };
        if (&key.target, target.as_str()) == (table, column) {
            continue;
        }
        let Some(there) = schema.column(&key.target, target) else {
            continue;
        };
        let found = origin_within(schema, types, &key.target, target, depth - 1);
        if found.is_some() && types.column(&there.ty).ty == simple.ty {
            return found;
        }
    }
    let node = schema.get(table)?;
    let partition = node.object.as_table()?.partition_of.is_some();
    let sole = *schema.primary_key(table) == [Name::from(column)];
    (sole && !partition && !node.external).then(|| table.clone())
}

fn foreign_keys<'a>(schema: &'a Schema, table: &Id) -> impl Iterator<Item = &'a ForeignKey> {
    let constraints = schema.constraints(table);
    constraints.filter_map(|(_, constraint)| match &constraint.body {
        ConstraintBody::ForeignKey(key) => Some(key),
        _ => None,
    })
}

/// The type of a table's key, where that is a type of its own.
pub(super) fn item(own: &TableNames, ty: RustType) -> Item {
    let mut item = Item::around(&own.id, ty);
    item.docs = vec![format!("/// The key of a [`{}`].", own.row)];
    item.derive(
        &[
            "Clone",
            "Copy",
            "Debug",
            "PartialEq",
            "Eq",
            "PartialOrd",
            "Ord",
            "Hash",
        ],
        "Id",
    );
    item
}

/// The fields of each unique key other than the primary one, each list once.
pub(super) fn unique(schema: &Schema, table: &Id) -> Vec<Vec<Name>> {
    let primary = schema.primary_key(table);
    let constraints = schema.constraints(table);
    let constraints = constraints.filter_map(|(_, constraint)| match &constraint.body {
        ConstraintBody::Unique(key)
            if constraint.deferrable == model::schema::Deferrable::No && !key.without_overlaps =>
        {
            Some(key.columns.clone())
        }
        _ => None,
    });
    let indexes = schema.indexes(table).filter_map(|(_, index)| plain(index));
    let mut seen = BTreeSet::from([primary]);
    let all = constraints.chain(indexes);
    all.filter(|columns| seen.insert(columns.clone())).collect()
}

/// The columns of a unique index that a conflict can be told by.
fn plain(index: &Index) -> Option<Vec<Name>> {
    if !index.unique || !index.valid || index.predicate.is_some() {
        return None;
    }
    let column = |key: &model::schema::IndexKey| match &key.term {
        KeyTerm::Column(name) => Some(name.clone()),
        KeyTerm::Expr(_) => None,
    };
    index.keys.iter().map(column).collect()
}

/// What relates a column's table to another: attributes of the field.
pub(super) struct Relation {
    /// The row type it refers to.
    pub(super) parent: String,
    /// The constant of the row that refers.
    pub(super) one: String,
    /// The constant of the row that is referred to.
    pub(super) many: String,
}

/// A foreign key of several columns that holds no other row's primary key in one of them.
pub(super) struct Composite {
    pub(super) columns: Vec<Name>,
    pub(super) target: Id,
    pub(super) target_columns: Vec<Name>,
    pub(super) relation: Relation,
}

/// The relations of a schema by table and column, and those by several columns.
pub(super) struct Relations {
    single: BTreeMap<(Id, Name), Relation>,
    composite: BTreeMap<Id, Vec<Composite>>,
}

impl Relations {
    /// Names the relations such that no constant of a row has two meanings.
    pub(super) fn new(schema: &Schema, types: &Types, names: &Names) -> Self {
        let tables = || {
            let tables = schema.tables().filter(|(_, t)| t.partition_of.is_none());
            tables.filter(|(node, _)| !node.external && names.of(&node.id).is_some())
        };
        let mut taken: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
        for (node, _) in tables() {
            let columns = schema.columns(&node.id);
            let fields = columns.iter().map(|(column, _)| snake(&column.id.part));
            taken.insert(node.id.clone(), fields.collect());
        }
        let mut relations = BTreeMap::new();
        let mut composite: BTreeMap<Id, Vec<Composite>> = BTreeMap::new();
        let mut claim = |table: &Id, name: String| {
            let taken = taken.entry(table.clone()).or_default();
            let others = (1..).map(|n| match n {
                1 => format!("{name}_row"),
                n => format!("{name}_row_{n}"),
            });
            let mut all = std::iter::once(name.clone()).chain(others);
            all.find(|name| taken.insert(name.clone()))
                .unwrap_or_default()
        };
        for (node, _) in tables() {
            let child = &node.id;
            let related = related(schema, types, child);
            for (column, parent) in &related {
                let Some(row) = names.of(parent) else {
                    continue;
                };
                let several = related.values().filter(|other| *other == parent).count() > 1;
                let name = snake(column);
                let one = ["_id", "_uuid"]
                    .iter()
                    .find_map(|end| name.strip_suffix(end));
                let one = one
                    .filter(|one| !one.is_empty())
                    .unwrap_or(&name)
                    .to_owned();
                let mut many = snake(&child.name);
                if several {
                    many = format!("{many}_by_{one}");
                }
                let relation = Relation {
                    parent: row.to_owned(),
                    one: claim(child, one),
                    many: claim(parent, many),
                };
                relations.insert((child.clone(), column.clone()), relation);
            }
            let several = by_several(schema, types, child, &related);
            for key in &several {
                let Some(row) = names.of(&key.target) else {
                    continue;
                };
                let alike = |other: &&&ForeignKey| other.target == key.target;
                let alone = several.iter().filter(alike).count() == 1
                    && !related.values().any(|parent| *parent == key.target);
                let by: Vec<String> = key.columns.iter().map(|name| snake(name)).collect();
                let named = |name: String| match alone {
                    true => name,
                    false => format!("{name}_by_{}", by.join("_")),
                };
                let relation = Relation {
                    parent: row.to_owned(),
                    one: claim(child, named(snake(row))),
                    many: claim(&key.target, named(snake(&child.name))),
                };
                composite.entry(child.clone()).or_default().push(Composite {
                    columns: key.columns.clone(),
                    target: key.target.clone(),
                    target_columns: key.target_columns.clone(),
                    relation,
                });
            }
        }
        Relations {
            single: relations,
            composite,
        }
    }

    pub(super) fn of(&self, table: &Id, column: &Name) -> Option<&Relation> {
        self.single.get(&(table.clone(), column.clone()))
    }

    /// The relations by several columns.
    pub(super) fn composite(&self, table: &Id) -> &[Composite] {
        self.composite.get(table).map_or(&[], Vec::as_slice)
    }
}

/// The foreign keys of several columns that no single column stands for.
fn by_several<'a>(
    schema: &'a Schema,
    types: &Types,
    child: &Id,
    related: &BTreeMap<Name, Id>,
) -> Vec<&'a ForeignKey> {
    let mut seen = BTreeSet::new();
    let keys = foreign_keys(schema, child).filter(|key| key.columns.len() > 1 && !key.period);
    let keys = keys.filter(|key| {
        let stands = |column| related.get(column) == Some(&key.target);
        !key.columns.iter().any(stands)
    });
    let keys = keys.filter(|key| {
        let mut pairs = key.columns.iter().zip(&key.target_columns);
        pairs.all(|(here, there)| {
            let never_null = schema.primary_key(&key.target).contains(there)
                || schema
                    .column(&key.target, there)
                    .is_some_and(|c| c.not_null);
            never_null && alike(schema, types, (child, here), (&key.target, there))
        })
    });
    keys.filter(|key| seen.insert((&key.columns, &key.target)))
        .collect()
}

/// Whether the two columns have one Rust type, whose values can be looked up by.
fn alike(
    schema: &Schema,
    types: &Types,
    (child, column): (&Id, &Name),
    (parent, key): (&Id, &Name),
) -> bool {
    let (Some(here), Some(there)) = (schema.column(child, column), schema.column(parent, key))
    else {
        return false;
    };
    let (here, there) = (types.column(&here.ty), types.column(&there.ty));
    let known = ["i16", "i32", "i64", "Uuid", "String", "bool", "NaiveDate"];
    here.ty == there.ty
        && known.contains(&here.ty.text.as_str())
        && origin(schema, types, child, column) == origin(schema, types, parent, key)
        && here.through_text.is_none()
        && there.through_text.is_none()
}

/// The columns that hold another row's whole primary key, with its table.
fn related(schema: &Schema, types: &Types, child: &Id) -> BTreeMap<Name, Id> {
    let mut found = BTreeMap::new();
    for key in foreign_keys(schema, child) {
        let primary = schema.primary_key(&key.target);
        let [primary] = primary.as_slice() else {
            continue;
        };
        let pairs = key.columns.iter().zip(&key.target_columns);
        let Some((column, _)) = pairs.into_iter().find(|(_, target)| *target == primary) else {
            continue;
        };
        if alike(schema, types, (child, column), (&key.target, primary)) {
            let target = key.target.clone();
            found.entry(column.clone()).or_insert(target);
        }
    }
    found
}

/// `unique(a, b)`.
pub(super) fn unique_argument(fields: &[&str]) -> String {
    let names: Vec<String> = fields.iter().map(|name| identifier(name)).collect();
    format!("unique({})", names.join(", "))
}
