//! Migrations written by hand: begun, proven, edited and moved before they are applied.

use conformance::server::{Database, Server};

use super::{Project, SHOP, without_hashes};

/// The shop with its first migration.
pub(super) fn shop() -> Project {
    let project = Project::new(SHOP);
    let said = project.run(&["generate"]);
    assert!(said.contains("exit 0"), "{said}");
    project
}

/// What the command says, without times and without the line about the server.
pub(super) fn say(project: &Project, args: &[&str], database: Option<&Database>) -> String {
    let url = database.map_or_else(String::new, |database| database.url().expose());
    let said = project.run_with(&[&["migrate"], args].concat(), &[("DATABASE_URL", &url)]);
    let lines = said.lines().filter(|line| !line.starts_with("postgres "));
    let cut = |line: &str| match (line.split_once("  applied "), line.split_once(" (")) {
        (Some((name, rest)), _) => match rest.split_once(", ") {
            Some((_, more)) => format!("{name}  applied, {more}"),
            None => format!("{name}  applied"),
        },
        (_, Some((before, rest))) if rest.ends_with(" ms)") => before.to_owned(),
        _ => line.to_owned(),
    };
    lines.map(cut).collect::<Vec<_>>().join("\n")
}

/// Puts statements behind what a file says.
pub(super) fn append(project: &Project, file: &str, sql: &str) {
    let text = project.read(file);
    project.write(file, format!("{text}{sql}\n"));
}

pub(super) fn database() -> Database {
    Server::shared().database().unwrap()
}

const FOLDER: &str = "migrations/0002_raise_prices";

fn raised() -> Project {
    let project = shop();
    let said = project.run(&["migrate", "new", "raise_prices"]);
    assert!(said.contains("exit 0"), "{said}");
    project
}

#[test]
fn a_migration_begins_by_hand_with_the_schema_of_the_last_one() {
    let project = raised();
    let up = without_hashes(&project.read(&format!("{FOLDER}/up.sql")));
    let down = project.read(&format!("{FOLDER}/down.sql"));
    insta::assert_snapshot!([up, down].join("--------\n"));
    let schema = |folder: &str| {
        let text = project.read(&format!("migrations/{folder}/schema.pilaster"));
        text.split_once("\n\n").unwrap().1.to_owned()
    };
    assert_eq!(schema("0001_initial"), schema("0002_raise_prices"));
    assert!(project.run(&["generate", "--check"]).contains("exit 0"));
}

#[test]
fn what_is_not_written_yet_is_neither_proven_nor_applied() {
    let project = raised();
    let database = database();
    let said = [
        say(&project, &["verify"], None),
        say(&project, &["up"], Some(&database)),
        say(&project, &["status"], Some(&database)),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_change_of_rows_takes_part_in_the_proof() {
    let project = raised();
    append(
        &project,
        &format!("{FOLDER}/up.sql"),
        "update products set price = price + 1;",
    );
    let lossy = say(&project, &["verify"], None);
    // Without its label, a way back that does nothing is found out by the rows.
    let down = project.read(&format!("{FOLDER}/down.sql"));
    let (_, rest) = down.split_once("-- lossy").unwrap();
    let bare = down.replace(&format!("-- lossy{}", rest.split_once('\n').unwrap().0), "");
    project.write(&format!("{FOLDER}/down.sql"), &bare);
    let unlabelled = say(&project, &["verify"], None);
    let back = format!("{bare}update products set price = price - 1;\n");
    project.write(&format!("{FOLDER}/down.sql"), back);
    let proven = say(&project, &["verify"], None);
    insta::assert_snapshot!([lossy, unlabelled, proven].join("\n"));
}

#[test]
fn a_lossy_way_down_is_labelled_on_the_terminal() {
    let project = raised();
    append(
        &project,
        &format!("{FOLDER}/up.sql"),
        "update products set price = price + 1;",
    );
    let database = database();
    let said = [
        say(&project, &["up"], Some(&database)),
        say(&project, &["down"], Some(&database)),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn what_was_edited_before_it_is_applied_is_chained_anew_and_what_was_applied_is_not() {
    let project = raised();
    project.run(&["migrate", "new", "later"]);
    append(&project, "migrations/0003_later/up.sql", "select 1;");
    append(
        &project,
        &format!("{FOLDER}/up.sql"),
        "update products set price = 2;",
    );
    let broken = say(&project, &["status"], Some(&database()));
    let fresh = database();
    let mended = say(&project, &["rehash"], Some(&fresh));
    let applied = say(&project, &["up"], Some(&fresh));
    append(&project, &format!("{FOLDER}/up.sql"), "select 2;");
    let refused = say(&project, &["rehash"], Some(&fresh));
    let again = say(&project, &["rehash"], None);
    let nothing = say(&project, &["rehash"], None);
    insta::assert_snapshot!([broken, mended, applied, refused, again, nothing].join("\n"));
}

#[test]
fn the_second_of_two_that_have_one_number_is_moved_behind_the_first() {
    let project = raised();
    append(
        &project,
        &format!("{FOLDER}/up.sql"),
        "update products set price = price + 1;",
    );
    // The other branch: a column, planned, with the same number.
    let other = shop();
    let changed = SHOP.replace("  name ", "  notes  text?\n  name ");
    other.write("shop.pilaster", &changed);
    other.run(&["generate"]);
    project.write("shop.pilaster", &changed);
    for name in ["up.sql", "down.sql", "schema.pilaster"] {
        let file = format!("migrations/0002_add_products_notes/{name}");
        project.write(&file, other.read(&file));
    }
    let doubled = say(&project, &["verify"], None);
    std::fs::rename(
        project.path(FOLDER),
        project.path("migrations/0003_raise_prices"),
    )
    .unwrap();
    let moved = say(&project, &["rehash"], None);
    let proven = say(&project, &["verify"], None);
    insta::assert_snapshot!([doubled, moved, proven].join("\n"));
    // The schema of the one before it has come along.
    project.run(&["generate"]);
    assert!(!project.files().contains("0004"), "{}", project.files());
}
