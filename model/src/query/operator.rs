//! Operators, as PostgreSQL has them for its own types.

use sqlparser::ast::{BinaryOperator as Op, Expr, Spanned, UnaryOperator};

use super::Typer;
use super::fault::bytes;
use super::value::{Found, Open, Value};
use crate::schema::Type;

/// The type of a choice between two (`select_common_type`), for built-in types.
pub(super) fn wider(a: &Type, b: &Type) -> Option<Type> {
    if a == b {
        return Some(a.clone());
    }
    if let (Some(x), Some(y)) = (a.number(), b.number()) {
        return Some(Type::builtin(Type::NUMBERS[x.max(y)]));
    }
    const TEXTS: [&str; 4] = ["text", "character varying", "character", "name"];
    let text = |ty: &Type| TEXTS.iter().any(|name| ty.is(name));
    if text(a) && text(b) {
        return Some(Type::builtin("text"));
    }
    const DATES: [&str; 3] = [
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ];
    let date = |ty: &Type| DATES.iter().position(|name| ty.is(name));
    Some(Type::builtin(DATES[date(a)?.max(date(b)?)]))
}

/// What two numbers make together.
fn arithmetic(a: &Type, b: &Type) -> Option<&'static str> {
    let (x, y) = (a.number()?, b.number()?);
    Some(match (x.min(y), x.max(y)) {
        (low, 4) if low != 4 => "double precision",
        (_, high) => Type::NUMBERS[high],
    })
}

/// What dates, times and intervals make together.
fn moments(a: &str, op: &Op, b: &str) -> Option<&'static str> {
    const STAMP: &str = "timestamp without time zone";
    const ZONED: &str = "timestamp with time zone";
    Some(match (a, op, b) {
        ("date", Op::Plus | Op::Minus, "integer") | ("integer", Op::Plus, "date") => "date",
        ("date", Op::Minus, "date") => "integer",
        ("date", Op::Plus | Op::Minus, "interval") | ("interval", Op::Plus, "date") => STAMP,
        (STAMP, Op::Plus | Op::Minus, "interval") | ("interval", Op::Plus, STAMP) => STAMP,
        (ZONED, Op::Plus | Op::Minus, "interval") | ("interval", Op::Plus, ZONED) => ZONED,
        (STAMP | ZONED | "date", Op::Minus, STAMP | ZONED | "date") => "interval",
        ("interval", Op::Plus | Op::Minus, "interval") => "interval",
        ("interval", Op::Multiply | Op::Divide, number) | (number, Op::Multiply, "interval")
            if Type::NUMBERS.contains(&number) =>
        {
            "interval"
        }
        _ => return None,
    })
}

/// A family of types between which PostgreSQL compares; none where we are not sure.
fn family(ty: &Type) -> Option<&'static str> {
    if ty.array || ty.schema.is_some() {
        return None;
    }
    Some(match ty.name.as_str() {
        name if Type::NUMBERS.contains(&name) => "numbers",
        "text" | "character varying" | "character" | "name" => "text",
        "boolean" => "booleans",
        "uuid" => "uuids",
        "date" | "timestamp without time zone" | "timestamp with time zone" => "dates",
        "interval" => "intervals",
        "jsonb" => "jsonb",
        "bytea" => "bytes",
        _ => return None,
    })
}

impl Typer<'_> {
    pub(super) fn unary(&mut self, op: &UnaryOperator, expr: &Expr) -> Found {
        match op {
            UnaryOperator::Not => {
                let found = self.condition(expr);
                Found::known("boolean", found.nullable())
            }
            UnaryOperator::Minus | UnaryOperator::Plus => match self.expr(expr) {
                Found::Known(value) => Found::Known(value.changed()),
                other => other,
            },
            _ => {
                self.expr(expr);
                Found::unknown(format!("the type of `{op}` is not known"))
            }
        }
    }

    pub(super) fn binary(&mut self, left: &Expr, op: &Op, right: &Expr, whole: &Expr) -> Found {
        if matches!(op, Op::And | Op::Or) {
            let (left, right) = (self.condition(left), self.condition(right));
            return Found::known("boolean", left.nullable() || right.nullable());
        }
        let found = self.expr(left);
        match op {
            Op::Arrow => return self.inside(found, right, false),
            Op::LongArrow => return self.inside(found, right, true),
            Op::HashArrow | Op::HashLongArrow => {
                self.wanted(right, &Value::builtin("text[]", false));
                let text = matches!(op, Op::HashLongArrow);
                let ty = found.value().map(|value| value.ty.name.to_string());
                return match (text, ty) {
                    (true, _) => Found::known("text", true),
                    (_, Some(ty)) => Found::known(&ty, true),
                    _ => Found::unknown("the type of this document is not known"),
                };
            }
            _ => {}
        }
        let other = self.expr(right);
        let null = found.nullable() || other.nullable();
        let boolean = || Found::known("boolean", null);
        match op {
            Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => {
                self.compared(&found, &other, whole);
                boolean()
            }
            Op::AtArrow | Op::ArrowAt | Op::PGOverlap => {
                self.alike(&found, &other);
                boolean()
            }
            Op::Question | Op::PGStartsWith => self.text_beside(&other, "text", null),
            Op::QuestionAnd | Op::QuestionPipe => self.text_beside(&other, "text[]", null),
            Op::AtQuestion => self.text_beside(&other, "jsonpath", null),
            Op::AtAt => boolean(),
            Op::PGRegexMatch
            | Op::PGRegexIMatch
            | Op::PGRegexNotMatch
            | Op::PGRegexNotIMatch
            | Op::PGLikeMatch
            | Op::PGILikeMatch
            | Op::PGNotLikeMatch
            | Op::PGNotILikeMatch => {
                self.text_beside(&found, "text", null);
                self.text_beside(&other, "text", null)
            }
            Op::StringConcat => self.joined(&found, &other, null),
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo => {
                self.calculated(&found, op, &other, null)
            }
            Op::PGExp => match (found.value(), other.value()) {
                (Some(a), Some(b)) if a.ty.is("numeric") || b.ty.is("numeric") => {
                    Found::known("numeric", null)
                }
                (Some(_), Some(_)) => Found::known("double precision", null),
                _ => Found::unknown("the type of `^` is not known here"),
            },
            Op::BitwiseAnd | Op::BitwiseOr => match (found.value(), other.value()) {
                (Some(a), Some(b)) => match arithmetic(&a.ty, &b.ty) {
                    Some(ty) => Found::known(ty, null),
                    None => Found::unknown(format!("the type of `{op}` is not known here")),
                },
                _ => Found::unknown(format!("the type of `{op}` is not known here")),
            },
            Op::LtDashGt | Op::Spaceship | Op::PGCustomBinaryOperator(_) | Op::Custom(_) => {
                let vector = [&found, &other]
                    .into_iter()
                    .filter_map(Found::value)
                    .any(|value| value.ty.name == *"vector");
                self.alike(&found, &other);
                match vector {
                    true => Found::known("double precision", null),
                    false => Found::unknown(format!("the type of `{op}` is not known here")),
                }
            }
            _ => Found::unknown(format!("the type of `{op}` is not known here")),
        }
    }

    /// Two values that are compared: one may say the other's type.
    pub(super) fn compared(&mut self, one: &Found, other: &Found, whole: &Expr) {
        match (one, other) {
            (Found::Known(value), Found::Open(open)) | (Found::Open(open), Found::Known(value)) => {
                let value = self.comparable(value);
                self.bind(open, &value);
            }
            (Found::Known(a), Found::Known(b)) => {
                let (x, y) = (self.base(&a.ty), self.base(&b.ty));
                if let (Some(one), Some(other)) = (family(&x), family(&y))
                    && one != other
                {
                    let message = format!("PostgreSQL does not compare {x} with {y}");
                    let help = "cast one of them".to_owned();
                    self.fault_at(bytes(self.sql, whole.span()), message, Some(help));
                }
            }
            _ => {}
        }
    }

    /// The type of what is compared with such a value, as the server tells it.
    pub(super) fn comparable(&self, value: &Value) -> Value {
        let mut ty = self.base(&value.ty);
        if ty.is("character varying") {
            ty = Type::builtin("text");
        }
        let origin = value.origin.clone().filter(|o| o.keys.is_empty());
        Value {
            ty,
            nullable: false,
            items_nullable: false,
            origin,
        }
    }

    /// Two of the same type: `@>`, `&&`.
    fn alike(&mut self, one: &Found, other: &Found) {
        if let (Found::Known(value), Found::Open(open)) | (Found::Open(open), Found::Known(value)) =
            (one, other)
        {
            // A part of a document need not be a whole one.
            let value = match value.ty.is("jsonb") {
                true => value.clone().changed(),
                false => value.clone(),
            };
            let value = self.comparable(&value);
            self.bind(open, &value);
        }
    }

    fn text_beside(&mut self, found: &Found, ty: &str, null: bool) -> Found {
        if let Found::Open(open) = found {
            self.bind(open, &Value::builtin(ty, false));
        }
        Found::known("boolean", null)
    }

    fn joined(&mut self, one: &Found, other: &Found, null: bool) -> Found {
        let known = |found: &Found| found.value().map(|value| self.base(&value.ty));
        let text = |ty: &Type| family(ty) == Some("text");
        match (known(one), known(other)) {
            (Some(a), Some(b)) if a.is("jsonb") && b.is("jsonb") => Found::known("jsonb", null),
            (Some(a), _) | (_, Some(a)) if a.is("jsonb") => {
                self.open_as(&[one, other], &Value::builtin("jsonb", false));
                Found::known("jsonb", null)
            }
            (Some(a), Some(b)) if a.array || b.array => {
                let array = if a.array { a } else { b };
                Found::Known(Value {
                    items_nullable: true,
                    ..Value::new(array, null)
                })
            }
            (Some(a), Some(b)) if text(&a) || text(&b) => Found::known("text", null),
            (Some(a), None) | (None, Some(a)) if text(&a) => {
                self.open_as(&[one, other], &Value::builtin("text", false));
                Found::known("text", null)
            }
            (Some(a), None) | (None, Some(a)) if !a.array => Found::known("text", null),
            _ => Found::unknown("the type of `||` is not known here"),
        }
    }

    fn open_as(&mut self, found: &[&Found], value: &Value) {
        for found in found {
            if let Found::Open(open) = found {
                self.bind(open, value);
            }
        }
    }

    fn calculated(&mut self, one: &Found, op: &Op, other: &Found, null: bool) -> Found {
        let unknown = || Found::unknown(format!("the type of `{op}` is not known here"));
        let (a, b) = match (one, other) {
            (Found::Known(a), Found::Known(b)) => (self.base(&a.ty), self.base(&b.ty)),
            (Found::Known(a), Found::Open(Open { .. }))
            | (Found::Open(Open { .. }), Found::Known(a)) => {
                let a = self.base(&a.ty);
                if a.number().is_none() {
                    return unknown();
                }
                self.open_as(&[one, other], &Value::new(a.clone(), false));
                (a.clone(), a)
            }
            _ => return unknown(),
        };
        let ty = arithmetic(&a, &b).or_else(|| match (&a.schema, &b.schema) {
            (None, None) if !a.array && !b.array => moments(&a.name, op, &b.name),
            _ => None,
        });
        match ty {
            Some(ty) => Found::known(ty, null),
            None if a.is("jsonb") && matches!(op, Op::Minus) => Found::known("jsonb", null),
            None => unknown(),
        }
    }
}
