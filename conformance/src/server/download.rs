//! Owns server programs that are downloaded, where they may be, and kept for the next run.
//!
//! Never runs a server itself: the programs are run as those of the machine are, which also knows
//! what to do as root.

use super::{Kind, Passed, Running, ServerError, Wanted};

/// Installs the newest release that will do, unless one is kept, and starts a server with it.
#[cfg(all(unix, feature = "download"))]
pub(super) fn start(wanted: &Wanted) -> Result<Running, ServerError> {
    use super::{local, programs::Programs};

    let bin = install(wanted).map_err(|error| {
        let mend = "allow this machine to reach the releases, or use another kind of server";
        Passed::new(Kind::Download, "PostgreSQL cannot be downloaded", mend)
            .with_detail(error.to_string())
    })?;
    local::run(&Programs { bin }, Kind::Download, "from a download")
}

#[cfg(all(unix, feature = "download"))]
fn install(wanted: &Wanted) -> Result<std::path::PathBuf, Box<dyn std::error::Error>> {
    use postgresql_embedded::blocking::PostgreSQL;
    use postgresql_embedded::{Settings, VersionReq};

    let mut settings = Settings::new();
    let (first, last) = (wanted.majors.start(), wanted.majors.end());
    settings.version = VersionReq::parse(&format!(">={first}.0.0, <{}.0.0", last + 1))?;
    if let Some(dir) = &wanted.downloads {
        settings.installation_dir = dir.clone();
    }
    // A data directory that seems to be there keeps the crate from running initdb, which refuses to
    // run as root. It is the crate's own temporary one, and the crate removes it.
    std::fs::create_dir_all(&settings.data_dir)?;
    std::fs::write(settings.data_dir.join("postgresql.conf"), "")?;
    let mut installer = PostgreSQL::new(settings);
    installer.setup()?;
    Ok(installer.settings().binary_dir())
}

#[cfg(not(all(unix, feature = "download")))]
pub(super) fn start(_wanted: &Wanted) -> Result<Running, ServerError> {
    let (reason, mend) = match cfg!(unix) {
        true => (
            "this build cannot download",
            "build with the cargo feature `download`",
        ),
        false => (
            "downloaded programs are only run on Unix",
            "use --server docker, or --url",
        ),
    };
    Err(Passed::new(Kind::Download, reason, mend).into())
}
