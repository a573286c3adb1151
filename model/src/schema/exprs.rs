//! Every expression of an object, whatever its kind.
//!
//! A routine's body is no expression: it is the author's text, byte for byte.

use super::{Body, ConstraintBody, Expr, IndexKey, KeyTerm, Object};

impl Object {
    /// Hands out every expression and query that a server deparses, in one fixed order.
    pub fn each_expr(&mut self, act: &mut dyn FnMut(&mut Expr)) {
        match self {
            Object::Table(table) => {
                if let Some(key) = &mut table.partition_key {
                    act(&mut key.definition);
                }
                if let Some(partition) = &mut table.partition_of {
                    act(&mut partition.bound);
                }
            }
            Object::Column(column) => {
                column.default.iter_mut().for_each(&mut *act);
                if let Some(generated) = &mut column.generated {
                    act(&mut generated.expr);
                }
            }
            Object::Constraint(constraint) => match &mut constraint.body {
                ConstraintBody::Check(check) => act(&mut check.condition),
                ConstraintBody::Exclusion(exclusion) => {
                    keys(exclusion.elements.iter_mut().map(|(key, _)| key), act);
                    exclusion.predicate.iter_mut().for_each(act);
                }
                ConstraintBody::Other(definition) => act(definition),
                ConstraintBody::PrimaryKey(_)
                | ConstraintBody::Unique(_)
                | ConstraintBody::ForeignKey(_)
                | ConstraintBody::NotNull { .. } => {}
            },
            Object::Index(index) => {
                keys(index.keys.iter_mut(), act);
                index.predicate.iter_mut().for_each(act);
            }
            Object::View(view) => act(&mut view.query),
            Object::Routine(routine) => {
                act(&mut routine.arguments);
                routine.returns.iter_mut().for_each(&mut *act);
                if let Body::Sql(body) = &mut routine.body {
                    act(body);
                }
            }
            Object::Trigger(trigger) => trigger.condition.iter_mut().for_each(act),
            Object::Policy(policy) => {
                policy.using.iter_mut().for_each(&mut *act);
                policy.with_check.iter_mut().for_each(act);
            }
            Object::Domain(domain) => {
                domain.default.iter_mut().for_each(&mut *act);
                domain.checks.iter_mut().for_each(|c| act(&mut c.condition));
            }
            Object::Defined(defined) => {
                act(&mut defined.definition);
                defined.then.iter_mut().for_each(act);
            }
            Object::Role(_)
            | Object::Schema
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Composite(_)
            | Object::Range(_)
            | Object::Sequence(_)
            | Object::DefaultPrivileges(_)
            | Object::DatabaseSettings(_)
            | Object::Raw(_)
            | Object::Shape(_)
            | Object::Transitions(_)
            | Object::Seed(_)
            | Object::Opaque => {}
        }
    }
}

fn keys<'k>(keys: impl Iterator<Item = &'k mut IndexKey>, act: &mut dyn FnMut(&mut Expr)) {
    for key in keys {
        if let KeyTerm::Expr(expr) = &mut key.term {
            act(expr);
        }
    }
}
