//! Server programs that were downloaded are run, and what cannot be downloaded is said.
#![cfg(all(unix, feature = "download"))]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use conformance::server::{Kind, Server, Wanted};

fn wanted(downloads: &std::path::Path) -> Wanted {
    Wanted {
        kind: Some(Kind::Download),
        downloads: Some(downloads.to_owned()),
        ..Wanted::default()
    }
}

#[test]
fn programs_that_are_kept_are_run_without_asking_anybody() {
    // Stands in for a download: this machine's own programs, in a folder named for their version.
    let Ok(bin) = Command::new("pg_config").arg("--bindir").output() else {
        return println!("skipped: no pg_config, so no programs to stand in for a download");
    };
    let bin = String::from_utf8(bin.stdout).unwrap();
    let open = std::fs::Permissions::from_mode(0o755);
    let kept = tempfile::Builder::new()
        .permissions(open)
        .tempdir()
        .unwrap();
    std::fs::create_dir(kept.path().join("15.0.0")).unwrap();
    symlink(bin.trim(), kept.path().join("15.0.0/bin")).unwrap();

    let server = Server::start(&wanted(kept.path())).unwrap();
    assert!(
        server.describe().ends_with("from a download"),
        "{}",
        server.describe()
    );
    server.database().unwrap().connect().unwrap();
}

#[test]
fn release_that_is_not_to_be_had_is_said() {
    let empty = tempfile::tempdir().unwrap();
    let future = Wanted {
        majors: 98..=99,
        ..wanted(empty.path())
    };
    let error = Server::start(&future).err().unwrap().to_string();
    let expected = "start a PostgreSQL server, download: PostgreSQL cannot be downloaded; allow";
    assert!(error.starts_with(expected), "{error}");
    println!("{error}");
}
