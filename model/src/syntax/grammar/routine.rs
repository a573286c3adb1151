//! Functions, procedures and triggers.

use crate::diagnostic::Diagnostic;
use crate::schema::{Parallel, Volatility};
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Function, FunctionBody, FunctionOption, Param, ParamMode, Returns};

const OPTIONS: &[&str] = &[
    "as",
    "begin",
    "called",
    "comment",
    "cost",
    "grant",
    "immutable",
    "language",
    "leakproof",
    "owner",
    "parallel",
    "return",
    "returns",
    "revoke",
    "rows",
    "security",
    "set",
    "stable",
    "strict",
    "support",
    "transform",
    "volatile",
    "was",
    "window",
];

impl Parser<'_> {
    /// `function NAME(parameters) …` or `procedure …`.
    pub(crate) fn function(&mut self) -> Parse<Function> {
        let docs = self.docs();
        let start = self.start();
        let words = &["function", "procedure"];
        let procedure = self.correct(words, "`function` or `procedure`")? == "procedure";
        let name = self.qname("the name of the function")?;
        let params_start = self.start();
        let params = self.params()?;
        let params_span = self.since(params_start);
        let mut returns = None;
        let mut options = Vec::new();
        let mut body: Option<FunctionBody> = None;
        let mut clauses = Vec::new();
        while !self.at_end() && !self.is(TokenKind::LeftBrace) {
            let place = self.start();
            if self.is_word("returns") && !self.is_word_at(1, "null") {
                self.bump_keyword();
                returns = Some(self.returns()?);
            } else if let Some(found) = self.function_body()? {
                if body.is_some() {
                    self.second_body(place);
                }
                body = Some(found);
            } else if let Some(option) = self.function_option()? {
                options.push(option);
            } else if let Some(clause) = self.object_clause()? {
                clauses.push(clause);
            } else {
                return Err(self.unknown_word(OPTIONS, "an option or the body of the function"));
            }
        }
        clauses.append(&mut self.object_clauses_and_block()?);
        let Some(body) = body else {
            let help = "write `as $$ … $$`, `return (…)` or `begin atomic … end`";
            return Err(self.expected_help("P0146", "the body of the function", help));
        };
        Ok(Function {
            span: self.since(start),
            docs,
            procedure,
            name,
            params,
            params_span,
            returns,
            options,
            body,
            clauses,
        })
    }

    fn second_body(&mut self, start: u32) {
        let place = self.since(start).in_file(self.file);
        self.report(
            Diagnostic::error("P0139", "a function has one body", place)
                .label("the second")
                .help("remove one"),
        );
    }

    /// `(mode name type default …, …)`.
    pub(crate) fn params(&mut self) -> Parse<Vec<Param>> {
        self.mark(mark::GLUE);
        self.list("parameters", |p| {
            let start = p.start();
            let mode = p.param_mode();
            let named = p.is_name_at(0)
                && p.is_name_at(1)
                && p.long_name_length() == 0
                && !p.is_word_at(1, "default")
                && !p.is_word_at(1, "array");
            let name = if named {
                Some(p.ident("a name")?)
            } else {
                None
            };
            let mut ty = p.plain_type("a type")?;
            if p.is(TokenKind::Question) {
                let place = p.span().in_file(p.file);
                p.report(
                    Diagnostic::error("P0136", "a parameter may always be null", place)
                        .label("expected no `?` here")
                        .help("remove it; `strict` makes the function null where an argument is")
                        .suggest(place, ""),
                );
                p.bump();
            }
            ty.nullable = false;
            let default = if p.eat_word("default") || p.eat(TokenKind::Equals) {
                let first = p.at;
                while !matches!(
                    p.kind(),
                    TokenKind::Comma | TokenKind::RightParen | TokenKind::End
                ) {
                    match p.closing() {
                        Some(close) if close > p.at => p.at = close + 1,
                        _ => p.bump(),
                    }
                }
                if p.at == first {
                    return Err(p.expected_as("P0126", "an expression"));
                }
                Some(p.expr_since(first))
            } else {
                None
            };
            Ok(Param {
                span: p.since(start),
                mode,
                name,
                ty,
                default,
            })
        })
    }

    fn param_mode(&mut self) -> Option<ParamMode> {
        if !self.is_name_at(1) || self.long_name_length() > 0 {
            return None;
        }
        if self.eat_words(&["in", "out"]) {
            return Some(ParamMode::InOut);
        }
        let mode = match self.word().to_ascii_lowercase().as_str() {
            "in" => ParamMode::In,
            "out" => ParamMode::Out,
            "inout" => ParamMode::InOut,
            "variadic" => ParamMode::Variadic,
            _ => return None,
        };
        self.bump_keyword();
        Some(mode)
    }

    /// What follows `returns`.
    pub(crate) fn returns(&mut self) -> Parse<Returns> {
        let start = self.start();
        if self.is_word("table") && self.kind_at(1) == TokenKind::LeftParen {
            self.bump_keyword();
            let columns = self.some("columns", |p| {
                let name = p.ident("a column")?;
                Ok((name, p.plain_type("a type")?))
            })?;
            return Ok(Returns::Table {
                columns,
                span: self.since(start),
            });
        }
        let setof = self.is_name_at(1) && self.eat_word("setof");
        let ty = self.plain_type("a type")?;
        Ok(Returns::Type { setof, ty })
    }

    fn function_option(&mut self) -> Parse<Option<FunctionOption>> {
        const WORDS: &[(&[&str], FunctionOption)] = &[
            (
                &["immutable"],
                FunctionOption::Volatility(Volatility::Immutable),
            ),
            (&["stable"], FunctionOption::Volatility(Volatility::Stable)),
            (
                &["volatile"],
                FunctionOption::Volatility(Volatility::Volatile),
            ),
            (&["strict"], FunctionOption::Strict(true)),
            (
                &["returns", "null", "on", "null", "input"],
                FunctionOption::Strict(true),
            ),
            (
                &["called", "on", "null", "input"],
                FunctionOption::Strict(false),
            ),
            (
                &["security", "definer"],
                FunctionOption::SecurityDefiner(true),
            ),
            (
                &["security", "invoker"],
                FunctionOption::SecurityDefiner(false),
            ),
            (&["leakproof"], FunctionOption::Leakproof(true)),
            (&["not", "leakproof"], FunctionOption::Leakproof(false)),
            (
                &["parallel", "safe"],
                FunctionOption::Parallel(Parallel::Safe),
            ),
            (
                &["parallel", "restricted"],
                FunctionOption::Parallel(Parallel::Restricted),
            ),
            (
                &["parallel", "unsafe"],
                FunctionOption::Parallel(Parallel::Unsafe),
            ),
            (&["window"], FunctionOption::Window),
        ];
        for (words, option) in WORDS {
            if self.eat_words(words) {
                return Ok(Some(option.clone()));
            }
        }
        Ok(Some(if self.eat_word("language") {
            FunctionOption::Language(self.ident("a language")?)
        } else if self.eat_word("cost") {
            FunctionOption::Cost(self.number()?)
        } else if self.eat_word("rows") {
            FunctionOption::Rows(self.number()?)
        } else if self.eat_word("support") {
            FunctionOption::Support(self.qname("a function")?)
        } else if self.eat_word("transform") {
            let first = self.at;
            self.separated(|p| {
                p.expect_word("for")?;
                p.expect_word("type")?;
                p.plain_type("a type")
            })?;
            FunctionOption::Transform(self.expr_since(first))
        } else if self.eat_word("set") {
            FunctionOption::Set(self.setting()?)
        } else {
            return Ok(None);
        }))
    }

    fn number(&mut self) -> Parse<Box<str>> {
        if !self.is(TokenKind::Number) {
            return Err(self.expected_as("P0129", "a number"));
        }
        let number = self.source(self.at).into();
        self.bump();
        Ok(number)
    }

    fn function_body(&mut self) -> Parse<Option<FunctionBody>> {
        if self.eat_word("as") {
            if self.eat_word("sql") {
                let body = self.string("the body as a string, best between `$$`")?;
                return Ok(Some(FunctionBody::Verbatim(body)));
            }
            let first = self.string("the body as a string, best between `$$`")?;
            if self.eat(TokenKind::Comma) {
                let symbol = self.string("the link symbol as a string")?;
                return Ok(Some(FunctionBody::Library(first, symbol)));
            }
            return Ok(Some(FunctionBody::Text(first)));
        }
        if self.eat_word("return") {
            return self
                .bare_expr("an expression")
                .map(|e| Some(FunctionBody::Return(e)));
        }
        if self.is_word("begin") && self.is_word_at(1, "atomic") {
            return self.atomic().map(Some);
        }
        Ok(None)
    }

    /// `begin atomic … end`: statements that may lie anywhere, up to the `end` of this `begin`.
    fn atomic(&mut self) -> Parse<FunctionBody> {
        let first = self.at;
        let mut open = 0;
        for index in first..self.tokens.len() {
            if self.tokens[index].kind != TokenKind::Word {
                continue;
            }
            match self.source(index).to_ascii_lowercase().as_str() {
                "begin" | "case" => open += 1,
                "end" => open -= 1,
                _ => {}
            }
            if open == 0 {
                self.at = index + 1;
                return Ok(FunctionBody::Atomic(self.expr_since(first)));
            }
        }
        let place = self.span().in_file(self.file);
        self.report(
            Diagnostic::error("P0106", "this body is never closed", place)
                .label("its `end` is missing")
                .help("write `end` behind the last statement"),
        );
        Err(Reported)
    }
}
