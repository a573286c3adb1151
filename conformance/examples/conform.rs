//! Runs the suite over a database that a SQL script makes: `conform script.sql [filter]`.

use std::sync::Arc;

use conformance::server::{Server, Wanted};
use conformance::suite::{self, Ground, Migration, Subject};
use migrations::catalog::{self, ReadOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("usage: conform script.sql [filter]")?;
    let filter = args.next();
    let up = std::fs::read_to_string(&path)?;
    let server = Server::start(&Wanted::from_env()?)?;
    eprintln!("{}", server.describe());
    let database = server.database()?;
    let mut client = database.connect()?;
    client.batch_execute(&up)?;
    let schema = catalog::read(&mut client, &ReadOptions::default())?.schema;
    let migrations = vec![Migration {
        name: path.clone(),
        up,
        down: String::new(),
    }];
    let subject = Subject {
        name: path,
        schema: Arc::new(schema),
        default_schema: "public".into(),
        platform: String::new(),
        sources: None,
        migrations,
    };
    let tests = suite::tests(&subject, filter.as_deref());
    let start = std::time::Instant::now();
    let ground = Ground::new(subject, server);
    let answers = suite::run(&ground, &tests, |_| {});
    print!("{}", suite::human(&answers));
    eprintln!("{:?}", start.elapsed());
    Ok(())
}
