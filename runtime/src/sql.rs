//! A statement in the making: its text, and the values beside it. A value never becomes text.

use std::sync::Arc;

use postgres_types::ToSql;

use crate::Row;

/// One column of a table or query, as a derived type names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, exactly as the catalog stores it.
    pub name: &'static str,
    /// The type it is cast from and to by way of `text`, where its binary form is not understood.
    pub through_text: Option<&'static str>,
    /// For a value inside a document: the column of the document, and the keys that lead there.
    pub inside: Option<(&'static str, &'static [&'static str])>,
    /// The schema of its type, where the type is an extension's: its operators live there too.
    pub type_schema: Option<&'static str>,
}

impl Column {
    /// A column whose binary form is understood.
    pub const fn new(name: &'static str) -> Self {
        Column {
            name,
            through_text: None,
            inside: None,
            type_schema: None,
        }
    }

    /// A column of an extension's type, which lives in that schema.
    pub const fn of_type_in(name: &'static str, schema: &'static str) -> Self {
        Column {
            type_schema: Some(schema),
            ..Column::new(name)
        }
    }

    /// A column that travels as text, cast to and from that type.
    pub const fn through_text(name: &'static str, ty: &'static str) -> Self {
        Column {
            through_text: Some(ty),
            ..Column::new(name)
        }
    }

    /// A value inside the documents of a column, read under a name of its own.
    pub const fn inside(
        name: &'static str,
        column: &'static str,
        keys: &'static [&'static str],
    ) -> Self {
        Column {
            inside: Some((column, keys)),
            ..Column::new(name)
        }
    }
}

/// A value that a filter or a change keeps.
pub type Kept = Arc<dyn ToSql + Sync + Send>;

/// A value to be sent.
#[derive(Clone)]
pub(crate) enum Value<'q> {
    /// Of a struct that the caller holds.
    Borrowed(&'q (dyn ToSql + Sync)),
    /// Of a filter.
    Kept(Kept),
}

impl Value<'_> {
    pub(crate) fn get(&self) -> &(dyn ToSql + Sync) {
        match self {
            Value::Borrowed(value) => *value,
            Value::Kept(value) => &**value,
        }
    }
}

/// A piece of a condition: text, or a place for a value.
#[derive(Clone)]
pub(crate) enum Piece {
    Text(String),
    /// A value of that column's type.
    Value(Column, Kept),
    /// Several values of that column's type, as one array.
    Array(Column, Kept),
    /// The value so many places before: it is sent once.
    Before(usize),
}

/// A statement: text with `$1`, `$2` …, and their values.
#[derive(Clone, Default)]
pub(crate) struct Sql<'q> {
    pub(crate) text: String,
    pub(crate) values: Vec<Value<'q>>,
}

impl<'q> Sql<'q> {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Sql {
            text: text.into(),
            values: Vec::new(),
        }
    }

    pub(crate) fn select<R: Row>() -> Self {
        let list = R::list();
        // Room for most statements: growing costs more than a few bytes.
        let mut text = String::with_capacity(list.len() + 128);
        text.push_str("SELECT ");
        text.push_str(&list);
        text.push_str(" FROM ");
        push_qualified(&mut text, R::RELATION);
        Sql::new(text)
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A place for a value that is sent as it is.
    pub(crate) fn plain(&mut self, value: Value<'q>) -> &mut Self {
        self.values.push(value);
        self.text.push('$');
        push_number(&mut self.text, self.values.len());
        self
    }

    /// A place for a value of that column's type.
    pub(crate) fn value(&mut self, column: Column, value: Value<'q>) -> &mut Self {
        self.plain(value);
        if let Some(ty) = column.through_text {
            self.text += &format!("::{}::{ty}", text_for(ty));
        }
        self
    }

    fn array(&mut self, column: Column, value: Value<'q>) -> &mut Self {
        self.plain(value);
        if let Some(ty) = column.through_text {
            self.text += &format!("::text[]::{ty}[]");
        }
        self
    }

    pub(crate) fn pieces(&mut self, pieces: &[Piece]) -> &mut Self {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.push(text),
                Piece::Value(column, value) => self.value(*column, Value::Kept(value.clone())),
                Piece::Array(column, value) => self.array(*column, Value::Kept(value.clone())),
                Piece::Before(places) => {
                    let number = self.values.len() + 1 - places;
                    self.push(&format!("${number}"))
                }
            };
        }
        self
    }

    /// `a = $1 AND b = $2`.
    pub(crate) fn equals(
        &mut self,
        columns: &[Column],
        values: Vec<&'q (dyn ToSql + Sync)>,
    ) -> &mut Self {
        for (at, (column, value)) in columns.iter().zip(values).enumerate() {
            self.push(if at > 0 { " AND " } else { "" });
            push_quoted(&mut self.text, column.name);
            self.push(" = ");
            self.value(*column, Value::Borrowed(value));
        }
        self
    }

    pub(crate) fn returning<R: Row>(&mut self) -> &mut Self {
        let list = R::list();
        self.text.reserve(16 + list.len());
        self.push(" RETURNING ").push(&list)
    }

    /// `INSERT INTO t (…) VALUES (…), (…)`; every row gives the same columns, in that order.
    pub(crate) fn insert(
        table: (&str, &str),
        rows: impl IntoIterator<Item = Vec<(Column, &'q (dyn ToSql + Sync))>>,
    ) -> Self {
        let mut rows = rows.into_iter().peekable();
        let mut text = String::with_capacity(512);
        text.push_str("INSERT INTO ");
        push_qualified(&mut text, table);
        let mut sql = Sql::new(text);
        let columns = rows.peek().map_or(&[][..], Vec::as_slice);
        if columns.is_empty() {
            sql.push(" DEFAULT VALUES");
            return sql;
        }
        sql.values.reserve(columns.len());
        for (at, (column, _)) in columns.iter().enumerate() {
            sql.push(if at > 0 { ", " } else { " (" });
            push_quoted(&mut sql.text, column.name);
        }
        sql.push(") VALUES ");
        for (at, row) in rows.enumerate() {
            sql.push(if at > 0 { ", (" } else { "(" });
            for (at, (column, value)) in row.into_iter().enumerate() {
                sql.push(if at > 0 { ", " } else { "" });
                sql.value(column, Value::Borrowed(value));
            }
            sql.push(")");
        }
        sql
    }

    /// `UPDATE t SET a = $1, b = $2`.
    pub(crate) fn update(table: (&str, &str), changes: Vec<(Column, Value<'q>)>) -> Self {
        let mut sql = Sql::new(format!("UPDATE {} SET ", qualified(table)));
        for (at, (column, value)) in changes.into_iter().enumerate() {
            sql.push(if at > 0 { ", " } else { "" });
            push_quoted(&mut sql.text, column.name);
            sql.push(" = ");
            sql.value(column, value);
        }
        sql
    }

    pub(crate) fn delete(table: (&str, &str)) -> Self {
        Sql::new(format!("DELETE FROM {}", qualified(table)))
    }
}

/// An identifier in quotes, which is right for every name.
pub(crate) fn quoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    push_quoted(&mut text, name);
    text
}

fn push_quoted(text: &mut String, name: &str) {
    text.push('"');
    for (at, part) in name.split('"').enumerate() {
        text.push_str(if at > 0 { "\"\"" } else { "" });
        text.push_str(part);
    }
    text.push('"');
}

/// A number as it is written, without what formatting can do besides.
fn push_number(text: &mut String, number: usize) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    // A digit fits into any integer.
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// `schema` and `name` in quotes; no schema where it is empty.
pub(crate) fn qualified(table: (&str, &str)) -> String {
    let mut text = String::new();
    push_qualified(&mut text, table);
    text
}

fn push_qualified(text: &mut String, (schema, name): (&str, &str)) {
    if !schema.is_empty() {
        push_quoted(text, schema);
        text.push('.');
    }
    push_quoted(text, name);
}

/// What stands between `SELECT` or `RETURNING` and the next clause.
pub fn select_list(columns: &[Column]) -> String {
    let mut list = String::new();
    let text = &mut list;
    for (at, c) in columns.iter().enumerate() {
        text.push_str(if at > 0 { ", " } else { "" });
        match (c.through_text, c.inside) {
            (_, Some((column, keys))) => {
                push_quoted(text, column);
                let keys = keys.iter();
                let keys = keys.map(|key| format!("'{}'", key.replace('\'', "''")));
                let keys = keys.collect::<Vec<_>>().join(", ");
                text.push_str(&format!(" #> ARRAY[{keys}] AS "));
            }
            (Some(ty), None) => {
                push_quoted(text, c.name);
                text.push_str("::");
                text.push_str(text_for(ty));
                text.push_str(" AS ");
            }
            (None, None) => {}
        }
        push_quoted(text, c.name);
    }
    list
}

pub(crate) fn list(columns: &[Column], render: impl Fn(&Column) -> String) -> String {
    columns.iter().map(render).collect::<Vec<_>>().join(", ")
}

fn text_for(ty: &str) -> &'static str {
    if ty.ends_with("[]") { "text[]" } else { "text" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Column = Column::new("id");
    const FROM: Column = Column::new("from");
    const SHAPE: Column = Column::through_text("shape", "geometry");

    #[test]
    fn statements_quote_names_and_cast_what_travels_as_text() {
        let table = ("public", "odd\"name");
        let row = |from, shape| -> Vec<(Column, &(dyn ToSql + Sync))> {
            vec![(FROM, from), (SHAPE, shape)]
        };
        let sql = Sql::insert(table, [row(&1, &"a"), row(&2, &"b")]);
        assert_eq!(
            sql.text,
            "INSERT INTO \"public\".\"odd\"\"name\" (\"from\", \"shape\") \
             VALUES ($1, $2::text::geometry), ($3, $4::text::geometry)"
        );
        assert_eq!(
            select_list(&[ID, SHAPE]),
            "\"id\", \"shape\"::text AS \"shape\""
        );
        let changes = vec![(SHAPE, Value::Borrowed(&"a")), (FROM, Value::Borrowed(&1))];
        let mut sql = Sql::update(("", "t"), changes);
        sql.push(" WHERE ").equals(&[ID], vec![&7]);
        assert_eq!(
            sql.text,
            "UPDATE \"t\" SET \"shape\" = $1::text::geometry, \"from\" = $2 WHERE \"id\" = $3"
        );
        let mut sql = Sql::delete(("", "t"));
        sql.push(" WHERE ").equals(&[ID, FROM], vec![&7, &1]);
        assert_eq!(
            sql.text,
            "DELETE FROM \"t\" WHERE \"id\" = $1 AND \"from\" = $2"
        );
        assert_eq!(
            Sql::insert(("", "t"), [vec![]]).text,
            "INSERT INTO \"t\" DEFAULT VALUES"
        );
    }
}
