//! `migrate verify` and `migrate baseline`: a history proven on a server, and taken over.

use conformance::server::Server;

use super::{Project, SHOP};

/// The shop with its first migration, and a second that adds notes.
fn shop() -> Project {
    let project = Project::new(SHOP);
    project.run(&["generate"]);
    let changed = SHOP.replace("  name ", "  notes  text?\n  name ");
    project.write("shop.pilaster", changed);
    project.run(&["generate"]);
    project
}

/// What `verify` says, without times and without the line about the server.
fn verify(project: &Project) -> String {
    let said = project.run(&["migrate", "verify"]);
    let lines = said.lines().filter(|line| !line.starts_with("postgres "));
    let cut = |line: &str| match line.split_once(" (") {
        Some((before, rest)) if rest.ends_with(" ms)") => before.to_owned(),
        _ => line.to_owned(),
    };
    lines.map(cut).collect::<Vec<_>>().join("\n")
}

/// Puts SQL behind a file of the last migration, as a hand would.
fn append(project: &Project, file: &str, sql: &str) {
    let text = project.read(file);
    project.write(file, format!("{text}\n{sql}\n"));
}

#[test]
fn a_sound_history_is_proven() {
    insta::assert_snapshot!(verify(&shop()));
}

#[test]
fn what_a_hand_broke_is_named() {
    let forgets = shop();
    append(
        &forgets,
        "migrations/0002_add_products_notes/up.sql",
        "CREATE VIEW public.cheap AS SELECT id FROM public.products WHERE price < 5;",
    );
    let refused = shop();
    append(
        &refused,
        "migrations/0002_add_products_notes/down.sql",
        "ALTER TABLE public.products DROP COLUMN colour;",
    );
    insta::assert_snapshot!([verify(&forgets), verify(&refused)].join("\n\n"));
}

#[test]
fn a_way_down_that_loses_data_is_labelled_and_rows_that_stand_against_a_constraint_are_told() {
    let project = shop();
    project.run(&["generate", "--allow", "data_loss"]);
    let changed = SHOP.replace("  name   varchar(80)  unique\n", "  stock  integer\n");
    project.write("shop.pilaster", changed);
    let said = project.run(&["generate", "--allow", "data_loss", "--name", "only_stock"]);
    assert!(said.contains("exit 0"), "{said}");
    insta::assert_snapshot!(verify(&project));
}

#[test]
fn a_database_that_has_the_schema_is_adopted() {
    let project = shop();
    let server = Server::shared();
    let database = server.database().unwrap();
    let url = database.url().expose();
    let with = [("DATABASE_URL", url.as_str())];
    let migrate = |args: &[&str]| {
        let said = project.run_with(&[&["migrate"], args].concat(), &with);
        let lines = said.lines().filter(|line| !line.starts_with("postgres "));
        let cut = |line: &str| line.split("  applied ").next().unwrap().to_owned();
        lines.map(cut).collect::<Vec<_>>().join("\n")
    };
    let mut client = database.connect().unwrap();
    let up = project.read("migrations/0001_initial/up.sql");
    client.batch_execute(&up).unwrap();
    client
        .batch_execute("insert into products (name, price) values ('chair', 40)")
        .unwrap();
    let mut said = vec![migrate(&["baseline"]), migrate(&["status"])];
    said.push(migrate(&["baseline", "--to", "1"]));
    said.push(migrate(&["baseline", "--to", "1"]));
    said.push(migrate(&["up"]).split(" (").next().unwrap().to_owned());
    insta::assert_snapshot!(said.join("\n"));
    let kept: i64 = client
        .query_one("select count(*) from products where notes is null", &[])
        .unwrap()
        .get(0);
    assert_eq!(kept, 1);
}

#[test]
fn an_address_that_shows_a_transaction_pooler_is_told_before_it_is_asked() {
    let project = shop();
    let said: Vec<String> = [
        "postgres://app@nowhere.invalid:6543/shop",
        "postgres://app@nowhere.invalid/shop?pgbouncer=true",
    ]
    .iter()
    .map(|url| project.run_with(&["migrate", "up"], &[("DATABASE_URL", url)]))
    .collect();
    insta::assert_snapshot!(said.join("\n"));
}
