//! Attempts that must fail, each said with the rule that refused it.

use std::io::Write;

use pilaster::Error;
use pilaster::postgres::{Client, Transaction};
use pilaster::{AsUser, Persona};

/// Tries something as somebody, and says which rule refused it. It is an error of the story where
/// none did.
pub(super) fn refused<T, E: From<Error> + Into<Error>>(
    client: &mut Client,
    out: &mut impl Write,
    who: Persona,
    what: &str,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<(), Box<dyn std::error::Error>> {
    let outcome: Result<Option<E>, Error> = client.as_user(who, |t| match work(t) {
        Ok(_) => Ok(None),
        Err(error) => Err(error.into()),
    });
    let error = match outcome {
        Ok(_) => return Err(format!("{what} was accepted").into()),
        Err(error) => error,
    };
    let said = error.database().map(|said| said.message().to_owned());
    let rule = match (error.constraint(), said) {
        (Some(rule), _) => format!("by {rule}"),
        (None, Some(said)) => format!("({said})"),
        (None, None) => return Err(error.into()),
    };
    writeln!(out, "  {what} is refused {rule}.")?;
    Ok(())
}
