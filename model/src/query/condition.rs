//! Conditions: what holds for the rows that pass.

use sqlparser::ast::{BinaryOperator as Op, Expr, Ident};

use super::value::{Found, Value};
use super::{Typer, folded};

impl Typer<'_> {
    /// A condition: a boolean.
    pub(super) fn condition(&mut self, expr: &Expr) -> Found {
        self.wanted(expr, &Value::builtin("boolean", false))
    }

    /// Columns of the innermost FROM that are not null where the condition is true: those that it
    /// says so of, and those that it compares.
    pub(super) fn holds(&mut self, condition: &Expr) {
        match condition {
            Expr::Nested(inner) => self.holds(inner),
            Expr::BinaryOp {
                left,
                op: Op::And,
                right,
            } => {
                self.holds(left);
                self.holds(right);
            }
            Expr::BinaryOp {
                left,
                op: Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq,
                right,
            } => {
                self.not_null(left);
                self.not_null(right);
            }
            Expr::IsNotNull(inner) | Expr::IsTrue(inner) => self.not_null(inner),
            Expr::Between { expr, .. }
            | Expr::InList {
                expr,
                negated: false,
                ..
            } => {
                self.not_null(expr);
            }
            _ => {}
        }
    }

    fn not_null(&mut self, expr: &Expr) {
        match expr {
            Expr::Nested(inner) => self.not_null(inner),
            Expr::Identifier(name) => self.mark(None, name),
            Expr::CompoundIdentifier(names) => {
                if let [.., relation, name] = names.as_slice() {
                    self.mark(Some(relation), name);
                }
            }
            _ => {}
        }
    }

    fn mark(&mut self, relation: Option<&Ident>, name: &Ident) {
        let (relation, name) = (relation.map(folded), folded(name));
        let items = self.here().items.iter_mut().filter(|item| match &relation {
            Some(relation) => item.alias == *relation,
            None => !item.merged.contains(&name),
        });
        let columns = items.flat_map(|item| &mut item.columns);
        // A bare name that several have is a fault already.
        for column in columns.filter(|column| column.name == name) {
            if let Found::Known(value) = &mut column.value {
                value.nullable = false;
            }
        }
    }
}
