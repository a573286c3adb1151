//! Reads a database's catalog ten times and prints what it holds and how long that took.
//!
//! `cargo run --release -p migrations --example catalog_time -- URL`

use std::error::Error;
use std::time::Instant;

use migrations::catalog::{ReadOptions, read};

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("the address is missing")?;
    let mut client = migrations::connect(&url.parse()?)?;
    let mut options = ReadOptions::default();
    for round in 0..10 {
        let start = Instant::now();
        let catalog = read(&mut client, &options)?;
        let took = start.elapsed();
        options.version = Some(catalog.version);
        if round == 0 {
            println!("{} objects", catalog.schema.len());
        }
        println!("read and lowered in {} ms", took.as_millis());
    }
    Ok(())
}
