//! Every check that follows from the model of production, as a test of its own.
//!
//! What other environments have instead of the catalog's tables is in `two_servers.rs`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use conformance::server::Server;
use conformance::suite::{self, Ground, Subject};

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = [folder.join("model"), folder.join("catalog.pilaster")];
    let model = [model[0].as_path(), model[1].as_path()];
    let subject = Subject::read_all("tailfire", &model, &folder.join("migrations"));
    let subject = subject.unwrap_or_else(|fault| panic!("{fault}"));
    let tests = suite::tests(&subject, None);
    let ground = Arc::new(Ground::new(subject, Server::shared().clone()));
    suite::harness(vec![(ground, tests)])
}
