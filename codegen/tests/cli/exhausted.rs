//! `migrate` on a server that has no more of something, or stops at once: disk, connections, itself.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use migrations::history::History;
use postgres::Client;

use super::Project;
use super::own::{Own, is_root};

/// A project with one migration, for a database of a server of the test's own.
struct Place {
    project: Project,
    url: String,
}

impl Place {
    fn new(url: String, up: &str) -> Place {
        let project = Project::new("");
        let folder = project.path("migrations");
        let migration = History::read(&folder)
            .unwrap()
            .next("long", up, "drop table a;\n", "");
        for (path, text) in migration.files() {
            project.write(&format!("migrations/{}", path.display()), text);
        }
        Place { project, url }
    }

    fn migrate(&self, args: &[&str]) -> String {
        let args = [&["migrate"], args].concat();
        self.project.run_with(&args, &[("DATABASE_URL", &self.url)])
    }

    fn start(&self) -> std::process::Child {
        Command::new(env!("CARGO_BIN_EXE_pilaster"))
            .args(["migrate", "up"])
            .current_dir(self.project.path(""))
            .env("DATABASE_URL", &self.url)
            .stderr(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    }

    fn client(&self) -> Client {
        migrations::connect(&self.url.parse().unwrap()).unwrap()
    }

    /// The same, once the server has let go of who was there before: a session's end takes a while.
    fn migrate_alone(&self, args: &[&str]) -> String {
        let begun = Instant::now();
        loop {
            let said = self.migrate(args);
            if !said.contains("too many ") || begun.elapsed() > Duration::from_secs(60) {
                return said;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn client_alone(&self) -> Client {
        let begun = Instant::now();
        loop {
            match migrations::connect(&self.url.parse().unwrap()) {
                Ok(client) => return client,
                Err(_) if begun.elapsed() < Duration::from_secs(60) => {
                    thread::sleep(Duration::from_millis(50));
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn finishes(&self) {
        let said = self.migrate_alone(&["up"]);
        assert!(said.contains("exit 0"), "{said}");
        let said = self.migrate_alone(&["status"]);
        assert!(said.contains("0001_long  applied"), "{said}");
        let sql = "select count(*), bool_and(indisvalid), (select count(*) from a)
                     from pg_index where indrelid = 'a'::regclass";
        let row = self.client_alone().query_one(sql, &[]).unwrap();
        let found: (i64, bool, i64) = (row.get(0), row.get(1), row.get(2));
        assert_eq!(found, (1, true, 20_000));
    }
}

/// Twenty thousand rows of some hundred bytes, and an index on them.
const FULL: &str = "create table a (id int, filler text) tablespace small;\n\
    -- pilaster: transaction\n\
    insert into a select n, repeat('x', 100) from generate_series(1, 20000) n;\n\
    -- pilaster: no transaction\n\
    create index concurrently a_filler on a (id, filler) tablespace small;\n";

#[test]
fn a_disk_that_is_full_is_told_and_up_goes_on_when_there_is_room() {
    let own = Own::new("");
    let small = own.give("small");
    let mounted = is_root()
        && Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=10m", "tmpfs"])
            .arg(&small)
            .status()
            .is_ok_and(|status| status.success());
    if !mounted {
        println!("skipped: a file system of a few megabytes can be mounted by root only");
        return;
    }
    let _mounted = Mounted(small.display().to_string());
    own.give("small");
    let mut client = own.connect("postgres");
    let sql = format!("create tablespace small location '{}'", small.display());
    client.batch_execute(&sql).unwrap();
    let place = Place::new(own.database("shop"), FULL);
    let ballast = |megabytes: usize| {
        let file = small.join("ballast");
        let _ = fs::remove_file(&file);
        fs::write(file, vec![0; megabytes << 20]).unwrap();
    };
    // First there is no room for the rows, then none for the index.
    for (room, done) in [(9, 1), (6, 2)] {
        ballast(room);
        let said = place.migrate(&["up"]);
        assert!(
            said.contains("exit 3") && said.contains("(53100)"),
            "{said}"
        );
        assert!(said.contains("free space on the server"), "{said}");
        let status = place.migrate(&["status"]);
        assert!(
            status.contains(&format!("after {done} of 3 statements")),
            "{status}"
        );
    }
    ballast(0);
    place.finishes();
}

/// Until it is dropped.
struct Mounted(String);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l", &self.0]).status();
    }
}

#[test]
fn a_write_that_the_disk_refuses_undoes_its_unit() {
    // The device that is always full stands for the disk, so that nobody needs to be root.
    let own = Own::new("");
    let out = own.give("out").join("rows");
    std::os::unix::fs::symlink("/dev/full", &out).unwrap();
    let up = format!(
        "create table a (id int primary key);\n-- pilaster: transaction\n\
         insert into a select generate_series(1, 20000);\ncopy a to '{}';\n",
        out.display()
    );
    let place = Place::new(own.database("shop"), &up);
    let said = place.migrate(&["up"]);
    assert!(
        said.contains("exit 3") && said.contains("(53100)"),
        "{said}"
    );
    let rows = place
        .client()
        .query_one("select count(*) from a", &[])
        .unwrap();
    assert_eq!(rows.get::<_, i64>(0), 0);
    fs::remove_file(&out).unwrap();
    place.finishes();
}

const PLAIN: &str = "create table a (id int primary key);\n-- pilaster: transaction\n\
    insert into a select generate_series(1, 20000);\n";

#[test]
fn a_server_without_a_connection_to_spare_is_told_and_up_works_when_there_is_one() {
    let own = Own::new("max_connections = 6\nsuperuser_reserved_connections = 0\n");
    let place = Place::new(own.database("shop"), PLAIN);
    let mut taken = Vec::new();
    while let Ok(client) = migrations::connect(&own.url("postgres", "shop")) {
        taken.push(client);
    }
    let said = place.migrate(&["up"]);
    assert!(said.contains("exit 3"), "{said}");
    assert!(
        said.contains("too many clients") && said.contains("mend: "),
        "{said}"
    );
    // One is enough: what is shown of long steps needs a second, and goes without.
    taken.pop();
    place.finishes();
}

#[test]
fn a_role_that_may_have_one_connection_migrates_with_it() {
    let own = Own::new("");
    own.database("shop");
    let sql = "create role deployer login connection limit 1; grant create on database shop to \
               deployer; alter database shop owner to deployer";
    own.connect("postgres").batch_execute(sql).unwrap();
    let url = own.url("deployer", "shop");
    let up = PLAIN.replace("create table", "select pg_sleep(2.5);\ncreate table");
    let place = Place::new(url.expose(), &up);
    own.connect("shop")
        .batch_execute("grant all on schema public to deployer")
        .unwrap();
    let only = migrations::connect(&url).unwrap();
    let said = place.migrate(&["up"]);
    assert!(
        said.contains("exit 3") && said.contains("too many connections for role"),
        "{said}"
    );
    drop(only);
    place.finishes();
}

#[test]
fn a_server_that_is_stopped_at_once_is_migrated_when_it_is_back() {
    let own = Own::new("");
    let up = "create table a (id int primary key);\n\
        insert into a select n from generate_series(1, 20000) n, pg_sleep(1);\n";
    let place = Place::new(own.database("shop"), up);
    let in_a_transaction = "query like '%pg_sleep(1)%'";
    stopped_while(&own, &place, in_a_transaction, None);
    assert!(
        place
            .migrate(&["status"])
            .contains("0001_long  not applied")
    );
    place.finishes();
    // And in an index build, which waits for a transaction that stays open.
    let up = "create table a (id int);\ninsert into a select generate_series(1, 20000);\n\
        -- pilaster: no transaction\ncreate index concurrently a_id on a (id);\n";
    let place = Place::new(own.database("second"), up);
    let hold = "create table held (id int); begin; insert into held values (1); \
                declare c cursor for select * from held";
    stopped_while(&own, &place, "query like 'create index%'", Some(hold));
    assert!(
        place
            .migrate(&["status"])
            .contains("after 2 of 3 statements")
    );
    place.finishes();
}

fn stopped_while(own: &Own, place: &Place, condition: &str, hold: Option<&str>) {
    let mut holder = place.client();
    if let Some(hold) = hold {
        holder.batch_execute(hold).unwrap();
    }
    let mut child = place.start();
    let sql = format!(
        "select from pg_stat_activity where pid <> pg_backend_pid() and state = 'active' and {condition}"
    );
    let (mut client, begun) = (place.client(), Instant::now());
    while client.query(&sql, &[]).unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        thread::sleep(Duration::from_millis(20));
    }
    own.stop_at_once();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    own.start();
}
