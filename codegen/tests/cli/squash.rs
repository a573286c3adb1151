//! `migrate squash`: old migrations folded into one, on disk and for databases old and new.

use super::by_hand::{append, database, say, shop};
use super::{Project, SHOP};

/// Four migrations: planned, planned, by hand with rows that must survive, planned.
fn four() -> Project {
    let project = shop();
    let changed = SHOP.replace("  name ", "  notes  text?\n  name ");
    project.write("shop.pilaster", &changed);
    project.run(&["generate"]);
    project.run(&["migrate", "new", "first_products"]);
    let folder = "migrations/0003_first_products";
    let rows = "insert into products (name, price, notes) values ('chair', 40, 'oak'), ('table', 90, null);";
    append(&project, &format!("{folder}/up.sql"), rows);
    let back = "delete from products where name in ('chair', 'table');";
    append(&project, &format!("{folder}/down.sql"), back);
    let changed = changed.replace(
        "  notes  text?\n",
        "  notes  text?\n  stock  integer  default 0\n",
    );
    project.write("shop.pilaster", &changed);
    let said = project.run(&["generate"]);
    assert!(said.contains("0004"), "{said}");
    project
}

fn count(database: &conformance::server::Database) -> i64 {
    let sql = "select count(*) from products where stock = 0";
    database
        .connect()
        .unwrap()
        .query_one(sql, &[])
        .unwrap()
        .get(0)
}

#[test]
fn the_history_becomes_one_migration_and_databases_old_and_new_have_it() {
    let project = four();
    let (old, middle, new) = (database(), database(), database());
    say(&project, &["up"], Some(&old));
    say(&project, &["up", "--to", "2"], Some(&middle));
    let folded = say(&project, &["squash", "--name", "shop"], None);
    let files = project.files();
    assert!(files.contains("migrations/0004_shop/up.sql"), "{files}");
    assert!(!files.contains("0001_initial"), "{files}");
    assert!(project.run(&["generate", "--check"]).contains("exit 0"));
    let said = [
        folded,
        say(&project, &["status"], Some(&old)),
        say(&project, &["up"], Some(&old)),
        say(&project, &["status"], Some(&middle)),
        say(&project, &["up"], Some(&new)),
        say(&project, &["status"], Some(&new)),
        say(&project, &["verify"], None),
    ];
    assert_eq!((count(&old), count(&new)), (2, 2));
    let back: Vec<String> = [&old, &new]
        .into_iter()
        .flat_map(|database| {
            ["down", "status", "up"].map(|word| say(&project, &[word], Some(database)))
        })
        .collect();
    assert_eq!(back[..3], back[3..]);
    assert_eq!((count(&old), count(&new)), (2, 2));
    insta::assert_snapshot!([&said[..], &back[..3]].concat().join("\n"));
}

#[test]
fn the_one_migration_reads_well() {
    let project = four();
    say(&project, &["squash"], None);
    let read =
        |name| super::without_hashes(&project.read(&format!("migrations/0004_squashed/{name}")));
    insta::assert_snapshot!([read("up.sql"), read("down.sql")].join("--------\n"));
}

#[test]
fn what_follows_a_squash_keeps_its_place_and_a_squash_can_be_folded_again() {
    let project = four();
    let (old, new) = (database(), database());
    say(&project, &["up"], Some(&old));
    let said = say(&project, &["squash", "--to", "2", "--name", "early"], None);
    assert!(said.contains("exit 0"), "{said}");
    assert!(say(&project, &["status"], Some(&old)).contains("exit 0"));
    say(&project, &["up"], Some(&new));
    let said = say(&project, &["squash", "--name", "all"], None);
    assert!(said.contains("folded 0002_early to 0004"), "{said}");
    for database in [&old, &new] {
        let status = say(&project, &["status"], Some(database));
        assert!(
            status.contains("0004_all  applied") && status.contains("exit 0"),
            "{status}"
        );
        let down = say(&project, &["down"], Some(database));
        assert!(down.contains("reverted 0004_all"), "{down}");
        let up = say(&project, &["up"], Some(database));
        assert!(up.contains("applied 0004_all"), "{up}");
    }
}

#[test]
fn what_a_plan_would_not_write_again_stops_a_squash() {
    let project = shop();
    let changed = SHOP.replace("  name ", "  notes  text?\n  name ");
    project.write("shop.pilaster", &changed);
    project.run(&["generate"]);
    let file = "migrations/0002_add_products_notes/up.sql";
    append(
        &project,
        file,
        "insert into products (name, price) values ('chair', 40);",
    );
    append(
        &project,
        file,
        "create view cheap as select id from products where price < 5;",
    );
    let before = project.files();
    let said = say(&project, &["squash"], None);
    assert_eq!(before, project.files());
    insta::assert_snapshot!(said);
}

#[test]
fn a_squash_that_was_edited_is_named() {
    let project = four();
    say(&project, &["squash", "--to", "2"], None);
    append(&project, "migrations/0002_squashed/up.sql", "select 1;");
    let said = [
        say(&project, &["verify"], None),
        say(&project, &["squash", "--to", "9"], None),
        say(&project, &["rehash"], None),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn one_migration_is_not_folded() {
    let project = four();
    insta::assert_snapshot!(say(&project, &["squash", "--to", "1"], None));
}
