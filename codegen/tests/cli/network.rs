//! `migrate` where the network fails: cut in the middle, or silent without a word.

use std::time::{Duration, Instant};

use super::crash::{finishes, long};
use super::proxy::{Fault, Proxy, When};

#[test]
fn a_connection_that_is_cut_at_any_step_is_told_and_up_goes_on_there() {
    let mut ground = long();
    for word in 1.. {
        let proxy = Proxy::to(&ground.network(), When::Word(word), Fault::Cuts);
        let mut child = ground.start(&proxy.url().expose(), &["up"]);
        let struck = proxy.strikes(&mut child);
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        if !struck {
            assert!(word > 30, "only {word} words were said");
            break;
        }
        // Behind the last record there is nothing that could still fail.
        if output.status.code() != Some(0) {
            assert_eq!(output.status.code(), Some(3), "at word {word}: {error}");
            assert!(error.contains("error: "), "at word {word}: {error}");
        }
        let status = ground.migrate(&["status"]);
        let known = status.contains("exit 0") || status.contains("exit 1");
        assert!(known, "at word {word}: {status}");
        finishes(&ground);
        ground = ground.again();
    }
}

#[test]
fn a_connection_that_falls_silent_is_given_up_on_both_sides() {
    // In the first transaction, in an index build, and in the last statement.
    let mut ground = long();
    for (word, fault) in [
        (20, Fault::SaysNothingBack),
        (28, Fault::HoldsBack),
        (34, Fault::SaysNothingBack),
    ] {
        let proxy = Proxy::to(&ground.network(), When::Word(word), fault);
        let begun = Instant::now();
        let mut child = ground.start(&proxy.url().expose(), &["up", "--network-timeout", "3s"]);
        assert!(proxy.strikes(&mut child), "at word {word}");
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "at word {word}: {error}");
        assert!(error.contains("the connection is lost"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(40));
        // The proxy still holds its connection to the server, which gives the session up by itself.
        finishes(&ground);
        proxy.close();
        ground = ground.again();
    }
}

#[test]
fn what_is_kept_for_drift_holds_nobody_where_the_server_falls_silent() {
    let ground = long();
    let record = When::Says("insert into pilaster.known");
    let proxy = Proxy::to(&ground.network(), record, Fault::HoldsBack);
    let mut child = ground.start(&proxy.url().expose(), &["up", "--network-timeout", "4s"]);
    assert!(proxy.strikes(&mut child));
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    let note = "nothing is recorded for `pilaster drift`: the server has not answered for 4 s";
    assert!(error.contains(note), "{error}");
    let status = ground.migrate(&["status"]);
    assert!(status.contains("exit 0"), "{status}");
}
