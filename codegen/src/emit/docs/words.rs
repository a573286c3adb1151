//! Names, texts and definitions as they stand in a page.

use model::Id;
use model::quote::ident;
use model::schema::{
    Column, Constraint, ConstraintBody, Deferrable, Exclusion, ForeignKeyAction, Generated,
    GeneratedKind, Identity, IdentityMode, Index, IndexKey, KeyTerm, Name, Policy,
};

use super::Places;

/// The name of a table or another object, without `public`.
pub(super) fn said(id: &Id) -> String {
    match id.schema.as_str() {
        "" | "public" => id.name.to_string(),
        schema => format!("{schema}.{}", id.name),
    }
}

/// Text for a cell of a table: one line, no bars.
pub(super) fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}

/// Code for a cell or a line.
pub(super) fn code(text: &str) -> String {
    let text = cell(text);
    match (text.is_empty(), text.contains('`')) {
        (true, _) => text,
        (false, true) => format!("`` {text} ``"),
        (false, false) => format!("`{text}`"),
    }
}

/// What a text says first.
pub(super) fn first_sentence(text: &str) -> String {
    let text = text.trim().replace('\n', " ");
    match text.find(". ") {
        Some(end) => text[..=end].to_owned(),
        None => text,
    }
}

pub(super) fn names(all: &[Name]) -> String {
    let all: Vec<_> = all.iter().map(|name| ident(name)).collect();
    all.join(", ")
}

/// A column's type with its shape, where it has one.
pub(super) fn type_of(column: &Column) -> String {
    code(&model::print_type(&column.ty))
}

/// What a column holds where nobody says.
pub(super) fn default_of(column: &Column) -> String {
    if let Some(Identity { mode, .. }) = column.identity.as_deref() {
        let mode = match mode {
            IdentityMode::Always => "always",
            IdentityMode::ByDefault => "by default",
        };
        return format!("identity, {mode}");
    }
    if let Some(Generated { expr, kind }) = column.generated.as_deref() {
        let kind = match kind {
            GeneratedKind::Stored => "stored",
            GeneratedKind::Virtual => "virtual",
        };
        return format!("generated, {kind}: {}", code(&expr.text));
    }
    column
        .default
        .as_ref()
        .map_or(String::new(), |d| code(&d.text))
}

/// A constraint in the manual's words.
pub(super) fn constraint(of: &Constraint, places: &Places) -> String {
    let mut text = match &of.body {
        ConstraintBody::PrimaryKey(key) => code(&format!("primary key ({})", names(&key.columns))),
        ConstraintBody::Unique(key) => {
            let nulls = if key.nulls_not_distinct {
                " nulls not distinct"
            } else {
                ""
            };
            code(&format!("unique{nulls} ({})", names(&key.columns)))
        }
        ConstraintBody::ForeignKey(key) => {
            let action = |what: &str, action| match word(action) {
                "" => String::new(),
                word => format!(", on {what} {word}"),
            };
            format!(
                "{} references {} {}{}{}",
                code(&format!("({})", names(&key.columns))),
                places.link(&key.target),
                code(&format!("({})", names(&key.target_columns))),
                action("delete", key.on_delete),
                action("update", key.on_update),
            )
        }
        ConstraintBody::Check(check) => code(&format!("check ({})", check.condition.text)),
        ConstraintBody::Exclusion(exclusion) => code(&excluded(exclusion)),
        ConstraintBody::NotNull { column, .. } => code(&format!("not null {}", ident(column))),
        ConstraintBody::Other(other) => code(&other.text),
    };
    match of.deferrable {
        Deferrable::No => {}
        Deferrable::Immediate => text += ", deferrable",
        Deferrable::Deferred => text += ", initially deferred",
    }
    if !of.validated {
        text += ", not valid";
    }
    text
}

fn excluded(exclusion: &Exclusion) -> String {
    let elements = exclusion.elements.iter();
    let elements: Vec<String> = elements
        .map(|(k, op)| format!("{} with {op}", key(k)))
        .collect();
    let predicate = exclusion.predicate.as_ref();
    let predicate = predicate.map_or(String::new(), |p| format!(" where ({})", p.text));
    format!(
        "exclude using {} ({}){predicate}",
        exclusion.method,
        elements.join(", ")
    )
}

fn word(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "",
        ForeignKeyAction::Restrict => "restrict",
        ForeignKeyAction::Cascade => "cascade",
        ForeignKeyAction::SetNull => "set null",
        ForeignKeyAction::SetDefault => "set default",
    }
}

/// An index in the manual's words.
pub(super) fn index(of: &Index) -> String {
    let keys: Vec<String> = of.keys.iter().map(key).collect();
    let unique = if of.unique { "unique, " } else { "" };
    let include = match of.include.is_empty() {
        true => String::new(),
        false => format!(" include ({})", names(&of.include)),
    };
    let predicate = of.predicate.as_ref();
    let predicate = predicate.map_or(String::new(), |p| format!(" where ({})", p.text));
    let text = format!("{} ({}){include}{predicate}", of.method, keys.join(", "));
    format!("{unique}{}", code(&text))
}

fn key(key: &IndexKey) -> String {
    let mut text = match &key.term {
        KeyTerm::Column(name) => ident(name).into_owned(),
        KeyTerm::Expr(expr) => format!("({})", expr.text),
    };
    if let Some(class) = &key.operator_class {
        text += &format!(" {class}");
    }
    if key.descending {
        text += " desc";
    }
    text
}

/// A policy in the manual's words.
pub(super) fn policy(of: &Policy) -> String {
    let roles: Vec<&str> = of.roles.iter().map(|role| role.as_str()).collect();
    let kind = if of.permissive { "" } else { "restrictive, " };
    let mut text = format!(
        "{kind}for {} to {}",
        of.command.sql().to_lowercase(),
        roles.join(", ")
    );
    if let Some(using) = &of.using {
        text += &format!(", using {}", code(&using.text));
    }
    if let Some(check) = &of.with_check {
        text += &format!(", with check {}", code(&check.text));
    }
    text
}
