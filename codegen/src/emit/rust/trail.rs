//! The trail of an audited table, as its row type tells of it.

use model::quote::{ident, literal, type_name};
use model::schema::{Audited, TrailPart};
use model::{Id, Schema};

use super::fields::Field;
use super::format;
use super::name::Names;

/// The type of the lines of a table's trail, and `audited(…)`: which of them are of one row.
pub(super) fn of_table(
    schema: &Schema,
    table: &Id,
    fields: &[Field],
    names: &Names,
) -> Option<(String, String)> {
    let (_, audited) = schema.audited(table)?;
    let line = names.of_table(&audited.into)?.row;
    let key: Vec<&Field> = fields.iter().filter(|field| field.in_key).collect();
    let condition = trail_of_row(schema, table, audited, &key)?;
    let key: Vec<String> = key.iter().map(|field| field.identifier()).collect();
    let condition = format::literal(&condition);
    let audited = format!("audited({line}, {condition}, {})", key.join(", "));
    Some((line, audited))
}

/// Which lines are of a row of that key, `$1` …, as the trigger writes it.
fn trail_of_row(schema: &Schema, table: &Id, audited: &Audited, key: &[&Field]) -> Option<String> {
    let trail = &audited.into;
    let parts = schema.trail(trail);
    let (by, _) = parts.iter().find(|(_, part)| *part == TrailPart::Key)?;
    let held = &schema.column(trail, &by.id.part)?.ty;
    let value = |place: usize, field: &Field| format!("${place}::{}", type_name(&field.column.ty));
    let by = ident(&by.id.part);
    let mut condition = match key {
        _ if held.is("jsonb") => {
            let pairs = (1..).zip(key).map(|(place, field)| {
                let name = literal(&field.node.id.part);
                format!("{name}, {}", value(place, field))
            });
            let pairs: Vec<String> = pairs.collect();
            format!("{by} = jsonb_build_object({})", pairs.join(", "))
        }
        [one] if one.column.ty.name == held.name => format!("{by} = $1"),
        [one] => format!("{by} = to_jsonb({}) #>> '{{}}'", value(1, one)),
        _ => return None,
    };
    if let Some((name, _)) = parts.iter().find(|(_, part)| *part == TrailPart::Table) {
        let table = match table.schema == trail.schema {
            true => table.name.to_string(),
            false => format!("{}.{}", table.schema, table.name),
        };
        condition += &format!(" AND {} = {}", ident(&name.id.part), literal(&table));
    }
    Some(condition)
}
