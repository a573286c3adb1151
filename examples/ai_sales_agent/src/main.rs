//! Tells the story of AI Sales Agent on two databases of its own, one a region.
//!
//! `cargo run -p ai_sales_agent` starts a server by itself and leaves nothing behind; with an address
//! in `DATABASE_URL` it makes, and drops, its databases there.

use std::error::Error;
use std::io::stdout;
use std::path::Path;

use ai_sales_agent::story;
use conformance::server::{Database, Server, Wanted};
use migrations::apply::{Event, Migrator};
use migrations::history::History;

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL").ok();
    let server = Server::start(&Wanted {
        url: url.map(|url| url.parse()).transpose()?,
        ..Wanted::from_env()?
    })?;
    println!("{}\n", server.describe());
    println!("Both databases are made from one history:");
    let (europe, canada) = (made(&server, true)?, made(&server, false)?);
    println!();
    story::tell(europe.connect()?, canada.connect()?, &mut stdout())
}

/// A database with every migration, and the roles that operators make.
fn made(server: &Server, aloud: bool) -> Result<Database, Box<dyn Error>> {
    let database = server.database()?;
    let mut client = database.connect()?;
    client.batch_execute(include_str!("../roles.sql"))?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let history = History::read(&folder).map_err(|broken| format!("{broken:?}"))?;
    Migrator::new(&mut client, &history).up(None, &mut |event| {
        if let (Event::Done(migration, _, _), true) = (event, aloud) {
            println!("  {}", migration.folder_name());
        }
    })?;
    Ok(database)
}
