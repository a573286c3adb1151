//! `migrate` through PgBouncer, at an address that doesn't show it.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::migrate::Ground;
use super::own::Own;

/// A PgBouncer in that mode before a server of its own, until it is dropped.
struct Bouncer {
    child: Child,
    port: u16,
    own: Own,
}

impl Bouncer {
    /// `None`, with the reason printed, where there is no PgBouncer.
    fn new(mode: &str) -> Option<Bouncer> {
        let places = [
            "/usr/sbin/pgbouncer",
            "/usr/bin/pgbouncer",
            "/opt/homebrew/bin/pgbouncer",
        ];
        let Some(program) = places.iter().find(|path| fs::exists(path).unwrap_or(false)) else {
            println!("skipped: PgBouncer is not installed (Debian's package is pgbouncer)");
            return None;
        };
        let own = Own::new("");
        let folder = own.give("bouncer");
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let conf = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = {mode}\ndefault_pool_size = 5\nlogfile = {folder}/log\npidfile = {folder}/pid\n",
            own.port(),
            folder = folder.display(),
        );
        let file = folder.join("pgbouncer.ini");
        fs::write(&file, conf).unwrap();
        let child = own
            .command(program)
            .arg("-q")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bouncer = Bouncer { child, port, own };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "PgBouncer doesn't answer"
            );
            thread::sleep(Duration::from_millis(50));
        }
        Some(bouncer)
    }

    fn database(&self, name: &str) -> String {
        self.own.database(name);
        format!(
            "postgres://postgres@127.0.0.1:{}/{name}?sslmode=disable",
            self.port
        )
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

const PLAIN: &str =
    "create table a (id int);\n-- pilaster: transaction\ninsert into a values (1);\n";
const APART: &str = "-- pilaster: no transaction\ncreate index concurrently a_id on a (id);\n";
const SAYS: &str = "means a transaction pooler, and migrations need a session of their own";

#[test]
fn a_transaction_pooler_is_found_and_worked_through_where_that_can_be_done() {
    let Some(bouncer) = Bouncer::new("transaction") else {
        return;
    };
    let ground = Ground::new(&[("plain", PLAIN, "drop table a;\n")]);
    let url = bouncer.database("shop");
    let status = ground.migrate_at(&url, &["status"]);
    assert!(status.contains("0001_plain  not applied"), "{status}");
    let up = ground.migrate_at(&url, &["up"]);
    assert!(
        up.contains("exit 0") && up.contains("applied 0001_plain"),
        "{up}"
    );
    assert!(up.contains(SAYS), "{up}");
    let down = ground.migrate_at(&url, &["down"]);
    assert!(down.contains("reverted 0001_plain"), "{down}");
    ground.add("apart", APART, "drop index a_id;\n");
    let refused = ground.migrate_at(&url, &["up"]);
    assert!(refused.contains("exit 2"), "{refused}");
    let place = "0002_apart/up.sql:5: runs outside a transaction";
    assert!(
        refused.contains(place) && refused.contains("--to 1"),
        "{refused}"
    );
    // Nothing of it was run, not even what could be.
    let status = ground.migrate_at(&url, &["status"]);
    assert!(status.contains("0001_plain  not applied"), "{status}");
    let up = ground.migrate_at(&url, &["up", "--to", "1"]);
    assert!(up.contains("exit 0"), "{up}");
    let direct = bouncer.own.url("postgres", "shop").expose();
    let up = ground.migrate_at(&direct, &["up"]);
    assert!(
        up.contains("applied 0002_apart") && !up.contains(SAYS),
        "{up}"
    );
}

#[test]
fn a_session_pooler_is_a_direct_connection() {
    let Some(bouncer) = Bouncer::new("session") else {
        return;
    };
    let ground = Ground::new(&[("plain", PLAIN, ""), ("apart", APART, "")]);
    let up = ground.migrate_at(&bouncer.database("shop"), &["up"]);
    assert!(
        up.contains("applied 0002_apart") && !up.contains("pooler"),
        "{up}"
    );
}

#[test]
fn two_migrators_through_a_transaction_pooler_apply_everything_once() {
    let Some(bouncer) = Bouncer::new("transaction") else {
        return;
    };
    let slow = "select pg_sleep(0.5);\ncreate table b (id int);\n-- pilaster: transaction\n\
        select pg_sleep(0.3);\ncreate table c (id int);\n";
    let ground = Ground::new(&[("plain", PLAIN, ""), ("slow", slow, "")]);
    let url = bouncer.database("shop");
    let said = thread::scope(|scope| {
        let up = || ground.migrate_at(&url, &["up"]);
        let (first, second) = (scope.spawn(up), scope.spawn(up));
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert!(said.iter().all(|text| text.contains("exit 0")), "{said:?}");
    let direct = bouncer.own.url("postgres", "shop").expose();
    let mut client = migrations::connect(&direct.parse().unwrap()).unwrap();
    let rows = client.query_one("select count(*) from a", &[]).unwrap();
    assert_eq!(rows.get::<_, i64>(0), 1);
    assert!(ground.migrate_at(&direct, &["status"]).contains("exit 0"));
}
