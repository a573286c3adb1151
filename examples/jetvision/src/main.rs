//! Tells JetVision's story on a database of its own.
//!
//! `cargo run -p jetvision` starts a server by itself and leaves nothing behind; with an address
//! in `DATABASE_URL` it makes, and drops, a database of its own there.

use std::error::Error;
use std::io::stdout;
use std::path::Path;

use conformance::server::{Server, Wanted};
use jetvision::story;
use migrations::apply::{Event, Migrator};
use migrations::history::History;

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL").ok();
    let server = Server::start(&Wanted {
        url: url.map(|url| url.parse()).transpose()?,
        ..Wanted::from_env()?
    })?;
    println!("{}\n", server.describe());
    let database = server.database()?;
    let mut client = database.connect()?;
    client.batch_execute(model::platform::supabase_sql())?;

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let history = History::read(&folder).map_err(|broken| format!("{broken:?}"))?;
    println!("The database is made:");
    Migrator::new(&mut client, &history).up(None, &mut |event| {
        if let Event::Done(migration, _, _) = event {
            println!("  {}", migration.folder_name());
        }
    })?;
    println!();
    story::tell(&mut client, &history, &mut stdout())
}
