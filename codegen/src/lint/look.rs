//! Questions that several rules ask of a schema.
//!
//! Nothing here advises.

use model::schema::{
    Command, ConstraintBody, Expr, Id, KeyTerm, Kind, Name, PUBLIC, Policy, Privilege, Role, Schema,
};

/// Roles that whoever reaches the database from outside acts as.
pub(super) const OUTSIDE: [&str; 3] = [PUBLIC, "anon", "authenticated"];

/// The leading plain columns of everything on the table that can be searched: keys, unique
/// constraints and indexes without a condition, each with whether it is unique.
pub(super) fn searchable(schema: &Schema, table: &Id) -> Vec<(Vec<Name>, bool)> {
    let constraints = schema
        .constraints(table)
        .filter_map(|(_, c)| match &c.body {
            ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                Some((key.columns.clone(), true))
            }
            _ => None,
        });
    let indexes = schema
        .indexes(table)
        .filter(|(_, index)| index.predicate.is_none());
    let indexes = indexes.map(|(_, index)| {
        let columns = index.keys.iter().map_while(|key| match &key.term {
            KeyTerm::Column(name) => Some(name.clone()),
            KeyTerm::Expr(_) => None,
        });
        (columns.collect(), index.unique)
    });
    constraints.chain(indexes).collect()
}

/// Whether a search for values of all those columns can use an index: they lead one, in any order.
pub(super) fn is_indexed(schema: &Schema, table: &Id, columns: &[Name]) -> bool {
    searchable(schema, table).iter().any(|(leading, _)| {
        leading.len() >= columns.len()
            && leading[..columns.len()]
                .iter()
                .all(|name| columns.contains(name))
    })
}

/// The table's own columns that an expression names, without doubles.
pub(super) fn columns_named(expr: &Expr, table: &Id) -> Vec<Name> {
    let mut columns: Vec<Name> = Vec::new();
    for reference in &expr.refs {
        let id = &reference.id;
        let own = id.kind == Kind::Column && id.schema == table.schema && id.name == table.name;
        if own && !columns.contains(&id.part) {
            columns.push(id.part.clone());
        }
    }
    columns
}

/// Names as a person lists them: `a, b`.
pub(super) fn list(names: &[Name]) -> String {
    names
        .iter()
        .map(Name::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Every column of every table, with the table's id.
pub(super) fn columns(
    schema: &Schema,
) -> impl Iterator<Item = (&model::Node, &model::schema::Column)> {
    schema
        .of_kind(Kind::Column)
        .filter_map(|node| node.object.as_column().map(|column| (node, column)))
}

/// The first outside role that may do one of these with the object.
pub(super) fn open_to(node: &model::Node, privileges: &[Privilege]) -> Option<&'static str> {
    OUTSIDE.into_iter().find(|role| {
        let has = node.privileges.get(&Name::from(*role));
        has.is_some_and(|own| privileges.iter().any(|p| own.contains_key(p)))
    })
}

/// Whether no policy holds the role, as far as the model says.
pub(super) fn passes_row_security(schema: &Schema, role: &Name) -> bool {
    let node = schema.get(&Id::global(Kind::Role, role.clone()));
    let free = |r: &Role| r.superuser || r.bypass_row_security;
    node.and_then(|node| node.object.as_role())
        .is_some_and(free)
}

/// Whether a policy is for that role.
pub(super) fn is_for(policy: &Policy, role: &Name) -> bool {
    policy.roles.contains(&Name::from(PUBLIC)) || policy.roles.contains(role)
}

/// Whether a policy for that command says which rows are read.
pub(super) fn reads(command: Command) -> bool {
    matches!(command, Command::Select | Command::All)
}

/// Whether a policy for that command says which rows are written.
pub(super) fn writes_rows(command: Command) -> bool {
    matches!(command, Command::Insert | Command::Update | Command::All)
}

/// Whether the condition is plainly `true`.
pub(super) fn is_true(expr: &Expr) -> bool {
    expr.text.trim_matches(['(', ')', ' ']) == "true"
}
