//! The `pilaster` command.
fn main() {}
