//! Expressions of the model: resolved, with their faults placed in the file.

use std::collections::BTreeSet;

use super::world::{World, at};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::{self, Context, ExprFault, FaultKind, Relation};
use crate::schema::{Expr, Id, Name, Origin};
use crate::source::{FileId, Span};
use crate::syntax::tree::ExprText;

/// An expression, and what it needs.
pub(super) struct Resolved {
    pub(super) expr: Expr,
    pub(super) needs: Vec<Id>,
    pub(super) columns: Vec<Name>,
}

impl World<'_> {
    /// Resolves an expression of the model.
    pub(super) fn expr(
        &self,
        file: FileId,
        written: &ExprText,
        context: Context<'_>,
        faults: &mut Vec<Diagnostic>,
    ) -> Resolved {
        if let Some(text) = expr::verbatim(&written.text) {
            let mut expr = Expr::new(text);
            expr.opaque = true;
            let mut needs = expr::mentioned(&expr.text, &self.symbols);
            needs.extend(expr::sequences(&expr.text, &self.symbols));
            return Resolved {
                expr,
                needs,
                columns: Vec::new(),
            };
        }
        let mut resolved = expr::resolve(&written.text, context, &self.symbols);
        let drawn = expr::sequences(&resolved.expr.text, &self.symbols);
        resolved.needs.extend(drawn);
        let place = |fault: &ExprFault| {
            let start = written.span.start;
            at(file, Span::new(start + fault.start, start + fault.end))
        };
        for fault in &resolved.faults {
            faults.push(diagnose(fault, place(fault)));
        }
        if let Some(reason) = &resolved.unparsed {
            faults.push(
                Diagnostic::warning(
                    code::SERVER_DECIDES,
                    "this is an expression that only the server can read",
                    at(file, written.span),
                )
                .label(reason.trim_start_matches("sql parser error: ").to_owned())
                .help("PostgreSQL decides when the migration is applied; check it there"),
            );
        }
        Resolved {
            expr: resolved.expr,
            needs: resolved.needs,
            columns: resolved.columns,
        }
    }

    /// Resolves an expression in which the columns of a table are in scope.
    pub(super) fn table_expr(
        &self,
        file: FileId,
        written: &ExprText,
        table: &Id,
        faults: &mut Vec<Diagnostic>,
    ) -> Resolved {
        let table = self.relation(table);
        self.expr(
            file,
            written,
            Context {
                table,
                ..Context::default()
            },
            faults,
        )
    }

    pub(super) fn relation(&self, id: &Id) -> Option<&Relation> {
        self.symbols.relation(Some(&id.schema), &id.name)
    }
}

impl Resolved {
    /// The columns of that relation which the expression names.
    pub(super) fn columns_of(&self, relation: &Id) -> BTreeSet<Name> {
        let own = |id: &&Id| {
            id.kind == crate::Kind::Column
                && id.schema == relation.schema
                && id.name == relation.name
        };
        self.needs
            .iter()
            .filter(own)
            .map(|id| id.part.clone())
            .collect()
    }
}

fn diagnose(fault: &ExprFault, place: Origin) -> Diagnostic {
    let missing = |code, message: String, nearest: &Option<String>| {
        let diagnostic = Diagnostic::error(code, message, place).label("not found");
        match nearest {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .suggest(place, super::world::bare(near)),
            None => diagnostic,
        }
    };
    match &fault.kind {
        FaultKind::Column { name, of, nearest } => {
            let of = of.as_ref().map_or(String::new(), |of| format!(" of `{of}`"));
            missing(code::UNKNOWN_COLUMN, format!("column `{name}`{of} doesn't exist"), nearest)
        }
        FaultKind::NoColumns { name } => {
            Diagnostic::error(code::NO_COLUMN_IN_SCOPE, format!("`{name}` names nothing here"), place)
                .label("no column can be named here")
                .help(format!("a string is written in single quotes: `'{name}'`"))
                .suggest(place, format!("'{name}'"))
        }
        FaultKind::Function { name, nearest } => {
            let message = format!("function `{name}` doesn't exist");
            let diagnostic = missing(code::UNKNOWN_FUNCTION, message, nearest);
            match crate::builtins::extensions().find(|e| e.has_function(name)) {
                Some(extension) => {
                    let mut diagnostic = diagnostic.help(format!(
                        "the extension `{0}` has it: add a line `extension {0}`",
                        super::world::bare(extension.name)
                    ));
                    diagnostic.suggestion = None;
                    diagnostic
                }
                None => diagnostic,
            }
        }
        FaultKind::UnlistedFunction { name } => Diagnostic::warning(
            code::FUNCTION_UNVERIFIED,
            format!("function `{name}` is not known"),
            place,
        )
        .label("perhaps of an extension whose functions we have no list of")
        .help("the server decides; a function of your own is declared with `function` or `external function`"),
        FaultKind::Relation { name, nearest } => {
            missing(code::UNKNOWN_RELATION, format!("table `{name}` doesn't exist"), nearest)
        }
        FaultKind::Alias { name, nearest } => {
            missing(code::UNKNOWN_ALIAS, format!("no table `{name}` is in scope here"), nearest)
        }
        FaultKind::Type { name, nearest } => {
            missing(code::UNKNOWN_TYPE, format!("type `{name}` doesn't exist"), nearest)
        }
        FaultKind::MalformedType(fault) => {
            Diagnostic::error(code::MALFORMED_TYPE, fault.message.clone(), place)
        }
    }
}
