//! One schema on every major that can be had: each database against its own model, and dumped from
//! one major and restored in another, against the model of the first. Neither is a drift.
//!
//! `PILASTER_MAJORS` names more folders of server programs, with `:` between them, as `PATH` does.
//! Without it there is one major, and a dump is restored in that.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use conformance::corpus::differences;
use conformance::server::{Database, Kind, Server, Wanted};
use migrations::catalog::{Catalog, ReadOptions, read};
use migrations::plan::{Options, plan};
use model::{Color, Schema, Sources};

/// One object of each kind.
const FIXTURE: &str = include_str!("../../migrations/tests/catalog/fixture.sql");
const ROLES: &str = "CREATE ROLE catalog_reader; CREATE ROLE catalog_writer;";

/// What deparses to something else than it was written as, or differs from major to major.
const WORDS: &str = "
create type mood as enum ('sad', 'happy');
create table people (
  id serial primary key,
  name varchar(80) not null unique,
  mood mood not null default 'sad',
  state varchar(10) not null check (state in ('in', 'out')),
  born date check (born > date '1900-01-01' and extract(year from born) < 2100),
  at timestamptz default (now() at time zone 'utc'),
  spent numeric(12, 2) default 0 check (spent between 0 and 1e6),
  tags text[] default '{}',
  boss integer references people on delete set null,
  constraint named check (name ~ '^[a-z]+$' or name like 'x%' or name is null)
);
create index on people (lower(name), (spent + 1) desc) where state = 'in' and not (boss is null);
create view present as
  select id, upper(name) as name, substring(name from 1 for 2) as two, mood::text,
    case when spent > 0 then trim(both from name) else overlay(name placing 'x' from 1) end as said,
    row_number() over (partition by mood order by name) as n,
    array(select b.id from people b where b.boss = p.id) as below, position('a' in name) as a
  from people p left join lateral (select 1 as one) l on true where state in ('in') and born is not null;
create function total(integer default 3, out a integer, out b text) language sql stable
  as $$ select 1, 'x'::text $$;
create procedure work(a integer, inout b text default 'x') language plpgsql as $$ begin end $$;
create table parts (id integer not null, day date not null, primary key (id, day))
  partition by range (day);
create table parts_1 partition of parts for values from ('2020-01-01') to (maxvalue);
create table parts_rest partition of parts default;
alter table people enable row level security;
create policy mine on people using (name = current_user and exists (select from parts where parts.id = people.id));
";

/// The server of this machine, and one for each folder that is named, with the fixture's roles.
static SERVERS: LazyLock<Vec<Server>> = LazyLock::new(|| {
    let servers = servers();
    with_roles(&servers);
    servers
});

fn servers() -> Vec<Server> {
    let mut servers = vec![Server::shared().clone()];
    let named = std::env::var_os("PILASTER_MAJORS").unwrap_or_default();
    for folder in std::env::split_paths(&named).filter(|folder| !folder.as_os_str().is_empty()) {
        let wanted = Wanted {
            kind: Some(Kind::Local),
            programs: Some(folder.clone()),
            ..Wanted::default()
        };
        match Server::start(&wanted) {
            Ok(server) => servers.push(server),
            Err(error) => panic!("{}: {error}", folder.display()),
        }
    }
    let majors: Vec<String> = servers.iter().map(|s| major(s).to_string()).collect();
    eprintln!("majors: {}", majors.join(", "));
    servers
}

fn major(server: &Server) -> u32 {
    server.version() / 10_000
}

fn made(server: &Server, sql: &str) -> Database {
    let database = server.database().unwrap();
    database.connect().unwrap().batch_execute(sql).unwrap();
    database
}

fn held(database: &Database) -> Catalog {
    read(&mut database.connect().unwrap(), &ReadOptions::default()).unwrap()
}

/// The differences a person has to know of. Each major brings its own versions of extensions.
fn drift(one: &Schema, other: &Schema) -> Vec<String> {
    let found = differences(one, other);
    let found = found
        .iter()
        .filter(|(id, _)| id.kind != model::Kind::Extension);
    found
        .map(|(id, what)| format!("{} {id} {what}", id.kind.word()))
        .collect()
}

/// The roles of the fixture, which outlive a database.
fn with_roles(servers: &[Server]) {
    for server in servers {
        let mut client = server.connect().unwrap();
        let there = "SELECT 1 FROM pg_roles WHERE rolname = 'catalog_reader'";
        if client.query_opt(there, &[]).unwrap().is_none() {
            client.batch_execute(ROLES).unwrap();
        }
    }
}

fn scripts() -> [(&'static str, String); 2] {
    let fixture = FIXTURE
        .replace("CREATE ROLE catalog_reader;", "")
        .replace("CREATE ROLE catalog_writer;", "");
    [("fixture", fixture), ("words", WORDS.to_owned())]
}

/// What a server holds that was made from that model.
fn from_model(server: &Server, text: &str) -> Schema {
    let mut sources = Sources::new();
    sources.add("model.pilaster", text);
    let (model, faults) = model::load(&sources);
    let rendered = || faults.render(&sources, Color::Never);
    assert!(!faults.has_errors(), "{}", rendered());
    let plan = plan(&Schema::default(), &model.schema, &Options::default()).unwrap();
    let database = server.database().unwrap();
    let mut client = database.connect().unwrap();
    for statement in plan.steps.iter().flat_map(|step| &step.statements) {
        let made = client.batch_execute(&statement.sql);
        made.unwrap_or_else(|e| panic!("on {}: {}\n{e:?}", major(server), statement.sql));
    }
    held(&database).schema
}

#[test]
fn no_major_has_a_drift_of_its_own() {
    let (servers, mut drifts) = (&*SERVERS, Vec::new());
    for (name, script) in scripts() {
        for server in servers {
            let live = held(&made(server, &script));
            let to = major(server);
            assert_eq!(live.unmodelled, [], "{name} on {to}");
            let own = from_model(server, &model::print(&live.schema));
            let found = drift(&own, &live.schema);
            if !found.is_empty() {
                drifts.push(format!("{name} on {to}: {found:#?}"));
            }
        }
    }
    assert!(drifts.is_empty(), "{}", drifts.join("\n"));
}

#[test]
fn a_restored_dump_has_no_drift() {
    let servers = &*SERVERS;
    let (mut moves, mut faults) = (Vec::new(), Vec::new());
    for (name, script) in scripts() {
        for from in servers {
            let Some(pg_dump) = dumper(from) else {
                eprintln!("no pg_dump here reads PostgreSQL {}", major(from));
                continue;
            };
            let live = made(from, &script);
            let text = model::print(&held(&live).schema);
            let dump = Command::new(&pg_dump)
                .args(["-d", &live.url().expose()])
                .output()
                .unwrap();
            assert!(
                dump.status.success(),
                "{}",
                String::from_utf8_lossy(&dump.stderr)
            );
            for to in servers.iter().filter(|to| major(to) >= major(from)) {
                let copy = to.database().unwrap();
                restore(
                    &pg_dump.with_file_name("psql"),
                    &copy.url().expose(),
                    &dump.stdout,
                );
                let mut found = drift(&from_model(to, &text), &held(&copy).schema);
                let (from, to) = (major(from), major(to));
                if from < 15 && to >= 15 {
                    // The dump brings along what 15 no longer gives: everybody may create there.
                    found.retain(|line| !line.starts_with("schema public grants"));
                }
                if !found.is_empty() {
                    faults.push(format!("{name} from {from} to {to}: {found:#?}"));
                }
                moves.push(format!("{from} to {to}"));
            }
        }
    }
    moves.sort();
    moves.dedup();
    eprintln!("moved without a drift: {}", moves.join(", "));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        !moves.is_empty(),
        "no pg_dump is installed beside the server programs"
    );
}

fn dumper(server: &Server) -> Option<PathBuf> {
    server.client_program("pg_dump")
}

fn restore(psql: &std::path::Path, url: &str, dump: &[u8]) {
    use std::io::Write;
    let mut child = Command::new(psql)
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // `transaction_timeout` (17) is set by newer programs, and older servers don't know it.
    let text = String::from_utf8_lossy(dump).replace("SET transaction_timeout = 0;\n", "");
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
