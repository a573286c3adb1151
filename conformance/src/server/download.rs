//! Owns server programs that are downloaded where they may be.
//!
//! Never downloads unless the cargo feature `download` is on.

use super::{Kind, Passed, Running, ServerError, Wanted};

pub(super) fn start(_wanted: &Wanted) -> Result<Running, ServerError> {
    Err(Passed::new(
        Kind::Download,
        "this build cannot download",
        "build it with the cargo feature `download`",
    )
    .into())
}
