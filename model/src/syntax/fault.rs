//! Faults of characters, quotes and brackets, each with its words and its mend.
//!
//! The grammar's own faults stand where the grammar finds them.

use super::token::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// The curly quote that closes this one.
pub(crate) fn closing_quote(char: char) -> Option<char> {
    match char {
        '\u{2018}' => Some('\u{2019}'),
        '\u{201c}' => Some('\u{201d}'),
        _ => None,
    }
}

pub(crate) fn unexpected_character(file: FileId, span: Span, char: char, text: &str) -> Diagnostic {
    let straight =
        |quote: &str| text.replace(['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}'], quote);
    let place = span.in_file(file);
    let diagnostic = Diagnostic::error(
        "P0101",
        format!("unexpected character `{}`", char.escape_debug()),
        place,
    )
    .label("no name, number, string or operator begins so");
    match char {
        '\u{2018}' | '\u{2019}' => diagnostic
            .help("strings stand in straight quotes")
            .suggest(place, straight("'")),
        '\u{201c}' | '\u{201d}' => diagnostic
            .help("names stand in straight quotes")
            .suggest(place, straight("\"")),
        '\u{2013}' | '\u{2014}' | '\u{2212}' => diagnostic
            .help("the minus sign is a plain hyphen")
            .suggest(place, "-"),
        c if c.is_whitespace() => diagnostic.help("use a plain blank").suggest(place, " "),
        _ => diagnostic.help("remove it, or put the name it belongs to in double quotes"),
    }
}

pub(crate) fn unclosed_string(file: FileId, span: Span) -> Diagnostic {
    let end = Span::new(span.end, span.end).in_file(file);
    Diagnostic::error("P0102", "this string is never closed", span.in_file(file))
        .label("expected `'` before the end of the line")
        .help("close it; a quote inside a string is written twice, a long text between `$$`")
        .suggest(end, "'")
}

pub(crate) fn unclosed_name(file: FileId, span: Span) -> Diagnostic {
    let end = Span::new(span.end, span.end).in_file(file);
    Diagnostic::error(
        "P0103",
        "this quoted name is never closed",
        span.in_file(file),
    )
    .label("expected `\"` before the end of the line")
    .help("close it; a double quote inside a name is written twice")
    .suggest(end, "\"")
}

pub(crate) fn unclosed_dollar(file: FileId, span: Span, quote: &str) -> Diagnostic {
    Diagnostic::error(
        "P0104",
        "this dollar-quoted string is never closed",
        span.in_file(file),
    )
    .label(format!("expected another `{quote}` further down"))
    .help(format!("write `{quote}` behind the text it quotes"))
}

pub(crate) fn never_closed(file: FileId, open: &Token, before: &Token) -> Diagnostic {
    let (code, what, close) = match open.kind {
        TokenKind::LeftParen => ("P0105", "parenthesis", ")"),
        TokenKind::LeftBracket => ("P0105", "bracket", "]"),
        _ => ("P0106", "block", "}"),
    };
    let diagnostic = Diagnostic::error(
        code,
        format!("this {what} is never closed"),
        open.span().in_file(file),
    )
    .label(format!("its `{close}` is missing"));
    if open.kind == TokenKind::LeftBrace {
        let place = Span::new(before.start, before.start.max(before.end)).in_file(file);
        diagnostic
            .secondary(place, "expected `}` before this")
            .help("close the block with a `}` on a line of its own")
    } else {
        diagnostic.help(format!("write `{close}` where it ends"))
    }
}

pub(crate) fn nothing_opens(file: FileId, span: Span, kind: TokenKind) -> Diagnostic {
    let open = match kind {
        TokenKind::RightParen => "(",
        TokenKind::RightBracket => "[",
        _ => "{",
    };
    Diagnostic::error("P0107", "this closes nothing", span.in_file(file))
        .label(format!("no `{open}` is open here"))
        .help("remove it")
        .suggest(span.in_file(file), "")
}

pub(crate) fn dashes(file: FileId, span: Span) -> Diagnostic {
    let dashes = Span::new(span.start, span.start + 2).in_file(file);
    Diagnostic::error("P0108", "a comment does not begin with `--`", dashes)
        .label("expected `//`")
        .help("comments begin with `//`, here and inside expressions")
        .suggest(dashes, "//")
}

pub(crate) fn block_comment(file: FileId, span: Span, text: &str, unclosed: bool) -> Diagnostic {
    let opening = Span::new(span.start, span.start + 2).in_file(file);
    let diagnostic = Diagnostic::error("P0108", "a comment does not stand in `/* */`", opening)
        .label(if unclosed {
            "and this one is never closed"
        } else {
            "expected `//`"
        })
        .help("comments begin with `//` and end with their line");
    let body = text.trim_start_matches("/*").trim_end_matches("*/").trim();
    if unclosed || text.contains('\n') {
        diagnostic
    } else {
        diagnostic.suggest(
            span.in_file(file),
            format!("// {body}\n").replace("// \n", ""),
        )
    }
}

pub(crate) fn digit_first(file: FileId, span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        "P0110",
        "a name does not begin with a digit",
        span.in_file(file),
    )
    .label("neither a number nor a name")
    .help("put the name in double quotes")
    .suggest(span.in_file(file), format!("\"{text}\""))
}

pub(crate) fn doc_without_object(file: FileId, span: Span) -> Diagnostic {
    let slashes = Span::new(span.start, span.start + 3).in_file(file);
    Diagnostic::warning("P0109", "this comment documents nothing", slashes)
        .label("`///` stands on the lines above what it documents")
        .help("move it there, or write `//`")
        .suggest(slashes, "//")
}

pub(crate) fn too_deep(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::error("P0111", "this is nested too deep", span.in_file(file))
        .label("the limit is 64 levels")
        .help("give the inner part a name of its own")
}

/// Places are 32 bits wide, and half of that is plenty for a file.
pub(crate) fn too_long(file: FileId, text: &str) -> Option<Diagnostic> {
    (text.len() > i32::MAX as usize).then(|| {
        Diagnostic::error(
            "P0112",
            "this file is too long",
            Span::default().in_file(file),
        )
        .label("more than 2 GiB")
        .help("split it; a model may be a folder of files")
    })
}
