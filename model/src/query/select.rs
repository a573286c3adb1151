//! Queries: SELECT, VALUES, set operations, common table expressions.

use sqlparser::ast::{
    Cte, Distinct, Expr, GroupByExpr, LimitClause, OrderByKind, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, Spanned, Statement, With,
};

use super::fault::bytes;
use super::scope::{Col, Item, Scope};
use super::value::{Found, Value};
use super::{Typer, folded, qualified};

impl Typer<'_> {
    /// The columns of a query. `want` says what columns they go into, for an INSERT.
    pub(super) fn query(&mut self, query: &Query, want: &[Value]) -> Vec<Col> {
        let before = self.ctes.len();
        if let Some(with) = &query.with {
            self.with(with);
        }
        self.scopes.push(Scope::default());
        let columns = self.set(&query.body, want);
        if let Some(order) = &query.order_by
            && let OrderByKind::Expressions(keys) = &order.kind
        {
            for key in keys {
                self.order_key(&key.expr, &columns);
            }
        }
        self.scopes.pop();
        let bigint = Value::builtin("bigint", false);
        if let Some(LimitClause::LimitOffset { limit, offset, .. }) = &query.limit_clause {
            for limit in limit
                .iter()
                .chain(offset.iter().map(|offset| &offset.value))
            {
                self.expect(limit, &bigint);
            }
        }
        if let Some(quantity) = query.fetch.as_ref().and_then(|f| f.quantity.as_ref()) {
            self.expect(quantity, &bigint);
        }
        self.ctes.truncate(before);
        columns
    }

    /// A key of ORDER BY: a result column's name, or an expression on what is in FROM.
    fn order_key(&mut self, key: &Expr, columns: &[Col]) {
        if let Expr::Identifier(name) = key
            && columns.iter().any(|c| c.name == folded(name))
        {
            return;
        }
        self.expr(key);
    }

    pub(super) fn with(&mut self, with: &With) {
        for cte in &with.cte_tables {
            let columns = match with.recursive {
                true => self.recursive(cte),
                false => self.query(&cte.query, &[]),
            };
            self.define(cte, columns);
        }
    }

    fn define(&mut self, cte: &Cte, columns: Vec<Col>) {
        let item = self.named(columns, "", Some(&cte.alias));
        self.ctes.push(item);
    }

    /// A recursive one has the types of its part that is not.
    fn recursive(&mut self, cte: &Cte) -> Vec<Col> {
        let SetExpr::SetOperation { left, .. } = &*cte.query.body else {
            return self.query(&cte.query, &[]);
        };
        self.scopes.push(Scope::default());
        let columns = self.set(left, &[]);
        self.scopes.pop();
        let nulls = |columns: &[Col]| -> Vec<bool> {
            columns
                .iter()
                .map(|column| column.value.nullable())
                .collect()
        };
        // What a round makes null, the next one reads.
        let mut columns = columns;
        loop {
            let before = nulls(&columns);
            self.define(cte, columns);
            let whole = self.query(&cte.query, &[]);
            self.ctes.pop();
            if nulls(&whole) == before || whole.len() != before.len() {
                return whole;
            }
            columns = whole;
        }
    }

    fn set(&mut self, set: &SetExpr, want: &[Value]) -> Vec<Col> {
        match set {
            SetExpr::Select(select) => self.select(select, want),
            SetExpr::Query(query) => self.query(query, want),
            SetExpr::Values(values) => {
                let mut columns: Vec<Col> = Vec::new();
                for row in &values.rows {
                    for (at, expr) in row.content.iter().enumerate() {
                        let found = match want.get(at) {
                            Some(want) => self.expect(expr, want),
                            None => self.expr(expr),
                        };
                        match columns.get_mut(at) {
                            Some(column) => {
                                column.value = self.unified(column.value.clone(), found);
                            }
                            None => {
                                let mut column = Col::new(&format!("column{}", at + 1), found);
                                column.place = bytes(self.sql, expr.span());
                                columns.push(column);
                            }
                        }
                    }
                }
                columns
            }
            SetExpr::SetOperation { left, right, .. } => {
                let mut columns = self.set(left, want);
                self.scopes.push(Scope::default());
                let others = self.set(right, want);
                self.scopes.pop();
                // ORDER BY sees the result and nothing of FROM.
                self.here().items.clear();
                let place = bytes(self.sql, right.span());
                self.in_order(&columns, place);
                self.in_order(&others, place);
                if columns.len() != others.len() {
                    let message = format!(
                        "one side has {} columns, the other {}",
                        columns.len(),
                        others.len()
                    );
                    self.fault_at(place, message, None);
                }
                for (column, other) in columns.iter_mut().zip(others) {
                    column.value = self.unified(column.value.clone(), other.value);
                }
                columns
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement) => match statement {
                Statement::Insert(insert) => self.insert(insert),
                Statement::Update(update) => self.update(update),
                Statement::Delete(delete) => self.delete(delete),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn select(&mut self, select: &Select, want: &[Value]) -> Vec<Col> {
        for from in &select.from {
            self.from(from);
        }
        if let Some(condition) = &select.selection {
            self.condition(condition);
            self.holds(condition);
        }
        if let GroupByExpr::Expressions(keys, modifiers) = &select.group_by {
            let sets =
                |key: &Expr| matches!(key, Expr::Rollup(_) | Expr::Cube(_) | Expr::GroupingSets(_));
            // A row of a grouping set is null in the columns that it does not group by.
            let several = !modifiers.is_empty() || keys.iter().any(sets);
            if several {
                self.here().items.iter_mut().for_each(Item::or_null);
            }
            self.here().grouped = !keys.is_empty() && !several;
            for key in keys {
                // A key may name a result column.
                if !self.is_output(key, &select.projection) {
                    self.expr(key);
                }
            }
        }
        if let Some(having) = &select.having {
            self.condition(having);
        }
        if let Some(Distinct::On(keys)) = &select.distinct {
            for key in keys {
                if !self.is_output(key, &select.projection) {
                    self.expr(key);
                }
            }
        }
        self.outputs(&select.projection, want)
    }

    fn is_output(&self, key: &Expr, outputs: &[SelectItem]) -> bool {
        let Expr::Identifier(name) = key else {
            return false;
        };
        let of_from = self
            .scopes
            .last()
            .is_some_and(|scope| scope.items.iter().any(|i| i.find(&folded(name)).is_some()));
        !of_from
            && outputs.iter().any(|output| {
                matches!(output, SelectItem::ExprWithAlias { alias, .. } if folded(alias) == folded(name))
            })
    }

    /// The columns of a SELECT list or a RETURNING.
    pub(super) fn outputs(&mut self, items: &[SelectItem], want: &[Value]) -> Vec<Col> {
        let mut columns = Vec::new();
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let name = self.name_of(expr);
                    columns.push(self.result(expr, &name, want.get(columns.len())));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let want = want.get(columns.len());
                    columns.push(self.result(expr, &folded(alias), want));
                }
                SelectItem::Wildcard(_) => {
                    let place = bytes(self.sql, item.span());
                    let mut all = self.here().items.iter();
                    if all.any(|item| !item.merged.is_empty()) {
                        let message = "with `using`, `*` puts the columns into an order of its own";
                        let help = "name the columns instead of `*`".to_owned();
                        self.fault_at(place, message.to_owned(), Some(help));
                    }
                    let first = columns.len();
                    let items = self.here().items.iter();
                    for item in items.filter(|item| !item.apart) {
                        if item.open && item.columns.is_empty() {
                            columns.push(unlisted(&item.alias, place));
                        }
                        let own = item.columns.iter();
                        columns.extend(own.filter(|c| !item.merged.contains(&c.name)).cloned());
                    }
                    for column in &mut columns[first..] {
                        column.place = place;
                        column.starred = true;
                    }
                }
                SelectItem::QualifiedWildcard(of, _) => {
                    let place = bytes(self.sql, item.span());
                    if let SelectItemQualifiedWildcardKind::ObjectName(name) = of {
                        self.all_of(name, place, &mut columns);
                    }
                }
                SelectItem::ExprWithAliases { .. } => {}
            }
        }
        columns
    }

    fn all_of(
        &mut self,
        name: &sqlparser::ast::ObjectName,
        place: (usize, usize),
        columns: &mut Vec<Col>,
    ) {
        let (_, alias) = qualified(name);
        match self.item(&alias) {
            Some(item) => {
                if item.open && item.columns.is_empty() {
                    columns.push(unlisted(&alias, place));
                }
                let own = item.columns.iter().cloned();
                let starred = true;
                columns.extend(own.map(|c| Col {
                    place,
                    starred,
                    ..c
                }));
            }
            None => {
                if let Some(ident) = name.0.last().and_then(|part| part.as_ident()) {
                    self.unknown_alias(ident, &alias);
                }
            }
        }
    }

    fn result(&mut self, expr: &Expr, name: &str, want: Option<&Value>) -> Col {
        let value = match want {
            Some(want) => self.expect(expr, want),
            None => self.expr(expr),
        };
        Col {
            name: name.to_owned(),
            value,
            place: bytes(self.sql, expr.span()),
            starred: false,
        }
    }

    /// What PostgreSQL calls a column without a name of its own (`FigureColname`).
    fn name_of(&self, expr: &Expr) -> String {
        self.strong_name(expr).unwrap_or_else(|| match expr {
            Expr::Nested(inner) => self.name_of(inner),
            Expr::Cast { data_type, .. } => match self.type_named(data_type) {
                Ok(ty) => crate::expr::internal_name(&ty.name).to_owned(),
                Err(_) => UNNAMED.to_owned(),
            },
            Expr::Case { .. } => "case".to_owned(),
            _ => UNNAMED.to_owned(),
        })
    }

    /// A name that a cast or a `case` around it keeps.
    fn strong_name(&self, expr: &Expr) -> Option<String> {
        let called = match expr {
            Expr::Identifier(name) => return Some(folded(name)),
            Expr::CompoundIdentifier(names) => return names.last().map(folded),
            Expr::Function(function) => return Some(qualified(&function.name).1.to_string()),
            Expr::Nested(inner)
            | Expr::Collate { expr: inner, .. }
            | Expr::Cast { expr: inner, .. } => return self.strong_name(inner),
            Expr::Case { else_result, .. } => return self.strong_name(else_result.as_deref()?),
            Expr::Subquery(query) => match &*query.body {
                SetExpr::Select(select) => match select.projection.first()? {
                    SelectItem::UnnamedExpr(expr) => return self.strong_name(expr),
                    SelectItem::ExprWithAlias { alias, .. } => return Some(folded(alias)),
                    _ => return None,
                },
                _ => return None,
            },
            Expr::Exists { .. } => "exists",
            Expr::Array(_) => "array",
            Expr::Extract { .. } => "extract",
            Expr::Substring { .. } => "substring",
            Expr::Position { .. } => "position",
            Expr::Trim { .. } => "btrim",
            Expr::Ceil { .. } => "ceil",
            Expr::Floor { .. } => "floor",
            Expr::AtTimeZone { .. } => "timezone",
            _ => return None,
        };
        Some(called.to_owned())
    }
}

const UNNAMED: &str = "?column?";

fn unlisted(alias: &str, place: (usize, usize)) -> Col {
    let why = format!("the columns of `{alias}` are not known");
    let mut column = Col::new(alias, Found::Unknown(why));
    column.place = place;
    column
}
