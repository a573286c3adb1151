//! Live catalog to Schema, two Schemas to a Plan, a Plan to SQL, history and apply.

pub mod apply;
pub mod catalog;
pub mod concerned;
mod connect;
pub mod documents;
pub mod history;
pub mod known;
pub mod plan;
pub mod render;
pub mod script;
mod url;

pub use connect::{ConnectError, connect, pools_transactions};
pub use url::{Url, UrlError};
