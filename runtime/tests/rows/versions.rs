//! Documents of older versions of a shape, read as new ones.

use pilaster::postgres::error::SqlState;
use pilaster::{Insert, Numeric, Row};

use super::database;
use super::schema::*;

fn profile(title: &str, tags: &[&str], locale: ProfileLocale) -> Profile {
    Profile {
        title: title.into(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        score: "1.50".parse::<Numeric>().expect("a number"),
        locale,
    }
}

#[test]
fn documents_of_every_version_are_stored_and_read_as_the_newest() {
    let (_database, mut client) = database();
    for document in [
        r#"{"name": "a", "score": 1.50}"#,
        r#"{"name": "b", "tag": "x", "score": 1.50}"#,
        r#"{"title": "c", "tag": null, "score": 1.50}"#,
        r#"{"title": "d", "tag": "y", "score": 1.50}"#,
        r#"{"title": "e", "tags": ["p", "q"], "score": 1.50, "locale": "fr"}"#,
    ] {
        let sql = format!("INSERT INTO profiles (profile) VALUES ('{document}')");
        client.batch_execute(&sql).expect(document);
    }
    let new = NewProfileRow::new(profile("f", &[], ProfileLocale::Fr));
    new.insert(&mut client).expect("the newest");
    let all = ProfileRow::query().order_by(ProfileRow::ID.asc());
    let read: Vec<Profile> = all
        .all(&mut client)
        .expect("every version")
        .into_iter()
        .map(|row| row.profile)
        .collect();
    let en = ProfileLocale::En;
    assert_eq!(
        read,
        [
            profile("a", &[], en),
            profile("b", &["x"], en),
            profile("c", &[], en),
            profile("d", &["y"], en),
            profile("e", &["p", "q"], ProfileLocale::Fr),
            profile("f", &[], ProfileLocale::Fr),
        ]
    );
    // Every digit is kept on the way.
    assert_eq!(read[0].score.to_string(), "1.50");
}

#[test]
fn server_and_rust_refuse_what_is_of_no_version() {
    let (_database, mut client) = database();
    for document in [
        r#"{"title": "a", "score": 1, "locale": "fr"}"#,
        r#"{"name": "a", "tags": [], "score": 1}"#,
        r#"{"name": "a", "title": "a", "score": 1}"#,
        r#"{"score": 1}"#,
    ] {
        let sql = format!("INSERT INTO profiles (profile) VALUES ('{document}')");
        let refused = client.batch_execute(&sql).expect_err(document);
        assert_eq!(
            refused.code(),
            Some(&SqlState::CHECK_VIOLATION),
            "{document}"
        );
        assert!(
            pilaster::json::from_str::<Profile>(document).is_err(),
            "{document}"
        );
    }
}
