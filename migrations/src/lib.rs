//! Live catalog to Schema, two Schemas to a Plan, a Plan to SQL, history and apply.

mod connect;
pub mod history;
mod url;

pub use connect::{ConnectError, connect};
pub use url::{Url, UrlError};
