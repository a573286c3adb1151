//! Looking names up: columns, functions, types, relations; and noting what was found.

use super::lexer::TokenKind;
use super::render::Edit;
use super::scope::{Columns, Lookup};
use super::walk::Walker;
use super::{Called, FaultKind, nearest, words};
use crate::quote;
use crate::schema::Id;
use crate::types::{Written, parse_at};

impl<'a> Walker<'a> {
    /// Notes that the token names something of that true name: it is quoted where it must be.
    pub(super) fn refer(&mut self, at: usize, name: &str, id: Option<Id>, schema: Option<&str>) {
        let token = self.tokens[at];
        let written = token.text(self.source);
        // Left as written where the server reads it as that name already.
        let reads_as = |bare: &str| bare.to_ascii_lowercase() == name;
        let replacement = match token.kind {
            TokenKind::Quoted => None,
            _ if reads_as(written) && quote::ident(name) == name => None,
            _ if reads_as(written) && self.is_mark(at + 1, b'(') => None,
            _ => Some(quote::ident(name).into_owned()),
        };
        let prefix = schema.map_or(String::new(), |s| format!("{}.", quote::ident(s)));
        self.needs.extend(id.clone());
        if id.is_some() || replacement.is_some() || !prefix.is_empty() {
            self.edits.push(Edit {
                token: at,
                prefix,
                replacement,
                id,
            });
        }
    }

    /// A name, qualified or not: a column, or what is called.
    pub(super) fn chain(&mut self, at: usize, from: usize, end: usize) -> usize {
        // `(row).field` and `array[1].field`: the type's attributes are the server's to know.
        if at > from && self.is_mark(at - 1, b'.') {
            return at + 1;
        }
        let mut parts = vec![at];
        let mut next = at + 1;
        while self.is_mark(next, b'.') {
            match self.tokens.get(next + 1).map(|t| t.kind) {
                Some(TokenKind::Word | TokenKind::Quoted) => {
                    parts.push(next + 1);
                    next += 2;
                }
                // `alias.*`.
                _ => {
                    self.star(&parts);
                    return next + 2;
                }
            }
        }
        if self.is_mark(next, b'(') {
            self.call(&parts, next, end);
            return next + 1;
        }
        if self.ends_time_zone(at) {
            return next;
        }
        if self
            .tokens
            .get(next)
            .is_some_and(|t| t.kind == TokenKind::String)
            || (parts.len() == 1 && self.is_typed_literal(at))
        {
            return self.ty(at);
        }
        match parts[..] {
            // A parameter given by name.
            [_] if matches!(self.text(next), "=>" | ":=") => {}
            [one] => self.bare(one, from),
            [alias, column] => self.qualified(alias, column),
            // `schema.table.column`.
            [.., table, column] => self.qualified(table, column),
            [] => {}
        }
        next
    }

    /// The last word of `AT TIME ZONE`: the string behind it is a zone, and no literal of a type.
    fn ends_time_zone(&self, at: usize) -> bool {
        let is = |at: usize, word: &str| self.text(at).eq_ignore_ascii_case(word);
        at >= 2 && is(at, "zone") && is(at - 1, "time") && is(at - 2, "at")
    }

    /// `timestamp with time zone '…'`, `double precision '…'`.
    fn is_typed_literal(&self, at: usize) -> bool {
        const BUILTIN: &str = "timestamp time double character bit numeric varchar decimal char";
        let word = self.text(at).to_ascii_lowercase();
        BUILTIN.split(' ').any(|ty| ty == word)
            && parse_at(self.source, self.tokens, at).is_ok_and(|(_, next)| {
                self.tokens
                    .get(next)
                    .is_some_and(|t| t.kind == TokenKind::String)
            })
    }

    fn star(&mut self, parts: &[usize]) {
        let last = parts[parts.len() - 1];
        let (alias, quoted) = self.name(last);
        if self.item(&alias, quoted).is_none() {
            self.unknown_alias(last, alias);
        }
    }

    fn bare(&mut self, at: usize, from: usize) {
        let (name, quoted) = self.name(at);
        match self.column(&name, quoted) {
            Lookup::Column(column, id) => return self.refer(at, &column, id, None),
            Lookup::Value => return,
            Lookup::Nothing => {}
        }
        let lower = name.to_ascii_lowercase();
        let is_word = !quoted && words::is_contextual(&lower);
        // Behind a value no other can stand: it is an alias, or a word of the grammar.
        if is_word || !self.is_operand_place(at, from) {
            return;
        }
        let items: Vec<_> = self.scopes.iter().flat_map(|s| &s.items).collect();
        if items.is_empty() && self.context.values.is_empty() {
            return self.fault(at, FaultKind::NoColumns { name });
        }
        let of = match items[..] {
            [one] => Some(one.alias.clone()),
            _ => None,
        };
        let candidates = items.iter().flat_map(|i| match &i.columns {
            Columns::Of(r) => &r.columns[..],
            Columns::Named(names) => &names[..],
            Columns::Open => &[],
        });
        let candidates = candidates.chain(self.context.values).map(|n| n.as_str());
        let nearest = nearest(&name, candidates).map(str::to_owned);
        self.fault(at, FaultKind::Column { name, of, nearest });
    }

    fn qualified(&mut self, alias: usize, column: usize) {
        let (alias_name, alias_quoted) = self.name(alias);
        let (name, quoted) = self.name(column);
        let Some(item) = self.item(&alias_name, alias_quoted) else {
            // A parameter of a composite type, or `function.parameter`.
            let is_value = matches!(self.column(&alias_name, alias_quoted), Lookup::Value);
            if !is_value {
                self.unknown_alias(alias, alias_name);
            }
            return;
        };
        match Self::column_of(item, &name, quoted) {
            Lookup::Column(found, id) => {
                let true_alias = item.alias.clone();
                if true_alias != alias_name.to_ascii_lowercase() && !alias_quoted {
                    self.refer(alias, &true_alias, None, None);
                }
                self.refer(column, &found, id, None);
            }
            Lookup::Value => {}
            Lookup::Nothing => {
                let names: &[crate::schema::Name] = match &item.columns {
                    Columns::Of(r) => &r.columns,
                    Columns::Named(names) => names,
                    Columns::Open => &[],
                };
                let nearest = nearest(&name, names.iter().map(|n| n.as_str())).map(str::to_owned);
                let of = Some(item.alias.clone());
                self.fault(column, FaultKind::Column { name, of, nearest });
            }
        }
    }

    fn unknown_alias(&mut self, at: usize, name: String) {
        let items: Vec<_> = self.scopes.iter().flat_map(|s| &s.items).collect();
        let nearest = nearest(&name, items.iter().map(|i| i.alias.as_str())).map(str::to_owned);
        self.fault(at, FaultKind::Alias { name, nearest });
    }

    /// A call: `name(…)` or `schema.name(…)`, whose parenthesis stands at `open`.
    fn call(&mut self, parts: &[usize], open: usize, end: usize) {
        let last = parts[parts.len() - 1];
        let (written, quoted) = self.name(last);
        let schema = (parts.len() > 1).then(|| self.name(parts[parts.len() - 2]).0);
        let arguments = self.arguments(open, end);
        let folded = written.to_ascii_lowercase();
        let names = if quoted {
            [&written, &written]
        } else {
            [&written, &folded]
        };
        let mut answer = Called::Unknown;
        for name in names {
            answer = self.symbols.function(schema.as_deref(), name, arguments);
            if !matches!(answer, Called::Unknown | Called::Unlisted) {
                break;
            }
        }
        match answer {
            Called::Own(functions) => {
                let first = functions[0].id.clone();
                self.needs
                    .extend(functions.iter().skip(1).map(|f| f.id.clone()));
                let lives = schema.is_none().then_some(first.schema.clone());
                self.refer(
                    last,
                    first.name.clone().as_str(),
                    Some(first),
                    lives.as_deref(),
                );
            }
            Called::Extension(extension, lives) => {
                self.needs.push(extension);
                if schema.is_none() {
                    let prefix = format!("{}.", quote::ident(&lives));
                    self.edits.push(Edit {
                        token: last,
                        prefix,
                        replacement: None,
                        id: None,
                    });
                }
            }
            Called::Builtin | Called::Unverified => {
                if matches!(folded.as_str(), "nextval" | "currval" | "setval")
                    && self
                        .tokens
                        .get(open + 1)
                        .is_some_and(|t| t.kind == TokenKind::String)
                    && self.text(open + 2) != "::"
                {
                    self.regclass(open + 1);
                }
            }
            // A type's name called like a function is a cast: `date(x)` is one, `citext(x)` too.
            Called::Unknown | Called::Unlisted if self.is_type(schema.as_deref(), &folded) => {}
            Called::Unlisted => self.fault(last, FaultKind::UnlistedFunction { name: written }),
            Called::Unknown => {
                let own = self.symbols.function_names().map(|n| n.as_str());
                let nearest = nearest(&written, own)
                    .or_else(|| nearest(&written, crate::builtins::functions()))
                    .map(str::to_owned);
                self.fault(
                    last,
                    FaultKind::Function {
                        name: written,
                        nearest,
                    },
                );
            }
        }
    }

    fn is_type(&self, schema: Option<&str>, name: &str) -> bool {
        crate::types::canonical(name).is_some()
            || self.symbols.ty(schema, name).is_some()
            || self.symbols.relation(schema, name).is_some()
    }

    fn arguments(&self, open: usize, end: usize) -> usize {
        let close = self.closing(open, end);
        if close <= open + 1 {
            return 0;
        }
        let mut count = 1;
        let mut at = open + 1;
        while at < close {
            if self.is_mark(at, b'(') || self.is_mark(at, b'[') {
                at = self.closing(at, close);
            } else if self.is_mark(at, b',') {
                count += 1;
            }
            at += 1;
        }
        count
    }

    /// A type; answers with the place behind it.
    pub(super) fn ty(&mut self, at: usize) -> usize {
        match parse_at(self.source, self.tokens, at) {
            Err(fault) => {
                self.faults.push(super::ExprFault {
                    start: fault.start,
                    end: fault.end,
                    kind: FaultKind::MalformedType(fault),
                });
                at + 1
            }
            Ok((
                Written::Named {
                    schema,
                    name,
                    quoted,
                    ..
                },
                next,
            )) => {
                let last = if schema.is_some() { at + 2 } else { at };
                self.named_type(last, schema.as_deref(), &name, quoted);
                next
            }
            Ok((_, next)) => next,
        }
    }

    fn named_type(&mut self, at: usize, schema: Option<&str>, name: &str, quoted: bool) {
        let folded = name.to_ascii_lowercase();
        let names = if quoted {
            [name, name]
        } else {
            [name, folded.as_str()]
        };
        for name in names {
            let id = self
                .symbols
                .ty(schema, name)
                .cloned()
                .or_else(|| self.symbols.relation(schema, name).map(|r| r.id.clone()));
            if let Some(id) = id {
                let lives = schema.is_none().then(|| id.schema.clone());
                let own = id.name.clone();
                return self.refer(at, &own, Some(id), lives.as_deref());
            }
            if let Some((extension, lives)) = self.symbols.extension_of_type(name) {
                let id = Id::global(crate::schema::Kind::Extension, extension.clone());
                let lives = schema.is_none().then(|| lives.clone());
                self.needs.push(id);
                return self.refer(at, name, None, lives.as_deref());
            }
        }
        let passes = schema.is_some_and(|s| self.symbols.is_open(s))
            || self.symbols.has_unlisted_extension();
        if !passes {
            let own = self.symbols.type_names().map(|n| n.as_str());
            let nearest = nearest(name, own.chain(crate::types::builtin_names()))
                .map(str::to_owned)
                .or_else(|| crate::types::likely(name).map(str::to_owned));
            self.fault(
                at,
                FaultKind::Type {
                    name: name.to_owned(),
                    nearest,
                },
            );
        }
    }

    /// A string that names a relation: `nextval('invoice_number')`.
    pub(super) fn regclass(&mut self, at: usize) {
        let written = self.text(at);
        let Some(inner) = written
            .strip_prefix('\'')
            .and_then(|t| t.strip_suffix('\''))
        else {
            return;
        };
        let tokens = super::lexer::tokens(inner, false);
        let name = |i: usize| -> Option<String> {
            let token = tokens.get(i)?;
            let text = token.text(inner);
            match token.kind {
                TokenKind::Quoted => Some(text.trim_matches('"').replace("\"\"", "\"")),
                TokenKind::Word => Some(text.to_owned()),
                _ => None,
            }
        };
        let (schema, own) = match tokens.len() {
            1 => (None, name(0)),
            3 => (name(0), name(2)),
            _ => return,
        };
        let Some(own) = own else { return };
        match self.symbols.relation(schema.as_deref(), &own) {
            Some(relation) => {
                let id = relation.id.clone();
                let text = quote::literal(&quote::qualified(&id.schema, &id.name));
                self.needs.push(id);
                self.edits.push(Edit {
                    token: at,
                    prefix: String::new(),
                    replacement: Some(text),
                    id: None,
                });
            }
            None => self.unknown_relation(at, schema.as_deref(), own),
        }
    }

    pub(super) fn unknown_relation(&mut self, at: usize, schema: Option<&str>, name: String) {
        if schema.is_some_and(|s| self.symbols.is_open(s)) {
            return;
        }
        let names = self.symbols.relation_names().map(|n| n.as_str());
        let ctes = self.ctes.iter().map(|(n, _)| n.as_str());
        let nearest = nearest(&name, names.chain(ctes)).map(str::to_owned);
        self.fault(at, FaultKind::Relation { name, nearest });
    }
}
