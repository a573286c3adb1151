//! Ways from one schema to another and back that once went wrong, each on a real server: up, compared
//! with a database made directly, planned again, down, compared again.
//!
//! Random pairs (`random/`) find such; here each has a name.

mod attached;
mod changes;
mod circles;
mod families;
mod found;
mod keys;
mod names;
mod online;
mod parents;
mod rare;

use std::sync::Mutex;

use conformance::corpus::{differences, is_only_local};
use conformance::server::{Database, Server};
use migrations::catalog::{self, ReadOptions};
use migrations::plan::{Options, Plan, plan, plan_down};
use migrations::render;
use model::Schema;
use model::schema::{Id, Name};
use postgres::Client;

/// Up and down between what two scripts make; the statements of both ways.
fn both_ways(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    renamed_both_ways(old, new, &[])
}

/// Why there is no way from what one script makes to what the other does.
fn refusal(old: &str, new: &str, was: &[(Id, &str)]) -> Vec<String> {
    let (_place, have, want) = states(old, new, was);
    let faults = plan(&have, &want, &Options::default()).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

/// The same, where the second one says what some of its objects were called, or `old -> new` of a
/// part of a type.
fn renamed_both_ways(old: &str, new: &str, was: &[(Id, &str)]) -> (Vec<String>, Vec<String>) {
    let (mut place, have, want) = states(old, new, was);
    let client = &mut place.1;
    let options = Options {
        server_version: Server::shared().version(),
        applier: Some(Name::from("postgres")),
        ..Options::default()
    };
    let up = plan(&have, &want, &options).unwrap();
    apply(client, &up, &want, &options);
    let down = plan_down(&have, &want, &options).unwrap();
    apply(client, &down, &have, &options);
    client.batch_execute("ROLLBACK").unwrap();
    EMPTY.lock().unwrap().push(place);
    let all = |plan: &Plan| plan.statements().map(|s| s.sql.clone()).collect();
    (all(&up), all(&down))
}

/// A database, and a connection to it.
type Place = (Database, Client);

/// Those in which everything has been rolled back.
static EMPTY: Mutex<Vec<Place>> = Mutex::new(Vec::new());

/// A database in the first state, inside a transaction; that state and the other one.
fn states(old: &str, new: &str, was: &[(Id, &str)]) -> (Place, Schema, Schema) {
    let empty = EMPTY.lock().unwrap().pop();
    let mut place = empty.unwrap_or_else(|| {
        let database = Server::shared().database().unwrap();
        let client = database.connect().unwrap();
        (database, client)
    });
    let client = &mut place.1;
    // In one transaction, so that no role of a test is seen by another.
    let begin = "BEGIN; SET LOCAL search_path = public; SET LOCAL check_function_bodies = off";
    client.batch_execute(begin).unwrap();
    client.batch_execute("SAVEPOINT start").unwrap();
    client.batch_execute(new).unwrap();
    let mut want = read(client).into_builder();
    client.batch_execute("ROLLBACK TO start").unwrap();
    client.batch_execute(old).unwrap();
    let have = read(client);
    for (id, was) in was {
        let node = want.get_mut(id).unwrap_or_else(|| panic!("no {id}"));
        match was.split_once(" -> ") {
            Some((part, is)) => node.hints.parts_were.push((part.into(), is.into())),
            None => node.hints.was = Some(Name::from(*was)),
        }
    }
    (place, have, want.finish())
}

fn read(client: &mut Client) -> Schema {
    let options = ReadOptions {
        in_transaction: true,
        roles: true,
        prepared: true,
        version: Some(Server::shared().version()),
        ..ReadOptions::default()
    };
    catalog::read(client, &options).unwrap().schema
}

/// Runs the plan; what is there is then what is wanted, and a second plan has nothing to do.
fn apply(client: &mut Client, way: &Plan, want: &Schema, options: &Options) {
    let script = render::script(way);
    for statement in way.statements() {
        let done = client.batch_execute(&statement.sql);
        done.unwrap_or_else(|error| panic!("{error:?}\nin {}\nof\n{script}", statement.sql));
    }
    let now = read(client);
    let odd: Vec<_> = differences(&now, want)
        .into_iter()
        .filter(|(id, _)| !is_only_local(&now, want, id))
        .collect();
    assert!(odd.is_empty(), "{odd:?}\nafter\n{script}");
    let again = plan(&now, want, options).unwrap();
    assert!(
        again.is_empty(),
        "{}\nafter\n{script}",
        render::script(&again)
    );
}

const ROLES: &str = "CREATE ROLE ways_reader; CREATE ROLE ways_clerk;";
