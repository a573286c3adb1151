//! Whether our parser can read a text: a small grammar first, sqlparser for the rest.
//!
//! It never calls a text wrong: what sqlparser cannot read PostgreSQL may.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token as SqlToken;

use super::lexer::{Token, TokenKind};
use super::{Context, words};

/// Why the text cannot be parsed by us; `None` where it can. `rendered` has its names quoted.
pub(super) fn judge(
    source: &str,
    tokens: &[Token],
    rendered: &str,
    context: Context<'_>,
) -> Option<String> {
    if !context.query
        && (Plain {
            source,
            tokens,
            at: 0,
        })
        .reads_all()
    {
        return None;
    }
    parse(rendered, context.query).err()
}

fn parse(text: &str, query: bool) -> Result<(), String> {
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect)
        .try_with_sql(text)
        .map_err(|e| e.to_string())?;
    if query {
        loop {
            while parser.consume_token(&SqlToken::SemiColon) {}
            if parser.peek_token().token == SqlToken::EOF {
                return Ok(());
            }
            parser.parse_statement().map_err(|e| e.to_string())?;
        }
    }
    parser.parse_expr().map_err(|e| e.to_string())?;
    match parser.peek_token().token {
        SqlToken::EOF => Ok(()),
        token => Err(format!("unexpected `{token}`")),
    }
}

/// A grammar that covers what most defaults, checks and policies are: literals, names and calls
/// between operators. It says no wherever it is not sure, and so never accepts what sqlparser
/// would refuse.
struct Plain<'a> {
    source: &'a str,
    tokens: &'a [Token],
    at: usize,
}

impl Plain<'_> {
    fn reads_all(mut self) -> bool {
        self.expression() && self.at == self.tokens.len()
    }

    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|t| t.kind)
    }

    fn text(&self) -> &str {
        self.tokens.get(self.at).map_or("", |t| t.text(self.source))
    }

    fn eat(&mut self, mark: u8) -> bool {
        let found = self.kind() == Some(TokenKind::Mark(mark));
        self.at += usize::from(found);
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.kind() == Some(TokenKind::Word) && self.text().eq_ignore_ascii_case(word);
        self.at += usize::from(found);
        found
    }

    fn expression(&mut self) -> bool {
        loop {
            while self.eat_word("not") {}
            if !self.operand() {
                return false;
            }
            if self.eat_word("is") {
                self.eat_word("not");
                if !(self.eat_word("null") || self.eat_word("true") || self.eat_word("false")) {
                    return false;
                }
            }
            let start = self.at;
            self.eat_word("not");
            if self.eat_word("in") {
                if !(self.eat(b'(') && self.list()) {
                    return false;
                }
            } else {
                self.at = start;
            }
            let joined = match self.kind() {
                Some(TokenKind::Word) => self.eat_word("and") || self.eat_word("or"),
                Some(TokenKind::Operator) => {
                    let known = matches!(
                        self.text(),
                        "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "||"
                    );
                    self.at += usize::from(known);
                    known
                }
                _ => return true,
            };
            if !joined {
                return false;
            }
        }
    }

    fn operand(&mut self) -> bool {
        let read = match self.kind() {
            Some(TokenKind::Number) => {
                let plain = self.text().bytes().all(|b| b.is_ascii_digit() || b == b'.');
                self.at += 1;
                plain
            }
            Some(TokenKind::String) => {
                let plain = self.text().starts_with('\'');
                self.at += 1;
                plain
            }
            Some(TokenKind::Mark(b'(')) => {
                self.at += 1;
                // `(select auth.uid())`: a policy's way to call a function once a statement.
                self.eat_word("select");
                self.expression() && self.eat(b')')
            }
            Some(TokenKind::Word | TokenKind::Quoted) => self.name(),
            _ => false,
        };
        read && self.cast()
    }

    fn name(&mut self) -> bool {
        for word in [
            "true",
            "false",
            "null",
            "current_timestamp",
            "current_date",
            "current_user",
        ] {
            if self.eat_word(word) {
                return true;
            }
        }
        let mut parts = 0;
        loop {
            match self.kind() {
                Some(TokenKind::Quoted) if self.text().starts_with('"') => {}
                Some(TokenKind::Word) => {
                    let lower = self.text().to_ascii_lowercase();
                    // A keyword may have a syntax of its own; sqlparser knows.
                    if words::is_reserved(&lower)
                        || words::is_not_called(&lower)
                        || words::is_contextual(&lower)
                        || HAS_SYNTAX.contains(&lower.as_str())
                        || (parts == 0 && crate::types::canonical(&lower).is_some())
                    {
                        return false;
                    }
                }
                _ => return false,
            }
            self.at += 1;
            parts += 1;
            if !self.eat(b'.') {
                break;
            }
        }
        !self.eat(b'(') || self.list()
    }

    /// Expressions up to a closing parenthesis; none at all is fine for a call.
    fn list(&mut self) -> bool {
        if self.eat(b')') {
            return true;
        }
        loop {
            if !self.expression() {
                return false;
            }
            if self.eat(b')') {
                return true;
            }
            if !self.eat(b',') {
                return false;
            }
        }
    }

    fn cast(&mut self) -> bool {
        while self.kind() == Some(TokenKind::Operator) && self.text() == "::" {
            self.at += 1;
            let known = [
                "text", "uuid", "jsonb", "integer", "bigint", "boolean", "date", "numeric",
            ]
            .iter()
            .any(|w| self.eat_word(w));
            if !known {
                return false;
            }
            if self.eat(b'[') && !self.eat(b']') {
                return false;
            }
        }
        !matches!(self.kind(), Some(TokenKind::Mark(b'[' | b'.' | b'(')))
    }
}

/// Words whose calls sqlparser reads by a grammar of their own.
const HAS_SYNTAX: [&str; 25] = [
    "ceil",
    "ceiling",
    "coalesce",
    "convert",
    "extract",
    "floor",
    "greatest",
    "json_array",
    "json_object",
    "least",
    "match",
    "normalize",
    "nullif",
    "overlay",
    "position",
    "prior",
    "safe_cast",
    "struct",
    "substr",
    "substring",
    "top",
    "treat",
    "trim",
    "try_cast",
    "try_convert",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::lexer;

    fn plain(source: &str) -> bool {
        let tokens = lexer::tokens(source, false);
        Plain {
            source,
            tokens: &tokens,
            at: 0,
        }
        .reads_all()
    }

    #[test]
    fn what_the_small_grammar_reads_sqlparser_reads_too() {
        for source in [
            "0",
            "'inquiry'",
            "now()",
            "'{}'::jsonb",
            "(1 + 1)",
            "team_size > 0",
            "owner_id = auth.uid()",
            "owner_id = (select auth.uid())",
            "(select current_setting('app.user')::uuid) = owner_id",
            "a is not null or data <> '{}'",
            "not deleted",
            "stage in ('a', 'b')",
            "current_setting('app.user', true)::uuid = owner_id",
            "stage <> 'closed' and (a >= 1 or b is null)",
            "\"dueDate\" > now()",
        ] {
            assert!(plain(source), "{source}");
            assert_eq!(parse(source, false), Ok(()), "{source}");
        }
    }

    #[test]
    fn what_it_is_not_sure_of_it_leaves_to_sqlparser() {
        for source in [
            "a b",
            "1 +",
            "(a",
            "interval '1 day'",
            "x between 1 and 2",
            "a[1]",
            "f(*)",
            "(select)",
            "(select a, b)",
            "(select distinct a)",
            "(select a from t)",
        ] {
            assert!(!plain(source), "{source}");
        }
    }
}
