//! A value of every type goes to the server and comes back.

use pilaster::postgres::Client;
use pilaster::{Insert, PgEnum, Row};

use super::database;
use super::schema::*;

/// Value → server → value, and the server's own text of what arrived against ours.
#[test]
fn every_type_comes_back_as_it_was() {
    let (_database, mut client) = database();
    client
        .batch_execute("SET IntervalStyle = iso_8601; SET TimeZone = 'UTC'")
        .unwrap();
    let cases: &[(&str, &[&str])] = &[
        ("boolean", &["true", "false"]),
        ("small", &["-32768", "32767"]),
        ("big", &["-9223372036854775808", "9223372036854775807"]),
        (
            "double",
            &["0.1", "1.7976931348623157e+308", "NaN", "-Infinity"],
        ),
        (
            "exact",
            &[
                "0",
                "0.000",
                "-1",
                "10000",
                "0.0001",
                "0.00001234",
                "-12345678901234567890.0123456789",
                "NaN",
                "Infinity",
                "-Infinity",
                "1e400",
                "1e-300",
                "99999999",
                "100000000.00000001",
            ],
        ),
        ("priced", &["12345678.90", "-0.01"]),
        ("words", &["", "größe 'quoted' \"twice\" \\ \n"]),
        ("letters", &["abc"]),
        ("bytes", &["\\x", "\\x00ff"]),
        ("unique_id", &["6f9619ff-8b86-d011-b42d-00c04fc964ff"]),
        ("day", &["2024-02-29", "0001-01-01", "4713-01-01 BC"]),
        (
            "local",
            &["2024-02-29 23:59:59.123456", "20000-01-01 00:00:00"],
        ),
        ("instant", &["2024-02-29 23:59:59.123456+00"]),
        ("clock", &["00:00:00", "24:00:00", "23:59:59.000001"]),
        (
            "zoned_clock",
            &[
                "24:00:00+00",
                "12:30:00.5-08",
                "01:02:03+05:30",
                "01:02:03-15:59:59",
            ],
        ),
        (
            "span",
            &[
                "PT0S",
                "P1Y2M3DT4H5M6.789S",
                "P-1Y-2M3DT-4H-5M-6.7S",
                "PT-0.000001S",
                "P178000000Y",
            ],
        ),
        ("document", &[r#"{"a": [1, null, "x"]}"#, "null", "1.5"]),
        ("document_text", &[r#"{"b":1,"a":2}"#]),
        (
            "host",
            &[
                "192.168.0.1",
                "192.168.0.1/24",
                "2001:db8::1/64",
                "::",
                "::ffff:1.2.3.4",
            ],
        ),
        (
            "network",
            &["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "1.2.3.4/32"],
        ),
        ("mac", &["08:00:2b:01:02:03"]),
        ("mac8", &["08:00:2b:01:02:03:04:05"]),
        ("flags", &["10110", "00000"]),
        ("more_flags", &["", "1", "101100111"]),
        ("place", &["(1.5,-2)"]),
        (
            "days",
            &["empty", "(,)", "[2024-01-01,2024-02-01)", "(,2024-02-01)"],
        ),
        (
            "moments",
            &["(\"2024-01-01 00:00:00+00\",\"2024-01-02 00:00:00.5+00\"]"],
        ),
        ("counts", &["[1,10)", "empty", "[5,)"]),
        ("many_counts", &["{}", "{[1,3),[5,9)}", "{(,)}"]),
        ("amounts", &["{[0.1,0.20],(5,)}"]),
        ("prices", &["(0.1,100000000000000000000.5]"]),
        ("many_prices", &["{[1,2),(3,4]}"]),
        ("tags", &["{}", "{a,\"b c\",\"\"}"]),
        ("exacts", &["{1.50,NaN}"]),
        ("moods", &["{calm,in-a-hurry,\"2nd thoughts\"}"]),
        ("emails", &["{a@b,c@d}"]),
        ("search", &["'a':1 'b'"]),
        ("searches", &["{'a':1,'b'}"]),
        ("position", &["16/B374D848"]),
    ];
    for (column, texts) in cases {
        for text in *texts {
            let set = format!(
                "WITH gone AS (DELETE FROM \"values\") \
                 INSERT INTO \"values\" ({column}) SELECT $1::text::{} RETURNING format('%s', {column})",
                type_of(&mut client, column)
            );
            let stored: String = client.query_one(&set, &[text]).unwrap().get(0);
            let row = ValueRow::all(&mut client).unwrap().pop().unwrap();
            client.batch_execute("DELETE FROM \"values\"").unwrap();
            let again = as_new(&row).insert(&mut client).unwrap();
            // NaN is unequal to itself as an f64.
            assert!(again == row || *text == "NaN", "{column}: {text}");
            let sent = format!("SELECT format('%s', {column}) FROM \"values\"");
            let sent: String = client.query_one(&sent, &[]).unwrap().get(0);
            assert_eq!(sent, stored, "{column}: {text}");
            if let Some(ours) = ours(&row, column) {
                assert_eq!(ours, stored, "{column}: {text}");
            }
        }
    }
}

fn as_new(row: &ValueRow) -> NewValueRow {
    let row = row.clone();
    NewValueRow {
        boolean: row.boolean,
        small: row.small,
        normal: row.normal,
        big: row.big,
        single: row.single,
        double: row.double,
        exact: row.exact,
        priced: row.priced,
        words: row.words,
        letters: row.letters,
        bytes: row.bytes,
        unique_id: row.unique_id,
        day: row.day,
        local: row.local,
        instant: row.instant,
        clock: row.clock,
        zoned_clock: row.zoned_clock,
        span: row.span,
        document: row.document,
        document_text: row.document_text,
        host: row.host,
        network: row.network,
        mac: row.mac,
        mac8: row.mac8,
        flags: row.flags,
        more_flags: row.more_flags,
        place: row.place,
        days: row.days,
        moments: row.moments,
        counts: row.counts,
        many_counts: row.many_counts,
        amounts: row.amounts,
        prices: row.prices,
        many_prices: row.many_prices,
        tags: row.tags,
        exacts: row.exacts,
        moods: row.moods,
        emails: row.emails,
        search: row.search,
        searches: row.searches,
        position: row.position,
        key: Some(row.key),
    }
}

fn type_of(client: &mut Client, column: &str) -> String {
    let text = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute \
                WHERE attrelid = '\"values\"'::regclass AND attname = $1";
    client.query_one(text, &[&column]).unwrap().get(0)
}

/// How our types print themselves, for those that print as the server does.
fn ours(row: &ValueRow, column: &str) -> Option<String> {
    fn text(value: &Option<impl ToString>) -> Option<String> {
        value.as_ref().map(ToString::to_string)
    }
    match column {
        "exact" => text(&row.exact),
        "priced" => text(&row.priced),
        "clock" => text(&row.clock),
        "zoned_clock" => text(&row.zoned_clock),
        "span" => text(&row.span),
        "host" => text(&row.host),
        "network" => text(&row.network),
        "mac" => text(&row.mac),
        "mac8" => text(&row.mac8),
        "flags" => text(&row.flags),
        "more_flags" => text(&row.more_flags),
        "place" => text(&row.place),
        "days" => text(&row.days),
        "counts" => text(&row.counts),
        "many_counts" => text(&row.many_counts),
        "amounts" => text(&row.amounts),
        "prices" => text(&row.prices),
        _ => None,
    }
}

#[test]
fn text_of_a_value_reads_back() {
    for text in ["00:00:00", "24:00:00", "12:30:00.5"] {
        assert_eq!(text.parse::<pilaster::Time>().unwrap().to_string(), text);
    }
    for text in [
        "24:00:00+00",
        "12:30:00.5-08",
        "01:02:03+05:30",
        "01:02:03-15:59:59",
    ] {
        assert_eq!(text.parse::<pilaster::TimeTz>().unwrap().to_string(), text);
    }
    for text in ["192.168.0.1", "192.168.0.1/24", "2001:db8::1/64"] {
        assert_eq!(text.parse::<pilaster::Inet>().unwrap().to_string(), text);
    }
    assert!("10.0.0.1/8".parse::<pilaster::Cidr>().is_err());
    assert!("24:00:01".parse::<pilaster::Time>().is_err());
    assert_eq!(
        "08:00:2b:01:02:03".parse::<pilaster::MacAddr>().unwrap().0[2],
        0x2b
    );
    assert_eq!(Mood::ALL.len(), 3);
}
