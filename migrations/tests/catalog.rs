//! The catalog, read from a real server: every change made by hand shows on the right object, and
//! nothing else does. `CATALOG_TEST_URL` names a server of another major to ask instead.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use conformance::corpus::differences;
use conformance::server::{Server, Wanted};
use migrations::catalog::{
    self, Catalog, Marks, ReadOptions, completed, fingerprint, marks, moved,
};
use migrations::plan::{Options, plan};
use model::schema::{Object, Type};
use model::{Id, Kind};
use postgres::Client;

const FIXTURE: &str = include_str!("catalog/fixture.sql");
const CHANGES: &str = include_str!("catalog/changes.txt");

static SERVER: LazyLock<Server> = LazyLock::new(|| match std::env::var("CATALOG_TEST_URL") {
    Ok(url) => {
        let url = Some(url.parse().expect("an address"));
        let wanted = Wanted {
            url,
            ..Wanted::default()
        };
        Server::start(&wanted).expect("a server")
    }
    Err(_) => Server::shared().clone(),
});

/// Everything happens in one transaction that is never committed, roles included.
struct Session {
    client: Client,
    major: u32,
}

impl Session {
    fn new() -> Session {
        let server = &*SERVER;
        let mut client = server.connect().expect("a connection");
        client.batch_execute("BEGIN").expect("a transaction");
        client.batch_execute(FIXTURE).expect("the fixture");
        let major = server.version() / 10_000;
        Session { client, major }
    }

    fn read(&mut self) -> Catalog {
        let options = ReadOptions::default().in_transaction();
        catalog::read(&mut self.client, &options).expect("the catalog")
    }

    /// What is read again and again is prepared once.
    fn read_again(&mut self) -> Catalog {
        let options = ReadOptions {
            prepared: true,
            ..ReadOptions::default().in_transaction()
        };
        catalog::read(&mut self.client, &options).expect("the catalog")
    }

    fn read_only(&mut self, only: Option<Vec<u32>>) -> Catalog {
        let options = ReadOptions {
            only,
            ..ReadOptions::default().in_transaction()
        };
        catalog::read(&mut self.client, &options).expect("the catalog")
    }

    fn fingerprint(&mut self) -> String {
        fingerprint(&mut self.client, &[]).expect("the fingerprint")
    }

    fn undo_after<T>(&mut self, act: impl FnOnce(&mut Session) -> T) -> T {
        self.client
            .batch_execute("SAVEPOINT change")
            .expect("a savepoint");
        let result = act(self);
        let undo = "ROLLBACK TO change; RELEASE change";
        self.client.batch_execute(undo).expect("the way back");
        result
    }
}

/// A line of the table: what is expected, and the change.
fn changes(major: u32) -> impl Iterator<Item = (BTreeSet<String>, &'static str)> {
    let lines = CHANGES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(move |line| {
        let (expected, change) = line.split_once('|')?;
        let change = change.trim();
        let change = match change.strip_prefix('@') {
            Some(rest) => {
                let (since, change) = rest.split_once(' ')?;
                let (upto, since) = (since.strip_prefix('-'), since.trim_start_matches('-'));
                let bound = since.parse::<u32>().expect("a major");
                if (upto.is_some() && bound < major) || (upto.is_none() && bound > major) {
                    return None;
                }
                change
            }
            None => change,
        };
        let expected = expected.split('&').map(str::trim).filter(|e| !e.is_empty());
        Some((expected.map(str::to_owned).collect(), change))
    })
}

/// The differences in the table's words; a `!` stands before what no Schema has a place for.
fn said(before: &Catalog, after: &Catalog) -> BTreeSet<String> {
    let found = differences(&before.schema, &after.schema);
    let words = found.into_iter().map(|(id, what)| {
        let sign = match what.as_str() {
            "is only in the first" => "-",
            "is only in the second" => "+",
            _ => "",
        };
        format!("{sign}{} {id}", id.kind.word())
    });
    let lost = after
        .unmodelled
        .iter()
        .filter(|u| !before.unmodelled.contains(u));
    words
        .chain(lost.map(|lost| format!("! {}", lost.kind)))
        .collect()
}

#[test]
fn every_change_shows_on_the_right_object() {
    let mut session = Session::new();
    let before = session.read();
    assert_eq!(before.unmodelled, []);
    let untouched = session.fingerprint();
    let then = marks(&mut session.client).expect("the marks");
    let (mut count, mut faults, mut read) = (0, Vec::new(), Vec::new());
    for (expected, change) in changes(session.major) {
        count += 1;
        let found = session.undo_after(|session| {
            if let Err(error) = session.client.batch_execute(change) {
                return Err(format!("{change}\n  {error:?}"));
            }
            let after = session.read_again();
            let found = said(&before, &after);
            if found != expected {
                return Err(format!(
                    "{change}\n  expected {expected:?}\n  found    {found:?} {:?}",
                    after.unmodelled
                ));
            }
            if !found.is_empty() && session.fingerprint() == untouched {
                return Err(format!("{change}\n  the fingerprint is as before"));
            }
            match in_part(session, (&before, &then), &after, &mut read) {
                Some(fault) => Err(format!("{change}\n{fault}")),
                None => Ok(()),
            }
        });
        faults.extend(found.err());
    }
    assert!(
        faults.is_empty(),
        "{} of {count}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(count >= 250, "only {count} changes");
    let (parts, relations) = (read.len(), read.iter().sum::<usize>());
    assert!(
        parts * 5 > count * 4,
        "only {parts} of {count} were read in part"
    );
    assert!(
        relations < parts * 3,
        "{relations} relations for {parts} changes"
    );
    assert_eq!(said(&before, &session.read()), BTreeSet::new());
    assert_eq!(session.fingerprint(), untouched);
    let nothing = moved(&mut session.client, &then).expect("what moved");
    assert_eq!(nothing, Some(Vec::new()));
}

/// What is wrong where only what moved is read: that must find what reading everything finds, and
/// bring it back in the same steps.
fn in_part(
    session: &mut Session,
    (before, then): (&Catalog, &Marks),
    all: &Catalog,
    read: &mut Vec<usize>,
) -> Option<String> {
    let only = moved(&mut session.client, then).expect("what moved");
    let Some(oids) = &only else { return None };
    read.push(oids.len());
    let mut part = session.read_only(only);
    let held = std::mem::take(&mut part.schema);
    part.schema = completed(held, &part.unread, &before.schema);
    let (found, wanted) = (said(before, &part), said(before, all));
    if found != wanted {
        return Some(format!("  of all  {wanted:?}\n  of part {found:?}"));
    }
    let (found, wanted) = (back(&part, before), back(all, before));
    (found != wanted).then(|| format!("  of all  {wanted:#?}\n  of part {found:#?}"))
}

/// The statements that bring a database back.
fn back(from: &Catalog, to: &Catalog) -> Vec<String> {
    match plan(&from.schema, &to.schema, &Options::default()) {
        Ok(plan) => {
            let statements = plan.steps.iter().flat_map(|step| &step.statements);
            statements.map(|statement| statement.sql.clone()).collect()
        }
        Err(faults) => faults.iter().map(|fault| format!("{fault:?}")).collect(),
    }
}

#[test]
fn a_role_without_rights_reads_the_same_and_is_told_what_it_may_not_read() {
    let mut session = Session::new();
    let all = session.read();
    assert_eq!(all.unreadable, []);
    let plain = "CREATE ROLE catalog_nobody; SET LOCAL ROLE catalog_nobody";
    session.client.batch_execute(plain).expect("a role");
    let seen = session.read();
    let mapping = "user mapping catalog_reader.disk".to_owned();
    assert_eq!(said(&all, &seen), BTreeSet::from([mapping]));
    let [unreadable] = seen.unreadable.as_slice() else {
        panic!("{:?}", seen.unreadable);
    };
    assert_eq!(
        unreadable.what,
        "options of the user mapping of catalog_reader for server disk"
    );
    session.fingerprint();
    let now = marks(&mut session.client).expect("the marks");
    assert_eq!(
        moved(&mut session.client, &now).expect("nothing"),
        Some(Vec::new())
    );
}

#[test]
fn what_each_object_needs_is_read() {
    let mut session = Session::new();
    let schema = session.read().schema;
    let needs = |id: Id, need: Id| {
        let node = schema.get(&id).unwrap_or_else(|| panic!("no {id}"));
        assert!(node.needs.contains(&need), "{id} needs {:?}", node.needs);
    };
    let deals = Id::table("app", "deals");
    let app = Id::global(Kind::Schema, "app");
    let stage = Id::in_schema(Kind::Enum, "app", "stage");
    needs(deals.clone(), app);
    needs(Id::column("app", "deals", "stage"), stage.clone());
    needs(
        Id::column("app", "deals", "id"),
        Id::in_schema(Kind::Sequence, "app", "deals_id_seq"),
    );
    needs(
        Id::column("app", "deals", "doubled"),
        Id::column("app", "deals", "size"),
    );
    let view = Id::in_schema(Kind::View, "app", "open");
    needs(view.clone(), Id::column("app", "deals", "notes"));
    needs(view, stage);
    needs(
        deals.within(Kind::Constraint, "deals_owner_fk"),
        Id::new(Kind::Constraint, "app", "users", "users_pkey"),
    );
    needs(
        deals.within(Kind::Trigger, "touched"),
        Id::new(Kind::Function, "app", "touch", ""),
    );
    needs(
        deals.within(Kind::Policy, "own"),
        Id::column("app", "deals", "owner_id"),
    );
    needs(
        Id::new(Kind::Cast, "", "integer", "app.place"),
        Id::new(Kind::Function, "app", "as_place", "integer"),
    );
    needs(
        Id::global(Kind::Publication, "everything"),
        Id::table("app", "users"),
    );
    needs(
        Id::table("app", "far"),
        Id::global(Kind::ForeignServer, "disk"),
    );
}

#[test]
fn attributes_are_read_as_the_server_spells_them() {
    let mut session = Session::new();
    let schema = session.read().schema;
    let deals = Id::table("app", "deals");
    let at = schema.column(&deals, "at").expect("a column");
    assert_eq!(
        at.ty,
        Type::builtin("timestamp with time zone").with_modifiers("3")
    );
    let stage = schema.column(&deals, "stage").expect("a column");
    let default = stage.default.as_ref().map(|d| d.as_str());
    assert_eq!(default, Some("'new'::app.stage"));
    let check = schema.get(&deals.within(Kind::Constraint, "size_positive"));
    let Some(Object::Constraint(check)) = check.map(|n| &n.object) else {
        panic!("no check");
    };
    assert!(format!("{:?}", check.body).contains("\"size > 0\""));
    assert_eq!(schema.primary_key(&deals), ["id"]);
}

#[test]
fn a_read_leaves_the_callers_transaction_as_it_was() {
    let mut session = Session::new();
    let settings = "SET LOCAL search_path = app, public; SET LOCAL TimeZone = 'Asia/Tokyo'; \
        SET LOCAL DateStyle = 'German, DMY'";
    session.client.batch_execute(settings).expect("settings");
    let ask = |session: &mut Session| {
        let query = "SELECT current_setting('search_path'), current_setting('TimeZone'), \
            current_setting('DateStyle'), current_setting('transaction_read_only')";
        let row = session.client.query_one(query, &[]).expect("settings");
        (0..4).map(|i| row.get::<_, String>(i)).collect::<Vec<_>>()
    };
    let before = ask(&mut session);
    session.read();
    assert_eq!(ask(&mut session), before);
}

#[test]
fn a_read_without_a_transaction_leaves_none_behind() {
    let mut client = SERVER.connect().expect("a connection");
    let first = catalog::read(&mut client, &ReadOptions::default()).expect("the catalog");
    client
        .batch_execute("CREATE TEMPORARY TABLE writable ()")
        .expect("no transaction");
    let again = catalog::read(&mut client, &ReadOptions::default()).expect("the catalog");
    assert_eq!(said(&first, &again), BTreeSet::new());
    let wrong = client
        .batch_execute("BEGIN; SELECT 1")
        .map(|()| catalog::read(&mut client, &ReadOptions::default()));
    assert!(
        matches!(wrong, Ok(Err(_))),
        "a transaction of the caller's is noticed"
    );
}

#[test]
fn what_is_read_is_printed_and_read_back() {
    let mut session = Session::new();
    let schema = session.read().schema;
    let text = model::print(&schema);
    let lost = model::differs(&schema, &text);
    assert!(lost.is_empty(), "{lost:?}\n{text}");
}
