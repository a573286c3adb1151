//! The story that `main` tells, word for word, and the changelog that the history tells.

use std::path::Path;

use tripsage::{changelog, ground, story};

#[test]
fn a_trip_is_planned_booked_and_remembered() {
    let server = match ground::server_for_tests() {
        Ok(server) => server,
        Err(skipped) => return println!("{skipped}"),
    };
    let (database, mut client) = ground::database(&server, |_| {}).expect("a database");
    let mut told = Vec::new();
    let mut another = || Ok(database.connect()?);
    story::tell(&mut client, &mut another, &mut told).expect("the story");
    insta::assert_snapshot!(String::from_utf8_lossy(&told));
}

#[test]
fn the_changelog_is_what_the_history_says() {
    let told = changelog::changelog(&ground::migrations()).expect("the history");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md");
    if std::env::var_os("TRIPSAGE_CHANGELOG").is_some() {
        std::fs::write(&file, &told).expect("the file is written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        kept, told,
        "TRIPSAGE_CHANGELOG=write cargo test -p tripsage brings it up to date"
    );
}
