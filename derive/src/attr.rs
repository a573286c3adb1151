//! The `#[pilaster(…)]` attributes. One table of names for all derives; each derive says which it
//! takes, and every other is an error with the list.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, ExprLit, ExprUnary, Lit, LitInt, LitStr, Path, Token, Type, UnOp,
    parenthesized,
};

use crate::context::Context;

/// The value of one attribute.
pub(crate) enum Value {
    /// The word alone.
    Flag,
    /// `word = "text"`.
    Text(LitStr),
    /// `word = Type`.
    Path(Path),
    /// `word = -1`.
    Integer(i64),
    /// `word(a, b)`, as often as it is given.
    Lists(Vec<Vec<Ident>>),
    /// `word(a: A, b: B)`.
    TypedNames(Vec<(Ident, Type)>),
    /// `word(Line, "condition", a, b)`.
    Audited(Audited),
    /// `word(a, b, references = Deal(x, y), one = "…", many = "…")`, as often as it is given.
    ForeignKeys(Vec<ForeignKey>),
}

/// A foreign key of several columns.
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<Ident>,
    pub(crate) parent: Path,
    /// The fields of the parent, in the order of the columns.
    pub(crate) target: Vec<Ident>,
    pub(crate) one: Option<LitStr>,
    pub(crate) many: Option<LitStr>,
}

/// The trail of an audited row.
pub(crate) struct Audited {
    pub(crate) line: Path,
    /// Which lines are of a row whose key is `$1`, `$2` …, as SQL.
    pub(crate) condition: LitStr,
    /// The fields of the key.
    pub(crate) key: Vec<Ident>,
}

/// What a word is followed by.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    Flag,
    Text,
    Path,
    Integer,
    List,
    TypedNames,
    Audited,
    ForeignKey,
}

/// The attributes of one struct, field or variant.
#[derive(Default)]
pub(crate) struct Attrs(BTreeMap<String, (Ident, Value)>);

impl Attrs {
    /// Parses the attributes; those that are not among `allowed` are errors.
    pub(crate) fn parse(
        context: &Context,
        attributes: &[Attribute],
        allowed: &[(&str, Form)],
    ) -> Self {
        let mut attrs = Attrs::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("pilaster")) {
            let parsed = attribute.parse_nested_meta(|meta| {
                let word = meta.path.require_ident()?.clone();
                let name = word.to_string();
                let Some((_, form)) = allowed.iter().find(|(known, _)| *known == name) else {
                    return Err(meta.error(unknown(&name, allowed)));
                };
                let value = match form {
                    Form::Flag => Value::Flag,
                    Form::Text => Value::Text(meta.value()?.parse()?),
                    Form::Path => Value::Path(meta.value()?.parse()?),
                    Form::Integer => Value::Integer(integer(&meta.value()?.parse()?)?),
                    Form::Audited => Value::Audited(audited(&meta)?),
                    Form::TypedNames => Value::TypedNames(typed_names(&meta)?),
                    Form::ForeignKey => {
                        let key = foreign_key(&meta)?;
                        if let Some((_, Value::ForeignKeys(keys))) = attrs.0.get_mut(&name) {
                            keys.push(key);
                            return Ok(());
                        }
                        Value::ForeignKeys(vec![key])
                    }
                    Form::List => {
                        let list = list(&meta)?;
                        if let Some((_, Value::Lists(lists))) = attrs.0.get_mut(&name) {
                            lists.push(list);
                            return Ok(());
                        }
                        Value::Lists(vec![list])
                    }
                };
                if attrs.0.contains_key(&name) {
                    return Err(meta.error(format_args!("`{name}` is given twice")));
                }
                attrs.0.insert(name, (word, value));
                Ok(())
            });
            if let Err(error) = parsed {
                context.push(error);
            }
        }
        attrs
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The word itself, to point at.
    pub(crate) fn word(&self, name: &str) -> Option<&Ident> {
        self.0.get(name).map(|(word, _)| word)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&LitStr> {
        match self.0.get(name) {
            Some((_, Value::Text(text))) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn path(&self, name: &str) -> Option<&Path> {
        match self.0.get(name) {
            Some((_, Value::Path(path))) => Some(path),
            _ => None,
        }
    }

    /// The names of each list.
    pub(crate) fn lists(&self, name: &str) -> &[Vec<Ident>] {
        match self.0.get(name) {
            Some((_, Value::Lists(lists))) => lists,
            _ => &[],
        }
    }

    /// The foreign keys of several columns.
    pub(crate) fn foreign_keys(&self, name: &str) -> &[ForeignKey] {
        match self.0.get(name) {
            Some((_, Value::ForeignKeys(keys))) => keys,
            _ => &[],
        }
    }

    pub(crate) fn audited(&self, name: &str) -> Option<&Audited> {
        match self.0.get(name) {
            Some((_, Value::Audited(audited))) => Some(audited),
            _ => None,
        }
    }

    /// The names with their types.
    pub(crate) fn typed_names(&self, name: &str) -> &[(Ident, Type)] {
        match self.0.get(name) {
            Some((_, Value::TypedNames(names))) => names,
            _ => &[],
        }
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some((_, Value::Integer(value))) => Some(*value),
            _ => None,
        }
    }
}

fn unknown(name: &str, allowed: &[(&str, Form)]) -> String {
    let known: Vec<String> = allowed
        .iter()
        .map(|(word, _)| format!("`{word}`"))
        .collect();
    if known.is_empty() {
        return format!("unknown attribute `{name}`; none is expected here");
    }
    format!("unknown attribute `{name}`; expected {}", known.join(", "))
}

fn list(meta: &ParseNestedMeta) -> syn::Result<Vec<Ident>> {
    let content;
    parenthesized!(content in meta.input);
    let names = content.parse_terminated(Ident::parse_any, Token![,])?;
    Ok(names.into_iter().collect())
}

fn audited(meta: &ParseNestedMeta) -> syn::Result<Audited> {
    let content;
    parenthesized!(content in meta.input);
    let line = content.call(Path::parse_mod_style)?;
    content.parse::<Token![,]>()?;
    let condition = content.parse()?;
    content.parse::<Token![,]>()?;
    let key = content.parse_terminated(Ident::parse_any, Token![,])?;
    Ok(Audited {
        line,
        condition,
        key: key.into_iter().collect(),
    })
}

fn foreign_key(meta: &ParseNestedMeta) -> syn::Result<ForeignKey> {
    let content;
    parenthesized!(content in meta.input);
    let mut columns = Vec::new();
    while !content.peek2(Token![=]) {
        columns.push(content.call(Ident::parse_any)?);
        content.parse::<Token![,]>()?;
    }
    let (mut references, mut one, mut many) = (None, None, None);
    while !content.is_empty() {
        let word = content.call(Ident::parse_any)?;
        content.parse::<Token![=]>()?;
        match word.to_string().as_str() {
            "references" => {
                let parent = content.call(Path::parse_mod_style)?;
                let target;
                parenthesized!(target in content);
                let target = target.parse_terminated(Ident::parse_any, Token![,])?;
                references = Some((parent, target.into_iter().collect()));
            }
            "one" => one = Some(content.parse()?),
            "many" => many = Some(content.parse()?),
            _ => {
                let message = "expected `references = Deal(x, y)`, `one` or `many`";
                return Err(syn::Error::new(word.span(), message));
            }
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    let Some((parent, target)) = references else {
        return Err(meta.error("say what the columns refer to: `references = Deal(x, y)`"));
    };
    Ok(ForeignKey {
        columns,
        parent,
        target,
        one,
        many,
    })
}

fn typed_names(meta: &ParseNestedMeta) -> syn::Result<Vec<(Ident, Type)>> {
    let content;
    parenthesized!(content in meta.input);
    let one = |input: syn::parse::ParseStream| {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        Ok((name, input.parse()?))
    };
    let names = content.parse_terminated(one, Token![,])?;
    Ok(names.into_iter().collect())
}

fn integer(expr: &Expr) -> syn::Result<i64> {
    let literal = |expr: &Expr| -> Option<LitInt> {
        match expr {
            Expr::Lit(ExprLit {
                lit: Lit::Int(value),
                ..
            }) => Some(value.clone()),
            _ => None,
        }
    };
    match expr {
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr: inner,
            ..
        }) => literal(inner).and_then(|value| format!("-{}", value.base10_digits()).parse().ok()),
        _ => literal(expr).and_then(|value| value.base10_parse().ok()),
    }
    .ok_or_else(|| syn::Error::new(expr.span(), "expected a whole number"))
}
