//! `audited into`: what it names, and what is seen of it once all tables are there: the trail can
//! take the line of every change.

mod trail;

use super::world::{ColumnWork, TableWork, World, at};
use super::{Lowered, Output};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Audited, Column, Kind, Name, Node, Origin, Place, Schema, Table, TrailPart};
use crate::source::FileId;
use crate::syntax::tree;

/// The operations, as `TG_OP` says them in small letters.
const OPERATIONS: [&str; 3] = ["insert", "update", "delete"];

/// `audited into`.
pub(super) fn lower<'t>(
    work: &TableWork<'t>,
    file: FileId,
    x: &'t tree::Audited,
    world: &World<'t>,
    table: &mut Table,
    lowered: &mut Lowered<'t>,
) {
    let faults = &mut lowered.faults;
    let place = at(file, x.span);
    if let Some(first) = &table.writes.audited {
        let mut fault =
            Diagnostic::error(code::REPEATED_CLAUSE, "`audited into` stands twice", place)
                .help("a table has one trail: keep one of the lines");
        if let Some(first) = first.place.0 {
            fault = fault.secondary(first, "said here already");
        }
        faults.push(fault);
        return;
    }
    let Some(into) = world.table(file, &x.into, faults) else {
        return;
    };
    let (theirs, own): (Vec<_>, Vec<_>) = x.columns.iter().cloned().unzip();
    let theirs = world.columns_named(&into, file, &theirs, faults);
    let own = world.columns_named(&work.id, file, &own, faults);
    let except = world.columns_named(&work.id, file, &x.except, faults);
    let (Some(theirs), Some(own), Some(except)) = (theirs, own, except) else {
        return;
    };
    table.writes.audited = Some(Box::new(Audited {
        into,
        columns: theirs.into_iter().zip(own).collect(),
        except,
        place: Place(Some(place)),
    }));
}

/// What a column of a trail says; the letters of `operation` are those of the column's values.
pub(super) fn part(
    column: &ColumnWork<'_>,
    part: TrailPart,
    place: Origin,
    world: &World<'_>,
    lowered: &mut Lowered<'_>,
) -> TrailPart {
    let TrailPart::Operation { .. } = part else {
        return part;
    };
    let values = super::transitions::values(column, world);
    let has = |word: &str| {
        let mut values = values.iter().flatten();
        values.any(|value| **value == *word)
    };
    let lower = OPERATIONS.iter().all(|word| has(word));
    let upper = OPERATIONS.iter().all(|word| has(&word.to_uppercase()));
    let fits = match values {
        Some(_) => lower || upper,
        None => is_text(&column.ty),
    };
    if !fits && !column.broken {
        let message = format!(
            "`{}` is {}, and can't hold `insert`, `update` and `delete`",
            column.name, column.ty
        );
        lowered.faults.push(
            Diagnostic::error(code::AUDITED, message, place)
                .label("says what was done to the row")
                .help("write `text`, or an enum with these three labels"),
        );
    }
    TrailPart::Operation { lower }
}

fn is_text(ty: &crate::schema::Type) -> bool {
    ["text", "character varying"].iter().any(|t| ty.is(t))
}

/// Reports every trail that would refuse a line, or could not say what it is of.
pub(super) fn lines_can_be_written(out: &mut Output<'_>) {
    let schema = out.builder.so_far();
    let mut faults = Vec::new();
    let mut trails: Vec<(&Node, Vec<Audits<'_>>)> = Vec::new();
    for (table, own) in schema.tables() {
        let Some(audited) = own.writes.audited.as_deref() else {
            continue;
        };
        let audits = Audits {
            table,
            audited,
            place: audited.place.0.or(table.origin),
        };
        let Some(trail) = schema.get(&audited.into) else {
            continue;
        };
        if !audits.has_a_trail(schema, own, trail, &mut faults) {
            continue;
        }
        audits.fits(schema, trail, &mut faults);
        match trails.iter_mut().find(|(known, _)| known.id == trail.id) {
            Some((_, tables)) => tables.push(audits),
            None => trails.push((trail, vec![audits])),
        }
    }
    for (trail, tables) in trails {
        trail::takes_lines(schema, trail, &tables, &mut faults);
    }
    faults.into_iter().for_each(|fault| out.fault(fault));
}

/// One table and what it says of its trail.
struct Audits<'s> {
    table: &'s Node,
    audited: &'s Audited,
    place: Option<Origin>,
}

impl Audits<'_> {
    fn report(
        &self,
        faults: &mut Vec<Diagnostic>,
        says: String,
        beside: Option<&Node>,
        help: &str,
    ) {
        let Some(place) = self.place else { return };
        let mut fault = Diagnostic::error(code::AUDITED, says, place).help(help);
        if let Some(origin) = beside.and_then(|node| node.origin) {
            fault = fault.secondary(origin, "this one");
        }
        faults.push(fault);
    }

    /// Whether there is a table that lines can go to at all.
    fn has_a_trail(
        &self,
        schema: &Schema,
        own: &Table,
        trail: &Node,
        faults: &mut Vec<Diagnostic>,
    ) -> bool {
        let (table, into) = (&self.table.id, &trail.id);
        if self.table.external {
            let says = format!("no trigger is made on `{}`", table.name);
            let help =
                "what is external is verified, and nothing is made for it: leave the line out";
            self.report(faults, says, None, help);
            return false;
        }
        if trail.external || into.kind != Kind::Table {
            let says = format!("`{}` is no table of this model", into.name);
            self.report(
                faults,
                says,
                Some(trail),
                "write lines into a table of this model",
            );
            return false;
        }
        let above = own.partition_of.as_ref();
        if let Some((parent, _)) = above.and_then(|of| schema.audited(&of.parent)) {
            let says = format!(
                "`{}` is audited already, with `{}`",
                table.name, parent.id.name
            );
            let help = "leave the line out: a partition takes over what its table says";
            self.report(faults, says, Some(parent), help);
            return false;
        }
        // Each line would be a change of an audited table.
        let mut next = Some(into.clone());
        for _ in 0..16 {
            let Some(id) = next else { return true };
            if id == *table {
                let says = match *into == *table {
                    true => format!("`{}` is audited into itself", table.name),
                    false => format!("the trail of `{}` is audited into it", table.name),
                };
                let help =
                    "each line would call for the next: write lines into a table of their own";
                self.report(faults, says, None, help);
                return false;
            }
            next = schema.audited(&id).map(|(_, audited)| audited.into.clone());
        }
        true
    }

    /// What the trail wants to know of a row, this table's rows have.
    fn fits(&self, schema: &Schema, trail: &Node, faults: &mut Vec<Diagnostic>) {
        let table = &self.table.id;
        let primary = schema.primary_key(table);
        if primary.is_empty() {
            let says = format!("`{}` has no primary key", table.name);
            self.report(
                faults,
                says,
                None,
                "a line says by it of which row it is: add one",
            );
        }
        for (node, part) in schema.trail(&trail.id) {
            let Some(column) = node.object.as_column() else {
                continue;
            };
            match part {
                TrailPart::Key => self.key_fits(schema, &primary, (node, column), faults),
                TrailPart::Column => self.column_fits(schema, (node, column), faults),
                _ => {}
            }
        }
        for excepted in &self.audited.except {
            if primary.contains(excepted) {
                let says = format!("`{excepted}` is of the key, which is in every line");
                self.report(faults, says, None, "leave it out of `except`");
            }
        }
        for named in self.audited.columns.keys() {
            let node = schema.get(&trail.id.within(Kind::Column, named.clone()));
            let part = node.and_then(|node| node.object.as_column()?.trail.0);
            if part != Some(TrailPart::Column) {
                let says = format!("`{named}` of `{}` holds no column of a row", trail.id.name);
                self.report(
                    faults,
                    says,
                    node,
                    "write `trail column` behind that column",
                );
            }
        }
    }

    fn key_fits(
        &self,
        schema: &Schema,
        primary: &[Name],
        (node, column): (&Node, &Column),
        faults: &mut Vec<Diagnostic>,
    ) {
        if column.ty.is("jsonb") || primary.is_empty() {
            return;
        }
        let (table, name) = (&self.table.id, &node.id.part);
        let [own] = primary else {
            let says = format!(
                "the key of `{}` has several columns, and `{name}` is one value",
                table.name
            );
            self.report(
                faults,
                says,
                Some(node),
                "give the trail's column the type `jsonb`",
            );
            return;
        };
        let Some(own) = schema.column(table, own) else {
            return;
        };
        if own.ty.name != column.ty.name && !is_text(&column.ty) {
            let says = format!(
                "the key of `{}` is {}, and `{name}` is {}",
                table.name, own.ty, column.ty
            );
            self.report(
                faults,
                says,
                Some(node),
                "give the trail's column the key's type, `text` or `jsonb`",
            );
        }
    }

    fn column_fits(
        &self,
        schema: &Schema,
        (node, column): (&Node, &Column),
        faults: &mut Vec<Diagnostic>,
    ) {
        let (table, name) = (&self.table.id, &node.id.part);
        let Some(own) = schema.audited_column(table, self.audited, name) else {
            if column.not_null {
                let says = format!("`{}` has no column `{name}` for its trail", table.name);
                let help = format!(
                    "say which it is: `audited into {} ({name} = …)`",
                    self.audited.into.name
                );
                self.report(faults, says, Some(node), &help);
            }
            return;
        };
        let Some(held) = schema.column(table, &own) else {
            return;
        };
        if held.ty != column.ty || column.ty.array {
            let says = format!("`{own}` is {}, and `{name}` is {}", held.ty, column.ty);
            let says = if column.ty.array {
                format!("`{name}` is an array")
            } else {
                says
            };
            self.report(
                faults,
                says,
                Some(node),
                "a column of the trail has the type of the row's, and is no array",
            );
        } else if column.not_null && !held.not_null {
            let says = format!("`{own}` may be null, and `{name}` may not");
            self.report(
                faults,
                says,
                Some(node),
                "write `?` behind the type of the trail's column",
            );
        }
        if self.audited.except.contains(&own) {
            let says = format!("`{own}` is excepted, and goes into `{name}`");
            self.report(faults, says, Some(node), "leave it out of `except`");
        }
    }
}
