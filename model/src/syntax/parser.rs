//! The cursor over a file's tokens: where a statement ends, what is expected, how to go on.
//!
//! It knows layout and no construct of the language.

use super::fault;
use super::lexer;
use super::token::{NONE, Token, TokenKind};
use super::tree::{Comment, Ident};
use super::{brackets, literal};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::Name;
use crate::source::{FileId, Span};

/// A fault has been reported, and the construct it is in has no value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

pub(crate) type Parse<T> = Result<T, Reported>;

/// What the layout must know of a token.
pub(crate) mod mark {
    /// A statement begins here.
    pub(crate) const STATEMENT: u8 = 1;
    /// A cell of an aligned line begins here: a column's type or its first clause.
    pub(crate) const CELL: u8 = 2;
    /// A clause begins here that two blanks set off.
    pub(crate) const CLAUSE: u8 = 4;
    /// A keyword, written in lower case.
    pub(crate) const KEYWORD: u8 = 8;
    /// Nothing stands between this token and the one before.
    pub(crate) const GLUE: u8 = 16;
    /// Part of an expression: blanks stay where they are.
    pub(crate) const VERBATIM: u8 = 32;
    /// A brace that opens or closes a block of statements.
    pub(crate) const BLOCK: u8 = 64;
    /// A comma or semicolon between two statements.
    pub(crate) const SEPARATOR: u8 = 128;
}

pub(crate) struct Parser<'a> {
    pub(crate) text: &'a str,
    pub(crate) file: FileId,
    pub(crate) tokens: Vec<Token>,
    pub(crate) marks: Vec<u8>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) at: usize,
    /// The token the current statement began at.
    statement: usize,
    /// A line at most this far indented is not part of the current statement.
    limit: u32,
    /// How many brackets are open, inside which lines do not matter.
    nest: u32,
    /// How deep types are nested.
    pub(crate) depth: u32,
    /// Up to which comment doc comments have been taken, or reported.
    documented: usize,
    /// Whether commas end statements of the current block.
    commas: bool,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, file: FileId) -> Self {
        let mut diagnostics = Diagnostics::new();
        let lexed = lexer::lex(text, file, &mut diagnostics);
        let mut tokens = lexed.tokens;
        brackets::pair(text, file, &mut tokens, &mut diagnostics);
        Parser {
            text,
            file,
            marks: vec![0; tokens.len()],
            tokens,
            comments: lexed.comments,
            diagnostics,
            at: 0,
            statement: 0,
            limit: 0,
            nest: 0,
            depth: 0,
            documented: 0,
            commas: false,
        }
    }

    // ---- looking

    /// Whether token `index` begins what follows the current statement.
    fn ends_at(&self, index: usize) -> bool {
        let token = &self.tokens[index];
        match token.kind {
            TokenKind::End => true,
            _ if self.nest > 0 => false,
            TokenKind::RightBrace => token.partner != NONE,
            TokenKind::Semicolon => true,
            _ => token.first && token.indent <= self.limit && index != self.statement,
        }
    }

    /// The kind of the current token; `End` where the statement is over.
    pub(crate) fn kind(&self) -> TokenKind {
        if self.ends_at(self.at) {
            TokenKind::End
        } else {
            self.tokens[self.at].kind
        }
    }

    /// The kind of the token `ahead` places on, if the statement reaches there.
    pub(crate) fn kind_at(&self, ahead: usize) -> TokenKind {
        for index in self.at..=self.at + ahead {
            if index >= self.tokens.len() || self.ends_at(index) {
                return TokenKind::End;
            }
        }
        self.tokens[self.at + ahead].kind
    }

    pub(crate) fn is(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    pub(crate) fn at_end(&self) -> bool {
        self.is(TokenKind::End)
    }

    /// The current bare word; empty where there is none.
    pub(crate) fn word(&self) -> &'a str {
        self.word_at(0)
    }

    pub(crate) fn word_at(&self, ahead: usize) -> &'a str {
        if self.kind_at(ahead) == TokenKind::Word {
            self.source(self.at + ahead)
        } else {
            ""
        }
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.word().eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_word_at(&self, ahead: usize, word: &str) -> bool {
        self.word_at(ahead).eq_ignore_ascii_case(word)
    }

    /// Whether a name stands `ahead` places on.
    pub(crate) fn is_name_at(&self, ahead: usize) -> bool {
        matches!(self.kind_at(ahead), TokenKind::Word | TokenKind::Quoted)
    }

    pub(crate) fn source(&self, index: usize) -> &'a str {
        self.tokens[index].span().of(self.text)
    }

    /// Where the current token stands; behind the last one where the statement is over.
    pub(crate) fn span(&self) -> Span {
        if self.at_end() {
            let end = self.end();
            Span::new(end, end)
        } else {
            self.tokens[self.at].span()
        }
    }

    /// Where the current token begins.
    pub(crate) fn start(&self) -> u32 {
        self.tokens[self.at].start
    }

    /// Where the token before the current one ends.
    pub(crate) fn end(&self) -> u32 {
        match self.at {
            0 => 0,
            at => self.tokens[at - 1].end,
        }
    }

    /// From `start` to the end of what has been read.
    pub(crate) fn since(&self, start: u32) -> Span {
        Span::new(start, self.end().max(start))
    }

    /// The index of the bracket that closes the one at the current place.
    pub(crate) fn closing(&self) -> Option<usize> {
        let partner = self.tokens[self.at].partner;
        (partner != NONE).then_some(partner as usize)
    }

    // ---- taking

    pub(crate) fn mark(&mut self, marks: u8) {
        self.marks[self.at] |= marks;
    }

    pub(crate) fn bump(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    pub(crate) fn eat(&mut self, kind: TokenKind) -> bool {
        let there = kind != TokenKind::End && self.is(kind);
        if there {
            self.bump();
        }
        there
    }

    /// Takes the token and everything up to it, without a blank before it.
    pub(crate) fn eat_glued(&mut self, kind: TokenKind) -> bool {
        let there = self.is(kind);
        if there {
            self.mark(mark::GLUE);
            self.bump();
        }
        there
    }

    /// Takes a keyword.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let there = self.is_word(word);
        if there {
            self.bump_keyword();
        }
        there
    }

    pub(crate) fn bump_keyword(&mut self) {
        self.mark(mark::KEYWORD);
        self.bump();
    }

    /// Takes several keywords, all or none.
    pub(crate) fn eat_words(&mut self, words: &[&str]) -> bool {
        let there = words
            .iter()
            .enumerate()
            .all(|(i, word)| self.is_word_at(i, word));
        if there {
            words.iter().for_each(|_| self.bump_keyword());
        }
        there
    }

    pub(crate) fn expect_word(&mut self, word: &str) -> Parse<()> {
        if self.eat_word(word) {
            return Ok(());
        }
        let found = self.word();
        if !found.is_empty() && nearest(found, &[word]).is_some() {
            self.misspelt(word);
            self.bump_keyword();
            return Ok(());
        }
        Err(self.expected(&format!("`{word}`")))
    }

    pub(crate) fn expect(&mut self, kind: TokenKind, what: &str) -> Parse<()> {
        if self.eat(kind) {
            Ok(())
        } else {
            Err(self.expected(what))
        }
    }

    // ---- names and literals

    pub(crate) fn ident(&mut self, what: &str) -> Parse<Ident> {
        match self.kind() {
            TokenKind::Word | TokenKind::Quoted => Ok(self.take_ident()),
            TokenKind::String => {
                let text = literal::text(self.text, self.span());
                let place = self.span().in_file(self.file);
                let mend = crate::syntax::quoted_name(&text.value);
                self.report(
                    Diagnostic::error("P0122", format!("expected {what}, found a string"), place)
                        .label("strings stand in single quotes, names do not")
                        .help("write it bare, or in double quotes")
                        .suggest(place, mend),
                );
                let ident = self.take_ident();
                Ok(Ident {
                    name: Name::from(&*text.value),
                    ..ident
                })
            }
            _ => Err(self.expected_name(what)),
        }
    }

    fn expected_name(&mut self, what: &str) -> Reported {
        self.expected_as("P0122", what)
    }

    /// The current token as an identifier, whatever it is.
    pub(crate) fn take_ident(&mut self) -> Ident {
        let token = self.tokens[self.at];
        let source = self.source(self.at);
        let quoted = token.kind != TokenKind::Word;
        let name = match token.kind {
            TokenKind::Quoted => Name::from(literal::name(source)),
            TokenKind::String => Name::from(&*literal::text(self.text, token.span()).value),
            _ => Name::from(source),
        };
        if token.kind == TokenKind::Quoted && name.is_empty() {
            let place = token.span().in_file(self.file);
            self.report(
                Diagnostic::error("P0122", "a name is not empty", place)
                    .label("expected at least one character")
                    .help("write the name"),
            );
        }
        self.bump();
        Ident {
            name,
            span: token.span(),
            quoted,
        }
    }

    pub(crate) fn string(&mut self, what: &str) -> Parse<super::tree::Text> {
        if self.is(TokenKind::String) {
            let text = literal::text(self.text, self.span());
            self.bump();
            return Ok(text);
        }
        if self.is(TokenKind::Quoted) {
            let span = self.span();
            let value = literal::name(span.of(self.text));
            let place = span.in_file(self.file);
            self.report(
                Diagnostic::error("P0128", format!("expected {what}, found a name"), place)
                    .label("double quotes are for names")
                    .help("strings stand in single quotes")
                    .suggest(place, crate::quote::literal(&value)),
            );
            self.bump();
            return Ok(super::tree::Text {
                value: value.into(),
                span,
                inner: span,
            });
        }
        Err(self.expected_as("P0128", what))
    }

    /// A whole number with a sign or without.
    pub(crate) fn integer(&mut self, what: &str) -> Parse<i64> {
        let start = self.start();
        let negative = self.is(TokenKind::Minus);
        let ahead = usize::from(negative || self.is(TokenKind::Plus));
        if self.kind_at(ahead) != TokenKind::Number {
            return Err(self.expected_as("P0129", what));
        }
        for _ in 0..ahead {
            self.bump();
            self.mark(mark::GLUE);
        }
        let digits = self.source(self.at).replace('_', "");
        self.bump();
        let sign = if negative { "-" } else { "" };
        format!("{sign}{digits}").parse().map_err(|_| {
            let place = self.since(start).in_file(self.file);
            self.report(
                Diagnostic::error("P0129", "this is not a whole number of 64 bits", place)
                    .label(format!("expected {what}"))
                    .help(format!("write a number from {} to {}", i64::MIN, i64::MAX)),
            );
            Reported
        })
    }

    // ---- reporting

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports that something else was expected here.
    pub(crate) fn expected(&mut self, what: &str) -> Reported {
        self.expected_as("P0124", what)
    }

    pub(crate) fn expected_as(&mut self, code: &'static str, what: &str) -> Reported {
        if self.is_reported_token() {
            return Reported;
        }
        let place = self.span().in_file(self.file);
        let found = self.found();
        let help = match code {
            _ if !self.at_end() && self.tokens[self.at].first && self.at > self.statement => {
                "this line is indented further than the statement above it, and so continues it"
            }
            "P0122" => "a name is an identifier, or stands in double quotes",
            "P0123" => "write a type such as `text` or `numeric(12, 2)`",
            "P0126" => "write a literal, a call, or an expression in parentheses",
            "P0128" => "a string stands in single quotes, a long one between `$$`",
            "P0129" => "write a number",
            "P0140" => "limits are `1..80`, `1..`, `..80`, or one number for both",
            _ => "write it here",
        };
        self.report(
            Diagnostic::error(code, format!("expected {what}, found {found}"), place)
                .label(format!("expected {what}"))
                .help(help),
        );
        Reported
    }

    /// The same, with how to mend it.
    pub(crate) fn expected_help(&mut self, code: &'static str, what: &str, help: &str) -> Reported {
        if !self.is_reported_token() {
            let place = self.span().in_file(self.file);
            let found = self.found();
            self.report(
                Diagnostic::error(code, format!("expected {what}, found {found}"), place)
                    .label(format!("expected {what}"))
                    .help(help),
            );
        }
        Reported
    }

    /// Whether the current token has been reported already: by the lexer, or as a bracket alone.
    pub(crate) fn is_reported_token(&self) -> bool {
        let token = &self.tokens[self.at];
        match token.kind {
            TokenKind::Junk => true,
            TokenKind::LeftParen
            | TokenKind::RightParen
            | TokenKind::LeftBracket
            | TokenKind::RightBracket
            | TokenKind::RightBrace => token.partner == NONE,
            _ => false,
        }
    }

    pub(crate) fn found(&self) -> String {
        if !self.at_end() {
            let source = self.source(self.at);
            let line = source.lines().next().unwrap_or("");
            return match self.tokens[self.at].kind {
                TokenKind::String if line.chars().count() > 24 => "a string".to_owned(),
                _ => format!("`{line}`"),
            };
        }
        let token = &self.tokens[self.at];
        match token.kind {
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::Semicolon if !token.first => "`;`".to_owned(),
            TokenKind::RightBrace if !token.first => "`}`".to_owned(),
            _ => "the end of the line".to_owned(),
        }
    }

    /// Reports that the current word is a misspelling of `word`.
    pub(crate) fn misspelt(&mut self, word: &str) {
        let place = self.span().in_file(self.file);
        let found = self.word();
        self.report(
            Diagnostic::error("P0121", format!("unknown word `{found}`"), place)
                .label(format!("expected `{word}`"))
                .help("there is a word much like it")
                .suggest(place, word),
        );
    }

    // ---- statements, blocks and lists

    /// Begins a statement at the current token.
    pub(crate) fn begin(&mut self) {
        let token = &self.tokens[self.at];
        self.statement = self.at;
        // What follows a `{` on its line ends with that line.
        self.limit = match self.at.checked_sub(1).map(|i| self.tokens[i].kind) {
            Some(TokenKind::LeftBrace | TokenKind::Comma) if !token.first => u32::MAX,
            _ => token.indent,
        };
        self.mark(mark::STATEMENT);
    }

    /// Ends a statement: reports what is left of it, and leaves it behind.
    pub(crate) fn finish(&mut self, result: Parse<()>, expectation: &str) {
        if result.is_ok() && !self.at_end() && !self.at_separator() {
            if self.is(TokenKind::Comma) && self.next_ends() {
                self.comma_at_end();
                self.bump();
            } else if !self.is_reported_token() {
                let found = self.found();
                let place = self.span().in_file(self.file);
                let diagnostic = Diagnostic::error("P0125", format!("unexpected {found}"), place)
                    .label(expectation);
                self.report(if self.commas && self.is_name_at(0) {
                    let gap = Span::new(self.end(), self.start()).in_file(self.file);
                    diagnostic
                        .help("commas or line ends come between")
                        .suggest(gap, ", ")
                } else {
                    let help = "a line that is indented further continues the statement above it";
                    diagnostic.help(help)
                });
            }
        }
        self.skip_statement();
    }

    /// Whether a comma stands here that ends the statement.
    fn at_separator(&self) -> bool {
        self.commas && self.is(TokenKind::Comma)
    }

    fn next_ends(&self) -> bool {
        self.kind_at(1) == TokenKind::End
    }

    fn comma_at_end(&mut self) {
        let place = self.span().in_file(self.file);
        self.report(
            Diagnostic::error("P0132", "a statement does not end with a comma", place)
                .label("nothing follows on this line")
                .help("statements end with their line; remove the comma")
                .suggest(place, ""),
        );
    }

    /// Goes to the end of the statement, over everything in brackets.
    pub(crate) fn skip_statement(&mut self) {
        self.nest = 0;
        while !self.at_end() && !self.at_separator() {
            self.skip_token();
        }
    }

    fn skip_token(&mut self) {
        let token = self.tokens[self.at];
        let opens = matches!(
            token.kind,
            TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace
        );
        if opens && token.partner != NONE {
            let close = token.partner as usize;
            let closed = self.tokens[close].partner as usize == self.at;
            self.at = if closed { close + 1 } else { close };
            self.at = self.at.min(self.tokens.len() - 1);
        } else {
            self.bump();
        }
    }

    /// `{ … }`: the statements of a block, each read by `statement`. Commas separate them where
    /// `commas` holds.
    pub(crate) fn block(
        &mut self,
        commas: bool,
        expectation: &str,
        mut statement: impl FnMut(&mut Self) -> Parse<()>,
    ) -> Parse<()> {
        if !self.is(TokenKind::LeftBrace) {
            return Err(self.expected("`{`"));
        }
        let open = self.at;
        let outer = (self.statement, self.limit, self.nest, self.commas);
        let end = self.tokens[open].partner as usize;
        self.mark(mark::BLOCK);
        self.bump();
        self.nest = 0;
        self.commas = commas;
        while self.at < end && self.tokens[self.at].kind != TokenKind::End {
            let kind = self.tokens[self.at].kind;
            if kind == TokenKind::Semicolon || (commas && kind == TokenKind::Comma) {
                self.mark(mark::SEPARATOR);
                self.bump();
                continue;
            }
            let before = self.at;
            self.begin();
            let result = statement(self);
            self.finish(result, expectation);
            if self.at == before {
                self.bump();
            }
        }
        self.at = end;
        (self.statement, self.limit, self.nest, self.commas) = outer;
        if self.tokens[end].partner as usize == open {
            self.mark(mark::BLOCK);
            self.bump();
        }
        Ok(())
    }

    /// `( … )`: a list, each part read by `part`. A fault in one part leaves the others.
    pub(crate) fn list<T>(
        &mut self,
        what: &str,
        mut part: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        if !self.is(TokenKind::LeftParen) {
            return Err(self.expected(&format!("`(` and {what}")));
        }
        let Some(close) = self.closing() else {
            return Err(Reported);
        };
        self.bump();
        self.nest += 1;
        let mut parts = Vec::new();
        let mut failed = false;
        while self.at < close {
            match part(self) {
                Ok(value) => parts.push(value),
                Err(Reported) => failed = true,
            }
            if self.at < close && !self.is(TokenKind::Comma) {
                if !failed && !self.is_reported_token() {
                    self.expected("`,` or `)`");
                }
                failed = true;
                while self.at < close && !self.is(TokenKind::Comma) {
                    self.skip_token();
                }
            }
            if self.at < close && self.is(TokenKind::Comma) {
                if self.at + 1 == close {
                    self.comma_in_list();
                }
                self.bump();
            }
        }
        self.at = close + 1;
        self.nest -= 1;
        // What could be read of a list serves what follows; its fault has been reported.
        if failed && parts.is_empty() {
            return Err(Reported);
        }
        Ok(parts)
    }

    fn comma_in_list(&mut self) {
        let place = self.span().in_file(self.file);
        self.report(
            Diagnostic::error("P0132", "a list does not end with a comma", place)
                .label("nothing follows before the `)`")
                .help("remove the comma")
                .suggest(place, ""),
        );
    }

    /// A list in parentheses with at least one part.
    pub(crate) fn some<T>(
        &mut self,
        what: &str,
        part: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        let start = self.start();
        let parts = self.list(what, part)?;
        if parts.is_empty() {
            let place = self.since(start).in_file(self.file);
            self.report(
                Diagnostic::error("P0124", format!("expected {what}, found nothing"), place)
                    .label(format!("expected {what}"))
                    .help("write at least one"),
            );
            return Err(Reported);
        }
        Ok(parts)
    }

    /// `a, b, c` without parentheses.
    pub(crate) fn separated<T>(
        &mut self,
        mut part: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        let mut parts = vec![part(self)?];
        while self.is(TokenKind::Comma) && (self.commas || !self.next_ends()) {
            self.bump();
            parts.push(part(self)?);
        }
        Ok(parts)
    }

    /// Reads what is nested, unless it is nested too deep.
    pub(crate) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= 64 {
            let span = self.span();
            self.report(fault::too_deep(self.file, span));
            return Err(Reported);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Inside brackets, where lines do not matter.
    pub(crate) fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.nest += 1;
        let result = read(self);
        self.nest = self.nest.saturating_sub(1);
        result
    }

    // ---- doc comments

    /// The `///` lines above the statement that begins here.
    pub(crate) fn docs(&mut self) -> Option<String> {
        let to = self.tokens[self.at].comments as usize;
        let from = match self.at.checked_sub(1) {
            Some(before) => self.tokens[before].comments as usize,
            None => 0,
        };
        if from == to {
            return None;
        }
        self.report_docs_up_to(from);
        self.documented = self.documented.max(to);
        let mut docs: Option<String> = None;
        for index in from..to {
            let comment = self.comments[index];
            if !comment.doc {
                continue;
            }
            if !self.is_first_on_line(comment.span.start) {
                self.report(fault::doc_without_object(self.file, comment.span));
                continue;
            }
            let line = &comment.span.of(self.text)[3..];
            let line = line.strip_prefix(' ').unwrap_or(line);
            match &mut docs {
                Some(docs) => {
                    docs.push('\n');
                    docs.push_str(line);
                }
                None => docs = Some(line.to_owned()),
            }
        }
        docs
    }

    fn is_first_on_line(&self, start: u32) -> bool {
        let before = &self.text[..start as usize];
        before
            .bytes()
            .rev()
            .take_while(|b| *b != b'\n')
            .all(|b| b.is_ascii_whitespace())
    }

    /// Reports the doc comments before comment number `to` that nobody took.
    pub(crate) fn report_docs_up_to(&mut self, to: usize) {
        while self.documented < to {
            let comment = self.comments[self.documented];
            if comment.doc {
                self.report(fault::doc_without_object(self.file, comment.span));
            }
            self.documented += 1;
        }
    }
}

/// The word of `words` that `found` most likely is a misspelling of.
pub(crate) fn nearest<'w>(found: &str, words: &[&'w str]) -> Option<&'w str> {
    let found = found.to_ascii_lowercase();
    let allowed = match found.chars().count() {
        0..=2 => return None,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    words
        .iter()
        .map(|word| (strsim::osa_distance(&found, word), *word))
        .filter(|(distance, word)| *distance <= allowed && *distance < word.len() - 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}
