//! Templates of policies.

use crate::syntax::parser::{Parse, Parser, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Template, TemplateParam, TemplateParamKind, Use};

impl Parser<'_> {
    /// `template NAME(parameters) { … }`.
    pub(crate) fn template(&mut self) -> Parse<Template> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("template")?;
        let name = self.ident("the name of the template")?;
        self.mark(mark::GLUE);
        let params = self.list("the parameters", Self::template_param)?;
        let mut body = Vec::new();
        self.table_block(&mut body)?;
        Ok(Template {
            span: self.since(start),
            docs,
            name,
            params,
            body,
        })
    }

    fn template_param(&mut self) -> Parse<TemplateParam> {
        let start = self.start();
        let name = self.ident("the name of a parameter")?;
        let kind = if self.eat_word("column") {
            let of = match self.eat_word("of") {
                true => Some(self.ident("a parameter that is a table")?),
                false => None,
            };
            let ty = match self.kind() {
                TokenKind::Comma | TokenKind::RightParen => None,
                _ => Some(self.plain_type("the column's type")?),
            };
            TemplateParamKind::Column { of, ty }
        } else if self.eat_word("table") {
            TemplateParamKind::Table
        } else if self.eat_word("role") {
            TemplateParamKind::Role
        } else {
            TemplateParamKind::Value(self.plain_type("`column`, `table`, `role` or a type")?)
        };
        Ok(TemplateParam {
            span: self.since(start),
            name,
            kind,
        })
    }

    /// `use NAME(arguments) [as PREFIX]`.
    pub(crate) fn use_template(&mut self) -> Parse<Use> {
        let start = self.start();
        self.expect_word("use")?;
        let name = self.ident("the name of a template")?;
        self.mark(mark::GLUE);
        let arguments = self.list("the arguments", |p| p.bare_expr("a name or a value"))?;
        let prefix = match self.eat_word("as") {
            true => Some(self.ident("what the policies' names begin with")?),
            false => None,
        };
        Ok(Use {
            span: self.since(start),
            name,
            arguments,
            prefix,
        })
    }
}
