//! The questions that the product asks, one module a domain.
//!
//! Each takes whatever it can run on: a connection, a transaction, or somebody's own view of the
//! database by way of [`as_user`](pilaster::AsUser::as_user). None decides who may see what.

pub mod aircraft;
pub mod campaigns;
pub mod companies;
pub mod leads;
pub mod users;
