//! Queries: SELECT, VALUES, set operations, common table expressions.

use sqlparser::ast::{
    Cte, Distinct, Expr, GroupByExpr, LimitClause, OrderByKind, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, Spanned, Statement, Value as Literal, With,
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
        self.define(cte, columns);
        let whole = self.query(&cte.query, &[]);
        self.ctes.pop();
        whole
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
                if columns.len() != others.len() {
                    let place = bytes(self.sql, right.span());
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
                    let items = self.here().items.iter();
                    for item in items.filter(|item| !item.apart) {
                        if item.open && item.columns.is_empty() {
                            columns.push(unlisted(&item.alias, place));
                        }
                        let own = item.columns.iter();
                        columns.extend(own.filter(|c| !item.merged.contains(&c.name)).cloned());
                    }
                    let from = columns.iter_mut().filter(|column| column.place == (0, 0));
                    from.for_each(|column| column.place = place);
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
                columns.extend(item.columns.iter().cloned().map(|c| Col { place, ..c }));
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
        }
    }

    /// What PostgreSQL calls a column without a name of its own (`FigureColname`).
    fn name_of(&self, expr: &Expr) -> String {
        match expr {
            Expr::Identifier(name) => folded(name),
            Expr::CompoundIdentifier(names) => names.last().map(folded).unwrap_or_default(),
            Expr::Function(function) => qualified(&function.name).1.to_string(),
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.name_of(inner),
            Expr::Cast {
                expr, data_type, ..
            } => match self.name_of(expr) {
                name if name == UNNAMED => self
                    .type_named(data_type)
                    .map_or(name, |ty| crate::expr::internal_name(&ty.name).to_owned()),
                name => name,
            },
            Expr::Case { else_result, .. } => {
                let name = else_result.as_deref().map(|e| self.name_of(e));
                name.filter(|name| name != UNNAMED)
                    .unwrap_or_else(|| "case".to_owned())
            }
            Expr::Exists { .. } => "exists".to_owned(),
            Expr::Array(_) => "array".to_owned(),
            Expr::Extract { .. } => "extract".to_owned(),
            Expr::Substring { .. } => "substring".to_owned(),
            Expr::Position { .. } => "position".to_owned(),
            Expr::Trim { .. } => "btrim".to_owned(),
            Expr::Ceil { .. } => "ceil".to_owned(),
            Expr::Floor { .. } => "floor".to_owned(),
            Expr::AtTimeZone { .. } => "timezone".to_owned(),
            Expr::Value(value) if matches!(value.value, Literal::Boolean(_)) => "bool".to_owned(),
            Expr::Subquery(query) => match &*query.body {
                SetExpr::Select(select) => match select.projection.first() {
                    Some(SelectItem::UnnamedExpr(expr)) => self.name_of(expr),
                    Some(SelectItem::ExprWithAlias { alias, .. }) => folded(alias),
                    _ => UNNAMED.to_owned(),
                },
                _ => UNNAMED.to_owned(),
            },
            _ => UNNAMED.to_owned(),
        }
    }
}

const UNNAMED: &str = "?column?";

fn unlisted(alias: &str, place: (usize, usize)) -> Col {
    let why = format!("the columns of `{alias}` are not known");
    let mut column = Col::new(alias, Found::Unknown(why));
    column.place = place;
    column
}
