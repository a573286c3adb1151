//! Shapes that change while rows hold documents, on a real server: up with what was written before,
//! and down again.

#[path = "documents/ground.rs"]
mod ground;

use conformance::server::Server;
use ground::{Ground, online, read};
use migrations::apply::script;
use migrations::plan::{HazardKind, Options, Plan, Way, plan, plan_down, questions};
use migrations::render;
use model::schema::Schema;

fn sql(plan: &Plan) -> Vec<&str> {
    plan.statements().map(|s| s.sql.as_str()).collect()
}

const TABLE: &str = "table deals {\n  id  bigint  primary key\n  wish  jsonb<Wish>\n}\n";

fn wish(fields: &str) -> String {
    format!("json Wish {{\n{fields}\n}}\n{TABLE}")
}

/// Up and down over those documents, as they are before, after, and again.
fn round(from: &str, to: &str, before: &[&str], after: &[&str], again: &[&str]) {
    for options in [online(), Options::default()] {
        let rows: Vec<String> = before
            .iter()
            .enumerate()
            .map(|(n, d)| format!("({n}, '{d}')"))
            .collect();
        let rows = format!("INSERT INTO deals VALUES {}", rows.join(", "));
        let mut ground = Ground::new(from, to, &rows);
        assert_eq!(ground.unfit(Way::Forth), [], "{to}");
        let up = ground.up(&options);
        assert_eq!(
            ground.documents("deals", "wish"),
            after,
            "{}",
            render::script(&up)
        );
        assert_eq!(ground.unfit(Way::Back), []);
        let down = ground.down(&options);
        assert_eq!(
            ground.documents("deals", "wish"),
            again,
            "{}",
            render::script(&down)
        );
    }
}

#[test]
fn a_wider_shape_reads_no_row_again() {
    let from = wish("dogs boolean?\nseats integer(1..4)\nmood 'good' | 'bad'");
    let to = wish("dogs boolean?\nseats integer(0..9)?\nmood 'good' | 'bad' | 'none'\nplace text?");
    let mut ground = Ground::new(
        &from,
        &to,
        "INSERT INTO deals VALUES (1, '{\"seats\": 2, \"mood\": \"good\"}')",
    );
    let up = ground.up(&online());
    let all = sql(&up);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(
        all[0].starts_with("CREATE OR REPLACE FUNCTION"),
        "{}",
        all[0]
    );
    let comment = up.steps[0].statements[0].comment.as_deref().unwrap();
    assert!(comment.contains("need not be read again"), "{comment}");
    assert!(questions(&ground.from, &ground.to, Way::Forth).is_empty());
    // The way back narrows, so it asks.
    assert_eq!(questions(&ground.to, &ground.from, Way::Back).len(), 1);
    ground
        .client
        .batch_execute("INSERT INTO deals VALUES (2, '{\"mood\": \"none\"}')")
        .unwrap();
    let found = ground.unfit(Way::Back);
    assert_eq!(
        (found[0].refused, found[0].rows, &found[0].keys[..]),
        (1, 2, &["id = 2".to_owned()][..])
    );
}

#[test]
fn a_shape_within_another_is_judged_anew_for_the_column() {
    let model = |limit: u32| {
        format!(
            "json Room {{ seats integer(0..{limit}) }}\njson Wish {{ rooms Room[]? }}\n{TABLE}\
             table lists {{\n  id  bigint  primary key\n  rooms  jsonb<Room[]>?\n}}\n"
        )
    };
    let rows = r#"INSERT INTO deals VALUES (1, '{"rooms": [{"seats": 9}]}'), (2, '{}');
        INSERT INTO lists VALUES (1, null), (2, '[{"seats": 8}]'), (3, '[]')"#;
    let mut ground = Ground::new(&model(9), &model(5), rows);
    let found: Vec<String> = ground
        .unfit(Way::Forth)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "1 of 2 documents in deals.wish would not fit: id = 1",
            "1 of 2 documents in lists.rooms would not fit: id = 2",
        ]
    );
    let up = plan(&ground.from, &ground.to, &online()).unwrap();
    let error = script(&mut ground.client, &render::script(&up))
        .unwrap_err()
        .to_string();
    assert!(error.contains("23514"), "{error}");
    let warned = up.statements().filter(|s| {
        s.comment
            .as_deref()
            .is_some_and(|c| c.contains("Room.seats"))
    });
    assert_eq!(warned.count(), 2, "{}", render::script(&up));
}

#[test]
fn missing_keys_are_filled_and_former_names_kept() {
    round(
        &wish("name text\nold integer?\nnote text?"),
        &wish(
            "title text was name\ncount integer was old default 1\nnote text default 'none'\nopen boolean default true",
        ),
        &[
            r#"{"name": "a"}"#,
            r#"{"old": 7, "name": "b", "note": null}"#,
            r#"{"old": null, "name": "c", "note": "x"}"#,
        ],
        &[
            r#"{"note": "none", "open": true, "count": 1, "title": "a"}"#,
            r#"{"note": "none", "open": true, "count": 7, "title": "b"}"#,
            r#"{"note": "x", "open": true, "count": 1, "title": "c"}"#,
        ],
        &[
            r#"{"old": 1, "name": "a", "note": "none"}"#,
            r#"{"old": 7, "name": "b", "note": "none"}"#,
            r#"{"old": 1, "name": "c", "note": "x"}"#,
        ],
    );
}

#[test]
fn values_are_wrapped_and_taken_out_again() {
    round(
        &wish("tag text\nprice numeric"),
        &wish("tag text[]\nprice { amount numeric, currency text(3..3) default 'EUR' }"),
        &[r#"{"tag": "a", "price": 1.50}"#],
        &[r#"{"tag": ["a"], "price": {"amount": 1.50, "currency": "EUR"}}"#],
        &[r#"{"tag": "a", "price": 1.50}"#],
    );
}

#[test]
fn every_depth_is_reached() {
    let from = "json Node { name text, kids Node[]? }
json Wish {
  rooms { seats integer, tags text[] }[]
  by map<Node>?
  pay Pay?
}
json Pay by kind {
  'card' { last text }
  'iban' { iban text }
}
";
    let to = from
        .replace(
            "{ name text,",
            "{ title text was name, weight integer default 0,",
        )
        .replace("{ seats integer,", "{ places integer was seats,")
        .replace("{ last text }", "{ last4 text was last }");
    round(
        &format!("{from}{TABLE}"),
        &format!("{to}{TABLE}"),
        &[
            r#"{"rooms": [{"seats": 1, "tags": []}, {"seats": 2, "tags": ["x"]}]}"#,
            r#"{"by": {"k": {"name": "a", "kids": [{"name": "b"}]}}, "rooms": [], "pay": {"kind": "card", "last": "1"}}"#,
            r#"{"by": null, "rooms": [], "pay": {"iban": "DE", "kind": "iban"}}"#,
        ],
        &[
            r#"{"rooms": [{"tags": [], "places": 1}, {"tags": ["x"], "places": 2}]}"#,
            r#"{"by": {"k": {"kids": [{"title": "b", "weight": 0}], "title": "a", "weight": 0}}, "pay": {"kind": "card", "last4": "1"}, "rooms": []}"#,
            r#"{"by": null, "pay": {"iban": "DE", "kind": "iban"}, "rooms": []}"#,
        ],
        &[
            r#"{"rooms": [{"tags": [], "seats": 1}, {"tags": ["x"], "seats": 2}]}"#,
            r#"{"by": {"k": {"kids": [{"name": "b"}], "name": "a"}}, "pay": {"kind": "card", "last": "1"}, "rooms": []}"#,
            r#"{"by": null, "pay": {"iban": "DE", "kind": "iban"}, "rooms": []}"#,
        ],
    );
}

#[test]
fn what_goes_is_said_to_be_lost() {
    let (from, to) = (wish("a integer?\nb integer?"), wish("a integer?"));
    let mut ground = Ground::new(
        &from,
        &to,
        r#"INSERT INTO deals VALUES (1, '{"a": 1, "b": 2}')"#,
    );
    let up = ground.up(&online());
    let lost: Vec<_> = up
        .hazards()
        .filter(|(_, h)| h.kind == HazardKind::DataLoss)
        .collect();
    assert_eq!(lost.len(), 1);
    assert!(
        lost[0].1.message.contains("Wish.b"),
        "{}",
        lost[0].1.message
    );
    assert_eq!(ground.documents("deals", "wish"), [r#"{"a": 1}"#]);
    ground.down(&online());
    // The way back of what came is lossy as well.
    let down = plan_down(&ground.to, &ground.from, &online()).unwrap();
    assert!(
        down.steps
            .iter()
            .any(|s| s.lossy.as_deref().is_some_and(|l| l.contains("Wish.b")))
    );
}

#[test]
fn an_open_object_gets_its_new_names_too() {
    round(
        &wish("old text?\n..."),
        &wish("new text? was old\n..."),
        &[r#"{"old": "x", "more": 1}"#, r#"{"more": 2}"#],
        &[r#"{"new": "x", "more": 1}"#, r#"{"more": 2}"#],
        &[r#"{"old": "x", "more": 1}"#, r#"{"more": 2}"#],
    );
}

#[test]
fn unchecked_documents_and_new_shapes_of_old_columns() {
    let from = format!("unchecked json Wish {{\n  old text?\n}}\n{TABLE}");
    let to = format!("json Wish {{\n  name text? was old\n}}\n{TABLE}");
    let rows = r#"INSERT INTO deals VALUES (1, '{"old": "x"}'), (2, '[1]'), (3, '{}')"#;
    let mut ground = Ground::new(&from, &to, rows);
    assert_eq!(ground.unfit(Way::Forth)[0].keys, ["id = 2"]);
    ground
        .client
        .batch_execute("DELETE FROM deals WHERE id = 2")
        .unwrap();
    ground.up(&online());
    assert_eq!(
        ground.documents("deals", "wish"),
        [r#"{"name": "x"}"#, "{}"]
    );

    let bare = "table deals {\n  id  bigint  primary key\n  wish  jsonb\n}\n";
    let mut ground = Ground::new(
        bare,
        &wish("a integer"),
        r#"INSERT INTO deals VALUES (7, '{}')"#,
    );
    assert_eq!(
        ground.unfit(Way::Forth)[0].to_string(),
        "1 of 1 documents in deals.wish would not fit: id = 7"
    );
}

#[test]
fn partitions_renamed_columns_and_arrays_of_shapes() {
    let from = "json Step { text text }
table runs partition by range (day) {
  id     bigint
  day    date
  steps  jsonb<Step[]>?
  primary key (id, day)
}
table runs_2026 partition of runs for values from ('2026-01-01') to ('2027-01-01')
table runs_rest partition of runs default
";
    let to = from
        .replace(
            "{ text text }",
            "{ body text was text, done boolean default false }",
        )
        .replace(
            "steps  jsonb<Step[]>?",
            "plan  jsonb<Step[](..3)>?  was steps",
        );
    let rows = r#"INSERT INTO runs VALUES (1, '2026-03-01', '[{"text": "a"}, {"text": "b"}]'),
        (2, '2030-01-01', '[]'), (3, '2031-01-01', null)"#;
    let mut ground = Ground::new(from, &to, rows);
    assert_eq!(ground.unfit(Way::Forth), []);
    ground.up(&online());
    let first = r#"[{"body": "a", "done": false}, {"body": "b", "done": false}]"#;
    assert_eq!(ground.documents("runs", "plan"), [first, "[]", "NULL"]);
    ground.down(&online());
    let first = r#"[{"text": "a"}, {"text": "b"}]"#;
    assert_eq!(ground.documents("runs", "steps"), [first, "[]", "NULL"]);
}

#[test]
fn frozen_rows_and_forced_row_security_stand_aside() {
    let model = |field: &str| {
        format!(
            "json Note {{ {field} }}
table mails {{
  id      bigint  primary key
  status  text  in ('open', 'sent')
  note    jsonb<Note>
  transitions status {{
    open -> sent
    frozen sent except (status)
  }}
  policy nobody for select to public using (id < 0)
  rls forced
}}
"
        )
    };
    let (from, to) = (model("a text"), model("b text was a"));
    let database = Server::shared().database().unwrap();
    let mut client = database.connect().unwrap();
    let role = format!("documents_owner_{}", std::process::id());
    client
        .batch_execute(&format!(
            "CREATE ROLE {role}; GRANT ALL ON SCHEMA public TO {role}; SET ROLE {role}"
        ))
        .unwrap();
    let (from, to) = (read(&from), read(&to));
    let first = plan(&Schema::default(), &from, &Options::default()).unwrap();
    script(&mut client, &render::script(&first)).unwrap();
    client
        .batch_execute(r#"RESET ROLE; INSERT INTO mails VALUES (1, 'sent', '{"a": "x"}')"#)
        .unwrap();
    client.batch_execute(&format!("SET ROLE {role}")).unwrap();
    let up = plan(&from, &to, &online()).unwrap();
    let done = script(&mut client, &render::script(&up));
    client.batch_execute("RESET ROLE").unwrap();
    let note: String = client
        .query_one("SELECT note::text FROM mails", &[])
        .unwrap()
        .get(0);
    let frozen = client.batch_execute(r#"UPDATE mails SET note = '{"b": "y"}'"#);
    let forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'mails'";
    let forced: bool = client.query_one(forced, &[]).unwrap().get(0);
    client
        .batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
        .unwrap();
    assert!(done.is_ok(), "{:?}\n{}", done, render::script(&up));
    assert_eq!(note, r#"{"b": "x"}"#);
    assert!(frozen.is_err() && forced);
}

#[test]
fn a_new_version_leaves_old_documents_as_they_are() {
    let from = wish("name text\ntag text?");
    let to = format!(
        "json V1 {{\nname text\ntag text?\n}}\njson Wish reads V1 {{\ntitle text was name\ntags text[] was tag default '[]'\n}}\n{TABLE}"
    );
    let rows = r#"INSERT INTO deals VALUES (1, '{"name": "a"}'), (2, '{"name": "b", "tag": "x"}')"#;
    let mut ground = Ground::new(&from, &to, rows);
    let before = ground.documents("deals", "wish");
    let up = ground.up(&online());
    let all = sql(&up).join("\n");
    assert!(!all.contains("UPDATE"), "{all}");
    assert!(!all.contains("VALIDATE"), "{all}");
    assert_eq!(ground.documents("deals", "wish"), before);
    ground
        .client
        .batch_execute(r#"INSERT INTO deals VALUES (3, '{"title": "c", "tags": []}')"#)
        .unwrap();
    // The way back asks about what is of the new version alone.
    assert_eq!(ground.unfit(Way::Back)[0].refused, 1);
}
