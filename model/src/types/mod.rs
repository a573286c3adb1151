//! Types as people write them: every alias to the server's own spelling, and back.
//!
//! It never looks a name up among the model's own types; [`Written::Named`] is left to whoever
//! knows them.

mod builtin;
mod parse;
mod short;

use crate::schema::Type;

pub(crate) use builtin::canonical;
pub use builtin::{aliases, builtin_names, is_pseudo};
pub use parse::parse_type;
pub(crate) use parse::{from_parts, parse_at};
pub use short::short_name;

/// A type as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A built-in type, in `format_type`'s spelling.
    Builtin(Type),
    /// A type of an extension, of the model, or one that does not exist.
    Named {
        /// The schema, where it is written.
        schema: Option<String>,
        /// The name, as written.
        name: String,
        /// Whether it stood in double quotes, and so is never folded.
        quoted: bool,
        /// The text between its parentheses, without blanks.
        modifiers: Option<String>,
        /// Whether it is an array.
        array: bool,
    },
    /// `serial` and its kin: an integer with a sequence of its own. Holds the integer type.
    Serial(Type),
}

/// Why a text is not a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeFault {
    /// The first byte of what is wrong.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// The fact, in lower case.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// The extension that brings a type, for extensions we know.
///
/// ```
/// assert_eq!(model::types::extension_of("citext"), Some("citext"));
/// assert_eq!(model::types::extension_of("halfvec"), Some("vector"));
/// ```
pub fn extension_of(ty: &str) -> Option<&'static str> {
    crate::builtins::extensions()
        .find(|e| e.types().any(|t| t == ty))
        .map(|e| e.name)
}

/// What to write instead of a type that PostgreSQL does not have but others do.
///
/// ```
/// assert_eq!(model::types::likely("string"), Some("text"));
/// ```
pub fn likely(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    Some(match name.as_str() {
        "string" | "str" | "nvarchar" | "nvarchar2" | "varchar2" | "clob" | "tinytext"
        | "mediumtext" | "longtext" | "url" | "slug" | "keyword" => "text",
        "email" => "text",
        "datetime" | "datetime2" | "datetimeoffset" | "instant" | "timestampz" | "timestamp_tz"
        | "timestamptz_ms" => "timestamptz",
        "localdatetime" | "timestampntz" => "timestamp",
        "uuid4" | "uuidv4" | "uuid7" | "uuidv7" | "guid" | "uniqueidentifier" => "uuid",
        "number" | "bigdecimal" | "bignumeric" => "numeric",
        "double" | "f64" | "float64" => "double precision",
        "f32" | "float32" | "single" => "real",
        "tinyint" | "int1" | "byte" | "i16" | "u8" | "i8" | "short" => "smallint",
        "mediumint" | "int32" | "i32" | "u16" => "integer",
        "long" | "int64" | "i64" | "u32" | "u64" | "biginteger" => "bigint",
        "boolean_" | "bit_bool" | "logical" => "boolean",
        "blob" | "binary" | "varbinary" | "bytes" | "longblob" | "image" => "bytea",
        "object" | "dict" | "map" | "document" | "jsonbinary" => "jsonb",
        "autoincrement" | "auto_increment" | "bigautoincrement" => "bigint identity",
        "ip" | "ipaddress" => "inet",
        "duration" => "interval",
        _ => return None,
    })
}
