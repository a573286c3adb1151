//! What stands in FROM: tables, views, subqueries, functions, and how they are joined.

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, Join, JoinConstraint, JoinOperator, ObjectName,
    Query, Spanned, Statement, TableAlias, TableFactor, TableWithJoins,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::fault::bytes;
use super::scope::{Col, Item, Scope};
use super::value::{Found, Value};
use super::{Typer, folded, qualified};
use crate::expr::nearest;
use crate::schema::{Id, Kind, Object};

impl Typer<'_> {
    /// Brings a FROM item with its joins into the innermost scope.
    pub(super) fn from(&mut self, from: &TableWithJoins) {
        let first = self.here().items.len();
        self.relation(&from.relation);
        for join in &from.joins {
            self.join(join, first);
        }
    }

    pub(super) fn here(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::default());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    fn join(&mut self, join: &Join, first: usize) {
        let right = self.here().items.len();
        self.relation(&join.relation);
        use JoinOperator as J;
        let (constraint, left_null, right_null) = match &join.join_operator {
            J::Join(c) | J::Inner(c) | J::CrossJoin(c) => (Some(c), false, false),
            J::Left(c) | J::LeftOuter(c) => (Some(c), false, true),
            J::Right(c) | J::RightOuter(c) => (Some(c), true, false),
            J::FullOuter(c) => (Some(c), true, true),
            _ => {
                let place = bytes(self.sql, join.span());
                self.fault_at(place, "PostgreSQL has no such join".to_owned(), None);
                (None, false, false)
            }
        };
        match constraint {
            Some(JoinConstraint::On(condition)) => {
                self.condition(condition);
                if !left_null && !right_null {
                    self.holds(condition);
                }
            }
            Some(JoinConstraint::Using(names)) => {
                for name in names {
                    let name = name.0.last().and_then(|part| part.as_ident());
                    if let Some(name) = name {
                        self.using(name, first, right, left_null);
                    }
                }
            }
            Some(JoinConstraint::Natural) => {
                let place = bytes(self.sql, join.span());
                let message = "a natural join changes its meaning with every new column";
                let help = "name the columns: `using (…)`";
                self.fault_at(place, message.to_owned(), Some(help.to_owned()));
            }
            Some(JoinConstraint::None) | None => {}
        }
        let items = &mut self.here().items;
        for (at, item) in items.iter_mut().enumerate().skip(first) {
            if (at < right && left_null) || (at >= right && right_null) {
                item.or_null();
            }
        }
    }

    /// A column that both sides have: the bare name means the side that an outer join keeps.
    fn using(&mut self, name: &Ident, first: usize, right: usize, left_null: bool) {
        let column = folded(name);
        let has = |items: &[Item]| items.iter().any(|i| i.open || i.find(&column).is_some());
        let items = &self.here().items;
        if !(has(&items[first..right]) && has(&items[right..])) {
            let message = format!("`{column}` is not a column of both sides");
            self.fault(name, message, None);
            return;
        }
        let items = &mut self.here().items;
        let merged = match left_null {
            true => &mut items[first..right],
            false => &mut items[right..],
        };
        for item in merged {
            item.merged.push(column.clone());
        }
    }

    fn relation(&mut self, factor: &TableFactor) {
        let item = match factor {
            TableFactor::Table {
                name, alias, args, ..
            } => match args {
                None => self.table(name, alias.as_ref()),
                Some(args) => self.table_function(name, &args.args, alias.as_ref()),
            },
            TableFactor::Function {
                name, args, alias, ..
            } => self.table_function(name, args, alias.as_ref()),
            TableFactor::UNNEST {
                array_exprs, alias, ..
            } => {
                let columns = array_exprs.iter().map(|array| {
                    let item = match self.expr(array) {
                        Found::Known(value) if value.ty.array => Found::Known(value.item()),
                        _ => Found::unknown("the items of this array have no known type"),
                    };
                    Col::new("unnest", item)
                });
                let columns = columns.collect();
                self.named(columns, "unnest", alias.as_ref())
            }
            TableFactor::Derived {
                lateral,
                subquery,
                alias,
                ..
            } => {
                let columns = self.subquery(subquery, *lateral);
                self.named(columns, "", alias.as_ref())
            }
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => {
                self.from(table_with_joins);
                return;
            }
            _ => Item {
                open: true,
                ..Item::default()
            },
        };
        self.here().items.push(item);
    }

    /// A subquery in FROM: what stands beside it is in its sight only where it is `lateral`.
    fn subquery(&mut self, query: &Query, lateral: bool) -> Vec<Col> {
        if lateral {
            return self.query(query, &[]);
        }
        let beside = std::mem::take(&mut self.here().items);
        let columns = self.query(query, &[]);
        self.here().items = beside;
        columns
    }

    /// A table, a view or a common table expression.
    fn table(&mut self, name: &ObjectName, alias: Option<&TableAlias>) -> Item {
        let (schema, own) = qualified(name);
        if schema.is_none()
            && let Some(cte) = self.ctes.iter().rev().find(|cte| cte.alias == *own)
        {
            let (columns, open) = (cte.columns.clone(), cte.open);
            let item = self.named(columns, &own, alias);
            return Item { open, ..item };
        }
        match self.find_relation(name) {
            Some(id) => {
                let columns = match id.kind {
                    Kind::View => self.view(&id),
                    _ => self.columns_of(&id),
                };
                let open = columns.is_empty();
                let item = self.named(columns, &own, alias);
                Item { open, ..item }
            }
            None => Item {
                open: true,
                ..self.named(Vec::new(), &own, alias)
            },
        }
    }

    /// The table or view of that name; a fault where there is none.
    pub(super) fn find_relation(&mut self, name: &ObjectName) -> Option<Id> {
        let (schema, own) = qualified(name);
        let within = schema.as_deref().unwrap_or(self.default_schema);
        if let Some(node) = self.schema.relation(within, &own) {
            return Some(node.id.clone());
        }
        if matches!(within, "pg_catalog" | "information_schema") || own.starts_with("pg_") {
            return None;
        }
        let kinds = [Kind::Table, Kind::View];
        let all = || kinds.into_iter().flat_map(|k| self.schema.of_kind(k));
        let elsewhere = all().find(|node| node.id.name == own);
        let names = all().map(|node| node.id.name.as_str());
        let names = names.chain(self.ctes.iter().map(|cte| cte.alias.as_str()));
        let mut help = None;
        let message = match (elsewhere, nearest(&own, names)) {
            (Some(node), _) => {
                help = Some(format!("write `{}.{own}`", node.id.schema));
                format!("there is no relation `{within}.{own}`")
            }
            (None, Some(near)) => {
                format!("there is no relation `{own}`; did you mean `{near}`?")
            }
            (None, None) => format!("there is no relation `{own}`"),
        };
        self.fault_at(bytes(self.sql, name.span()), message, help);
        None
    }

    /// The columns of a view, by its own query.
    fn view(&mut self, id: &Id) -> Vec<Col> {
        let node = self.schema.get(id);
        let Some(Object::View(view)) = node.map(|node| &node.object) else {
            return Vec::new();
        };
        if self.views > 16 {
            return Vec::new();
        }
        let parsed = Parser::parse_sql(&PostgreSqlDialect {}, view.query.as_str());
        let Ok([Statement::Query(query)]) = parsed.as_deref() else {
            let open = |name: &crate::schema::Name| {
                let why = format!("the view {id} can't be read");
                Col::new(name, Found::unknown(why))
            };
            return view.columns.iter().map(open).collect();
        };
        // A view sees nothing of the query around it.
        let scopes = std::mem::take(&mut self.scopes);
        let ctes = std::mem::take(&mut self.ctes);
        self.views += 1;
        let mut columns = self.query(query, &[]);
        self.views -= 1;
        self.scopes = scopes;
        self.ctes = ctes;
        for (column, name) in columns.iter_mut().zip(&view.columns) {
            column.name = name.to_string();
        }
        columns
    }

    /// Columns under an alias, which may name the columns too.
    pub(super) fn named(
        &mut self,
        mut columns: Vec<Col>,
        own: &str,
        alias: Option<&TableAlias>,
    ) -> Item {
        let Some(alias) = alias else {
            return Item {
                alias: own.to_owned(),
                columns,
                ..Item::default()
            };
        };
        if alias.columns.len() > columns.len() && !columns.is_empty() {
            let message = format!(
                "{} columns are named, there are {}",
                alias.columns.len(),
                columns.len()
            );
            self.fault(&alias.name, message, None);
        }
        if !alias.columns.is_empty() {
            self.in_order(&columns, bytes(self.sql, alias.name.span));
        }
        for (column, name) in columns.iter_mut().zip(&alias.columns) {
            column.name = folded(&name.name);
        }
        Item {
            alias: folded(&alias.name),
            columns,
            ..Item::default()
        }
    }

    /// A fault where the order of columns matters and a `*` leaves it open.
    pub(super) fn in_order(&mut self, columns: &[Col], place: (usize, usize)) {
        if columns.iter().any(|column| column.starred) {
            let message = "the order of columns matters here, and `*` does not say it";
            let help = "name the columns instead of `*`".to_owned();
            self.fault_at(place, message.to_owned(), Some(help));
        }
    }

    fn table_function(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
    ) -> Item {
        let args: Vec<&Expr> = args.iter().filter_map(argument).collect();
        let (schema, own) = qualified(name);
        if let Some(columns) = self.own_table_function(schema.as_deref(), &own, &args) {
            return self.named(columns, &own, alias);
        }
        let found: Vec<Found> = args.iter().map(|arg| self.expr(arg)).collect();
        // A function with one column calls it as it is called itself.
        let called = alias.map_or_else(|| own.to_string(), |alias| folded(&alias.name));
        let first = || found.first().and_then(Found::value).cloned();
        let text = |name: &str, null| Col::new(name, Found::known("text", null));
        let columns = match own.as_str() {
            "generate_series" => first().map(|value| vec![Col::new(&called, Found::Known(value))]),
            "unnest" => first().map(|value| vec![Col::new(&called, Found::Known(value.item()))]),
            "jsonb_array_elements" => Some(vec![Col::new("value", Found::known("jsonb", false))]),
            "json_array_elements" => Some(vec![Col::new("value", Found::known("json", false))]),
            "jsonb_array_elements_text" | "json_array_elements_text" => {
                Some(vec![text("value", true)])
            }
            "jsonb_object_keys"
            | "json_object_keys"
            | "regexp_split_to_table"
            | "string_to_table" => Some(vec![text(&called, false)]),
            "jsonb_each" => Some(vec![
                text("key", false),
                Col::new("value", Found::known("jsonb", false)),
            ]),
            "jsonb_each_text" => Some(vec![text("key", false), text("value", true)]),
            _ => None,
        };
        let open = columns.is_none();
        let columns = columns.unwrap_or_default();
        let mut item = self.named(columns, &own, alias);
        if let (true, Some(alias)) = (open, alias) {
            // `as t (a text, b integer)` says it.
            for column in &alias.columns {
                let value = match &column.data_type {
                    Some(ty) => match self.type_named(ty) {
                        Ok(ty) => Found::Known(Value::new(ty, true)),
                        Err(why) => Found::Unknown(why),
                    },
                    None => Found::unknown(format!("the type of `{}` is not known", column.name)),
                };
                item.columns.push(Col::new(&folded(&column.name), value));
            }
        }
        Item { open, ..item }
    }
}

/// The expression of an argument; none for `*`.
pub(super) fn argument(arg: &FunctionArg) -> Option<&Expr> {
    let (FunctionArg::Unnamed(arg)
    | FunctionArg::Named { arg, .. }
    | FunctionArg::ExprNamed { arg, .. }) = arg;
    match arg {
        FunctionArgExpr::Expr(expr) => Some(expr),
        _ => None,
    }
}
