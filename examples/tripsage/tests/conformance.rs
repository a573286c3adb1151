//! Every check that follows from the model, as a test of its own, on a server that has `vector`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use conformance::suite::{self, Ground, Subject};
use tripsage::ground;

fn main() -> ExitCode {
    let server = match ground::server_for_tests() {
        Ok(server) => server,
        Err(skipped) => {
            println!("{skipped}");
            return ExitCode::SUCCESS;
        }
    };
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("model");
    let subject = Subject::read("tripsage", &model, &ground::migrations());
    let subject = subject.unwrap_or_else(|fault| panic!("{fault}"));
    let tests = suite::tests(&subject, None);
    let ground = Arc::new(Ground::new(subject, server));
    suite::harness(vec![(ground, tests)])
}
