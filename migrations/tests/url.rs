//! Addresses of databases: what is read, what is shown, and what is never shown.

use migrations::{Url, UrlError};

fn shown(text: &str) -> String {
    text.parse::<Url>()
        .map_or_else(|error| format!("failed to {error}"), |url| url.to_string())
}

fn exposed(text: &str) -> String {
    text.parse::<Url>().unwrap().expose()
}

#[test]
fn both_forms_are_read_and_shown_as_one() {
    for (text, expected) in [
        ("postgres://h/d", "postgres://h/d"),
        (
            "postgresql://u:secret@h:5433/d",
            "postgres://u:***@h:5433/d",
        ),
        ("postgres://u:@h/d", "postgres://u:***@h/d"),
        (
            "postgres://u@%2Frun%2Fpostgresql/d",
            "postgres://u@%2Frun%2Fpostgresql/d",
        ),
        ("postgres://u@[::1]:5433/d", "postgres://u@[::1]:5433/d"),
        ("postgres://a:1,b:2/d", "postgres://a:1,b:2/d"),
        ("postgres:///d?host=/tmp&user=u", "postgres://u@%2Ftmp/d"),
        (
            "host=h port=5433 user=u password=secret dbname=d",
            "postgres://u:***@h:5433/d",
        ),
        ("port=5433 host=a,b", "postgres://a:5433,b:5433/"),
        ("host = h  user = 'a b'", "postgres://a%20b@h/"),
        (
            "postgres://h/d?sslmode=require&application_name=x%20y",
            "postgres://h/d?sslmode=require&application_name=x%20y",
        ),
        (
            "postgres://h/d?schema=public&pgbouncer=true&connection_limit=1",
            "postgres://h/d",
        ),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn what_is_shown_reads_back_as_the_same_address() {
    for text in [
        r"host=h user='o\'brien' password='a b\\c%@/?' dbname=d options='-c search_path=x'",
        "postgres://u:p%40ss%2Fword@h:5433/d?sslmode=verify-full&sslrootcert=%2Fca.crt",
        "postgres://u@[::1]:5433/d",
    ] {
        let url: Url = text.parse().unwrap();
        assert_eq!(url.expose().parse::<Url>().unwrap(), url, "{text}");
    }
    assert_eq!(
        exposed("postgres://u:p%40ss@h/d"),
        "postgres://u:p%40ss@h/d"
    );
    assert_eq!(exposed("postgres://u:p@ss@h/d"), "postgres://u:p%40ss@h/d");
}

#[test]
fn faults_are_named_without_repeating_the_text() {
    for (text, expected) in [
        ("mysql://u:hunter2@h/d", UrlError::Form),
        ("hunter2", UrlError::Form),
        ("postgres://u:hunter2%zz@h/d", UrlError::Escape),
        ("postgres://u:hunter2/x@h/d", UrlError::Port),
        ("postgres://h:0/d", UrlError::Port),
        (
            "postgres://u:?hunter2=x@h/d",
            UrlError::Parameter {
                position: 1,
                in_password: true,
            },
        ),
        (
            "postgres://h/d?sslmode=prefer&hunter2=x",
            UrlError::Parameter {
                position: 2,
                in_password: false,
            },
        ),
        (
            "host=h password=hunter1 hunter2=x",
            UrlError::Parameter {
                position: 3,
                in_password: false,
            },
        ),
        (
            "postgres://h/d?connect_timeout=hunter2",
            UrlError::Value {
                name: "connect_timeout",
            },
        ),
        (
            "postgres://h/d?sslmode=hunter2",
            UrlError::Value { name: "sslmode" },
        ),
        (
            "postgres://h/d?sslmode=require&sslrootcert=system",
            UrlError::WeakSystemRoots,
        ),
    ] {
        let error = text.parse::<Url>().expect_err(text);
        assert_eq!(error, expected, "{text}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn debug_shows_no_password() {
    let url: Url = "postgres://u:hunter2@h/d".parse().unwrap();
    assert_eq!(format!("{url:?}"), "Url(postgres://u:***@h/d)");
    assert_eq!(url.with_database("e").to_string(), "postgres://u:***@h/e");
    assert_eq!(url.with_user("v", None).expose(), "postgres://v@h/d");
}
