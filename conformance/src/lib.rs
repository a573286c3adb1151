//! Starts a PostgreSQL server and asks it whether a database conforms to its model.

pub mod server;
