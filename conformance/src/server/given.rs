//! Owns a server that somebody else runs, at an address that was given.
//!
//! Never starts, stops or configures it.

use migrations::Url;

use super::{Running, ServerError};

/// The server at `url`; that it answers is seen when it is asked for its version.
pub(super) fn reach(url: &Url) -> Result<Running, ServerError> {
    let origin = format!("at {url}");
    Ok(Running {
        url: url.clone(),
        network: None,
        kind: None,
        origin,
        keeper: Box::new(()),
    })
}
