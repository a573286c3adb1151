//! Templates of policies, and their uses.

use super::{ExprText, Ident, TableItem, TypeExpr};
use crate::source::Span;

/// `template NAME(parameters) { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Its parameters.
    pub params: Vec<TemplateParam>,
    /// The lines that a table gets.
    pub body: Vec<TableItem>,
}

/// A parameter of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateParam {
    /// Where it stands.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// What it stands for.
    pub kind: TemplateParamKind,
}

/// What a parameter stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateParamKind {
    /// `column [of TABLE] [TYPE]`: a column of the table that uses it, or of another parameter's.
    Column {
        /// The parameter whose column it is.
        of: Option<Ident>,
        /// Its type.
        ty: Option<TypeExpr>,
    },
    /// `table`.
    Table,
    /// `role`.
    Role,
    /// A type: a value of it.
    Value(TypeExpr),
}

/// `use NAME(arguments) [as PREFIX]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// Where it stands.
    pub span: Span,
    /// The template.
    pub name: Ident,
    /// Its arguments: names, or values.
    pub arguments: Vec<ExprText>,
    /// What the names of its policies begin with here.
    pub prefix: Option<Ident>,
}
