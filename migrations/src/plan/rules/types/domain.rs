//! Domains.

use model::quote::{ident, literal, object};
use model::schema::{Domain, DomainCheck, Id, Kind, Node, Object, Type};
use model::types::short_name;

use crate::plan::changes::Context;
use crate::plan::rules::{Alteration, Difference, sql};
use crate::plan::step::{Lock, Statement};

pub(super) fn create_domain(node: &Node, domain: &Domain) -> Vec<Statement> {
    let mut text = format!(
        "CREATE DOMAIN {} AS {}",
        object(&node.id),
        short_name(&domain.base)
    );
    text += &sql::collate(&domain.collation);
    if let Some(default) = &domain.default {
        text += &format!(" DEFAULT {}", default.as_str());
    }
    if domain.not_null {
        text += " NOT NULL";
    }
    for check in domain.checks.iter().filter(|check| check.validated) {
        text += &format!("\n  {}", domain_check(check));
    }
    let mut statements = vec![Statement::new(Lock::None, text)];
    for check in &domain.checks {
        if !check.validated {
            let sql = format!(
                "ALTER DOMAIN {} ADD {} NOT VALID",
                object(&node.id),
                domain_check(check)
            );
            statements.push(Statement::new(Lock::None, sql));
        }
        if check.comment.is_some() {
            statements.push(check_comment(node, check));
        }
    }
    statements
}

fn domain_check(check: &DomainCheck) -> String {
    let condition = sql::in_parentheses(&check.condition);
    format!("CONSTRAINT {} CHECK {condition}", ident(&check.name))
}

fn check_comment(node: &Node, check: &DomainCheck) -> Statement {
    let text = check
        .comment
        .as_ref()
        .map_or_else(|| "NULL".to_owned(), |text| literal(text));
    let (name, domain) = (ident(&check.name), object(&node.id));
    Statement::new(
        Lock::None,
        format!("COMMENT ON CONSTRAINT {name} ON DOMAIN {domain} IS {text}"),
    )
}

pub(in crate::plan::rules) fn alter_domain(
    context: &Context<'_>,
    node: &Node,
    from: &Domain,
    to: &Domain,
) -> Difference {
    if from.base != to.base || from.collation != to.collation {
        return Difference::Replace;
    }
    let asks_rows = (to.not_null && !from.not_null)
        || to.checks.iter().any(|check| {
            let stays = |old: &DomainCheck| old == check && old.validated;
            check.validated && !from.checks.iter().any(stays)
        });
    // PostgreSQL looks for the values of a domain in columns of its own type only, and refuses
    // where a column holds them inside an array or a composite.
    if asks_rows && is_held_inside(context, node) {
        return Difference::Replace;
    }
    let alter = format!("ALTER DOMAIN {}", object(&node.id));
    let mut statements = Vec::new();
    let push = |statements: &mut Vec<Statement>, lock, clause: String| {
        statements.push(Statement::new(lock, format!("{alter} {clause}")));
    };
    if from.default != to.default {
        let clause = match &to.default {
            Some(default) => format!("SET DEFAULT {}", default.as_str()),
            None => "DROP DEFAULT".to_owned(),
        };
        push(&mut statements, Lock::None, clause);
    }
    if from.not_null != to.not_null {
        let (lock, word) = if to.not_null {
            (Lock::Share, "SET")
        } else {
            (Lock::None, "DROP")
        };
        push(&mut statements, lock, format!("{word} NOT NULL"));
    }
    let same = |a: &DomainCheck, b: &DomainCheck| a.name == b.name && a.condition == b.condition;
    let stays = |a: &DomainCheck, b: &DomainCheck| same(a, b) && a.validated <= b.validated;
    for check in &from.checks {
        if !to.checks.iter().any(|wanted| stays(check, wanted)) {
            push(
                &mut statements,
                Lock::None,
                format!("DROP CONSTRAINT {}", ident(&check.name)),
            );
        }
    }
    for check in &to.checks {
        let old = from.checks.iter().find(|old| stays(old, check));
        let name = ident(&check.name);
        match old {
            Some(old) if !old.validated && check.validated => {
                push(
                    &mut statements,
                    Lock::Share,
                    format!("VALIDATE CONSTRAINT {name}"),
                );
            }
            Some(_) => {}
            None if !check.validated => {
                push(
                    &mut statements,
                    Lock::None,
                    format!("ADD {} NOT VALID", domain_check(check)),
                );
            }
            None if context.options.online => {
                push(
                    &mut statements,
                    Lock::None,
                    format!("ADD {} NOT VALID", domain_check(check)),
                );
                push(
                    &mut statements,
                    Lock::Share,
                    format!("VALIDATE CONSTRAINT {name}"),
                );
            }
            None => push(
                &mut statements,
                Lock::Share,
                format!("ADD {}", domain_check(check)),
            ),
        }
        let said = old.and_then(|old| old.comment.as_ref());
        if said != check.comment.as_ref() {
            statements.push(check_comment(node, check));
        }
    }
    Difference::main(statements)
}

/// The default and the checks give way and come back: what they call is made anew. `None` where that
/// can't be done while columns hold the type.
pub(in crate::plan) fn renew_domain(
    context: &Context<'_>,
    from: &Node,
    to: &Node,
) -> Option<Alteration> {
    let (Object::Domain(a), Object::Domain(b)) = (&from.object, &to.object) else {
        return None;
    };
    let bare = |domain: &Domain| Domain {
        default: None,
        checks: Vec::new(),
        ..domain.clone()
    };
    let (without, wanted) = (bare(a), bare(b));
    let between = |from, into| match alter_domain(context, to, from, into) {
        Difference::Alter(alteration) => Some(alteration.main),
        Difference::Nothing => Some(Vec::new()),
        Difference::Replace => None,
    };
    Some(Alteration {
        before: between(a, &without)?,
        main: between(&without, &wanted)?,
        after: between(&wanted, b)?,
        ..Alteration::default()
    })
}

/// Whether a column holds values of the type inside an array, a composite or a range.
fn is_held_inside(context: &Context<'_>, node: &Node) -> bool {
    let is = |ty: &Type, id: &Id| ty.schema.as_ref() == Some(&id.schema) && ty.name == id.name;
    // Types to look for, each with whether what holds it is inside something already.
    let mut open = vec![(node.id.clone(), false)];
    let mut seen = open.clone();
    while let Some((id, inside)) = open.pop() {
        let mut found = Vec::new();
        for kind in [Kind::Domain, Kind::Composite, Kind::Range] {
            for holder in context.from.of_kind(kind) {
                let held = match &holder.object {
                    Object::Domain(d) => is(&d.base, &id).then_some(inside || d.base.array),
                    Object::Composite(c) => {
                        c.attributes.iter().any(|a| is(&a.ty, &id)).then_some(true)
                    }
                    Object::Range(r) => is(&r.subtype, &id).then_some(true),
                    _ => None,
                };
                found.extend(held.map(|inside| (holder.id.clone(), inside)));
            }
        }
        for holder in found {
            if !seen.contains(&holder) {
                seen.push(holder.clone());
                open.push(holder);
            }
        }
    }
    context.from.of_kind(Kind::Column).any(|column| {
        let column = column.object.as_column();
        let holds = |(id, inside): &(Id, bool)| {
            column.is_some_and(|c| is(&c.ty, id) && (*inside || c.ty.array))
        };
        seen.iter().any(holds)
    })
}
