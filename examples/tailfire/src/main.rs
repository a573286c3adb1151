//! Walks one trip through Tailfire's database, and its catalog to another server's, and prints what
//! happens. It starts two servers by itself and leaves nothing behind.

use std::error::Error;
use std::io::stdout;

use conformance::server::{Server, Wanted};
use tailfire::environment::Environment;
use tailfire::story;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = Wanted::from_env()?;
    let servers = [Server::start(&wanted)?, Server::start(&wanted)?];
    println!("{}, twice\n", servers[0].describe());
    let (production, elsewhere) = (servers[0].database()?, servers[1].database()?);
    let mut clients = [production.connect()?, elsewhere.connect()?];
    let environments = [Environment::Production, Environment::Preview];
    for (client, environment) in clients.iter_mut().zip(environments) {
        println!("{environment:?} is made:");
        client.batch_execute(model::platform::supabase_sql())?;
        environment.migrate(client, |done| println!("  {done}"))?;
    }
    println!();
    let address = story::address(&servers[0], &mut clients[0])?;
    let [production, elsewhere] = &mut clients;
    story::tell(production, elsewhere, &address, &mut stdout())
}
