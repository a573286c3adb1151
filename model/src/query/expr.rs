//! Expressions.

use sqlparser::ast::{AccessExpr, Expr, Spanned, Subscript, Value as Literal};

use super::fault::bytes;
use super::select_is_one_row;
use super::value::{Found, Open, Value};
use super::{Typer, folded};
use crate::schema::Type;

impl Typer<'_> {
    /// What an expression is.
    pub(super) fn expr(&mut self, expr: &Expr) -> Found {
        match expr {
            Expr::Identifier(name) => self.bare(name),
            Expr::CompoundIdentifier(names) => match names.as_slice() {
                [.., relation, column] => self.qualified_column(relation, column),
                [column] => self.bare(column),
                [] => Found::unknown("this name is empty"),
            },
            Expr::Nested(inner) => self.expr(inner),
            Expr::Collate { expr, .. } => self.expr(expr),
            Expr::Value(literal) => {
                let place = bytes(self.sql, literal.span);
                self.literal(&literal.value, place)
            }
            Expr::TypedString(typed) => self.constant_of(&typed.data_type),
            Expr::Interval(_) => Found::known("interval", false),
            Expr::Cast {
                expr, data_type, ..
            } => self.cast(expr, data_type),
            Expr::UnaryOp { op, expr } => self.unary(op, expr),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, expr),
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => {
                self.expr(inner);
                self.may_be_null(inner);
                Found::known("boolean", false)
            }
            Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner) => {
                self.condition(inner);
                self.may_be_null(inner);
                Found::known("boolean", false)
            }
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                let (one, other) = (self.expr(left), self.expr(right));
                self.compared(&one, &other, expr);
                self.may_be_null(left);
                self.may_be_null(right);
                Found::known("boolean", false)
            }
            Expr::InList { expr: of, list, .. } => {
                let of = self.expr(of);
                let mut null = of.nullable();
                for item in list {
                    let item = self.expr(item);
                    null |= item.nullable();
                    self.compared(&of, &item, expr);
                }
                Found::known("boolean", null)
            }
            Expr::InSubquery {
                expr: of, subquery, ..
            } => {
                let of = self.expr(of);
                let columns = self.query(subquery, &[]);
                let mut null = of.nullable();
                for column in &columns {
                    null |= column.value.nullable();
                    self.compared(&of, &column.value, expr);
                }
                Found::known("boolean", null)
            }
            Expr::Between {
                expr: of,
                low,
                high,
                ..
            } => {
                let (of, low, high) = (self.expr(of), self.expr(low), self.expr(high));
                self.compared(&of, &low, expr);
                self.compared(&of, &high, expr);
                self.compared(&low, &high, expr);
                let null = of.nullable() || low.nullable() || high.nullable();
                Found::known("boolean", null)
            }
            Expr::Like { expr, pattern, .. }
            | Expr::ILike { expr, pattern, .. }
            | Expr::SimilarTo { expr, pattern, .. } => {
                let text = Value::builtin("text", false);
                let (of, pattern) = (self.wanted(expr, &text), self.wanted(pattern, &text));
                Found::known("boolean", of.nullable() || pattern.nullable())
            }
            Expr::AnyOp { left, right, .. } | Expr::AllOp { left, right, .. } => {
                let of = self.expr(left);
                if let Expr::Subquery(query) = &**right {
                    let columns = self.query(query, &[]);
                    for column in &columns {
                        self.compared(&of, &column.value, expr);
                    }
                    return Found::known("boolean", true);
                }
                let array = self.expr(right);
                match (&of, &array) {
                    (Found::Known(value), Found::Open(open)) => {
                        let array = self.comparable(value).array(false);
                        self.bind(open, &array);
                    }
                    (Found::Open(open), Found::Known(array)) if array.ty.array => {
                        let item = self.comparable(&array.clone().item());
                        self.bind(open, &item);
                    }
                    _ => {}
                }
                Found::known("boolean", of.nullable() || array.nullable())
            }
            Expr::Exists { subquery, .. } => {
                self.query(subquery, &[]);
                Found::known("boolean", false)
            }
            Expr::Subquery(query) => {
                let columns = self.query(query, &[]);
                let one = select_is_one_row(query);
                match columns.into_iter().next() {
                    Some(column) => column.value.or_null(!one),
                    None => Found::unknown("this query gives no column"),
                }
            }
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(operand.as_deref(), conditions, else_result.as_deref(), expr),
            Expr::Function(function) => self.call(function),
            Expr::Array(array) => {
                let mut all = Found::Open(Open::default());
                for item in &array.elem {
                    let item = self.expr(item);
                    all = self.unified(all, item);
                }
                match all {
                    Found::Known(value) => Found::Known(value.array(false)),
                    _ => Found::unknown("the items of this array have no known type"),
                }
            }
            Expr::Extract { expr, .. } => {
                let of = self.expr(expr);
                Found::known("numeric", of.nullable())
            }
            Expr::AtTimeZone {
                timestamp,
                time_zone,
            } => {
                let of = self.expr(timestamp);
                let zone = self.wanted(time_zone, &Value::builtin("text", false));
                let null = of.nullable() || zone.nullable();
                match of.value().map(|value| value.ty.name.as_str()) {
                    Some("timestamp with time zone") => {
                        Found::known("timestamp without time zone", null)
                    }
                    Some("timestamp without time zone" | "date") => {
                        Found::known("timestamp with time zone", null)
                    }
                    _ => Found::unknown("the type of this time is not known"),
                }
            }
            Expr::Ceil { expr, .. } | Expr::Floor { expr, .. } => {
                let of = self.expr(expr);
                self.rounded(&of)
            }
            Expr::Position { expr, r#in } => {
                let text = Value::builtin("text", false);
                let (one, other) = (self.wanted(expr, &text), self.wanted(r#in, &text));
                Found::known("integer", one.nullable() || other.nullable())
            }
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                ..
            } => {
                let text = Value::builtin("text", false);
                let mut null = self.wanted(expr, &text).nullable();
                for part in [substring_from, substring_for].into_iter().flatten() {
                    let part = self.expr(part);
                    // By a pattern, which may match nothing.
                    let number = part.value().is_some_and(|v| v.ty.is("integer"));
                    null |= part.nullable() || !number;
                }
                Found::known("text", null)
            }
            Expr::Trim { expr, .. } => {
                let of = self.wanted(expr, &Value::builtin("text", false));
                Found::known("text", of.nullable())
            }
            Expr::Tuple(items) => {
                for item in items {
                    self.expr(item);
                }
                Found::unknown("this is a row of several values")
            }
            Expr::CompoundFieldAccess { root, access_chain } => self.subscript(root, access_chain),
            _ => {
                let place = bytes(self.sql, expr.span());
                let text = self.sql.get(place.0..place.1).unwrap_or("this");
                Found::unknown(format!("the type of `{text}` is not known"))
            }
        }
    }

    fn literal(&mut self, literal: &Literal, place: (usize, usize)) -> Found {
        match literal {
            Literal::Placeholder(text) => {
                let number = text.strip_prefix('$').and_then(|n| n.parse().ok());
                match number.filter(|n| *n > 0) {
                    Some(number) => self.params.found(number, place),
                    None => {
                        let message = format!("`{text}` is no parameter");
                        self.fault_at(place, message, Some("write `$1`".to_owned()));
                        Found::unknown("")
                    }
                }
            }
            Literal::Number(digits, _) => {
                let ty = match (digits.parse::<i32>(), digits.parse::<i64>()) {
                    (Ok(_), _) => "integer",
                    (_, Ok(_)) => "bigint",
                    _ => "numeric",
                };
                Found::known(ty, false)
            }
            Literal::Boolean(_) => Found::known("boolean", false),
            Literal::Null => Found::Open(Open {
                null: true,
                ..Open::default()
            }),
            _ => Found::Open(Open {
                text: true,
                ..Open::default()
            }),
        }
    }

    /// An expression where that type is expected.
    pub(super) fn wanted(&mut self, expr: &Expr, want: &Value) -> Found {
        let found = self.expr(expr);
        if let Found::Open(open) = &found {
            self.bind(open, want);
            return Found::Known(Value {
                nullable: open.null,
                ..want.clone()
            });
        }
        found
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[sqlparser::ast::CaseWhen],
        otherwise: Option<&Expr>,
        whole: &Expr,
    ) -> Found {
        let operand = operand.map(|operand| self.expr(operand));
        let mut all = Found::Open(Open::default());
        for when in conditions {
            match &operand {
                Some(operand) => {
                    let value = self.expr(&when.condition);
                    self.compared(operand, &value, whole);
                }
                None => {
                    self.condition(&when.condition);
                }
            }
            let result = self.expr(&when.result);
            all = self.unified(all, result);
        }
        match otherwise {
            Some(otherwise) => {
                let otherwise = self.expr(otherwise);
                self.unified(all, otherwise)
            }
            None => all.or_null(true),
        }
    }

    /// `array[1]`, or `document['key']`.
    fn subscript(&mut self, root: &Expr, chain: &[AccessExpr]) -> Found {
        let mut found = self.expr(root);
        for access in chain {
            found = match (&found, access) {
                (Found::Known(value), AccessExpr::Subscript(Subscript::Index { index }))
                    if value.ty.array =>
                {
                    let value = value.clone();
                    self.wanted(index, &Value::builtin("integer", false));
                    Found::Known(value.item().or_null(true))
                }
                (Found::Known(value), AccessExpr::Subscript(Subscript::Slice { .. }))
                    if value.ty.array =>
                {
                    found
                }
                (Found::Known(value), AccessExpr::Subscript(_)) if value.ty.is("jsonb") => {
                    Found::known("jsonb", true)
                }
                (_, AccessExpr::Dot(Expr::Identifier(field))) => {
                    let field = folded(field);
                    return Found::unknown(format!("the type of the field `{field}` is not known"));
                }
                _ => return Found::unknown("the type of this subscript is not known"),
            };
        }
        found
    }

    /// Two choices of one value: `coalesce`, `case`, `union`.
    pub(super) fn unified(&mut self, one: Found, other: Found) -> Found {
        match (one, other) {
            (Found::Known(a), Found::Known(b)) => self.common(a, b),
            (Found::Known(value), Found::Open(open)) | (Found::Open(open), Found::Known(value)) => {
                self.bind(&open, &value);
                // A string stays a label of an enum; of a checked text it need not be one.
                let is_enum = self.is_enum(&value.ty);
                let nullable = value.nullable || open.null;
                let value = match open.text && !is_enum {
                    true => value.changed(),
                    false => value,
                };
                Found::Known(Value { nullable, ..value })
            }
            (Found::Open(a), Found::Open(b)) => Found::Open(Open {
                params: a.params.into_iter().chain(b.params).collect(),
                null: a.null || b.null,
                text: a.text || b.text,
            }),
            (Found::Unknown(why), _) | (_, Found::Unknown(why)) => Found::Unknown(why),
        }
    }

    fn common(&mut self, a: Value, b: Value) -> Found {
        let nullable = a.nullable || b.nullable;
        let items_nullable = a.items_nullable || b.items_nullable;
        if a.ty.name == b.ty.name && a.ty.schema == b.ty.schema && a.ty.array == b.ty.array {
            let origin = (a.origin == b.origin).then_some(a.origin).flatten();
            return Found::Known(Value {
                ty: a.ty,
                nullable,
                items_nullable,
                origin,
            });
        }
        let (a, b) = (self.base(&a.ty), self.base(&b.ty));
        match super::operator::wider(&a, &b) {
            Some(ty) => Found::Known(Value::new(ty, nullable)),
            None => Found::unknown(format!("{a} and {b} have no type in common")),
        }
    }

    pub(super) fn is_enum(&self, ty: &Type) -> bool {
        let schema = ty.schema.clone();
        schema.is_some_and(|schema| {
            let id = crate::Id::in_schema(crate::Kind::Enum, schema, ty.name.clone());
            self.schema.contains(&id)
        })
    }

    /// The type underneath every domain, without modifiers.
    pub(super) fn base(&self, ty: &Type) -> Type {
        let domain = ty.schema.clone().and_then(|schema| {
            let id = crate::Id::in_schema(crate::Kind::Domain, schema, ty.name.clone());
            Some(self.schema.get(&id)?.object.as_domain()?.base.clone())
        });
        match domain {
            Some(base) if !ty.array => self.base(&base),
            _ => Type {
                modifiers: None,
                ..ty.clone()
            },
        }
    }
}
