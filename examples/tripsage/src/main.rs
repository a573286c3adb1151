//! Walks one trip through TripSage's database and prints what happens.
//!
//! `cargo run -p tripsage` finds a server that has pgvector and leaves nothing behind; with an
//! address in `DATABASE_URL` it makes, and drops, a database of its own there.

use std::error::Error;
use std::io::stdout;

use tripsage::{ground, story};

fn main() -> Result<(), Box<dyn Error>> {
    let server = ground::server(std::env::var("DATABASE_URL").ok().as_deref())?;
    println!("{}\n\nThe database is made:", server.describe());
    let (database, mut client) = ground::database(&server, |done| println!("  {done}"))?;
    println!();
    story::tell(&mut client, &mut || Ok(database.connect()?), &mut stdout())?;
    Ok(())
}
