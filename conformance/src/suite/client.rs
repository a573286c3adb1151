//! PostgreSQL's own client programs, started on a database.
//!
//! A password never stands among their arguments, where other accounts could read it.

use std::path::Path;
use std::process::Command;

use migrations::Url;

/// The program, on that database; it asks nobody for a password.
pub(super) fn client(program: &Path, url: &Url) -> Command {
    let mut command = Command::new(program);
    command.arg("--no-password");
    command.env_remove("PGOPTIONS").env_remove("PGSERVICE");
    let (address, password) = url.without_password();
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command.arg(format!("--dbname={address}"));
    command
}
