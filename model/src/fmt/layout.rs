//! Tokens and comments → lines.
//!
//! The parser's marks say what a token is; nothing is parsed again here.

use super::align::{Line, Role};
use crate::syntax::tree::Comment;
use crate::syntax::{Token, TokenKind, mark};

pub(super) fn lines(text: &str, tokens: &[Token], marks: &[u8], comments: &[Comment]) -> Vec<Line> {
    let mut layout = Layout {
        text,
        tokens,
        marks,
        comments,
        lines: Vec::new(),
        open: Vec::new(),
        previous: None,
        last_end: 0,
        fresh: true,
    };
    for (index, token) in tokens.iter().enumerate() {
        layout.comments_before(index);
        if token.kind != TokenKind::End {
            layout.token(index);
        }
    }
    layout.lines
}

struct Layout<'a> {
    text: &'a str,
    tokens: &'a [Token],
    marks: &'a [u8],
    comments: &'a [Comment],
    lines: Vec<Line>,
    open: Vec<Open>,
    /// The token written last.
    previous: Option<usize>,
    /// Where the source of what was handled last ends.
    last_end: u32,
    /// Whether nothing has been written since the file or a block began.
    fresh: bool,
}

/// A bracket that is open.
#[derive(Clone, Copy)]
enum Open {
    /// A block over several lines, with the indentation of its `}`.
    Block(usize),
    /// A block on one line.
    OneLine,
    /// Any other bracket, with the indentation of the line it stands on.
    Bracket(usize),
}

impl Layout<'_> {
    /// The indentation of a line that begins a statement here.
    fn statement_indent(&self) -> usize {
        match self.open.last() {
            None => 0,
            Some(Open::Block(base)) => base + 2,
            Some(Open::OneLine | Open::Bracket(_)) => self.line_indent(),
        }
    }

    /// The indentation of a line that goes on with a statement here.
    fn continuation_indent(&self) -> usize {
        match self.open.last() {
            Some(Open::Bracket(base)) => base + 2,
            _ => self.statement_indent() + 2,
        }
    }

    fn line_indent(&self) -> usize {
        self.lines.last().map_or(0, |l| l.indent)
    }

    fn start_line(&mut self, indent: usize, role: Role, start: u32) {
        let between = &self.text[self.last_end as usize..start as usize];
        let blank = between.bytes().filter(|b| *b == b'\n').count() > 1;
        let may = !self.fresh && !matches!(role, Role::Continuation | Role::Close);
        self.lines.push(Line {
            indent,
            blank_before: blank && may,
            cells: vec![String::new()],
            comment: None,
            role,
        });
        self.fresh = false;
    }

    fn comments_before(&mut self, index: usize) {
        let from = index
            .checked_sub(1)
            .map_or(0, |before| self.tokens[before].comments);
        for number in from..self.tokens[index].comments {
            let span = self.comments[number as usize].span;
            let comment = span.of(self.text).to_owned();
            let between = &self.text[self.last_end as usize..span.start as usize];
            let behind = !between.contains('\n');
            match self.lines.last_mut() {
                Some(line) if behind && line.comment.is_none() => line.comment = Some(comment),
                _ => {
                    let indent = self.comment_indent(index);
                    self.start_line(indent, Role::Comment, span.start);
                    if let Some(line) = self.lines.last_mut() {
                        line.comment = Some(comment);
                    }
                }
            }
            self.last_end = span.end;
        }
    }

    /// The indentation of a comment on a line of its own before token `index`.
    fn comment_indent(&self, index: usize) -> usize {
        let kind = self.tokens[index].kind;
        let marks = self.marks[index];
        let separates = matches!(kind, TokenKind::End | TokenKind::Semicolon)
            || marks & mark::STATEMENT != 0
            || (marks & mark::BLOCK != 0 && kind == TokenKind::RightBrace)
            || self.is_separator(index);
        if separates {
            self.statement_indent()
        } else {
            self.continuation_indent()
        }
    }

    fn is_separator(&self, index: usize) -> bool {
        self.marks[index] & mark::SEPARATOR != 0
    }

    fn is_one_line(&self) -> bool {
        matches!(self.open.last(), Some(Open::OneLine))
    }

    fn token(&mut self, index: usize) {
        let token = self.tokens[index];
        if self.is_separator(index) {
            self.separator(index);
        } else if self.marks[index] & mark::BLOCK != 0 {
            self.brace(index);
        } else {
            let closes = match (is_closer(token.kind), self.open.last()) {
                (true, Some(Open::Bracket(base))) => Some(*base),
                _ => None,
            };
            if closes.is_some() {
                self.open.pop();
            }
            if self.marks[index] & mark::STATEMENT != 0 && !self.is_one_line() {
                let indent = self.statement_indent();
                self.start_line(indent, Role::Statement, token.start);
                self.write(index, "");
            } else if token.first || self.line_is_over() {
                let indent = closes.unwrap_or_else(|| self.continuation_indent());
                self.start_line(indent, Role::Continuation, token.start);
                self.write(index, "");
            } else {
                self.append(index);
            }
            if is_opener(token.kind) {
                let indent = self.line_indent();
                self.open.push(Open::Bracket(indent));
            }
        }
        self.last_end = token.end;
    }

    /// Whether nothing can be written behind what stands on the current line.
    fn line_is_over(&self) -> bool {
        self.lines.last().is_none_or(|l| l.comment.is_some())
    }

    /// A comma or semicolon: kept on one line between two statements, a line end otherwise.
    fn separator(&mut self, index: usize) {
        let next = self.tokens.get(index + 1).map(|t| t.kind);
        let between = !matches!(
            next,
            None | Some(TokenKind::RightBrace | TokenKind::Comma | TokenKind::Semicolon)
        );
        let behind = self
            .previous
            .is_some_and(|p| self.marks[p] & mark::BLOCK == 0 || is_closer(self.tokens[p].kind));
        if self.is_one_line() && between && behind {
            self.write(index, "");
        }
    }

    /// A brace of a block.
    fn brace(&mut self, index: usize) {
        let token = self.tokens[index];
        if token.kind == TokenKind::RightBrace {
            match self.open.pop() {
                Some(Open::Block(base)) => {
                    self.start_line(base, Role::Close, token.start);
                    self.write(index, "");
                }
                _ => {
                    let empty = self.previous.is_some_and(|p| p + 1 == index)
                        && self.tokens[index - 1].partner as usize == index;
                    self.write(index, if empty { "" } else { " " });
                }
            }
            self.fresh = false;
            return;
        }
        let base = self.statement_indent();
        if self.line_is_over() {
            let indent = self.continuation_indent();
            self.start_line(indent, Role::Continuation, token.start);
            self.write(index, "");
        } else {
            self.append(index);
        }
        let inside =
            &self.text[token.end as usize..self.tokens[token.partner as usize].start as usize];
        let empty = token.partner as usize == index + 1;
        let comments = self.tokens[token.partner as usize].comments != token.comments;
        if (inside.contains('\n') && !empty) || comments {
            self.open.push(Open::Block(base));
            self.fresh = true;
        } else {
            self.open.push(Open::OneLine);
        }
    }

    /// Writes a token behind the one before it.
    fn append(&mut self, index: usize) {
        let marks = self.marks[index];
        if !self.is_one_line() && marks & (mark::CELL | mark::CLAUSE) != 0 {
            let Some(line) = self.lines.last_mut() else {
                return;
            };
            if marks & mark::CELL != 0 && line.role == Role::Statement {
                line.cells.push(String::new());
                return self.write(index, "");
            }
            return self.write(index, "  ");
        }
        let blank = self.is_blank_before(index);
        self.write(index, if blank { " " } else { "" });
    }

    fn is_blank_before(&self, index: usize) -> bool {
        use TokenKind::*;
        let Some(previous) = self.previous else {
            return false;
        };
        let (before, token) = (self.tokens[previous], self.tokens[index]);
        let marks = self.marks[index];
        if matches!(before.kind, LeftParen | LeftBracket)
            || matches!(token.kind, RightParen | RightBracket | Comma)
        {
            return false;
        }
        if before.kind == Comma {
            return true;
        }
        if marks & mark::VERBATIM != 0 {
            return token.start > before.end;
        }
        marks & mark::GLUE == 0
            && !matches!(token.kind, Dot | Question | Cast)
            && !matches!(before.kind, Dot | Cast)
    }

    fn write(&mut self, index: usize, blanks: &str) {
        let source = self.tokens[index].span().of(self.text);
        if let Some(cell) = self.lines.last_mut().and_then(|l| l.cells.last_mut()) {
            cell.push_str(blanks);
            if self.marks[index] & mark::KEYWORD != 0 {
                cell.push_str(&source.to_ascii_lowercase());
            } else {
                cell.push_str(source);
            }
        }
        self.previous = Some(index);
    }
}

fn is_opener(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace
    )
}

fn is_closer(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace
    )
}
