//! Weakens the database that a SQL script makes, promise by promise, and says what the suite's
//! checks noticed: `mutate script.sql [filter]`.

use std::sync::Arc;

use conformance::server::{Server, Wanted};
use conformance::suite::mutation;
use conformance::suite::{Ground, Migration, Subject};
use migrations::catalog::{self, ReadOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("usage: mutate script.sql [filter]")?;
    let filter = args.next().unwrap_or_default();
    let up = std::fs::read_to_string(&path)?;
    let server = Server::start(&Wanted::from_env()?)?;
    eprintln!("{}", server.describe());
    let database = server.database()?;
    let mut client = database.connect()?;
    migrations::apply::script(&mut client, &up)?;
    let schema = catalog::read(&mut client, &ReadOptions::without_platforms())?.schema;
    let migration = Migration {
        name: path.clone(),
        up,
        down: String::new(),
    };
    let subject = Subject {
        name: path,
        schema: Arc::new(schema),
        default_schema: "public".into(),
        platform: String::new(),
        sources: None,
        migrations: vec![migration],
    };
    let mut mutants = mutation::mutants(&subject.schema);
    mutants.retain(|mutant| mutant.name.contains(&filter));
    let start = std::time::Instant::now();
    let verdicts = mutation::run(&Ground::new(subject, server), &mutants, |_| {})?;
    print!("{}", mutation::human(&verdicts, &|_| None));
    eprintln!("{:?}", start.elapsed());
    Ok(())
}
