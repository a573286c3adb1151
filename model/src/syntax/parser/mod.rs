//! The cursor over a file's tokens: where a statement ends, what is expected, how to go on.
//!
//! It knows layout and no construct of the language.

mod block;
mod docs;
mod names;
mod report;

use rustc_hash::FxHashMap;

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
    /// The names taken so far.
    names: FxHashMap<&'a str, Name>,
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
            names: FxHashMap::default(),
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
