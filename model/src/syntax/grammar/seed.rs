//! Seeds, raw blocks, and objects that are carried as their definition.

use crate::diagnostic::Diagnostic;
use crate::schema::Kind;
use crate::source::Span;
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Define, DefineTarget, ExprText, Ident, Raw, Seed, SeedRow, SeedValue, TypeExpr,
};

/// The kinds `define` knows, with their words.
const KINDS: &[Kind] = &[
    Kind::Language,
    Kind::Collation,
    Kind::BaseType,
    Kind::Aggregate,
    Kind::Rule,
    Kind::Statistics,
    Kind::EventTrigger,
    Kind::Publication,
    Kind::Subscription,
    Kind::ForeignDataWrapper,
    Kind::ForeignServer,
    Kind::UserMapping,
    Kind::OperatorFamily,
    Kind::OperatorClass,
    Kind::Operator,
    Kind::Cast,
    Kind::Conversion,
    Kind::TextSearchParser,
    Kind::TextSearchTemplate,
    Kind::TextSearchDictionary,
    Kind::TextSearchConfiguration,
    Kind::Transform,
    Kind::AccessMethod,
];

impl Parser<'_> {
    /// `seed [sample] TABLE (columns) [key (columns)] { rows }`.
    pub(crate) fn seed(&mut self) -> Parse<Seed> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("seed")?;
        let sample = self.is_name_at(1) && self.eat_word("sample");
        let table = self.qname("a table")?;
        let columns = self.columns()?;
        let key = if self.eat_word("key") {
            self.columns()?
        } else {
            Vec::new()
        };
        let mut rows = Vec::new();
        self.block(false, "expected `,` or the end of the row", |p| {
            let start = p.start();
            let values = p.separated(Self::seed_value)?;
            let span = p.since(start);
            if values.len() != columns.len() {
                p.values_and_columns(span, values.len(), &columns);
            }
            rows.push(SeedRow { span, values });
            Ok(())
        })?;
        Ok(Seed {
            span: self.since(start),
            docs,
            sample,
            table,
            columns,
            key,
            rows,
        })
    }

    fn values_and_columns(&mut self, row: Span, values: usize, columns: &[Ident]) {
        let count = |n: usize, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        let names = match (columns.first(), columns.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => row,
        };
        self.report(
            Diagnostic::error(
                "P0150",
                format!(
                    "a row of {} for {}",
                    count(values, "value"),
                    count(columns.len(), "column")
                ),
                row.in_file(self.file),
            )
            .label(format!("expected {}", count(columns.len(), "value")))
            .secondary(names.in_file(self.file), "the columns")
            .help("write one value for each column, `null` or `default` where there is none"),
        );
    }

    fn seed_value(&mut self) -> Parse<SeedValue> {
        if !matches!(self.kind(), TokenKind::LeftBrace | TokenKind::LeftBracket) {
            return self.bare_expr("a value").map(SeedValue::Expr);
        }
        let close = match self.closing() {
            Some(close) if self.tokens[close].partner as usize == self.at => close,
            _ => return Err(Reported),
        };
        let first = self.at;
        self.at = close + 1;
        let json = self.expr_since(first);
        self.well_formed(&json);
        Ok(SeedValue::Json(json))
    }

    pub(crate) fn well_formed(&mut self, json: &ExprText) {
        if let Err((at, expected)) = crate::syntax::json_value::check(&json.text) {
            let rest = json.text.get(at..).unwrap_or("");
            let length = rest.chars().next().map_or(0, char::len_utf8);
            let start = json.span.start + at as u32;
            let place = Span::new(start, start + length as u32).in_file(self.file);
            self.report(
                Diagnostic::error("P0147", "this is not JSON", place)
                    .label(format!("expected {expected}"))
                    .help("keys and strings of JSON stand in double quotes"),
            );
        }
    }

    /// `raw NAME { up … down … }`.
    pub(crate) fn raw(&mut self) -> Parse<Raw> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("raw")?;
        let name = self.ident("the name of the raw block")?;
        let (mut up, mut down) = (None, None);
        let (mut after, mut before) = (Vec::new(), Vec::new());
        self.block(false, "expected the end of the statement", |p| {
            let what = "`up`, `down`, `after` or `before`";
            match p.correct(&["up", "down", "after", "before"], what)? {
                "up" => up = Some(p.string("the statements as a string, best between `$$`")?),
                "down" if p.eat_word("none") => down = Some(None),
                "down" => {
                    let what = "the statements as a string, or `none`";
                    down = Some(Some(p.string(what)?));
                }
                "after" => after.append(&mut p.separated(|p| p.qname("an object"))?),
                _ => before.append(&mut p.separated(|p| p.qname("an object"))?),
            }
            Ok(())
        })?;
        let span = self.since(start);
        let (Some(up), Some(down)) = (up, down) else {
            self.report(
                Diagnostic::error(
                    "P0146",
                    "a raw block says both ways",
                    name.span.in_file(self.file),
                )
                .label("`up` or `down` is missing")
                .help("write both; `down none` where there is no way back"),
            );
            return Err(Reported);
        };
        Ok(Raw {
            span,
            docs,
            name,
            up,
            down,
            after,
            before,
        })
    }

    /// `define KIND NAME $$ … $$`.
    pub(crate) fn define(&mut self) -> Parse<Define> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("define")?;
        let kind = self.define_kind()?;
        let target = self.define_target(kind)?;
        let definition = self.string("the `CREATE` statement as a string, best between `$$`")?;
        let mut then = Vec::new();
        while self.is(TokenKind::String) {
            then.push(self.string("a statement")?);
        }
        let clauses = self.object_clauses_and_block()?;
        Ok(Define {
            span: self.since(start),
            docs,
            kind,
            target,
            definition,
            then,
            clauses,
        })
    }

    fn define_kind(&mut self) -> Parse<Kind> {
        for kind in KINDS {
            // `foreign-data wrapper` is written in three words.
            let words: Vec<&str> = kind.word().split([' ', '-']).collect();
            if self.eat_words(&words) {
                return Ok(*kind);
            }
        }
        let words: Vec<&str> = KINDS.iter().map(|k| k.word()).collect();
        let reported = self.unknown_word(&words, "a kind of object, such as `statistics`");
        Err(reported)
    }

    fn define_target(&mut self, kind: Kind) -> Parse<DefineTarget> {
        Ok(match kind {
            Kind::Aggregate => self.aggregate()?,
            Kind::Operator => self.operator()?,
            Kind::OperatorClass | Kind::OperatorFamily => {
                let name = self.qname("a name")?;
                self.expect_word("using")?;
                DefineTarget::WithMethod(name, self.ident("an index method")?)
            }
            Kind::Cast => {
                self.expect(TokenKind::LeftParen, "`(`")?;
                let (source, target) = self.inside(|p| {
                    let source = p.plain_type("a type")?;
                    p.expect_word("as")?;
                    Ok((source, p.plain_type("a type")?))
                })?;
                self.expect(TokenKind::RightParen, "`)`")?;
                DefineTarget::Cast(source, target)
            }
            Kind::Rule => {
                let name = self.ident("the name of the rule")?;
                self.expect_word("on")?;
                DefineTarget::OnTable(name, self.qname("a table")?)
            }
            Kind::UserMapping => {
                self.expect_word("for")?;
                let role = self.ident("a role")?;
                self.expect_word("server")?;
                DefineTarget::Mapping(role, self.ident("a server")?)
            }
            Kind::Transform => {
                self.expect_word("for")?;
                let ty = self.plain_type("a type")?;
                self.expect_word("language")?;
                DefineTarget::Transform(ty, self.ident("a language")?)
            }
            _ => DefineTarget::Named(self.qname("a name")?),
        })
    }

    /// `total(integer)`; `count(*)` for an aggregate of no arguments; `middle(numeric order by text)`
    /// for one over an ordered set.
    fn aggregate(&mut self) -> Parse<DefineTarget> {
        let name = self.qname("a name")?;
        let (mut direct, mut ordered) = (Vec::new(), None);
        if self.is(TokenKind::LeftParen) {
            self.mark(mark::GLUE);
            self.bump();
            if self.is(TokenKind::Star) {
                self.mark(mark::GLUE);
                self.bump();
            } else {
                self.inside(|p| {
                    if p.is(TokenKind::RightParen) {
                        return Ok(());
                    }
                    if !p.eat_words(&["order", "by"]) {
                        direct = p.separated(|p| p.plain_type("a type"))?;
                        if !p.eat_words(&["order", "by"]) {
                            return Ok(());
                        }
                    }
                    ordered = Some(p.separated(|p| p.plain_type("a type"))?);
                    Ok(())
                })?;
            }
            self.expect(TokenKind::RightParen, "`)`")?;
        }
        Ok(DefineTarget::Aggregate {
            name,
            direct,
            ordered,
        })
    }

    /// `[schema.]SYMBOL (left, right)`.
    fn operator(&mut self) -> Parse<DefineTarget> {
        let schema = if self.is_name_at(0) {
            let schema = self.ident("a schema")?;
            self.expect(TokenKind::Dot, "`.`")?;
            Some(schema)
        } else {
            None
        };
        let first = self.at;
        while !matches!(self.kind(), TokenKind::LeftParen | TokenKind::End) {
            self.bump();
        }
        if self.at == first {
            return Err(self.expected("the operator's symbol"));
        }
        let symbol = self.expr_since(first);
        let operands = self.some("the types of the operands, or `none`", |p| {
            if p.eat_word("none") {
                return Ok(None);
            }
            p.plain_type("a type").map(Some)
        })?;
        let [left, right]: [Option<TypeExpr>; 2] = operands
            .try_into()
            .map_err(|_| self.expected("two types, or `none` for one of them"))?;
        Ok(DefineTarget::Operator {
            schema,
            symbol: Ident {
                name: symbol.text.as_ref().into(),
                span: symbol.span,
                quoted: false,
            },
            left,
            right,
        })
    }
}
