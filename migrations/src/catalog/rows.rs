//! Rows of the catalog as text, read field by field in the order of the query's columns.
//!
//! Never trusts a value: one that has another form than expected is an error that shows it.

use std::str::FromStr;

use model::schema::{Expr, Name};
use postgres::SimpleQueryRow;

use super::{CatalogError, array};

/// The rows that one statement of the batch gave.
pub(super) struct Rows {
    pub(super) what: &'static str,
    pub(super) rows: Vec<SimpleQueryRow>,
}

impl Rows {
    /// The answer of a query that was spared, because it would find nothing.
    pub(super) fn none(what: &'static str) -> Rows {
        Rows {
            what,
            rows: Vec::new(),
        }
    }

    /// Each row as a cursor over its fields.
    pub(super) fn iter(&self) -> impl Iterator<Item = Fields<'_>> {
        self.rows.iter().map(|row| Fields {
            what: self.what,
            row,
            next: 0,
        })
    }
}

/// The fields of a row that have not been read yet.
pub(super) struct Fields<'a> {
    what: &'static str,
    row: &'a SimpleQueryRow,
    next: usize,
}

type Result<T> = std::result::Result<T, CatalogError>;

impl<'a> Fields<'a> {
    /// The next field, where it isn't null.
    pub(super) fn opt(&mut self) -> Result<Option<&'a str>> {
        let value = self.row.try_get(self.next)?;
        self.next += 1;
        Ok(value)
    }

    /// The next field.
    pub(super) fn text(&mut self) -> Result<&'a str> {
        match self.opt()? {
            Some(text) => Ok(text),
            None => Err(self.unexpected("null")),
        }
    }

    /// The next field as a name.
    pub(super) fn name(&mut self) -> Result<Name> {
        self.text().map(Name::from)
    }

    /// The next field as a name, where it isn't null.
    pub(super) fn opt_name(&mut self) -> Result<Option<Name>> {
        Ok(self.opt()?.map(Name::from))
    }

    /// The next field as an expression, as printed.
    pub(super) fn opt_expr(&mut self) -> Result<Option<Expr>> {
        Ok(self.opt()?.map(Expr::new))
    }

    /// The next two fields as a schema and a name, where they are not null.
    pub(super) fn opt_pair(&mut self) -> Result<Option<(Name, Name)>> {
        let (schema, name) = (self.opt_name()?, self.opt_name()?);
        Ok(schema.zip(name))
    }

    /// The next field as a number.
    pub(super) fn number<T: FromStr>(&mut self) -> Result<T> {
        let text = self.text()?;
        text.parse().map_err(|_| self.unexpected(text))
    }

    /// The next field as a number, where it isn't null.
    pub(super) fn opt_number<T: FromStr>(&mut self) -> Result<Option<T>> {
        match self.opt()? {
            Some(text) => text.parse().map(Some).map_err(|_| self.unexpected(text)),
            None => Ok(None),
        }
    }

    /// The next field as an oid.
    pub(super) fn oid(&mut self) -> Result<u32> {
        self.number()
    }

    /// The next field as a boolean.
    pub(super) fn flag(&mut self) -> Result<bool> {
        match self.text()? {
            "t" => Ok(true),
            "f" => Ok(false),
            other => Err(self.unexpected(other)),
        }
    }

    /// The next field, of type `"char"`; NUL where it is empty, as the server prints `'\0'`.
    pub(super) fn letter(&mut self) -> Result<u8> {
        Ok(self.text()?.bytes().next().unwrap_or(0))
    }

    /// The next field as an array's elements; none where it is null.
    pub(super) fn list(&mut self) -> Result<Vec<String>> {
        match self.opt()? {
            Some(text) => array::parse(text).ok_or_else(|| self.unexpected(text)),
            None => Ok(Vec::new()),
        }
    }

    /// The next field as an array of names.
    pub(super) fn names(&mut self) -> Result<Vec<Name>> {
        Ok(self.list()?.into_iter().map(Name::from).collect())
    }

    /// The next field as the numbers of an `int2vector`, an `oidvector` or an array.
    pub(super) fn numbers<T: FromStr>(&mut self) -> Result<Vec<T>> {
        let Some(text) = self.opt()? else {
            return Ok(Vec::new());
        };
        text.trim_matches(['{', '}'])
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().map_err(|_| self.unexpected(text)))
            .collect()
    }

    /// The error that this row holds something it should not.
    pub(super) fn unexpected(&self, text: impl Into<String>) -> CatalogError {
        CatalogError::Unexpected {
            what: self.what,
            text: text.into(),
        }
    }
}
