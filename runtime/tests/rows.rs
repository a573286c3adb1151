//! The interface to rows, as it is generated, against a server.

#[allow(dead_code, unreachable_pub)]
#[path = "rows/schema.rs"]
mod schema;

#[path = "rows/added.rs"]
mod added;
#[path = "rows/asked.rs"]
mod asked;
#[path = "rows/audited.rs"]
mod audited;
#[path = "rows/bulk.rs"]
mod bulk;
#[path = "rows/composite.rs"]
mod composite;
#[path = "rows/database.rs"]
mod database;
#[path = "rows/documents.rs"]
mod documents;
#[path = "rows/kept.rs"]
mod kept;
#[path = "rows/lists.rs"]
mod lists;
#[path = "rows/part.rs"]
mod part;
#[path = "rows/pooler.rs"]
mod pooler;
#[path = "rows/recorded.rs"]
mod recorded;
#[path = "rows/restricted.rs"]
mod restricted;
#[path = "rows/retry.rs"]
mod retry;
#[path = "rows/statements.rs"]
mod statements;
#[path = "rows/states.rs"]
mod states;
#[path = "rows/upkeep.rs"]
mod upkeep;
#[path = "rows/versions.rs"]
mod versions;
#[path = "rows/writes.rs"]
mod writes;

use conformance::server::Database;
use pilaster::Insert;
use pilaster::postgres::Client;
use schema::*;

/// A database of the model's, and a connection to it.
fn database() -> (Database, Client) {
    let database = database::database();
    let client = database.connect().expect("a connection");
    (database, client)
}

fn person(client: &mut Client, email: &str) -> Person {
    let person = NewPerson::new(email.into());
    person.insert(client).expect("a person")
}

fn new_deal(owner: &Person, title: &str, team_size: i32) -> NewDeal {
    let requirements = Requirements::default();
    NewDeal::new(owner.id, title.into(), team_size, requirements)
}

/// Five deals: a to e, with 1 to 5 people and no notes.
fn five(client: &mut Client) -> (Person, Vec<Deal>) {
    let owner = person(client, "ada@example.com");
    let deals = ["a", "b", "c", "d", "e"].iter().zip(1..);
    let deals = deals.map(|(title, size)| new_deal(&owner, title, size).insert(client));
    let deals = deals.collect::<Result<_, _>>().expect("five deals");
    (owner, deals)
}

fn titles(deals: &[Deal]) -> String {
    deals.iter().map(|deal| deal.title.as_str()).collect()
}
