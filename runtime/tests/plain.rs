//! A plain PostgreSQL, without any platform: identity comes from settings of one's own, in the language,
//! in the suite, and in transactions that act as somebody.

use conformance::server::Server;
use conformance::suite::{self, Ground, Outcome, Subject};
use migrations::{apply, plan, render};
use model::schema::Kind;
use model::{Color, Schema, Sources};
use pilaster::postgres::{Client, Transaction};
use pilaster::{AsUser, Error, Persona, Result};

const MODEL: &str = include_str!("plain.pilaster");

const ANN: &str = "00000000-0000-4000-8000-00000000000a";
const BEN: &str = "00000000-0000-4000-8000-00000000000b";

fn model() -> model::Model {
    let mut sources = Sources::new();
    sources.add("plain.pilaster", MODEL);
    let (model, faults) = model::load(&sources);
    let said = faults.render(&sources, Color::Never);
    assert!(!faults.has_errors(), "{said}");
    model
}

fn bodies(db: &mut Transaction<'_>) -> Result<Vec<String>> {
    let rows = db.query("SELECT body FROM invoices ORDER BY body", &[])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Makes the model's roles where they are not. They belong to the server, and the suite beside makes them too.
fn make_roles(client: &mut Client, schema: &Schema) {
    for role in schema.of_kind(Kind::Role) {
        let sql = format!(
            "DO $$ BEGIN CREATE ROLE {}; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$",
            role.id.name
        );
        client.batch_execute(&sql).unwrap();
    }
}

#[test]
fn the_suite_acts_as_each_persona_by_settings() {
    let subject = Subject::new("plain", model(), Vec::new());
    let tests = suite::tests(&subject, Some("what is meant"));
    assert!(tests.len() > 20, "{} cells", tests.len());
    let ground = Ground::new(subject, Server::shared().clone());
    let answers = suite::run(&ground, &tests, |_| {});
    let wrong: Vec<_> = answers
        .iter()
        .filter(|answer| answer.outcome != Outcome::Passed)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_transaction_acts_as_a_persona_by_settings() {
    let schema = model().schema;
    let database = Server::shared().database().unwrap();
    let mut client = database.connect().unwrap();
    make_roles(&mut client, &schema);
    let there = schema
        .clone()
        .retained(|node| matches!(node.id.kind, Kind::Schema | Kind::Role));
    let made = plan::plan(&there, &schema, &plan::Options::default()).unwrap();
    apply::script(&mut client, &render::script(&made)).unwrap();

    let clerk = |id: &str, tenant: &str| {
        Persona::new("plain_clerk")
            .setting("app.user", id)
            .setting("app.tenant", tenant)
    };
    let write = |body: &'static str, tenant: i32, author: &'static str| {
        move |db: &mut Transaction<'_>| -> Result<u64> {
            let sql = "INSERT INTO invoices (tenant, author, body) \
                VALUES ($1, ($2::text)::uuid, $3)";
            Ok(db.execute(sql, &[&tenant, &author, &body])?)
        }
    };
    client
        .as_user(clerk(ANN, "1"), write("ann's", 1, ANN))
        .unwrap();
    client
        .as_user(clerk(BEN, "1"), write("ben's", 1, BEN))
        .unwrap();
    let forged = client.as_user(clerk(BEN, "1"), write("forged", 1, ANN));
    assert!(matches!(forged, Err(Error::Database(_))), "{forged:?}");

    assert_eq!(
        client.as_user(clerk(ANN, "1"), bodies).unwrap(),
        ["ann's", "ben's"]
    );
    assert_eq!(client.as_user(clerk(ANN, "2"), bodies).unwrap(), [""; 0]);
    // Whose request says nothing is nobody.
    assert_eq!(
        client.as_user(Persona::new("plain_clerk"), bodies).unwrap(),
        [""; 0]
    );
    let guest = client.as_user(Persona::new("plain_guest"), bodies);
    assert!(matches!(guest, Err(Error::Database(_))), "{guest:?}");
    let changed = client.as_user(clerk(ANN, "1"), |db| -> Result<u64> {
        Ok(db.execute("UPDATE invoices SET body = body || '!'", &[])?)
    });
    assert_eq!(changed.unwrap(), 1);
}
