//! What Rust calls the objects of a schema, and PostgreSQL's types: the names that generated code
//! gives and that typed queries find again. It writes no code.

pub mod name;
pub mod words;

/// The full path of the Rust type that holds values of a built-in type, by its canonical name;
/// `None` where a value can only travel as text.
///
/// ```
/// assert_eq!(model::rust::builtin("bigint"), Some("i64"));
/// assert_eq!(model::rust::builtin("geometry"), None);
/// ```
pub fn builtin(name: &str) -> Option<&'static str> {
    Some(match name {
        "boolean" => "bool",
        "smallint" => "i16",
        "integer" => "i32",
        "bigint" => "i64",
        "oid" => "u32",
        "\"char\"" => "i8",
        "real" => "f32",
        "double precision" => "f64",
        "numeric" => "pilaster::Numeric",
        "text" | "character varying" | "character" | "name" => "String",
        "bytea" => "Vec<u8>",
        "uuid" => "pilaster::uuid::Uuid",
        "date" => "pilaster::chrono::NaiveDate",
        "timestamp" | "timestamp without time zone" => "pilaster::chrono::NaiveDateTime",
        "timestamp with time zone" => "pilaster::chrono::DateTime<pilaster::chrono::Utc>",
        "time" | "time without time zone" => "pilaster::Time",
        "time with time zone" => "pilaster::TimeTz",
        "interval" => "pilaster::Interval",
        "json" | "jsonb" => "pilaster::serde_json::Value",
        "inet" => "pilaster::Inet",
        "cidr" => "pilaster::Cidr",
        "macaddr" => "pilaster::MacAddr",
        "macaddr8" => "pilaster::MacAddr8",
        "bit" | "bit varying" => "pilaster::Bit",
        "point" => "pilaster::Point",
        "int4range" => "pilaster::Range<i32>",
        "int8range" => "pilaster::Range<i64>",
        "numrange" => "pilaster::Range<pilaster::Numeric>",
        "daterange" => "pilaster::Range<pilaster::chrono::NaiveDate>",
        "tsrange" => "pilaster::Range<pilaster::chrono::NaiveDateTime>",
        "tstzrange" => "pilaster::Range<pilaster::chrono::DateTime<pilaster::chrono::Utc>>",
        "int4multirange" => "pilaster::Multirange<i32>",
        "int8multirange" => "pilaster::Multirange<i64>",
        "nummultirange" => "pilaster::Multirange<pilaster::Numeric>",
        "datemultirange" => "pilaster::Multirange<pilaster::chrono::NaiveDate>",
        "tsmultirange" => "pilaster::Multirange<pilaster::chrono::NaiveDateTime>",
        "tstzmultirange" => {
            "pilaster::Multirange<pilaster::chrono::DateTime<pilaster::chrono::Utc>>"
        }
        _ => return None,
    })
}
