//! SQL of one's own, typed against a [`Schema`]: which parameters a statement takes, and which
//! columns it gives.
//!
//! It reads what sqlparser reads and never guesses. What it cannot type is a fault that says how to
//! give the type, where the type is needed; elsewhere it lets the server judge.

mod call;
mod cast;
mod change;
mod condition;
mod expr;
mod fault;
mod from;
mod functions;
mod operator;
mod param;
mod scope;
mod select;
mod shape;
mod value;

use std::collections::BTreeSet;

use sqlparser::ast::Statement;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::schema::{Name, Schema, Type};

pub use fault::Fault;
pub use value::{Origin, Value};

/// A statement with its types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// `$1`, `$2` and so on.
    pub params: Vec<Value>,
    /// The columns of its rows; empty where it gives none.
    pub columns: Vec<Output>,
}

/// A column of a statement's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name, without what follows it in `"name: Type"`, `"name!"` and `"name?"`.
    pub name: String,
    /// Its name as the server has it.
    pub column: String,
    /// Its type; `None` only where the author gives one.
    pub value: Option<Value>,
    /// The Rust type that the author gives: `expr as "name: Type"`.
    pub given: Option<String>,
    /// The first byte of its expression.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// What the name of a column says: the name itself, the Rust type behind `: `, and whether it may be
/// null (`name?`) or is not (`name!`).
fn said_by_author(written: &str) -> (String, Option<String>, Option<bool>) {
    if let Some((name, ty)) = written.split_once(": ") {
        return (name.trim().to_owned(), Some(ty.trim().to_owned()), None);
    }
    match (written.strip_suffix('!'), written.strip_suffix('?')) {
        (Some(name), _) => (name.to_owned(), None, Some(false)),
        (_, Some(name)) => (name.to_owned(), None, Some(true)),
        _ => (written.to_owned(), None, None),
    }
}

/// Types one statement: a `select`, `insert`, `update` or `delete`.
///
/// Names are looked up as the server would: unquoted ones are folded to lower case, and a relation
/// without a schema is in `default_schema`.
///
/// # Errors
///
/// Every name that refers to nothing, and everything whose type is needed and can't be told.
///
/// ```
/// let mut sources = model::Sources::new();
/// sources.add("shop.pilaster", "table deals {\n  id  bigint  primary key\n  notes  text?\n}\n");
/// let (shop, _) = model::load(&sources);
/// let sql = "select id, notes from deals where id > $1";
/// let query = model::query::check(&shop.schema, &shop.default_schema, sql).unwrap();
/// assert_eq!(query.params[0].ty.to_string(), "bigint");
/// assert!(!query.columns[0].value.as_ref().unwrap().nullable);
/// assert!(query.columns[1].value.as_ref().unwrap().nullable);
/// ```
pub fn check(schema: &Schema, default_schema: &str, sql: &str) -> Result<Query, Vec<Fault>> {
    let dialect = PostgreSqlDialect {};
    let statements = Parser::parse_sql(&dialect, sql)
        .map_err(|error| vec![Fault::whole(sql, fault::of_parser(&error.to_string()))])?;
    let [statement] = statements.as_slice() else {
        let message = format!("expected one statement, found {}", statements.len());
        return Err(vec![Fault::whole(sql, message)]);
    };
    // Which parameters may be null shows only when all of the statement was read.
    let mut optional = BTreeSet::new();
    loop {
        let mut typer = Typer::new(schema, default_schema, sql, &optional);
        let columns = typer.statement(statement);
        let may_be_null = typer.params.optional();
        if may_be_null != optional && typer.faults.is_empty() {
            optional = may_be_null;
            continue;
        }
        return typer.finish(columns);
    }
}

/// What is known while a statement is read.
struct Typer<'a> {
    schema: &'a Schema,
    default_schema: &'a str,
    sql: &'a str,
    faults: Vec<Fault>,
    params: param::Params,
    scopes: Vec<scope::Scope>,
    ctes: Vec<scope::Item>,
    /// How many views stand around what is read: a view that selects from itself ends here.
    views: usize,
}

impl<'a> Typer<'a> {
    fn new(
        schema: &'a Schema,
        default_schema: &'a str,
        sql: &'a str,
        optional: &BTreeSet<usize>,
    ) -> Self {
        Typer {
            schema,
            default_schema,
            sql,
            faults: Vec::new(),
            params: param::Params::new(optional.clone()),
            scopes: Vec::new(),
            ctes: Vec::new(),
            views: 0,
        }
    }

    fn statement(&mut self, statement: &Statement) -> Vec<scope::Col> {
        match statement {
            Statement::Query(query) => self.query(query, &[]),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            _ => {
                let message = "expected a select, insert, update or delete";
                self.faults.push(Fault::whole(self.sql, message.to_owned()));
                Vec::new()
            }
        }
    }

    fn finish(mut self, columns: Vec<scope::Col>) -> Result<Query, Vec<Fault>> {
        if self.faults.is_empty() {
            let outputs: Vec<Output> = columns.into_iter().map(|c| self.output(c)).collect();
            self.names_differ(&outputs);
            let params = std::mem::take(&mut self.params);
            let params = match self.faults.is_empty() {
                true => params.finish(&mut self.faults),
                false => Vec::new(),
            };
            if self.faults.is_empty() {
                return Ok(Query {
                    params,
                    columns: outputs,
                });
            }
        }
        self.faults.sort_by_key(|fault| fault.start);
        self.faults.dedup();
        Err(self.faults)
    }

    fn names_differ(&mut self, outputs: &[Output]) {
        let mut seen = BTreeSet::new();
        for output in outputs {
            if !seen.insert(&output.name) {
                let message = format!("two columns are called `{}`", output.name);
                let fault = Fault::new(output.start, output.end, message);
                self.faults
                    .push(fault.help("name each by itself: `… as name`"));
            }
        }
    }

    fn output(&mut self, column: scope::Col) -> Output {
        let (name, given, nullable) = said_by_author(&column.name);
        let (start, end) = column.place;
        let value = match column.value.clone() {
            value::Found::Known(value) => Some(value),
            // A string by itself is text in a result.
            value::Found::Open(open) if open.params.is_empty() && open.text => {
                Some(Value::new(Type::builtin("text"), open.null))
            }
            _ if given.is_some() => None,
            value::Found::Open(open) => {
                let of = open.params.first().map(|n| format!("`${n}`"));
                let of = of.unwrap_or_else(|| "`null`".to_owned());
                let message = format!("nothing says what type {of} has");
                let fault = Fault::new(start, end, message);
                self.faults.push(fault.help("cast it: `…::bigint`"));
                None
            }
            // Its fault is known already.
            value::Found::Unknown(why) if why.is_empty() => None,
            value::Found::Unknown(why) => {
                let help = "give it: a cast, `(…)::bigint`, or a Rust type, `… as \"name: i64\"`";
                self.faults.push(Fault::new(start, end, why).help(help));
                None
            }
        };
        let value = value.map(|value| match nullable {
            Some(nullable) => Value { nullable, ..value },
            None => value,
        });
        Output {
            name,
            column: column.name,
            value,
            given,
            start,
            end,
        }
    }
}

/// A name as the server reads it.
fn folded(ident: &sqlparser::ast::Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    }
}

/// Schema and name of an object, as the server reads them.
fn qualified(name: &sqlparser::ast::ObjectName) -> (Option<Name>, Name) {
    let parts: Vec<String> = name
        .0
        .iter()
        .filter_map(|part| part.as_ident().map(folded))
        .collect();
    match parts.as_slice() {
        [.., schema, name] => (Some(Name::from(schema)), Name::from(name)),
        [name] => (None, Name::from(name)),
        [] => (None, Name::default()),
    }
}

/// Whether a query gives exactly one row, whatever the tables hold: aggregates without groups.
fn select_is_one_row(query: &sqlparser::ast::Query) -> bool {
    use sqlparser::ast::{GroupByExpr, SelectItem, SetExpr};
    let SetExpr::Select(select) = &*query.body else {
        return false;
    };
    let grouped = match &select.group_by {
        GroupByExpr::Expressions(keys, modifiers) => !keys.is_empty() || !modifiers.is_empty(),
        GroupByExpr::All(_) => true,
    };
    let limited = query.limit_clause.is_some() || query.fetch.is_some();
    let aggregate = select.projection.iter().any(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            call::has_aggregate(expr)
        }
        _ => false,
    });
    !grouped && !limited && select.having.is_none() && aggregate
}
