//! The story that `main` tells, word for word.

use std::path::Path;

use conformance::server::Server;
use migrations::apply::Migrator;
use migrations::history::History;

#[test]
fn a_deal_goes_from_the_first_mail_to_the_archive() {
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    client
        .batch_execute(model::platform::supabase_sql())
        .expect("the platform");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let history = History::read(&folder).expect("the history");
    Migrator::new(&mut client, &history)
        .up(None, &mut |_| {})
        .expect("the way up");
    let mut told = Vec::new();
    echo_alpha::story::tell(&mut client, &mut told).expect("the story");
    insta::assert_snapshot!(String::from_utf8_lossy(&told));
}
