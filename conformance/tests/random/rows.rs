//! Rows for a world's tables, and what must still be in them later.

use super::world::*;

/// For each table, inserts of which the first that the server takes will do.
pub(crate) fn inserts(world: &World) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (uid, item) in &world.items {
        let What::Table(table) = &item.what else {
            continue;
        };
        if matches!(table.form, Form::Foreign(..) | Form::Partition(..)) {
            continue;
        }
        all.push(vec![insert(world, *uid, true), insert(world, *uid, false)]);
    }
    all
}

fn insert(world: &World, table: Uid, with_nulls: bool) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for uid in world.columns(table) {
        let Some(column) = world.column(uid) else {
            continue;
        };
        let by_itself = matches!(
            column.value,
            Value::Generated(..) | Value::GeneratedBy(..) | Value::Identity(true, ..)
        );
        if by_itself {
            continue;
        }
        let value = world.sample(&column.ty, "g");
        let nulls = with_nulls && !column.not_null && uid % 3 == 0;
        names.push(world.name(uid));
        values.push(match nulls {
            true => format!("CASE WHEN g < 3 THEN {value} END"),
            false => value,
        });
    }
    let path = world.path(table);
    if names.is_empty() {
        return format!("INSERT INTO {path} DEFAULT VALUES");
    }
    let (names, values) = (names.join(", "), values.join(", "));
    format!("INSERT INTO {path} ({names}) SELECT {values} FROM generate_series(1, 3) g")
}

/// Empties every table.
pub(crate) fn truncate(world: &World) -> Option<String> {
    let tables = world
        .all(|item| matches!(&item.what, What::Table(t) if !matches!(t.form, Form::Foreign(..))));
    let paths: Vec<_> = tables.iter().map(|uid| world.path(*uid)).collect();
    (!paths.is_empty()).then(|| format!("TRUNCATE {} CASCADE", paths.join(", ")))
}

/// Queries, one in each world, for what both must answer alike: the values of every column that is
/// in both with the same type. A `was` that leads to a name which something else still has is
/// not followed, so such a table is left out.
pub(crate) fn lasting(one: &World, other: &World) -> Vec<(String, String)> {
    let mut queries = Vec::new();
    for uid in one.items.keys() {
        let (Some(a), Some(b)) = (one.table(*uid), other.table(*uid)) else {
            continue;
        };
        let whole = matches!(a.form, Form::Plain | Form::Inherits(_));
        let path = other.path(*uid);
        let mut tables = one.items.keys().filter(|uid| one.table(**uid).is_some());
        let taken = tables.any(|holder| holder != uid && one.path(*holder) == path);
        if a.form != b.form || !whole || taken {
            continue;
        }
        let count = |world: &World| format!("SELECT count(*)::text FROM ONLY {}", world.path(*uid));
        queries.push((count(one), count(other)));
        for column in one.own_columns(*uid) {
            let (Some(a), Some(b)) = (one.column(column), other.column(column)) else {
                continue;
            };
            let stored =
                |value: &Value| !matches!(value, Value::Generated(..) | Value::GeneratedBy(..));
            if a.table == b.table && stored(&a.value) && stored(&b.value) && same(one, other, a, b)
            {
                let values = |world: &World| {
                    let name = world.name(column);
                    format!(
                        "SELECT coalesce(string_agg({name}::text, ',' ORDER BY {name}::text), '') \
                         FROM ONLY {}",
                        world.path(*uid)
                    )
                };
                queries.push((values(one), values(other)));
            }
        }
    }
    queries
}

fn same(one: &World, other: &World, a: &Column, b: &Column) -> bool {
    fn is_same(one: &World, other: &World, ty: &Ty) -> bool {
        match ty {
            Ty::Builtin(_) => true,
            Ty::Array(of) => is_same(one, other, of),
            Ty::User(uid) => {
                let (Some(a), Some(b)) = (one.get(*uid), other.get(*uid)) else {
                    return false;
                };
                a.what == b.what
                    && match &a.what {
                        What::Domain(domain) => is_same(one, other, &domain.base),
                        What::Composite(list) => {
                            list.iter().all(|(_, _, ty)| is_same(one, other, ty))
                        }
                        What::Range(of) => is_same(one, other, of),
                        _ => true,
                    }
            }
        }
    }
    a.ty == b.ty && is_same(one, other, &a.ty)
}
