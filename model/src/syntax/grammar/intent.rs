//! Identity, personas, and what is meant of each table.

use crate::schema::Privilege;
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Cells, Commanded, Fact, FactSource, Has, HasValue, Ident, Identity, Intent, IntentItem, Member,
    Persona, TieLine, When, WhenIs,
};

const END: &str = "expected the end of the line";

impl Parser<'_> {
    /// `identity { facts, and the rows that every person has }`.
    pub(crate) fn person(&mut self) -> Parse<Identity> {
        let start = self.start();
        self.expect_word("identity")?;
        let (mut facts, mut rows) = (Vec::new(), Vec::new());
        self.block(false, END, |p| {
            if p.is_word("has") && p.kind_at(2) != TokenKind::End && p.is_name_at(1) {
                let has = p.has()?;
                rows.push(has);
                return Ok(());
            }
            facts.push(p.fact()?);
            Ok(())
        })?;
        Ok(Identity {
            span: self.since(start),
            facts,
            rows,
        })
    }

    fn fact(&mut self) -> Parse<Fact> {
        let start = self.start();
        let name = self.ident("the name of a fact")?;
        self.cell();
        let ty = self.plain_type("a type")?;
        if !self.at_end() {
            self.cell();
        }
        let source = if self.eat_word("claim") {
            let mut path = vec![self.ident("a claim")?];
            while self.eat(TokenKind::Dot) {
                path.push(self.ident("a claim")?);
            }
            Some(FactSource::Claim(path))
        } else if self.eat_word("setting") {
            Some(FactSource::Setting(
                self.dotted_ident("the name of a setting")?,
            ))
        } else if self.at_end() {
            None
        } else {
            return Err(self.unknown_word(&["claim", "setting"], "`claim` or `setting`"));
        };
        Ok(Fact {
            span: self.since(start),
            name,
            ty,
            source,
        })
    }

    /// `has TABLE (column = value, …)`.
    fn has(&mut self) -> Parse<Has> {
        let start = self.start();
        self.expect_word("has")?;
        let table = self.qname("a table")?;
        let values = self.some("columns with their values", |p| {
            let column = p.ident("a column")?;
            p.expect(TokenKind::Equals, "`=`")?;
            let bare = p.is_name_at(0)
                && !matches!(p.word(), "true" | "false" | "null")
                && matches!(p.kind_at(1), TokenKind::Comma | TokenKind::RightParen);
            Ok(match bare {
                true => (column, HasValue::Fact(p.take_ident())),
                false => (column, HasValue::Literal(p.bare_expr("a fact or a value")?)),
            })
        })?;
        Ok(Has {
            span: self.since(start),
            table,
            values,
        })
    }

    /// `persona NAME as ROLE …`.
    pub(crate) fn persona(&mut self) -> Parse<Persona> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("persona")?;
        let name = self.ident("the name of the persona")?;
        self.cell();
        self.expect_word("as")?;
        let role = self.ident("a role")?;
        let mut persona = Persona {
            span: self.since(start),
            docs,
            name,
            role,
            ties: Vec::new(),
            unidentified: false,
            claims: None,
            settings: Vec::new(),
            rows: Vec::new(),
        };
        let mut first = true;
        while !self.at_end() {
            match std::mem::take(&mut first) {
                true => self.cell(),
                false => self.mark(mark::CLAUSE),
            }
            if self.eat_word("tied") {
                persona.ties = self.separated(|p| p.ident("a tie"))?;
            } else if self.eat_words(&["without", "identity"]) {
                persona.unidentified = true;
            } else if self.eat_word("claims") {
                persona.claims = Some(self.json_object_text()?);
            } else if self.eat_word("set") {
                persona.settings.push(self.setting()?);
            } else if self.is_word("has") {
                persona.rows.push(self.has()?);
            } else {
                let words = &["tied", "without", "claims", "set", "has"];
                let what = "`tied`, `without identity`, `claims`, `set` or `has`";
                return Err(self.unknown_word(words, what));
            }
        }
        persona.span = self.since(start);
        Ok(persona)
    }

    /// `{ … }` as JSON text.
    fn json_object_text(&mut self) -> Parse<crate::syntax::tree::ExprText> {
        if !self.is(TokenKind::LeftBrace) {
            return Err(self.expected("a JSON object"));
        }
        let close = match self.closing() {
            Some(close) if self.tokens[close].partner as usize == self.at => close,
            _ => return Err(Reported),
        };
        let first = self.at;
        self.at = close + 1;
        let json = self.expr_since(first);
        self.well_formed(&json);
        Ok(json)
    }

    /// `intent TABLE, … { … }`, or `intent VIEW of TABLE { … }`.
    pub(crate) fn intent(&mut self) -> Parse<Intent> {
        let start = self.start();
        self.expect_word("intent")?;
        let relations = self.separated(|p| p.qname("a table"))?;
        let of = match self.eat_word("of") {
            true => Some(self.qname("a table")?),
            false => None,
        };
        let mut items = Vec::new();
        self.block(false, END, |p| {
            let item = p.intent_item()?;
            items.push(item);
            Ok(())
        })?;
        Ok(Intent {
            span: self.since(start),
            relations,
            of,
            items,
        })
    }

    fn intent_item(&mut self) -> Parse<IntentItem> {
        let start = self.start();
        if self.is_word("tie") && self.is_name_at(1) {
            self.bump_keyword();
            return self.tie(start).map(IntentItem::Tie);
        }
        if self.eat_word("via") {
            return Ok(IntentItem::Via(self.separated(|p| p.ident("a column"))?));
        }
        if !self.eat_word("when") {
            return self.cells().map(IntentItem::Cells);
        }
        let column = self.ident("a column")?;
        let is = if self.eat_word("is") {
            match self.correct(&["set", "null"], "`set` or `null`")? {
                "set" => WhenIs::Set,
                _ => WhenIs::Null,
            }
        } else if self.eat(TokenKind::Equals) {
            WhenIs::Value(self.bare_expr("a value")?)
        } else {
            return Err(self.expected("`is set`, `is null` or `= value`"));
        };
        let span = self.since(start);
        let mut cells = Vec::new();
        self.block(false, END, |p| {
            let line = p.cells()?;
            cells.push(line);
            Ok(())
        })?;
        Ok(IntentItem::When(When {
            span,
            column,
            is,
            cells,
        }))
    }

    /// `NAME column[.column …][.TABLE(column)] = FACT`, behind `tie`.
    fn tie(&mut self, start: u32) -> Parse<TieLine> {
        let name = self.ident("the name of the tie")?;
        let mut path = Vec::new();
        let mut member = None;
        loop {
            let table = self.qname_or_ident()?;
            if self.is(TokenKind::LeftParen) {
                member = Some(self.member(table)?);
                break;
            }
            path.extend(table);
            if !self.eat(TokenKind::Dot) {
                break;
            }
        }
        self.expect(TokenKind::Equals, "`=`")?;
        let fact = self.ident("a fact")?;
        Ok(TieLine {
            span: self.since(start),
            name,
            path,
            member,
            fact,
        })
    }

    /// A name; two where they are a table's in a schema, which only a member's can be.
    fn qname_or_ident(&mut self) -> Parse<Vec<Ident>> {
        let first = self.ident("a column")?;
        let qualified = self.is(TokenKind::Dot)
            && self.is_name_at(1)
            && self.kind_at(2) == TokenKind::LeftParen;
        if !qualified {
            return Ok(vec![first]);
        }
        self.bump();
        let second = self.ident("a table")?;
        Ok(vec![first, second])
    }

    /// `(column [by key])`. What stands before the table's name is a schema or a column: the
    /// resolver knows.
    fn member(&mut self, mut names: Vec<Ident>) -> Parse<Member> {
        self.mark(mark::GLUE);
        let Some(name) = names.pop() else {
            return Err(self.expected("a table"));
        };
        let mut inner = self.list("a column", |p| {
            let column = p.ident("a column")?;
            let by = match p.eat_word("by") {
                true => Some(p.ident("a column that refers here")?),
                false => None,
            };
            Ok((column, by))
        })?;
        let (column, by) = match inner.len() {
            1 => inner.remove(0),
            _ => return Err(self.expected("one column")),
        };
        Ok(Member {
            table: crate::syntax::tree::QName {
                schema: names.pop(),
                name,
            },
            column,
            by,
        })
    }

    /// `persona, … commands`.
    fn cells(&mut self) -> Parse<Cells> {
        let start = self.start();
        let personas = self.separated(|p| p.ident("a persona"))?;
        if self.at_end() {
            let help = "write `select, update`, `all`, `all except delete` or `nothing`";
            return Err(self.expected_help("P0124", "what the persona may do", help));
        }
        self.cell();
        let commands = self.commands()?;
        Ok(Cells {
            span: self.since(start),
            personas,
            commands,
        })
    }

    fn commands(&mut self) -> Parse<Vec<Commanded>> {
        if self.eat_word("nothing") {
            return Ok(Vec::new());
        }
        let start = self.start();
        if self.eat_word("all") {
            let span = self.since(start);
            let gone: Vec<Privilege> = match self.eat_word("except") {
                true => self
                    .separated(Self::commanded)?
                    .into_iter()
                    .map(|c| c.command)
                    .collect(),
                false => Vec::new(),
            };
            let kept = crate::schema::COMMANDS
                .into_iter()
                .filter(|c| !gone.contains(c));
            return Ok(kept
                .map(|command| Commanded {
                    span,
                    command,
                    columns: Vec::new(),
                    except: false,
                })
                .collect());
        }
        self.separated(Self::commanded)
    }

    fn commanded(&mut self) -> Parse<Commanded> {
        let start = self.start();
        let words = &["select", "insert", "update", "delete", "truncate"];
        let what = "a command such as `select`, or `all`, or `nothing`";
        let word = self.correct(words, what)?;
        let command = Privilege::parse(word).ok_or(Reported)?;
        let except = self.eat_word("except");
        let columns = match self.is(TokenKind::LeftParen) || except {
            true => self.columns()?,
            false => Vec::new(),
        };
        Ok(Commanded {
            span: self.since(start),
            command,
            columns,
            except,
        })
    }
}
