//! Policies and transitions.

use crate::schema::Command;
use crate::syntax::parser::{Parse, Parser};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Frozen, Policy, State, Transitions};

impl Parser<'_> {
    /// `[restrictive] policy NAME …`.
    pub(crate) fn policy(&mut self, docs: Option<String>) -> Parse<Policy> {
        let start = self.start();
        let restrictive = self.eat_word("restrictive");
        self.expect_word("policy")?;
        let name = self.ident("the name of the policy")?;
        let mut policy = Policy {
            span: self.since(start),
            docs,
            name,
            restrictive,
            command: None,
            roles: Vec::new(),
            using: None,
            with_check: None,
            open: false,
            clauses: Vec::new(),
        };
        while !self.at_end() {
            if self.eat_word("for") {
                policy.command = Some(self.command()?);
            } else if self.eat_word("to") {
                policy.roles = self.separated(|p| p.ident("a role, or `public`"))?;
            } else if self.eat_words(&["no", "using"]) {
                policy.open = true;
            } else if self.eat_word("using") {
                policy.using = Some(self.paren_expr("a condition")?);
            } else if self.eat_words(&["with", "check"]) {
                policy.with_check = Some(self.paren_expr("a condition")?);
            } else if let Some(clause) = self.object_clause()? {
                policy.clauses.push(clause);
            } else {
                let words = &["for", "to", "using", "with", "was", "comment"];
                return Err(self.unknown_word(words, "`for`, `to`, `using` or `with check`"));
            }
        }
        policy.span = self.since(start);
        Ok(policy)
    }

    fn command(&mut self) -> Parse<Command> {
        let words = &["all", "select", "insert", "update", "delete"];
        let what = "`all`, `select`, `insert`, `update` or `delete`";
        Ok(match self.correct(words, what)? {
            "all" => Command::All,
            "select" => Command::Select,
            "insert" => Command::Insert,
            "update" => Command::Update,
            _ => Command::Delete,
        })
    }

    /// `transitions COLUMN { … }`.
    pub(crate) fn transitions(&mut self, docs: Option<String>) -> Parse<Transitions> {
        let start = self.start();
        self.expect_word("transitions")?;
        let column = self.ident("a column")?;
        let mut transitions = Transitions {
            span: self.since(start),
            docs,
            column,
            initial: Vec::new(),
            chains: Vec::new(),
            frozen: Vec::new(),
        };
        self.block(false, "expected `->` or the end of the line", |p| {
            let start = p.start();
            let keyword = !matches!(p.kind_at(1), TokenKind::Arrow | TokenKind::Comma);
            if keyword && p.eat_word("initial") {
                transitions.initial.append(&mut p.separated(Self::state)?);
            } else if keyword && p.eat_word("frozen") {
                let states = p.separated(Self::state)?;
                let except = if p.eat_word("except") {
                    p.columns()?
                } else {
                    Vec::new()
                };
                transitions.frozen.push(Frozen {
                    span: p.since(start),
                    states,
                    except,
                });
            } else {
                let mut chain = vec![p.separated(Self::state)?];
                if !p.is(TokenKind::Arrow) {
                    let help = "a line is `a -> b`, `initial a` or `frozen a except (column)`";
                    return Err(p.expected_help("P0124", "`->`", help));
                }
                while p.eat(TokenKind::Arrow) {
                    chain.push(p.separated(Self::state)?);
                }
                transitions.chains.push(chain);
            }
            Ok(())
        })?;
        transitions.span = self.since(start);
        Ok(transitions)
    }

    fn state(&mut self) -> Parse<State> {
        match self.kind() {
            TokenKind::Star => {
                let span = self.span();
                self.bump();
                Ok(State::Any(span))
            }
            TokenKind::Word | TokenKind::Quoted | TokenKind::String => {
                Ok(State::Named(self.take_ident()))
            }
            _ => Err(self.expected("a state, or `*`")),
        }
    }
}
