//! Templates: declared, and used somewhere.

use rustc_hash::FxHashSet;

use super::Declaration;
use crate::diagnostic::{Diagnostic, code};
use crate::resolve::world::at;
use crate::schema::{Id, Kind, Name};
use crate::source::{FileId, Span};
use crate::syntax::tree::{self, ObjectClause, TableItem, TemplateParamKind};

impl<'t> Declaration<'_, 't> {
    pub(super) fn template(&mut self, file: FileId, x: &'t tree::Template) {
        let id = Id::global(Kind::Raw, format!("template {}", x.name.name));
        if !self.declare(file, id, &x.name) {
            return;
        }
        self.world.templates.insert(x.name.name.clone(), (file, x));
        for item in &x.body {
            if let Some(span) = not_of_a_template(item) {
                self.out.fault(
                    Diagnostic::error(
                        code::TEMPLATE_BODY,
                        "a template holds policies, grants and `rls`",
                        at(file, span),
                    )
                    .label("none of these")
                    .help("columns and constraints that tables share stand in a `mixin`"),
                );
            }
        }
        let mut seen: FxHashSet<&Name> = FxHashSet::default();
        for param in &x.params {
            if !seen.insert(&param.name.name) {
                self.out.fault(
                    Diagnostic::error(
                        code::DUPLICATE_PART,
                        format!("parameter `{}` stands twice", param.name.name),
                        at(file, param.name.span),
                    )
                    .help("give one of them another name"),
                );
            }
            let TemplateParamKind::Column { of: Some(of), .. } = &param.kind else {
                continue;
            };
            let table = |p: &&tree::TemplateParam| {
                p.name.name == of.name && p.kind == TemplateParamKind::Table
            };
            let before = x.params.iter().take_while(|p| !std::ptr::eq(*p, param));
            if !before.into_iter().any(|p| table(&p)) {
                self.out.fault(
                    Diagnostic::error(
                        code::TEMPLATE_ARGUMENT,
                        format!("no parameter `{}` before this one is a table", of.name),
                        at(file, of.span),
                    )
                    .label("whose column?")
                    .help(format!("put `{} table` before it", of.name)),
                );
            }
        }
    }

    pub(super) fn unused_templates(&mut self) {
        let items = self.world.tables.values().flat_map(|work| &work.items);
        let used: FxHashSet<&Name> = items
            .filter_map(|placed| match placed.item {
                TableItem::Use(x) => Some(&x.name.name),
                _ => None,
            })
            .collect();
        let mut unused: Vec<_> = self
            .world
            .templates
            .iter()
            .filter(|(name, _)| !used.contains(name))
            .collect();
        unused.sort_by_key(|(name, _)| (*name).clone());
        for (name, (file, template)) in unused {
            self.out.diagnostics.push(
                Diagnostic::advice(
                    code::UNUSED_TEMPLATE,
                    format!("template `{name}` is used nowhere"),
                    at(*file, template.name.span),
                )
                .help(format!(
                    "add `use {name}(…)` to a table, or remove the template"
                )),
            );
        }
    }
}

/// Where a line stands that no template may hold.
fn not_of_a_template(item: &TableItem) -> Option<Span> {
    Some(match item {
        TableItem::Policy(_)
        | TableItem::RowSecurity(..)
        | TableItem::Clause(ObjectClause::Grant(_)) => return None,
        TableItem::Column(x) => x.name.span,
        TableItem::Key(x) => x.span,
        TableItem::Check(x) => x.span,
        TableItem::ForeignKey(x) => x.span,
        TableItem::Exclude(x) => x.span,
        TableItem::Index(x) => x.span,
        TableItem::Include(name) | TableItem::Tablespace(name) => name.span,
        TableItem::Use(x) => x.span,
        TableItem::Trigger(x) => x.span,
        TableItem::Transitions(x) => x.span,
        TableItem::Audited(x) => x.span,
        TableItem::ViewColumn(x) => x.span,
        TableItem::OtherConstraint(x) => x.span,
        TableItem::Clause(clause) => clause.span(),
        TableItem::With(parameters) => parameters.first().map_or(Span::default(), |p| p.span),
        TableItem::ReplicaIdentity(_, span) | TableItem::AppendOnly(span) => *span,
        TableItem::Inherited(inner) => return not_of_a_template(inner),
    })
}
