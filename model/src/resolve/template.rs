//! Templates of policies: what a `use` becomes, with each name at the place it was written.
//!
//! A template is no object: its policies and grants are the table's own.

mod arguments;

use std::borrow::Cow;

use arguments::Bindings;

use super::exprs::Resolved;
use super::world::{TableWork, World, at, unknown};
use super::{Lowered, PendingGrant, policy};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::Context;
use crate::expr::lexer::{self, TokenKind};
use crate::schema::{Name, Origin};
use crate::source::{FileId, Span};
use crate::syntax::tree::{self, ExprText, ObjectClause, RowSecurity, TableItem};

/// What stands under a use whose template is at fault.
pub(super) const USED: &str = "used here";

/// What a use says of its table's row-level security.
#[derive(Default)]
pub(super) struct Security {
    pub(super) policy: bool,
    pub(super) state: Option<(RowSecurity, Origin)>,
}

/// `use TEMPLATE(arguments)`.
pub(super) fn lower<'t>(
    work: &TableWork<'t>,
    file: FileId,
    x: &'t tree::Use,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Security {
    let mut security = Security::default();
    let place = at(file, x.name.span);
    let Some(&(template_file, template)) = world.templates.get(&x.name.name) else {
        let names = world.templates.keys().map(|n| n.as_str());
        let fault = unknown(
            code::UNKNOWN_TEMPLATE,
            "template",
            &x.name.name,
            place,
            names,
        );
        lowered.faults.push(fault);
        return security;
    };
    let expansion = Expansion {
        work,
        world,
        place,
        file: template_file,
    };
    let uses = arguments::Uses {
        file,
        x,
        template_file,
        template,
    };
    let Some(bindings) = arguments::bind(work, &uses, world, lowered) else {
        return security;
    };
    for item in &template.body {
        match item {
            TableItem::Policy(policy) => {
                security.policy = true;
                expansion.policy(policy, x, &bindings, lowered);
            }
            TableItem::Clause(ObjectClause::Grant(grant)) => {
                lowered.grants.push(PendingGrant {
                    target: work.id.clone(),
                    file: template_file,
                    grant: Cow::Owned(bindings.grant(grant)),
                });
            }
            TableItem::RowSecurity(state, span) => {
                security.state = Some((*state, at(template_file, *span)));
            }
            // Reported once, where the template is declared.
            _ => {}
        }
    }
    security
}

/// One use in one table.
struct Expansion<'a, 't> {
    work: &'a TableWork<'t>,
    world: &'a World<'t>,
    place: Origin,
    /// The template's file.
    file: FileId,
}

impl<'t> Expansion<'_, 't> {
    fn policy(
        &self,
        policy: &tree::Policy,
        x: &tree::Use,
        bindings: &Bindings<'_>,
        lowered: &mut Lowered<'t>,
    ) {
        let mut own = policy.clone();
        if let Some(prefix) = &x.prefix {
            own.name.name = Name::from(format!("{}_{}", prefix.name, own.name.name));
        }
        for role in &mut own.roles {
            bindings.replace(role);
        }
        policy::lower_with(
            (&self.work.id, self.file, self.place),
            &own,
            self.world,
            lowered,
            &mut |expr, faults| self.expr(expr, bindings, faults),
        );
    }

    /// An expression of the template with the arguments in it.
    fn expr(
        &self,
        written: &ExprText,
        bindings: &Bindings<'_>,
        faults: &mut Vec<Diagnostic>,
    ) -> Resolved {
        let (text, parts) = substitute(&written.text, bindings, &self.work.id.name);
        let whole = ExprText {
            span: Span::new(0, text.len() as u32),
            text: text.into(),
        };
        let context = Context {
            table: self.world.relation(&self.work.id),
            ..Context::default()
        };
        let mut own = Vec::new();
        let resolved = self.world.expr(self.file, &whole, context, &mut own);
        for fault in own {
            faults.push(self.placed(fault, written, &parts, bindings));
        }
        resolved
    }

    /// A fault of the text that was put together, at the places its parts come from.
    fn placed(
        &self,
        mut fault: Diagnostic,
        written: &ExprText,
        parts: &[Part],
        bindings: &Bindings<'_>,
    ) -> Diagnostic {
        let start = fault.origin.start;
        let part = parts.iter().rev().find(|p| p.start <= start);
        let Some(part) = part else { return fault };
        let (from, length) = match part.argument {
            Some(_) => (part.old.start, part.old.end - part.old.start),
            None => (
                part.old.start + (start - part.start),
                fault.origin.end.saturating_sub(start),
            ),
        };
        let template = Span::new(
            written.span.start + from,
            (written.span.start + from + length).min(written.span.end),
        );
        let template = at(self.file, template);
        match part.argument {
            Some(argument) => {
                fault.origin = bindings.place(argument);
                fault.suggestion = fault.suggestion.map(|s| crate::diagnostic::Suggestion {
                    origin: fault.origin,
                    ..s
                });
                fault
                    .secondary
                    .push((template, "stands here in the template".into()));
            }
            // A column is one of the table's: the use may be at fault as well as the template.
            None if fault.code == code::UNKNOWN_COLUMN => {
                fault.origin = self.place;
                fault.label = Some(format!("`{}` has no such column", self.work.id.name));
                fault.suggestion = None;
                fault
                    .secondary
                    .push((template, "named here in the template".into()));
            }
            None => {
                fault.suggestion = fault.suggestion.map(|s| crate::diagnostic::Suggestion {
                    origin: template,
                    ..s
                });
                fault.origin = template;
                fault.secondary.push((self.place, USED.into()));
            }
        }
        fault
    }
}

/// A stretch of a text that was put together: from the template, or from an argument.
struct Part {
    start: u32,
    /// Where it stands in the template's text.
    old: Span,
    argument: Option<usize>,
}

/// The template's text with the arguments in place of the parameters.
///
/// A column of the table is qualified inside a query, whose tables may have one of the same name.
fn substitute(text: &str, bindings: &Bindings<'_>, table: &str) -> (String, Vec<Part>) {
    let tokens = lexer::tokens(text, false);
    // Whether each bracket that is open holds a query.
    let mut open: Vec<bool> = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut parts = Vec::new();
    let mut done = 0;
    let plain = |out: &mut String, parts: &mut Vec<Part>, from: u32, to: u32| {
        parts.push(Part {
            start: out.len() as u32,
            old: Span::new(from, to),
            argument: None,
        });
        out.push_str(Span::new(from, to).of(text));
    };
    for (index, token) in tokens.iter().enumerate() {
        let mark = |at: Option<usize>, mark: u8| {
            at.and_then(|at| tokens.get(at))
                .is_some_and(|t| t.kind == TokenKind::Mark(mark))
        };
        match token.kind {
            TokenKind::Mark(b'(') => {
                let first = tokens.get(index + 1).map_or("", |t| t.text(text));
                open.push(
                    ["select", "with"]
                        .iter()
                        .any(|w| w.eq_ignore_ascii_case(first)),
                );
            }
            TokenKind::Mark(b')') => {
                open.pop();
            }
            _ => {}
        }
        if token.kind != TokenKind::Word || mark(Some(index + 1), b'(') {
            continue;
        }
        let Some((argument, value)) = bindings.value(token.text(text)) else {
            continue;
        };
        let dotted = mark(index.checked_sub(1), b'.');
        plain(&mut out, &mut parts, done, token.start);
        parts.push(Part {
            start: out.len() as u32,
            old: Span::new(token.start, token.end),
            argument: Some(argument),
        });
        if open.contains(&true) && !dotted && bindings.is_own_column(argument) {
            out.push_str(&crate::syntax::quoted_name(table));
            out.push('.');
        }
        out.push_str(value);
        done = token.end;
    }
    plain(&mut out, &mut parts, done, text.len() as u32);
    (out, parts)
}
