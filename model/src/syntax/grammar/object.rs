//! Schemas, extensions, external objects, types, sequences.

use crate::diagnostic::Diagnostic;
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Attribute, Composite, Domain, Enum, Extension, External, ExternalItem, Ident, Label, Platform,
    Range, Schema,
};

impl Parser<'_> {
    /// `schema NAME [owner ROLE] [default]`.
    pub(crate) fn schema(&mut self) -> Parse<Schema> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("schema")?;
        let name = self.ident("the name of the schema")?;
        let mut clauses = self.object_clauses()?;
        let default = self.eat_word("default");
        clauses.append(&mut self.object_clauses_and_block()?);
        Ok(Schema {
            span: self.since(start),
            docs,
            name,
            default,
            clauses,
        })
    }

    /// `extension NAME [in schema S] [version 'V']`.
    pub(crate) fn extension(&mut self) -> Parse<Extension> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("extension")?;
        let name = self.ident("the name of the extension")?;
        let mut extension = Extension {
            span: self.since(start),
            docs,
            name,
            schema: None,
            version: None,
            clauses: Vec::new(),
        };
        loop {
            if self.eat_words(&["in", "schema"]) {
                extension.schema = Some(self.ident("a schema")?);
            } else if self.eat_word("version") {
                extension.version = Some(self.string("the version as a string")?);
            } else {
                break;
            }
        }
        extension.clauses = self.object_clauses()?;
        extension.span = self.since(start);
        Ok(extension)
    }

    /// `platform NAME`.
    pub(crate) fn platform(&mut self) -> Parse<Platform> {
        let start = self.start();
        self.expect_word("platform")?;
        let name = self.ident("the name of a platform")?;
        Ok(Platform {
            span: self.since(start),
            name,
        })
    }

    /// `external …`.
    pub(crate) fn external(&mut self) -> Parse<External> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("external")?;
        const WORDS: &[&str] = &[
            "schema",
            "role",
            "type",
            "extension",
            "sequence",
            "function",
            "procedure",
            "table",
            "view",
        ];
        let word = self.word().to_ascii_lowercase();
        let what = match word.as_str() {
            "table" => ExternalItem::Table(Box::new(self.table()?)),
            "view" => {
                // An external view is known by its columns alone, as a table is.
                ExternalItem::Table(Box::new(self.external_view()?))
            }
            "function" | "procedure" => {
                self.bump_keyword();
                let name = self.qname("the name of the function")?;
                let params = self.params()?;
                let returns = if self.eat_word("returns") {
                    Some(self.returns()?)
                } else {
                    None
                };
                ExternalItem::Function {
                    name,
                    params,
                    returns,
                }
            }
            _ => match self.correct(WORDS, "what is external, such as `schema` or `role`")? {
                "schema" => ExternalItem::Schemas(self.separated(|p| p.ident("a schema"))?),
                "role" => ExternalItem::Roles(self.separated(|p| p.ident("a role"))?),
                "type" => ExternalItem::Types(self.separated(|p| p.qname("a type"))?),
                "extension" => {
                    ExternalItem::Extensions(self.separated(|p| p.ident("an extension"))?)
                }
                "sequence" => ExternalItem::Sequences(self.separated(|p| p.qname("a sequence"))?),
                // A misspelt word that has been reported; its statement has another form.
                _ => return Err(Reported),
            },
        };
        Ok(External {
            span: self.since(start),
            docs,
            what,
        })
    }

    /// `enum NAME { label, … }`.
    pub(crate) fn enumeration(&mut self) -> Parse<Enum> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("enum")?;
        let name = self.qname("the name of the enum")?;
        let clauses = self.object_clauses()?;
        let mut labels: Vec<Label> = Vec::new();
        if self.is(TokenKind::LeftParen) || self.is_word("as") {
            let help = "labels stand in braces: `enum mood { sad, happy }`";
            return Err(self.expected_help("P0124", "`{`", help));
        }
        self.block(
            true,
            "expected `was`, a comma or the end of the line",
            |p| {
                let docs = p.docs();
                let start = p.start();
                let name = p.label("a label")?;
                let was = if p.eat_word("was") {
                    Some(p.label("the former label")?)
                } else {
                    None
                };
                labels.push(Label {
                    span: p.since(start),
                    docs,
                    name,
                    was,
                });
                Ok(())
            },
        )?;
        Ok(Enum {
            span: self.since(start),
            docs,
            name,
            labels,
            clauses,
        })
    }

    pub(crate) fn label(&mut self, what: &str) -> Parse<Ident> {
        if self.is(TokenKind::String) {
            return Ok(self.take_ident());
        }
        self.ident(what)
    }

    /// `domain NAME type …`.
    pub(crate) fn domain(&mut self) -> Parse<Domain> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("domain")?;
        let name = self.qname("the name of the domain")?;
        let base = self.type_expr()?;
        let mut domain = Domain {
            span: self.since(start),
            docs,
            name,
            base,
            default: None,
            collation: None,
            checks: Vec::new(),
            clauses: Vec::new(),
        };
        while !self.at_end() {
            let place = self.start();
            let base = &domain.base;
            let (span, nullable) = (base.span, base.nullable);
            if self.sql_null(span, nullable) {
                continue;
            }
            if self.eat_word("default") {
                domain.default = Some(self.bare_expr("an expression")?);
            } else if self.eat_word("collate") {
                domain.collation = Some(self.qname("a collation")?);
            } else if self.is_word("check") || self.is_word("constraint") {
                let mut name = None;
                if self.eat_word("constraint") {
                    name = Some(self.ident("the name of the constraint")?);
                }
                self.expect_word("check")?;
                if name.is_none() && self.is_name_at(0) {
                    name = Some(self.ident("the name of the constraint")?);
                }
                let mut check = self.check_rest(place, None, name)?;
                if self.is_word("comment") {
                    check.clauses.extend(self.object_clause()?);
                }
                domain.checks.push(check);
            } else if let Some(clause) = self.object_clause()? {
                domain.clauses.push(clause);
            } else {
                let words = &[
                    "default",
                    "collate",
                    "check",
                    "constraint",
                    "comment",
                    "was",
                    "owner",
                ];
                return Err(self.unknown_word(words, "a clause of the domain"));
            }
        }
        domain.span = self.since(start);
        Ok(domain)
    }

    /// `type NAME { attribute type … }`.
    pub(crate) fn composite(&mut self) -> Parse<Composite> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("type")?;
        let name = self.qname("the name of the type")?;
        let clauses = self.object_clauses()?;
        let mut attributes = Vec::new();
        self.block(
            false,
            "expected `collate`, `was` or the end of the line",
            |p| {
                let docs = p.docs();
                let start = p.start();
                let name = p.ident("an attribute")?;
                p.cell();
                let ty = p.type_expr()?;
                let mut attribute = Attribute {
                    span: p.since(start),
                    docs,
                    name,
                    ty,
                    collation: None,
                    was: None,
                };
                loop {
                    p.mark(mark::CLAUSE);
                    if p.eat_word("collate") {
                        attribute.collation = Some(p.qname("a collation")?);
                    } else if p.eat_word("was") {
                        attribute.was = Some(p.ident("the former name")?);
                    } else {
                        break;
                    }
                }
                attribute.span = p.since(start);
                attributes.push(attribute);
                Ok(())
            },
        )?;
        Ok(Composite {
            span: self.since(start),
            docs,
            name,
            attributes,
            clauses,
        })
    }

    /// `range NAME (subtype = type, …)`.
    pub(crate) fn range(&mut self) -> Parse<Range> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("range")?;
        let name = self.qname("the name of the range type")?;
        let (mut subtype, mut operator_class, mut collation) = (None, None, None);
        let (mut canonical, mut subtype_diff, mut multirange) = (None, None, None);
        let options = self.start();
        self.some("the options of the range type", |p| {
            let words = &[
                "subtype",
                "subtype_opclass",
                "collation",
                "canonical",
                "subtype_diff",
                "multirange_type_name",
            ];
            let option = p.correct(words, "an option of the range type, such as `subtype`")?;
            p.expect(TokenKind::Equals, "`=`")?;
            match option {
                "subtype" => subtype = Some(p.plain_type("a type")?),
                "subtype_opclass" => operator_class = Some(p.qname("an operator class")?),
                "collation" => collation = Some(p.qname("a collation")?),
                "canonical" => canonical = Some(p.qname("a function")?),
                "subtype_diff" => subtype_diff = Some(p.qname("a function")?),
                _ => multirange = Some(p.qname("the name of the multirange type")?),
            }
            Ok(())
        })?;
        let Some(subtype) = subtype else {
            let place = self.since(options).in_file(self.file);
            self.report(
                Diagnostic::error("P0124", "a range type has a subtype", place)
                    .label("expected `subtype = …`")
                    .help("write the type of the bounds, as in `(subtype = date)`"),
            );
            return Err(Reported);
        };
        let clauses = self.object_clauses_and_block()?;
        Ok(Range {
            span: self.since(start),
            docs,
            name,
            subtype,
            operator_class,
            collation,
            canonical,
            subtype_diff,
            multirange,
            clauses,
        })
    }
}
