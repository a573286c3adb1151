//! Ways that let others work: run unit by unit on a server, outside a transaction where it says so.

use conformance::corpus::differences;
use conformance::server::Server;
use migrations::catalog::{self, ReadOptions};
use migrations::plan::{Options, plan, plan_down};
use migrations::{render, script};
use postgres::Client;

fn read(client: &mut Client) -> model::Schema {
    catalog::read(client, &ReadOptions::default())
        .unwrap()
        .schema
}

/// Up and down, each compared with what is wanted; the script of the way up.
fn both_ways_online(old: &str, new: &str) -> String {
    let place = |sql: &str| {
        let database = Server::shared().database().unwrap();
        let mut client = database.connect().unwrap();
        client.batch_execute(sql).unwrap();
        (database, client)
    };
    let (_other, mut other) = place(new);
    let want = read(&mut other);
    let (_database, mut client) = place(old);
    let have = read(&mut client);
    let options = Options {
        online: true,
        server_version: Server::shared().version(),
        applier: Some("postgres".into()),
    };
    let up = plan(&have, &want, &options).unwrap();
    let down = plan_down(&have, &want, &options).unwrap();
    for (way, arrives) in [(&up, &want), (&down, &have)] {
        for unit in script::units(&render::script(way)) {
            let (begin, end) = match unit.in_transaction {
                true => ("BEGIN", "COMMIT"),
                false => ("", ""),
            };
            client.batch_execute(begin).unwrap();
            for piece in unit.statements {
                client.batch_execute(&piece.sql).unwrap();
            }
            client.batch_execute(end).unwrap();
        }
        let now = read(&mut client);
        let odd = differences(&now, arrives);
        assert!(odd.is_empty(), "{odd:?}\nafter\n{}", render::script(way));
    }
    render::script(&up)
}

#[test]
fn an_index_that_is_made_anew_serves_until_the_new_one_is_built() {
    let table = "CREATE TABLE notes (id int, at date, open boolean); INSERT INTO notes VALUES (1);";
    let up = both_ways_online(
        &format!("{table} CREATE INDEX by_at ON notes (at)"),
        &format!("{table} CREATE INDEX by_at ON notes (at, id) WHERE open"),
    );
    let expected = "\
-- serves on, and is dropped once the new one is built
ALTER INDEX public.by_at RENAME TO by_at_old;

-- pilaster: no transaction
CREATE INDEX CONCURRENTLY by_at ON public.notes (at, id) WHERE (open);
DROP INDEX CONCURRENTLY public.by_at_old;
";
    assert_eq!(up, expected);
}

#[test]
fn an_index_that_a_key_refers_to_goes_before_the_new_one() {
    let table = "CREATE TABLE notes (id int, at date); CREATE TABLE lines (note int);";
    let made = |method: &str| {
        format!(
            "{table} CREATE UNIQUE INDEX by_id ON notes (id) {method};
             ALTER TABLE lines ADD CONSTRAINT of_note FOREIGN KEY (note) REFERENCES notes (id)"
        )
    };
    let up = both_ways_online(&made(""), &made("INCLUDE (at)"));
    assert!(!up.contains("by_id_old"), "{up}");
    // Nor can one whose column goes.
    both_ways_online(
        "CREATE TABLE notes (id int, at date); CREATE INDEX by_at ON notes (at)",
        "CREATE TABLE notes (id int); CREATE INDEX by_at ON notes (id)",
    );
}
