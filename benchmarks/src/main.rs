//! Rows by generated code, by hand and by other libraries: the same work on the same server, in one
//! run.
//!
//! In each round everybody does each work in turn, in an order that moves on with the round, so that
//! noise hits all alike. A ratio is the median of the rounds' ratios to hand-written code.
//!
//! `cargo run --release -- [SECONDS]`

mod contender;
mod given;
mod hand;
mod measure;
mod ours;
mod rows;
#[allow(dead_code)]
mod schema;
mod server;
mod with_diesel;
mod with_sea_orm;
mod with_sqlx;

use contender::Contender;
use server::Server;

/// Everything asynchronous runs on the thread that asks, as what is synchronous does.
fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
}

fn main() {
    let seconds = std::env::args().nth(1).map_or(Ok(60), |text| text.parse());
    let seconds: u64 = seconds.expect("how many seconds to measure for");
    let server = Server::start();
    let mut client = server.client();
    given::fill(&mut client);
    let url = server.url();
    let diesel = format!(
        "host={} user=postgres dbname=postgres",
        server.socket().display()
    );
    let mut contenders: Vec<Box<dyn Contender>> = vec![
        Box::new(hand::Hand::new(server.client())),
        Box::new(ours::Ours::new(server.client())),
        Box::new(ours::OnTokio::new(&url)),
        Box::new(ours::OnSqlx::new(&url)),
        Box::new(with_diesel::WithDiesel::new(&diesel)),
        Box::new(with_sqlx::WithSqlx::new(&url)),
        Box::new(with_sea_orm::WithSeaOrm::new(&url)),
    ];
    measure::agree(&mut contenders, &mut client);
    let within = std::time::Duration::from_secs(seconds);
    print!(
        "{}",
        measure::measured(&mut contenders, &mut client, within)
    );
    let version = client
        .query_one("SHOW server_version", &[])
        .expect("a version");
    let version: String = version.get(0);
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "PostgreSQL {version} over a Unix socket, {processors} processors; {}.",
        versions()
    );
}

/// The libraries' versions, as this crate's lock file has them.
fn versions() -> String {
    let lock = include_str!("../Cargo.lock");
    let version = |name: &str| {
        let entry = lock
            .split("[[package]]")
            .find(|e| e.contains(&format!("name = \"{name}\"\n")));
        let version = entry.and_then(|e| e.split("version = \"").nth(1)?.split('"').next());
        format!("{name} {}", version.unwrap_or("?"))
    };
    ["postgres", "tokio-postgres", "diesel", "sqlx", "sea-orm"]
        .map(version)
        .join(", ")
}
