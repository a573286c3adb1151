//! Expressions and queries: which names stand in a text, where, and what they refer to.
//!
//! The text is PostgreSQL's and stays as it is, but for blanks and the quotes and schemas that
//! names need. What a text means is never decided here: what our parser cannot read is passed on
//! as opaque, and the server decides.

pub(crate) mod lexer;
mod names;
mod query;
mod render;
mod scope;
pub(crate) mod symbols;
mod syntax;
mod walk;
mod words;

use crate::schema::{Expr, Id, Name};
use crate::types::TypeFault;
pub(crate) use symbols::{Called, Function, Relation, Symbols, nearest};

/// What a text is, and which names it sees beyond those of the model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context<'a> {
    /// The relation whose columns are in scope, under its own name.
    pub(crate) table: Option<&'a Relation>,
    /// Whether `old` and `new` are rows of that relation, and its columns are not in scope bare.
    pub(crate) trigger: bool,
    /// Other names that stand for values: a routine's parameters, a domain's `VALUE`.
    pub(crate) values: &'a [Name],
    /// Whether the text is a query, not an expression.
    pub(crate) query: bool,
    /// Whether the text is kept byte for byte: a routine's body.
    pub(crate) verbatim: bool,
}

/// A text with its names resolved.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) expr: Expr,
    /// What it names, relations and their columns, types, functions and extensions; with doubles.
    pub(crate) needs: Vec<Id>,
    /// The columns of a query's result, as far as the text tells.
    pub(crate) columns: Vec<Name>,
    pub(crate) faults: Vec<ExprFault>,
    /// Why our parser could not read it; then no name in it is called unknown.
    pub(crate) unparsed: Option<String>,
}

/// A name that refers to nothing, with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExprFault {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: FaultKind,
}

/// What kind of name refers to nothing. Each suggestion is the nearest name there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// A column of the relation in scope, or of any in scope.
    Column {
        name: String,
        of: Option<String>,
        nearest: Option<String>,
    },
    /// A column where none is in scope, as in a default.
    NoColumns {
        name: String,
    },
    Function {
        name: String,
        nearest: Option<String>,
    },
    /// A function not found while an extension is declared that we have no list of.
    UnlistedFunction {
        name: String,
    },
    Relation {
        name: String,
        nearest: Option<String>,
    },
    /// A table alias that no FROM item has.
    Alias {
        name: String,
        nearest: Option<String>,
    },
    Type {
        name: String,
        nearest: Option<String>,
    },
    MalformedType(TypeFault),
}

/// Resolves the names of a text.
pub(crate) fn resolve(text: &str, context: Context<'_>, symbols: &Symbols) -> Resolved {
    let tokens = lexer::tokens(text, false);
    let mut walker = walk::Walker::new(text, &tokens, symbols, context);
    walker.run();
    let walk::Walked {
        edits,
        needs,
        columns,
        faults,
    } = walker.finish();
    let rendered = render::render(text, &tokens, edits, context.verbatim);
    let unparsed = syntax::judge(text, &tokens, &rendered.text, context);
    Resolved {
        expr: Expr {
            opaque: unparsed.is_some(),
            ..rendered
        },
        needs,
        columns,
        faults: if unparsed.is_some() {
            Vec::new()
        } else {
            faults
        },
        unparsed,
    }
}

/// The text with its blanks folded, as a [`Schema`](crate::Schema) keeps every expression; nothing
/// inside a literal or a quoted name changes.
///
/// ```
/// assert_eq!(model::expr::fold("( SELECT  a,\n    ' x '::text)"), "(SELECT a, ' x '::text)");
/// ```
pub fn fold(text: &str) -> std::borrow::Cow<'_, str> {
    let bytes = text.as_bytes();
    let loose = |w: &[u8]| {
        matches!(
            w,
            [b' ', b' ' | b')'] | [b'(', b' '] | [b'\n' | b'\t' | b'\r', _]
        )
    };
    let comment = |w: &[u8]| matches!(w, b"--" | b"/*");
    let tidy = !bytes.windows(2).any(|w| loose(w) || comment(w)) && text.trim().len() == text.len();
    if tidy {
        return std::borrow::Cow::Borrowed(text);
    }
    std::borrow::Cow::Owned(folded(text).text.as_ref().to_owned())
}

/// The text with its blanks folded and no name looked up: for texts that only the server reads.
pub(crate) fn folded(text: &str) -> Expr {
    render::render(text, &lexer::tokens(text, false), Vec::new(), false)
}

/// The text of `sql $$ … $$`: the server's, in which nothing is looked up.
pub(crate) fn verbatim(text: &str) -> Option<&str> {
    // Few texts are; most need not be read for it.
    if !text.contains('$') {
        return None;
    }
    let tokens = lexer::tokens(text, false);
    let [word, body] = &tokens[..] else {
        return None;
    };
    let raw = body.text(text);
    if !word.text(text).eq_ignore_ascii_case("sql") || !raw.starts_with('$') {
        return None;
    }
    let tag = raw[1..].find('$')? + 2;
    raw.get(tag..raw.len() - tag)
}

/// The sequences that a text names in a string: `nextval('public.deals_id_seq'::regclass)`.
pub(crate) fn sequences(text: &str, symbols: &Symbols) -> Vec<Id> {
    if !text.contains("nextval") && !text.contains("regclass") {
        return Vec::new();
    }
    let tokens = lexer::tokens(text, false);
    let strings = tokens.iter().filter(|t| t.kind == lexer::TokenKind::String);
    let named = strings.filter_map(|token| {
        let inner = token.text(text).strip_prefix('\'')?.strip_suffix('\'')?;
        let parts = lexer::tokens(inner, false);
        let name = |at: usize| {
            let part: &lexer::Token = parts.get(at)?;
            match part.kind {
                lexer::TokenKind::Word => Some(part.text(inner).to_owned()),
                lexer::TokenKind::Quoted => {
                    Some(part.text(inner).trim_matches('"').replace("\"\"", "\""))
                }
                _ => None,
            }
        };
        match parts.len() {
            1 => symbols.relation(None, &name(0)?),
            3 => symbols.relation(Some(&name(0)?), &name(2)?),
            _ => None,
        }
    });
    named.map(|relation| relation.id.clone()).collect()
}

/// The objects that a statement of SQL mentions, as far as names alone tell.
pub(crate) fn mentioned(sql: &str, symbols: &Symbols) -> Vec<Id> {
    let tokens = lexer::tokens(sql, false);
    let name = |at: usize| {
        let token: &lexer::Token = tokens.get(at)?;
        let text = token.text(sql);
        match token.kind {
            lexer::TokenKind::Quoted => Some(text.trim_matches('"').replace("\"\"", "\"")),
            lexer::TokenKind::Word => Some(text.to_ascii_lowercase()),
            _ => None,
        }
    };
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let Some(own) = name(at) else { continue };
        let dotted = at >= 2 && tokens[at - 1].kind == lexer::TokenKind::Mark(b'.');
        let schema = if dotted { name(at - 2) } else { None };
        let schema = schema.as_deref();
        found.extend(symbols.relation(schema, &own).map(|r| r.id.clone()));
        found.extend(symbols.ty(schema, &own).cloned());
        if let Called::Own(functions) = symbols.function(schema, &own, 0) {
            found.extend(functions.iter().map(|f| f.id.clone()));
        }
    }
    found
}

/// The columns of a query, as far as its text tells; its faults are found elsewhere.
pub(crate) fn columns(text: &str, context: Context<'_>, symbols: &Symbols) -> Vec<Name> {
    let tokens = lexer::tokens(text, false);
    let mut walker = walk::Walker::new(text, &tokens, symbols, context);
    walker.run();
    walker.finish().columns
}

/// What PostgreSQL calls an expression in the name of an index (`FigureIndexColname`): the function
/// of a call, the type of a cast, otherwise `expr`.
pub(crate) fn index_name(text: &str) -> String {
    let tokens = lexer::tokens(text, false);
    let is_mark = |at: usize, mark| {
        tokens
            .get(at)
            .is_some_and(|t| t.kind == lexer::TokenKind::Mark(mark))
    };
    let name = |at: usize| {
        tokens.get(at).map_or(String::new(), |t| {
            let text = t.text(text);
            match t.kind {
                lexer::TokenKind::Quoted => text.trim_matches('"').replace("\"\"", "\""),
                _ => text.to_ascii_lowercase(),
            }
        })
    };
    let mut open = 1;
    while is_mark(open, b'.') {
        open += 2;
    }
    if is_mark(open, b'(') {
        let mut depth = 0;
        let close = (open..tokens.len()).find(|at| {
            depth += i32::from(is_mark(*at, b'('));
            depth -= i32::from(is_mark(*at, b')'));
            depth == 0
        });
        let behind = close.map_or(tokens.len(), |c| c + 1);
        let cast = tokens.get(behind).is_some_and(|t| t.text(text) == "::");
        if (behind == tokens.len() || cast) && tokens[0].kind != lexer::TokenKind::Mark(b'(') {
            return name(open - 1);
        }
    }
    let cast = tokens.iter().rposition(|t| t.text(text) == "::");
    // The cast of a column is called like the column.
    if let (Some(at @ (1 | 3)), Some(first)) = (cast, tokens.first())
        && matches!(
            first.kind,
            lexer::TokenKind::Word | lexer::TokenKind::Quoted
        )
        && (at == 1 || is_mark(1, b'.'))
    {
        return name(at - 1);
    }
    match cast.map(|at| crate::types::parse_at(text, &tokens, at + 1)) {
        Some(Ok((crate::types::Written::Builtin(ty), next))) if next == tokens.len() => {
            internal_name(&ty.name).to_owned()
        }
        Some(Ok((crate::types::Written::Named { name, .. }, next))) if next == tokens.len() => name,
        _ => "expr".to_owned(),
    }
}

/// The name in `pg_type` of a built-in type.
pub(crate) fn internal_name(canonical: &str) -> &str {
    match canonical {
        "smallint" => "int2",
        "integer" => "int4",
        "bigint" => "int8",
        "real" => "float4",
        "double precision" => "float8",
        "boolean" => "bool",
        "character varying" => "varchar",
        "character" => "bpchar",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        other => other,
    }
}
