//! A traveller's own key of another service: sealed, opened for a purpose, rotated, revoked.

use std::io::Write;

use pilaster::postgres::Client;
use pilaster::{AsUser, Error, Insert, Patch, Persona, Row, Table};

use super::given::{attempt, refused};
use super::{ADA, Told};
use crate::schema::*;
use crate::vault::{Owner, Vault, VaultError};

pub(super) fn her_keys_are_sealed(client: &mut Client, out: &mut impl Write) -> Told {
    // Master keys come from the application's secrets; these are for the story only.
    let vault = Vault::new([(1, [17; 32]), (2, [23; 32])])?;
    NewEncryptionKey::new(EncryptionKeyId(1)).insert(client)?;
    let ada = Owner {
        user: ADA,
        service: UserApiKeyService::Openai,
        name: "mine",
    };
    let id = service(client, |db| vault.store(db, 1, ada, "sk-very-secret"))?;
    let key = service(client, |db| vault.fetch(db, id, "ask for a plan"))?;
    writeln!(
        out,
        "Ada brings a key. It is opened to ask for a plan, and is {} characters long.",
        key.len()
    )?;

    let plain = "UPDATE user_api_keys SET encrypted_key = 'sk-very-secret'";
    let outcome = attempt::<_, Error>(client, |t| Ok(t.batch_execute(plain)?));
    refused(out, "A key in plain text", outcome)?;
    let retired = EncryptionKeyPatch {
        usable: Some(false),
        ..EncryptionKeyPatch::default()
    };
    let outcome = attempt(client, |t| retired.update(t, &EncryptionKeyId(1)));
    refused(out, "Retiring the master key it is sealed with", outcome)?;

    NewEncryptionKey::new(EncryptionKeyId(2)).insert(client)?;
    let turned = service(client, |db| vault.rotate(db, 1, 2))?;
    let same = service(client, |db| vault.fetch(db, id, "ask for a hotel"))? == key;
    writeln!(
        out,
        "Master key 1 gives way to 2: {turned} key is sealed anew; it opens to the same: {same}."
    )?;
    let outcome = attempt(client, |t| {
        vault.store(
            t,
            1,
            Owner {
                name: "another",
                ..ada
            },
            "sk",
        )
    });
    match outcome {
        Err(VaultError::Database(error)) => {
            refused(out, "Sealing with the retired one", Err::<(), _>(error))?;
        }
        other => return Err(format!("not as the model says: {other:?}").into()),
    }
    let read = "SELECT encrypted_key FROM user_api_keys";
    let outcome = client.as_user(Persona::new("service_role"), |db| {
        db.query(read, &[]).map(drop).map_err(Error::from)
    });
    let denied = outcome
        .err()
        .and_then(|error| error.sqlstate().map(|s| s.code().to_owned()));
    writeln!(
        out,
        "  Reading the sealed key past the log is refused with {}.",
        denied.unwrap_or_default()
    )?;

    UserApiKey::delete(client, &id)?;
    for entry in ApiKeyAccessLog::query()
        .order_by(ApiKeyAccessLog::ID.asc())
        .all(client)?
    {
        let purpose = entry
            .purpose
            .map(|why| format!(", to {why}"))
            .unwrap_or_default();
        writeln!(out, "  logged: {} {}{purpose}", entry.service, entry.action)?;
    }
    Ok(())
}

/// Work as the service, whose role may not read what is sealed but by the function that logs it.
fn service<T>(
    client: &mut Client,
    work: impl FnOnce(&mut pilaster::postgres::Transaction<'_>) -> Result<T, VaultError>,
) -> Result<T, VaultError> {
    client.as_user(Persona::new("service_role"), work)
}
