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

/// What the units of the script are about: `one` for each in a transaction.
fn units(up: &str) -> Vec<Vec<String>> {
    let units = script::units(up);
    let units = units.into_iter().map(|unit| {
        let pieces = unit.statements.into_iter();
        pieces.map(|piece| piece.sql).collect::<Vec<_>>()
    });
    units.collect()
}

#[test]
fn a_key_that_is_made_anew_serves_until_its_new_index_is_built() {
    let table = "CREATE TABLE notes (id int NOT NULL, at date, open boolean);
                 INSERT INTO notes VALUES (1);";
    let made = |key: &str| format!("{table} ALTER TABLE notes ADD CONSTRAINT once {key}");
    let up = both_ways_online(
        &made("UNIQUE (at)"),
        &made("UNIQUE (at, id) INCLUDE (open)"),
    );
    let expected = "\
-- pilaster: no transaction
-- built while others write and the old key serves; the new one then takes it over
CREATE UNIQUE INDEX CONCURRENTLY once_new ON public.notes (at, id) INCLUDE (open);

-- pilaster: transaction
ALTER TABLE public.notes DROP CONSTRAINT once;
ALTER TABLE public.notes ADD CONSTRAINT once UNIQUE USING INDEX once_new;
";
    assert_eq!(up, expected);
    assert_eq!(units(&up).len(), 2);
    let plain = made("UNIQUE (id)");
    for key in [
        "UNIQUE NULLS NOT DISTINCT (id)",
        "UNIQUE (id) DEFERRABLE INITIALLY DEFERRED",
        "PRIMARY KEY (id)",
        "PRIMARY KEY (id) INCLUDE (at) DEFERRABLE",
        "UNIQUE (id) WITH (fillfactor = 70)",
    ] {
        let up = both_ways_online(&plain, &made(key));
        let unit = units(&up).pop().unwrap();
        assert_eq!(unit.len(), 2, "{up}");
        assert!(unit[0].contains("DROP CONSTRAINT"), "{up}");
    }
}

#[test]
fn foreign_keys_come_back_at_once_with_the_key_that_they_refer_to() {
    let made = |key: &str| {
        format!(
            "CREATE TABLE notes (id int {key}, at date);
             CREATE TABLE lines (note int CONSTRAINT of_note REFERENCES notes,
                                 other int CONSTRAINT of_other REFERENCES notes);
             CREATE VIEW by_note AS SELECT n.*, count(*) FROM notes n GROUP BY n.id;
             INSERT INTO notes VALUES (1); INSERT INTO lines VALUES (1, 1)"
        )
    };
    let up = both_ways_online(
        &made("PRIMARY KEY"),
        &made("PRIMARY KEY WITH (fillfactor = 70)"),
    );
    let units = units(&up);
    assert_eq!(units.len(), 3, "{up}");
    assert!(
        units[0][0].starts_with("CREATE UNIQUE INDEX CONCURRENTLY"),
        "{up}"
    );
    let heads = |unit: &[String]| -> Vec<String> {
        let words = |sql: &String| sql.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
        unit.iter().map(words).collect()
    };
    let swap = heads(&units[1]);
    assert_eq!(
        swap.iter().filter(|sql| sql.ends_with("DROP")).count(),
        3,
        "{up}"
    );
    assert_eq!(
        swap.iter().filter(|sql| sql.ends_with("ADD")).count(),
        3,
        "{up}"
    );
    assert_eq!(up.matches("NOT VALID").count(), 2, "{up}");
    assert_eq!(
        heads(&units[2])
            .iter()
            .filter(|sql| sql.ends_with("VALIDATE"))
            .count(),
        2,
        "{up}"
    );
}

#[test]
fn a_key_that_is_made_anew_takes_columns_that_come_and_change() {
    let key = "ADD CONSTRAINT notes_pkey PRIMARY KEY";
    // A new column, and one that is not null only now.
    both_ways_online(
        &format!("CREATE TABLE notes (id int, at date); ALTER TABLE notes {key} (id)"),
        &format!(
            "CREATE TABLE notes (id int, at date, day int DEFAULT 1);
             ALTER TABLE notes {key} (id, at, day)"
        ),
    );
    // One whose default and whose table change meanwhile.
    both_ways_online(
        &format!("CREATE TABLE notes (id int, at date); ALTER TABLE notes {key} (id)"),
        &format!(
            "CREATE TABLE notes (id int DEFAULT 4, at date) WITH (fillfactor = 70);
             ALTER TABLE notes {key} (id, at)"
        ),
    );
    // Where its columns get another type, or it names the rows for subscribers, it goes first.
    let up = both_ways_online(
        &format!("CREATE TABLE notes (id int, at date); ALTER TABLE notes {key} (id)"),
        &format!("CREATE TABLE notes (id bigint, at date); ALTER TABLE notes {key} (id, at)"),
    );
    assert!(!up.contains("notes_pkey_new"), "{up}");
    let named = "ALTER TABLE notes REPLICA IDENTITY USING INDEX notes_pkey";
    let up = both_ways_online(
        &format!("CREATE TABLE notes (id int, at date); ALTER TABLE notes {key} (id); {named}"),
        &format!("CREATE TABLE notes (id int, at date); ALTER TABLE notes {key} (id, at)"),
    );
    assert!(!up.contains("notes_pkey_new"), "{up}");
}
