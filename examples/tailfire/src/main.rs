//! Walks one trip through Tailfire's database, and its catalog to another server's, and prints what
//! happens. It starts two servers by itself (one, where
//! containers can't reach each other) and leaves nothing behind.

use std::error::Error;
use std::io::stdout;

use conformance::server::{Server, Wanted};
use tailfire::environment::Environment;
use tailfire::story;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = Wanted::from_env()?;
    let here = Server::start(&wanted)?;
    println!("{}\n", here.describe());
    let production = here.database()?;
    let mut client = production.connect()?;
    let (address, reached) = story::address(&here, &mut client)?;
    let there = match reached {
        true => Server::start(&wanted)?,
        false => here,
    };
    let elsewhere = there.database()?;
    let mut clients = [client, elsewhere.connect()?];
    let environments = [Environment::Production, Environment::Preview];
    for (client, environment) in clients.iter_mut().zip(environments) {
        println!("{environment:?} is made:");
        client.batch_execute(model::platform::supabase_sql())?;
        environment.prepare(client)?;
        environment.migrate(client, |done| println!("  {done}"))?;
    }
    println!();
    let [production, elsewhere] = &mut clients;
    story::tell(production, elsewhere, &address, &mut stdout())
}
