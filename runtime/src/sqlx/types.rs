//! PostgreSQL's types as `sqlx` knows them, in the form that conversions ask for.

use ::sqlx::TypeInfo;
use ::sqlx::postgres::{PgTypeInfo, PgTypeKind};
use postgres_types::{Field, Kind, Type};

/// The type with that oid, name and kind.
pub(super) fn known(info: &PgTypeInfo) -> Type {
    let oid = info.oid().map_or(0, |oid| oid.0);
    if let Some(known) = Type::from_oid(oid) {
        return known;
    }
    let kind = match info.kind() {
        PgTypeKind::Simple => Kind::Simple,
        PgTypeKind::Pseudo => Kind::Pseudo,
        PgTypeKind::Domain(base) => Kind::Domain(known(base)),
        PgTypeKind::Array(element) => Kind::Array(known(element)),
        PgTypeKind::Range(subtype) => Kind::Range(known(subtype)),
        PgTypeKind::Enum(labels) => Kind::Enum(labels.to_vec()),
        PgTypeKind::Composite(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, info)| Field::new(name.clone(), known(info)));
            Kind::Composite(fields.collect())
        }
    };
    let (schema, name) = apart(info.name());
    Type::new(name, oid, kind, schema)
}

/// Schema and name of what `regtype` shows: a schema only where the search path does not lead to
/// it, and quotes only where a name needs them.
fn apart(shown: &str) -> (String, String) {
    let (mut schema, mut name) = (String::new(), String::new());
    let mut inside_quotes = false;
    let mut chars = shown.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if inside_quotes && chars.next_if_eq(&'"').is_some() => name.push('"'),
            '"' => inside_quotes = !inside_quotes,
            '.' if !inside_quotes && schema.is_empty() => schema = std::mem::take(&mut name),
            _ => name.push(c),
        }
    }
    (schema, name)
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn a_types_schema_and_name_come_apart() {
        let parts = |shown| {
            let (schema, name) = apart(shown);
            format!("{schema}|{name}")
        };
        assert_eq!(parts("vector"), "|vector");
        assert_eq!(parts("extensions.vector"), "extensions|vector");
        assert_eq!(parts(r#""a.b"."C ""d""""#), r#"a.b|C "d""#);
    }
}
