//! Triggers.

use crate::schema::{TriggerEnabled, TriggerTiming};
use crate::syntax::parser::{Parse, Parser, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Text, Trigger, TriggerEvent};

impl Parser<'_> {
    /// `[constraint] trigger NAME …`.
    pub(crate) fn trigger(&mut self, docs: Option<String>) -> Parse<Trigger> {
        let start = self.start();
        let constraint = self.eat_word("constraint");
        self.expect_word("trigger")?;
        let name = self.ident("the name of the trigger")?;
        let words = &["before", "after", "instead"];
        let timing = match self.correct(words, "`before`, `after` or `instead of`")? {
            "before" => TriggerTiming::Before,
            "after" => TriggerTiming::After,
            _ => {
                self.expect_word("of")?;
                TriggerTiming::InsteadOf
            }
        };
        let mut events = vec![self.event()?];
        while self.eat_word("or") {
            events.push(self.event()?);
        }
        let mut trigger = Trigger {
            span: self.since(start),
            docs,
            name,
            constraint,
            timing,
            events,
            from: None,
            deferrable: None,
            old_table: None,
            new_table: None,
            for_each_row: false,
            when: None,
            function: crate::syntax::tree::QName {
                schema: None,
                name: crate::syntax::tree::Ident {
                    name: Default::default(),
                    span: self.span(),
                    quoted: false,
                },
            },
            arguments: Vec::new(),
            enabled: TriggerEnabled::Origin,
            clauses: Vec::new(),
        };
        self.trigger_clauses(&mut trigger)?;
        trigger.span = self.since(start);
        Ok(trigger)
    }

    fn event(&mut self) -> Parse<TriggerEvent> {
        let words = &["insert", "update", "delete", "truncate"];
        let what = "`insert`, `update`, `delete` or `truncate`";
        Ok(match self.correct(words, what)? {
            "insert" => TriggerEvent::Insert,
            "delete" => TriggerEvent::Delete,
            "truncate" => TriggerEvent::Truncate,
            _ if self.eat_word("of") => {
                TriggerEvent::Update(self.separated(|p| p.ident("a column"))?)
            }
            _ => TriggerEvent::Update(Vec::new()),
        })
    }

    fn trigger_clauses(&mut self, trigger: &mut Trigger) -> Parse<()> {
        let mut executes = false;
        loop {
            if self.eat_word("from") {
                trigger.from = Some(self.qname("a table")?);
            } else if self.eat_words(&["for", "each"]) || self.eat_word("for") {
                let words = &["row", "statement"];
                trigger.for_each_row = self.correct(words, "`row` or `statement`")? == "row";
            } else if self.eat_word("referencing") {
                self.transition_tables(trigger)?;
            } else if self.eat_word("when") {
                trigger.when = Some(self.paren_expr("a condition")?);
            } else if self.eat_word("execute") {
                if self.is_name_at(1) && !self.eat_word("function") {
                    self.eat_word("procedure");
                }
                trigger.function = self.qname("the function to execute")?;
                self.mark(mark::GLUE);
                trigger.arguments = self.list("arguments", Self::trigger_argument)?;
                executes = true;
            } else if self.eat_words(&["enabled", "always"]) {
                trigger.enabled = TriggerEnabled::Always;
            } else if self.eat_words(&["enabled", "replica"]) {
                trigger.enabled = TriggerEnabled::Replica;
            } else if self.eat_word("disabled") {
                trigger.enabled = TriggerEnabled::Disabled;
            } else if let Some(deferral) = self.deferral()? {
                trigger.deferrable = Some(deferral);
            } else if let Some(clause) = self.object_clause()? {
                trigger.clauses.push(clause);
            } else {
                break;
            }
        }
        if executes {
            return Ok(());
        }
        let words = &[
            "for",
            "from",
            "when",
            "execute",
            "referencing",
            "deferrable",
        ];
        Err(self.unknown_word(words, "`execute` and the function"))
    }

    fn transition_tables(&mut self, trigger: &mut Trigger) -> Parse<()> {
        while self.is_word("old") || self.is_word("new") {
            let old = self.is_word("old");
            self.bump_keyword();
            self.expect_word("table")?;
            self.eat_word("as");
            let name = Some(self.ident("a name")?);
            if old {
                trigger.old_table = name;
            } else {
                trigger.new_table = name;
            }
        }
        Ok(())
    }

    /// A literal or a word; PostgreSQL hands all of them over as strings.
    fn trigger_argument(&mut self) -> Parse<Text> {
        match self.kind() {
            TokenKind::String => self.string("a string"),
            TokenKind::Number | TokenKind::Word | TokenKind::Quoted => {
                let span = self.span();
                let ident = self.take_ident();
                Ok(Text {
                    value: ident.name.as_str().into(),
                    span,
                    inner: span,
                })
            }
            _ => Err(self.expected_as("P0128", "an argument")),
        }
    }
}
