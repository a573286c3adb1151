//! The arguments of a use: each bound to its parameter, and checked to be what that stands for.

use super::super::Lowered;
use super::super::world::{TableWork, World, at};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::lexer::{self, TokenKind};
use crate::schema::{Id, Name, Origin, Type};
use crate::source::{FileId, Span};
use crate::syntax::tree::{self, ExprText, Ident, QName, TemplateParamKind};

/// A use and its template.
pub(super) struct Uses<'a> {
    pub(super) file: FileId,
    pub(super) x: &'a tree::Use,
    pub(super) template_file: FileId,
    pub(super) template: &'a tree::Template,
}

/// What each parameter stands for in one use.
pub(super) struct Bindings<'a> {
    bound: Vec<Bound<'a>>,
}

struct Bound<'a> {
    param: &'a tree::TemplateParam,
    /// What stands in expressions.
    text: String,
    /// The name, where it is one.
    name: Option<Name>,
    place: Origin,
}

impl Bindings<'_> {
    fn find(&self, name: &str) -> Option<usize> {
        self.bound.iter().position(|b| b.param.name.name == *name)
    }

    /// The number and the text of the argument for a parameter.
    pub(super) fn value(&self, name: &str) -> Option<(usize, &str)> {
        let at = self.find(name)?;
        Some((at, &self.bound[at].text))
    }

    /// Where an argument stands.
    pub(super) fn place(&self, argument: usize) -> Origin {
        self.bound[argument].place
    }

    /// Whether it is a column of the table that uses the template.
    pub(super) fn is_own_column(&self, argument: usize) -> bool {
        matches!(
            self.bound[argument].param.kind,
            TemplateParamKind::Column { of: None, .. }
        )
    }

    /// Puts the argument's name in place of a parameter's.
    pub(super) fn replace(&self, ident: &mut Ident) {
        let bound = self.find(&ident.name).map(|at| &self.bound[at]);
        if let Some(name) = bound.and_then(|b| b.name.clone()) {
            ident.name = name;
        }
    }

    /// A grant with the arguments in it.
    pub(super) fn grant(&self, grant: &tree::Grant) -> tree::Grant {
        let mut own = grant.clone();
        own.grantees.iter_mut().for_each(|g| self.replace(g));
        own.all_columns.iter_mut().for_each(|c| self.replace(c));
        for item in &mut own.privileges {
            item.columns.iter_mut().for_each(|c| self.replace(c));
        }
        own
    }
}

/// Binds the arguments; none where one of them is not what its parameter stands for.
pub(super) fn bind<'a, 't>(
    work: &TableWork<'t>,
    uses: &Uses<'a>,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) -> Option<Bindings<'a>> {
    let Uses {
        file, x, template, ..
    } = *uses;
    if x.arguments.len() != template.params.len() {
        lowered.faults.push(wrong_number(uses));
        return None;
    }
    let binder = Binder { work, uses, world };
    let mut whole = true;
    let mut bound = Vec::new();
    for (param, argument) in template.params.iter().zip(&x.arguments) {
        let place = at(file, argument.span);
        let found = binder.one(param, argument, &bound, &mut lowered.faults);
        whole &= found.is_some();
        let (text, name) = found.unwrap_or_default();
        bound.push(Bound {
            param,
            text,
            name,
            place,
        });
    }
    whole.then_some(Bindings { bound })
}

fn wrong_number(uses: &Uses<'_>) -> Diagnostic {
    let (wanted, given) = (uses.template.params.len(), uses.x.arguments.len());
    let names: Vec<&str> = uses
        .template
        .params
        .iter()
        .map(|p| p.name.name.as_str())
        .collect();
    Diagnostic::error(
        code::TEMPLATE_ARGUMENT,
        format!(
            "template `{}` takes {}, and gets {given}",
            uses.template.name.name,
            match wanted {
                1 => "1 argument".to_owned(),
                n => format!("{n} arguments"),
            }
        ),
        at(uses.file, uses.x.span),
    )
    .label(format!("expected ({})", names.join(", ")))
    .secondary(
        at(uses.template_file, uses.template.name.span),
        "declared here",
    )
    .help("write one argument for each parameter")
}

struct Binder<'b, 'a, 't> {
    work: &'b TableWork<'t>,
    uses: &'b Uses<'a>,
    world: &'b World<'t>,
}

impl Binder<'_, '_, '_> {
    /// The text of the argument, and its name where it is one.
    fn one(
        &self,
        param: &tree::TemplateParam,
        argument: &ExprText,
        bound: &[Bound<'_>],
        faults: &mut Vec<Diagnostic>,
    ) -> Option<(String, Option<Name>)> {
        let file = self.uses.file;
        let names = names(argument);
        let refuse = |what: &str, faults: &mut Vec<Diagnostic>| {
            faults.push(
                Diagnostic::error(
                    code::TEMPLATE_ARGUMENT,
                    format!("`{}` stands for {what}", param.name.name),
                    at(file, argument.span),
                )
                .label(format!("expected {what}"))
                .secondary(at(self.uses.template_file, param.span), "the parameter")
                .help(format!("write the name of {what}")),
            );
            None
        };
        match &param.kind {
            TemplateParamKind::Table => {
                let name = match names.as_deref() {
                    Some([name]) => QName {
                        schema: None,
                        name: name.clone(),
                    },
                    Some([schema, name]) => QName {
                        schema: Some(schema.clone()),
                        name: name.clone(),
                    },
                    _ => return refuse("a table", faults),
                };
                let id = self.world.table(file, &name, faults)?;
                Some((argument.text.to_string(), Some(id.name)))
            }
            TemplateParamKind::Role => {
                let Some([role]) = names.as_deref() else {
                    return refuse("a role", faults);
                };
                let before = faults.len();
                self.world.role(file, role, faults);
                let known = faults.len() == before;
                let text = crate::quote::literal(&role.name);
                known.then(|| (text, Some(role.name.clone())))
            }
            TemplateParamKind::Column { of, ty } => {
                let Some([column]) = names.as_deref() else {
                    return refuse("a column", faults);
                };
                let table = match of {
                    None => self.work.id.clone(),
                    Some(of) => self.table_of(of, bound)?,
                };
                let columns = std::slice::from_ref(column);
                let before = faults.len();
                self.world.columns_named(&table, file, columns, faults);
                for fault in &mut faults[before..] {
                    let place = at(self.uses.template_file, param.span);
                    fault.secondary.push((place, "the parameter".into()));
                }
                if faults.len() > before {
                    return None;
                }
                if let Some(ty) = ty {
                    self.column_type(param, ty, &table, column, faults)?;
                }
                Some((argument.text.to_string(), Some(column.name.clone())))
            }
            TemplateParamKind::Value(_) => {
                let single = lexer::tokens(&argument.text, false).len() == 1;
                let text = match single {
                    true => argument.text.to_string(),
                    false => format!("({})", argument.text),
                };
                Some((text, None))
            }
        }
    }

    /// The table that another parameter stands for here.
    fn table_of(&self, of: &Ident, bound: &[Bound<'_>]) -> Option<Id> {
        let at = bound.iter().position(|b| b.param.name.name == of.name)?;
        let names = names(&self.uses.x.arguments[at])?;
        let (schema, name) = match &names[..] {
            [name] => (None, name),
            [schema, name] => (Some(schema.name.as_str()), name),
            _ => return None,
        };
        let relation = self.world.symbols.relation(schema, &name.name)?;
        Some(relation.id.clone())
    }

    fn column_type(
        &self,
        param: &tree::TemplateParam,
        ty: &tree::TypeExpr,
        table: &Id,
        column: &Ident,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<()> {
        let plain = |ty: &Type| Type {
            modifiers: None,
            ..ty.clone()
        };
        let wanted = plain(&self.world.ty(self.uses.template_file, ty, faults)?.ty);
        let known = self.world.tables.get(table);
        let Some(own) = known.and_then(|t| t.column(&column.name)) else {
            return Some(());
        };
        if own.broken || plain(&own.ty) == wanted {
            return Some(());
        }
        faults.push(
            Diagnostic::error(
                code::TEMPLATE_ARGUMENT,
                format!(
                    "`{}` is {}, and `{}` stands for a column of type {wanted}",
                    column.name, own.ty, param.name.name
                ),
                at(self.uses.file, column.span),
            )
            .label(format!("expected a column of type {wanted}"))
            .secondary(at(self.uses.template_file, param.span), "the parameter")
            .help("name another column, or leave the type out of the parameter"),
        );
        None
    }
}

/// The argument as a name, with its parts; none where it is something else.
fn names(argument: &ExprText) -> Option<Vec<Ident>> {
    let tokens = lexer::tokens(&argument.text, false);
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let text = token.text(&argument.text);
        let name = match (index % 2, token.kind) {
            (1, TokenKind::Mark(b'.')) => continue,
            (0, TokenKind::Word) => Name::from(text),
            (0, TokenKind::Quoted) => Name::from(text.trim_matches('"').replace("\"\"", "\"")),
            _ => return None,
        };
        let start = argument.span.start;
        found.push(Ident {
            name,
            span: Span::new(start + token.start, start + token.end),
            quoted: token.kind == TokenKind::Quoted,
        });
    }
    Some(found)
}
