//! How many rows a hazard concerns, where a database is at hand.

use postgres::Client;

use super::migrate::Ground;

#[test]
fn what_is_ahead_says_how_many_rows_it_concerns() {
    let lossy = "ALTER TABLE public.deals RENAME COLUMN notes TO remarks;\n\n\
                 -- data loss: the values of deals.remarks are gone\n\
                 ALTER TABLE public.deals DROP COLUMN remarks;\n\n\
                 -- long lock: writers wait while the index on deals is built\n\
                 -- lock: share\n\
                 CREATE INDEX deals_id ON public.deals (id);\n";
    let ground = Ground::new(&[
        (
            "initial",
            "create table deals (id int, notes text);\n",
            "drop table deals;\n",
        ),
        ("drop_notes", lossy, "alter table deals add notes text;\n"),
    ]);
    let run = |args: &[&str]| {
        let url = [("DATABASE_URL", ground.url.as_str())];
        ground
            .project
            .run_with(&[&["migrate"], args].concat(), &url)
    };
    run(&["up", "--to", "1"]);
    let rows = "insert into deals values (1, 'a'), (2, null), (3, 'c')";
    ground.client().batch_execute(rows).unwrap();
    let loss = "data loss: the values of deals.remarks are gone (2 of 3 rows have a value)";
    let lock = "long lock: writers wait while the index on deals is built (3 rows)";
    let status = run(&["status"]);
    assert!(
        status.contains(&format!(
            "0002_drop_notes  not applied\n    {loss}\n    {lock}\n"
        )),
        "{status}"
    );
    let json = run(&["status", "--format", "json"]);
    assert!(json.contains("\"rows_with_a_value\": 2"), "{json}");
    let up = run(&["up"]);
    assert!(up.contains(&format!("0002_drop_notes: {loss}")), "{up}");
    let after = run(&["status"]);
    assert!(!after.contains("data loss"), "{after}");
}

#[test]
fn of_large_tables_the_estimate_is_said() {
    let ground = Ground::new(&[(
        "initial",
        "create table a (id int, text text);\n",
        "drop table a;\n",
    )]);
    ground.migrate(&["up"]);
    let rows = "insert into a select n, repeat('x', 900) from generate_series(1, 12000) n";
    let mut client = ground.client();
    let drop = "-- data loss: the rows of a are gone\nDROP TABLE public.a;\n";
    client.batch_execute(rows).unwrap();
    // Nobody has looked at the table yet, and it is too large to be counted in passing.
    let said = |client: &mut Client| migrations::concerned::risks(client, drop)[0].to_string();
    assert_eq!(said(&mut client), "data loss: the rows of a are gone");
    client.batch_execute("analyze a").unwrap();
    let told = said(&mut client);
    assert_eq!(told, "data loss: the rows of a are gone (about 12000 rows)");
}
