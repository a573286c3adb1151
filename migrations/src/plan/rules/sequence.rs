//! Sequences.
//!
//! An identity's sequence is its column's and never comes here, but for its options.

use model::quote::{ident, object, qualified};
use model::schema::{Column, Id, Name, Node, Sequence, SequenceOptions, Type};
use model::types::short_name;

use super::{Alteration, Difference, Making};
use crate::plan::changes::Context;
use crate::plan::step::{Lock, Statement};

pub(super) fn create(node: &Node, sequence: &Sequence) -> Making {
    let mut sql = String::from("CREATE ");
    if sequence.unlogged {
        sql += "UNLOGGED ";
    }
    sql += &format!("SEQUENCE {}", object(&node.id));
    if !sequence.ty.is("bigint") {
        sql += &format!(" AS {}", short_name(&sequence.ty));
    }
    for option in options(
        &sequence.options,
        &defaults(&sequence.ty, &sequence.options),
    ) {
        sql += &format!(" {option}");
    }
    Making {
        main: vec![Statement::new(Lock::None, sql)],
        late: sequence
            .owned_by
            .iter()
            .map(|column| owned_by(node, column))
            .collect(),
    }
}

pub(super) fn alter(node: &Node, from: &Sequence, to: &Sequence) -> Difference {
    let mut alteration = Alteration::default();
    let name = object(&node.id);
    if from.owned_by != to.owned_by {
        match &to.owned_by {
            Some(column) => {
                if from.owned_by.is_some() {
                    alteration.main.push(disowned(node));
                }
                alteration.late.push(owned_by(node, column));
            }
            None => alteration.main.push(disowned(node)),
        }
    }
    let mut clauses = Vec::new();
    if from.ty != to.ty {
        clauses.push(format!("AS {}", short_name(&to.ty)));
    }
    clauses.extend(changed_options(&to.options, &from.options));
    if !clauses.is_empty() {
        let sql = format!("ALTER SEQUENCE {name} {}", clauses.join(" "));
        alteration
            .main
            .push(Statement::new(Lock::ShareRowExclusive, sql));
    }
    if from.unlogged != to.unlogged {
        let mode = if to.unlogged { "UNLOGGED" } else { "LOGGED" };
        let sql = format!("ALTER SEQUENCE {name} SET {mode}");
        alteration
            .main
            .push(Statement::new(Lock::AccessExclusive, sql));
    }
    Difference::of(alteration)
}

fn owned_by(node: &Node, column: &Id) -> Statement {
    let owner = format!(
        "{}.{}",
        qualified(&column.schema, &column.name),
        ident(&column.part)
    );
    let sql = format!("ALTER SEQUENCE {} OWNED BY {owner}", object(&node.id));
    Statement::new(Lock::ShareRowExclusive, sql)
}

fn disowned(node: &Node) -> Statement {
    let sql = format!("ALTER SEQUENCE {} OWNED BY NONE", object(&node.id));
    Statement::new(Lock::ShareRowExclusive, sql)
}

/// What PostgreSQL fills in, for a sequence that counts in that direction.
pub(super) fn defaults(ty: &Type, options: &SequenceOptions) -> SequenceOptions {
    let ascending = SequenceOptions::default_for(ty);
    if options.increment > 0 {
        return SequenceOptions {
            start: options.min,
            ..ascending
        };
    }
    SequenceOptions {
        start: options.max,
        increment: 1,
        min: -ascending.max - 1,
        max: -1,
        ..ascending
    }
}

/// The clauses that turn a sequence with one set of options into one with the other.
///
/// PostgreSQL refuses bounds that leave out where the sequence stands. Where it began outside the
/// new ones it begins again.
pub(super) fn changed_options(to: &SequenceOptions, from: &SequenceOptions) -> Vec<String> {
    let mut clauses = options(to, from);
    if !(to.min..=to.max).contains(&from.start) {
        clauses.push("RESTART".to_owned());
    }
    clauses
}

/// The clauses for options other than `than`.
pub(super) fn options(options: &SequenceOptions, than: &SequenceOptions) -> Vec<String> {
    let mut clauses = Vec::new();
    if options.increment != than.increment {
        clauses.push(format!("INCREMENT BY {}", options.increment));
    }
    if options.min != than.min {
        clauses.push(format!("MINVALUE {}", options.min));
    }
    if options.max != than.max {
        clauses.push(format!("MAXVALUE {}", options.max));
    }
    if options.start != than.start {
        clauses.push(format!("START WITH {}", options.start));
    }
    if options.cache != than.cache {
        clauses.push(format!("CACHE {}", options.cache));
    }
    match (options.cycle, than.cycle) {
        (true, false) => clauses.push("CYCLE".to_owned()),
        (false, true) => clauses.push("NO CYCLE".to_owned()),
        (true, true) | (false, false) => {}
    }
    clauses
}

/// The name that PostgreSQL chooses for the sequence of a `serial` or identity column.
pub(in crate::plan) fn chosen_name(table: &str, column: &str) -> Name {
    chosen(table, column, "seq")
}

/// `makeObjectName`: the longer of the two names is cut until all fits in 63 bytes.
pub(in crate::plan) fn chosen(first: &str, second: &str, label: &str) -> Name {
    let separators = if second.is_empty() { 1 } else { 2 };
    let room = 63 - label.len() - separators;
    let (mut a, mut b) = (first.len(), second.len());
    while a + b > room {
        if a > b { a -= 1 } else { b -= 1 }
    }
    let cut = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text[..at].to_owned()
    };
    let (first, second) = (cut(first, a), cut(second, b));
    if second.is_empty() {
        Name::from(format!("{first}_{label}"))
    } else {
        Name::from(format!("{first}_{second}_{label}"))
    }
}

/// What PostgreSQL makes of an index's columns, those included too, for the index's name: a name that
/// comes again gets a number.
pub(in crate::plan) fn chosen_columns<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut chosen: Vec<String> = Vec::new();
    for name in names {
        let mut own = name.to_owned();
        let mut number = 0;
        while chosen.contains(&own) {
            number += 1;
            own = format!("{name}{number}");
        }
        chosen.push(own);
    }
    chosen.join("_")
}

/// The keyword, where sequence and default are exactly what `serial` makes.
pub(super) fn serial_word(column: &Column) -> Option<&'static str> {
    match column.ty.name.as_str() {
        _ if column.ty.schema.is_some() || column.ty.array => None,
        "smallint" => Some("smallserial"),
        "integer" => Some("serial"),
        "bigint" => Some("bigserial"),
        _ => None,
    }
}

/// Whether `serial` says all there is to say about that column and its sequence.
pub(in crate::plan) fn is_serial(
    _: &Context<'_>,
    node: &Node,
    column: &Column,
    sequence: &Node,
) -> bool {
    let Some(attributes) = sequence.object.as_sequence() else {
        return false;
    };
    let Some(default) = &column.default else {
        return false;
    };
    serial_word(column).is_some()
        && column.not_null
        && !column.inherited
        && sequence.comment.is_none()
        && !attributes.unlogged
        && attributes.ty == column.ty
        && attributes.options == SequenceOptions::default_for(&column.ty)
        && sequence.id.schema == node.id.schema
        && sequence.id.name == chosen_name(&node.id.name, &node.id.part)
        && is_nextval_of(default.as_str(), &sequence.id)
}

/// Whether the text is `nextval('…'::regclass)` of that sequence.
fn is_nextval_of(text: &str, sequence: &Id) -> bool {
    let Some(rest) = text.strip_prefix("nextval('") else {
        return false;
    };
    let Some(name) = rest
        .strip_suffix("'::regclass)")
        .or(rest.strip_suffix("')"))
    else {
        return false;
    };
    name == object(sequence) || name == ident(&sequence.name)
}
