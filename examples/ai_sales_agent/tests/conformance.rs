//! Every check that follows from the model, as a test of its own.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use conformance::server::Server;
use conformance::suite::{self, Ground, Subject};

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = folder.join("model");
    let subject = Subject::read("ai_sales_agent", &model, &folder.join("migrations"));
    let subject = subject.unwrap_or_else(|fault| panic!("{fault}"));
    let tests = suite::tests(&subject, None);
    let ground = Arc::new(Ground::new(subject, Server::shared().clone()));
    suite::harness(vec![(ground, tests)])
}
