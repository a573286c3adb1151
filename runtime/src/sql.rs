//! The text of the statements that rows, inserts and patches run. It never holds a value: those
//! are parameters.

/// One column of a table or query, as a derived type names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, exactly as the catalog stores it.
    pub name: &'static str,
    /// The type it is cast from and to by way of `text`, where its binary form is not understood.
    pub through_text: Option<&'static str>,
}

/// An identifier in quotes, which is right for every name.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `schema` and `name` in quotes; no schema where it is empty.
pub(crate) fn qualified((schema, name): (&str, &str)) -> String {
    if schema.is_empty() {
        quoted(name)
    } else {
        format!("{}.{}", quoted(schema), quoted(name))
    }
}

/// What stands between `SELECT` or `RETURNING` and the next clause.
pub(crate) fn select_list(columns: &[Column]) -> String {
    list(columns, |c| {
        let name = quoted(c.name);
        match c.through_text {
            Some(ty) => format!("{name}::{} AS {name}", text_for(ty)),
            None => name,
        }
    })
}

pub(crate) fn select(table: (&str, &str), columns: &[Column], rest: &str) -> String {
    format!(
        "SELECT {} FROM {} {rest}",
        select_list(columns),
        qualified(table)
    )
}

pub(crate) fn insert(table: (&str, &str), given: &[Column], returned: &[Column]) -> String {
    let (table, returned) = (qualified(table), select_list(returned));
    if given.is_empty() {
        return format!("INSERT INTO {table} DEFAULT VALUES RETURNING {returned}");
    }
    let names = list(given, |c| quoted(c.name));
    let values = given.iter().enumerate().map(|(i, c)| placeholder(i + 1, c));
    let values = values.collect::<Vec<_>>().join(", ");
    format!("INSERT INTO {table} ({names}) VALUES ({values}) RETURNING {returned}")
}

/// The parameters are the changed values, then the key.
pub(crate) fn update(
    table: (&str, &str),
    changed: &[Column],
    key: &[Column],
    returned: &[Column],
) -> String {
    let (table, returned) = (qualified(table), select_list(returned));
    let changes = changed.iter().enumerate();
    let changes = changes.map(|(i, c)| format!("{} = {}", quoted(c.name), placeholder(i + 1, c)));
    let changes = changes.collect::<Vec<_>>().join(", ");
    let condition = equals(key, changed.len());
    format!("UPDATE {table} SET {changes} WHERE {condition} RETURNING {returned}")
}

pub(crate) fn delete(table: (&str, &str), key: &[Column]) -> String {
    format!("DELETE FROM {} WHERE {}", qualified(table), equals(key, 0))
}

/// `a = $1 AND b = $2`, with the first number after `offset`.
pub(crate) fn equals(key: &[Column], offset: usize) -> String {
    let terms = key.iter().enumerate();
    let terms =
        terms.map(|(i, c)| format!("{} = {}", quoted(c.name), placeholder(offset + i + 1, c)));
    terms.collect::<Vec<_>>().join(" AND ")
}

fn placeholder(number: usize, column: &Column) -> String {
    match column.through_text {
        Some(ty) => format!("${number}::{}::{ty}", text_for(ty)),
        None => format!("${number}"),
    }
}

fn text_for(ty: &str) -> &'static str {
    if ty.ends_with("[]") { "text[]" } else { "text" }
}

fn list(columns: &[Column], render: impl Fn(&Column) -> String) -> String {
    columns.iter().map(render).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Column = Column {
        name: "id",
        through_text: None,
    };
    const FROM: Column = Column {
        name: "from",
        through_text: None,
    };
    const SHAPE: Column = Column {
        name: "shape",
        through_text: Some("geometry"),
    };

    #[test]
    fn statements_quote_names_and_cast_what_travels_as_text() {
        let table = ("public", "odd\"name");
        assert_eq!(
            insert(table, &[FROM, SHAPE], &[ID, SHAPE]),
            "INSERT INTO \"public\".\"odd\"\"name\" (\"from\", \"shape\") \
             VALUES ($1, $2::text::geometry) RETURNING \"id\", \"shape\"::text AS \"shape\""
        );
        assert_eq!(
            update(("", "t"), &[SHAPE, FROM], &[ID], &[ID]),
            "UPDATE \"t\" SET \"shape\" = $1::text::geometry, \"from\" = $2 WHERE \"id\" = $3 \
             RETURNING \"id\""
        );
        assert_eq!(
            delete(("", "t"), &[ID, FROM]),
            "DELETE FROM \"t\" WHERE \"id\" = $1 AND \"from\" = $2"
        );
        assert_eq!(
            insert(("", "t"), &[], &[ID]),
            "INSERT INTO \"t\" DEFAULT VALUES RETURNING \"id\""
        );
    }
}
