//! Starts a PostgreSQL server and asks it whether a database conforms to its model.

mod rows;
pub mod server;
