//! Row-level security policies.

use super::exprs::Resolved;
use super::world::{World, at};
use super::{Lowered, object};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Command, Id, Kind, Name, Node, Object, Origin, PUBLIC, Policy};
use crate::source::FileId;
use crate::syntax::tree;

/// `policy`.
pub(super) fn lower<'t>(
    table: &Id,
    file: FileId,
    x: &'t tree::Policy,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let place = at(file, x.name.span);
    lower_with(
        (table, file, place),
        x,
        world,
        lowered,
        &mut |expr, faults| world.table_expr(file, expr, table, faults),
    );
}

/// How an expression of a policy is resolved.
pub(super) type Reader<'r> = dyn FnMut(&tree::ExprText, &mut Vec<Diagnostic>) -> Resolved + 'r;

/// The policy of a table, written in a file, with the place that stands for it.
pub(super) fn lower_with<'t>(
    (table, file, place): (&Id, FileId, Origin),
    x: &tree::Policy,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
    read: &mut Reader<'_>,
) {
    let mut node = Node::new(
        table.within(Kind::Policy, x.name.name.clone()),
        Object::Opaque,
    );
    for role in &x.roles {
        world.role(file, role, &mut lowered.faults);
        if role.name != *PUBLIC {
            node.needs.push(Id::global(Kind::Role, role.name.clone()));
        }
    }
    let mut roles: std::collections::BTreeSet<Name> =
        x.roles.iter().map(|r| r.name.clone()).collect();
    if roles.is_empty() {
        roles.insert(Name::from(PUBLIC));
    }
    let command = x.command.unwrap_or(Command::All);
    clauses_fit(file, x, command, lowered);
    let mut resolve = |expr: &Option<tree::ExprText>| {
        expr.as_ref().map(|expr| {
            let resolved = read(expr, &mut lowered.faults);
            node.needs.extend(resolved.needs);
            resolved.expr
        })
    };
    let (using, with_check) = (resolve(&x.using), resolve(&x.with_check));
    node.object = Object::Policy(Policy {
        permissive: !x.restrictive,
        command,
        roles,
        using,
        with_check,
    });
    let node = object::said(node, place, &x.docs, &x.clauses, world, lowered);
    lowered.add(node);
}

/// PostgreSQL's table of the policy clauses that each command uses.
fn clauses_fit(file: FileId, x: &tree::Policy, command: Command, lowered: &mut Lowered<'_>) {
    let word = command.sql().to_lowercase();
    if let (Command::Insert, Some(using)) = (command, &x.using) {
        lowered.faults.push(
            Diagnostic::error(
                code::POLICY_CLAUSE,
                "a policy for insert has `with check`, not `using`",
                at(file, using.span),
            )
            .label("there is no row yet that `using` could see")
            .help("write `with check (…)`"),
        );
    }
    if let (Command::Select | Command::Delete, Some(check)) = (command, &x.with_check) {
        lowered.faults.push(
            Diagnostic::error(
                code::POLICY_CLAUSE,
                format!("a policy for {word} has `using`, not `with check`"),
                at(file, check.span),
            )
            .label("there is no new row that it could check")
            .help("write `using (…)`"),
        );
    }
    if x.using.is_none() && x.with_check.is_none() && !x.open {
        let clause = if command == Command::Insert {
            "with check (…)"
        } else {
            "using (…)"
        };
        lowered.faults.push(
            Diagnostic::error(
                code::POLICY_OPEN,
                format!("policy `{}` does not say for which rows it is", x.name.name),
                at(file, x.name.span),
            )
            .label("without a condition it holds for every row")
            .help(format!(
                "add `{clause}`, and write `(true)` where every row is meant"
            )),
        );
    }
}
