//! Proc macros for rows, changes, enums and JSONB types.
//!
//! Every derive parses its input, checks it, and expands it, in that order; one context gathers
//! the errors of the first two. This crate never talks to a database; what it knows of one it reads from
//! the model's files.

mod attr;
mod context;
mod id;
mod insert;
mod json;
mod patch;
mod pg_enum;
mod query;
mod refusal;
mod row;
mod states;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use context::Context;

/// Reads a struct from a row: implements `pilaster::Row`, and `pilaster::Table` where fields are
/// marked as the primary key. Each column becomes a constant to filter, order and change by:
/// `Deal::STAGE`.
///
/// | on the struct | |
/// |---|---|
/// | `table = "public.deals"` | the relation, with the schema unless it is found by the search path |
/// | `append_only` | its rows are never changed or deleted: it is not `pilaster::Changeable` |
/// | `audited(Line, "row_id = $1", id)` | `trail()`: the lines of its trail for which the condition holds, with these fields in the place of `$1` … |
/// | `error = DealError` | what statements fail with, a `Refusal`; `pilaster::Error` otherwise |
/// | `foreign_key(a, b, references = Deal(x, y), one = "deal", many = "emails")` | a foreign key of several columns: `Email::DEAL`, `Deal::EMAILS` |
/// | `unique(a, b)` | a unique key of those fields: `Deal::BY_A_B` |
///
/// | on a field | |
/// |---|---|
/// | `primary_key` | it is, or is part of, the primary key: `Deal::BY_ID` |
/// | `column = "from"` | the column, where the name differs |
/// | `through_text = "geometry"` | the type of a column that travels as text |
/// | `type_schema = "extensions"` | where an extension's type, and its operators, live |
/// | `json` | a document with paths: `Deal::requirements().parking()` |
/// | `references = Deal, one = "deal", many = "emails"` | a foreign key: `Email::DEAL`, `Deal::EMAILS` |
/// | `state` | the column of states: `pilaster::Stateful` |
/// | `soft_delete` | when the row was deleted; it is kept, and reads pass it by |
///
/// A struct may also be a part of such a row, `#[pilaster(of = Deal)]`, found by the row's key where
/// its fields are marked `primary_key` in the order of the row's, or the row of a query,
/// `#[pilaster(query = "select …", params(stage: DealStage))]`: then each field is checked against
/// its column, and `Line::query(stage)` is the statement. See `query!` for what can be written;
/// `column` names the query's column, and `module = crate::db` the generated code.
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
/// snake case; `to(Sent, Archived)`, the values it may become. On the enum: `states =
/// "draft_states"`, the module that gets a type for each value, to know a row's state by.
#[proc_macro_derive(PgEnum, attributes(pilaster))]
pub fn pg_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| pg_enum::derive(context, &input))
}

/// Makes a struct around one value a key of its own, so that a deal's is no email's: `ToSql`,
/// `FromSql`, `Display`, `FromStr` and serde's traits as the value has them.
#[proc_macro_derive(Id)]
pub fn id(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| id::derive(context, &input))
}

/// Makes an enum the error of a table's statements, with a variant for each constraint.
///
/// On the enum: `#[pilaster(table = "public.deals")]`. On a variant, which holds a
/// `pilaster::Error`: `constraint = "deals_team_size_positive"`, and `table` where the constraint
/// is another table's. One variant has no constraint: it holds everything else.
#[proc_macro_derive(Refusal, attributes(pilaster))]
pub fn refusal(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    Context::run(|context| refusal::derive(context, &input))
}

/// Makes a type the Rust side of a `json` shape: implements `pilaster::JsonType`, serde's traits
/// by way of it, and `ToSql` and `FromSql` for `jsonb` and `json`.
///
/// | type | shape | attributes |
/// |---|---|---|
/// | struct with fields | object | on a field: `key = "dogFriendly"`; `required`, for an `Option` whose key must be there; `default = "0"`, JSON read where the key is missing; `min`, `max`; `rest`, for the map of all other keys. On the struct: `deny_unknown`; `reads(V1, V2)`, the types of older versions, which become this one: then on a field `was = "old_key"`, `filled = "0"`, JSON where they lack it, and `wrapped`, where they hold one item of the array |
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

/// A statement of one's own SQL, checked against the model while it is compiled.
///
/// The names in it are resolved, its parameters are typed by what they are compared with or written
/// to, and its columns become the fields of a struct: no database runs. The model is the one of the
/// nearest `pilaster.toml` above the source file.
///
/// ```ignore
/// let busy = query!(
///     "select d.id, d.title, count(e.id) as emails
///      from deals d left join emails e on e.deal_id = d.id
///      where d.stage = $1
///      group by d.id",
///     DealStage::Touring,
/// )
/// .all(&mut client)?;
/// for deal in busy {
///     println!("{}: {} emails", deal.title, deal.emails); // a String, an i64
/// }
/// ```
///
/// | written | is |
/// |---|---|
/// | `query!("…", a, b)` | a `pilaster::Statement` of rows with a field a column |
/// | `query!(Line, "…", a)` | the same with rows of a struct that has these fields |
/// | `query!(in crate::db, "…")` | where the generated code is not where `pilaster.toml` says |
/// | `expr as "name!"`, `"name?"` | never null, or null at times, whatever is known of it |
/// | `expr as "name: Type"` | of that Rust type: for what can't be typed |
///
/// A column keeps its Rust type (`DealId`, `DealStage`, a shape), is an `Option` where it may be
/// null, an outer join considered, and `documents -> 'key'` has the type of that key. What can't be
/// typed is an error that says how to give the type.
#[proc_macro]
pub fn query(input: TokenStream) -> TokenStream {
    let call = parse_macro_input!(input as query::Call);
    Context::run_expression(|context| query::expand(context, &call))
}
