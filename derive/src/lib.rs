//! Proc macros for rows, changes, enums and JSONB types.
//!
//! Every derive parses its input, checks it, and expands it, in that order; one context gathers
//! the errors of the first two. This crate never talks to a database.

mod attr;
mod context;
mod insert;
mod json;
mod patch;
mod pg_enum;
mod row;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use context::Context;

/// Reads a struct from a row: implements `pilaster::Row`, and `pilaster::Table` where fields are
/// marked as the primary key.
///
/// On the struct: `#[pilaster(table = "public.deals")]`, the relation, with the schema unless it
/// is found by the search path. On a field: `primary_key`; `column = "from"`, where the name
/// differs; `through_text = "geometry"`, the type of a column that travels as text.
#[proc_macro_derive(Row, attributes(pilaster))]
pub fn row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| row::derive(context, &input))
}

/// Writes a struct as a new row: implements `pilaster::Insert` and gives it `new`, which takes
/// what the database does not fill in.
///
/// On the struct: `#[pilaster(row = Deal)]`, the row it becomes. On a field: `default`, for an
/// `Option` whose `None` leaves the column to its default; `column` and `through_text` as for
/// `Row`.
#[proc_macro_derive(Insert, attributes(pilaster))]
pub fn insert(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| insert::derive(context, &input))
}

/// Writes a struct as changes to a row: implements `pilaster::Patch`.
///
/// Every field is an `Option`. On the struct: `#[pilaster(row = Deal)]`. On a field: `column` and
/// `through_text` as for `Row`.
#[proc_macro_derive(Patch, attributes(pilaster))]
pub fn patch(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| patch::derive(context, &input))
}

/// Makes an enum of unit variants the labels of an enum type, or of a text column's check.
///
/// Implements `pilaster::PgEnum`, `ToSql`, `FromSql`, `Display`, `FromStr`, serde's traits and
/// `pilaster::JsonType`. On a variant: `label = "in-progress"`, where it is not the name in
/// snake case.
#[proc_macro_derive(PgEnum, attributes(pilaster))]
pub fn pg_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| pg_enum::derive(context, &input))
}

/// Makes a type the Rust side of a `json` shape: implements `pilaster::JsonType`, serde's traits
/// by way of it, and `ToSql` and `FromSql` for `jsonb` and `json`.
///
/// | type | shape | attributes |
/// |---|---|---|
/// | struct with fields | object | on a field: `key = "dogFriendly"`; `required`, for an `Option` whose key must be there; `default = "0"`, JSON read where the key is missing; `min`, `max`; `rest`, for the map of all other keys. On the struct: `deny_unknown` |
/// | `struct X(T);` | the shape of `T` | `min`, `max` |
/// | `struct X;` | a literal | `literal = "1"` |
/// | enum of unit variants | one of several strings | on a variant: `label` |
/// | enum of `Variant(Type)` | tagged union | `tag = "type"`; on a variant: `label` |
/// | enum of `Variant(Type)` | union, tried in order | none |
///
/// `min` and `max` bound a number's value, a text's characters or an array's items.
#[proc_macro_derive(Json, attributes(pilaster))]
pub fn json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| json::derive(context, &input))
}
