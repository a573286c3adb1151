//! Keys of other services, sealed before they reach the database and opened after they left it.
//!
//! Master keys stay in the application, by version; the database knows the versions and never a
//! key. AES-256-GCM; what a key belongs to is authenticated with it, so that a sealed key copied to
//! another row, or another person, doesn't open.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use pilaster::PgEnum;
use pilaster::postgres::GenericClient;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use crate::schema::*;

/// Why a key could not be sealed or opened.
#[derive(Debug)]
pub enum VaultError {
    /// No master key of that version is here.
    NoMaster(i32),
    /// There is no such key, or it is not valid any more.
    NoKey(UserApiKeyId),
    /// Not what this vault sealed for that owner and service, or not whole.
    Broken,
    /// What the database refused.
    Database(pilaster::Error),
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VaultError::NoMaster(version) => write!(f, "no master key of version {version}"),
            VaultError::NoKey(id) => write!(f, "no valid key {}", id.0),
            VaultError::Broken => f.write_str("the sealed key does not open"),
            VaultError::Database(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for VaultError {}

impl From<pilaster::Error> for VaultError {
    fn from(error: pilaster::Error) -> Self {
        VaultError::Database(error)
    }
}

impl From<pilaster::postgres::Error> for VaultError {
    fn from(error: pilaster::postgres::Error) -> Self {
        VaultError::Database(error.into())
    }
}

/// A key of another service as it is sealed: which person's, and of which service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The person.
    pub user: UserId,
    /// The service.
    pub service: UserApiKeyService,
    /// What the person calls it.
    pub name: &'a str,
}

impl Owner<'_> {
    /// What is authenticated with the key. The name is not: people change it.
    fn said(&self) -> String {
        format!("{}/{}", self.user.0, self.service)
    }
}

/// The master keys by version. It never shows one.
pub struct Vault {
    masters: BTreeMap<i32, LessSafeKey>,
    random: SystemRandom,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<i32> = self.masters.keys().copied().collect();
        f.debug_struct("Vault")
            .field("versions", &versions)
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// A vault with these master keys, which an application takes from its secrets.
    ///
    /// # Errors
    ///
    /// [`VaultError::Broken`] where the cipher refuses a key, as it does none of this length.
    pub fn new(masters: impl IntoIterator<Item = (i32, [u8; 32])>) -> Result<Self, VaultError> {
        let key = |(version, bytes): (i32, [u8; 32])| {
            let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| VaultError::Broken)?;
            Ok((version, LessSafeKey::new(key)))
        };
        Ok(Vault {
            masters: masters
                .into_iter()
                .map(key)
                .collect::<Result<_, VaultError>>()?,
            random: SystemRandom::new(),
        })
    }

    fn master(&self, version: i32) -> Result<&LessSafeKey, VaultError> {
        self.masters
            .get(&version)
            .ok_or(VaultError::NoMaster(version))
    }

    /// Seals a key with the master key of that version: `nonce.ciphertext`, as the domain `sealed`
    /// wants it. Twice the same key gives two texts.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoMaster`].
    pub fn seal(&self, version: i32, owner: Owner, key: &str) -> Result<String, VaultError> {
        let mut nonce = [0; NONCE_LEN];
        self.random
            .fill(&mut nonce)
            .map_err(|_| VaultError::Broken)?;
        let mut bytes = key.as_bytes().to_vec();
        let (said, own) = (owner.said(), Nonce::assume_unique_for_key(nonce));
        self.master(version)?
            .seal_in_place_append_tag(own, Aad::from(said.as_bytes()), &mut bytes)
            .map_err(|_| VaultError::Broken)?;
        Ok(format!("{}.{}", BASE64.encode(nonce), BASE64.encode(bytes)))
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoMaster`]; [`VaultError::Broken`] where it was sealed for somebody else, or
    /// with another key, or changed since.
    pub fn open(&self, version: i32, owner: Owner, sealed: &str) -> Result<String, VaultError> {
        let parts = sealed.split_once('.').ok_or(VaultError::Broken)?;
        let decoded = |text: &str| BASE64.decode(text).map_err(|_| VaultError::Broken);
        let (nonce, mut bytes) = (decoded(parts.0)?, decoded(parts.1)?);
        let nonce = Nonce::try_assume_unique_for_key(&nonce).map_err(|_| VaultError::Broken)?;
        let said = owner.said();
        let key = self
            .master(version)?
            .open_in_place(nonce, Aad::from(said.as_bytes()), &mut bytes)
            .map_err(|_| VaultError::Broken)?;
        String::from_utf8(key.to_vec()).map_err(|_| VaultError::Broken)
    }

    /// Seals a person's key and stores it. The database's trigger logs it.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoMaster`], or what the database refused: a version that is retired, a name
    /// that is taken.
    pub fn store(
        &self,
        client: &mut impl GenericClient,
        version: i32,
        owner: Owner,
        key: &str,
    ) -> Result<UserApiKeyId, VaultError> {
        let sealed = self.seal(version, owner, key)?;
        let sql = "INSERT INTO user_api_keys (user_id, service, name, encrypted_key, key_version) \
            VALUES ($1, $2, $3, $4::text, $5) RETURNING id";
        let service = owner.service.as_str();
        let row = client.query_one(
            sql,
            &[&owner.user.0, &service, &owner.name, &sealed, &version],
        )?;
        Ok(UserApiKeyId(row.try_get(0)?))
    }

    /// A person's key in plain text, for the purpose that the access log will say.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoKey`] where there is none that is valid, and as [`Vault::open`].
    pub fn fetch(
        &self,
        client: &mut impl GenericClient,
        id: UserApiKeyId,
        purpose: &str,
    ) -> Result<String, VaultError> {
        let sql = "SELECT k.user_id, k.service, o.sealed_key, o.version \
            FROM user_api_keys k, open_api_key(k.id, $2) o WHERE k.id = $1";
        let row = client.query_opt(sql, &[&id.0, &purpose])?;
        let row = row.ok_or(VaultError::NoKey(id))?;
        let service: String = row.try_get(1)?;
        let owner = Owner {
            user: UserId(row.try_get(0)?),
            service: UserApiKeyService::from_label(&service).map_err(|_| VaultError::Broken)?,
            name: "",
        };
        self.open(row.try_get(3)?, owner, row.try_get(2)?)
    }

    /// Seals everything of one version anew with another, then retires the old one, which the
    /// database allows when nothing is left of it. Says how many keys it was.
    ///
    /// Run it in a transaction: either all of it happens or nothing.
    ///
    /// # Errors
    ///
    /// As [`Vault::fetch`]; what the database refused.
    pub fn rotate(
        &self,
        client: &mut impl GenericClient,
        from: i32,
        to: i32,
    ) -> Result<usize, VaultError> {
        self.master(to)?;
        // In one order, so that two rotations wait for each other instead of for ever.
        let sql =
            "SELECT id, user_id, service FROM user_api_keys WHERE key_version = $1 ORDER BY id";
        let rows = client.query(sql, &[&from])?;
        for row in &rows {
            let id = UserApiKeyId(row.try_get(0)?);
            let service: String = row.try_get(2)?;
            let owner = Owner {
                user: UserId(row.try_get(1)?),
                service: UserApiKeyService::from_label(&service).map_err(|_| VaultError::Broken)?,
                name: "",
            };
            let key = self.fetch(client, id, "rotation")?;
            let sealed = self.seal(to, owner, &key)?;
            let sql =
                "UPDATE user_api_keys SET encrypted_key = $2::text, key_version = $3 WHERE id = $1";
            client.execute(sql, &[&id.0, &sealed, &to])?;
        }
        client.execute(
            "UPDATE encryption_keys SET usable = false WHERE version = $1",
            &[&from],
        )?;
        Ok(rows.len())
    }
}

#[cfg(test)]
mod tests {
    use pilaster::uuid::Uuid;

    use super::*;

    fn owner(person: u128) -> Owner<'static> {
        Owner {
            user: UserId(Uuid::from_u128(person)),
            service: UserApiKeyService::Openai,
            name: "mine",
        }
    }

    #[test]
    fn what_is_sealed_opens_for_its_owner_alone() {
        let vault = Vault::new([(1, [7; 32]), (2, [8; 32])]).expect("a vault");
        let sealed = vault.seal(1, owner(1), "sk-secret").expect("sealed");
        assert!(!sealed.contains("sk-"));
        assert_ne!(
            vault.seal(1, owner(1), "sk-secret").expect("sealed"),
            sealed
        );
        assert_eq!(
            vault.open(1, owner(1), &sealed).expect("opened"),
            "sk-secret"
        );
        assert!(matches!(
            vault.open(1, owner(2), &sealed),
            Err(VaultError::Broken)
        ));
        assert!(matches!(
            vault.open(2, owner(1), &sealed),
            Err(VaultError::Broken)
        ));
        assert!(matches!(
            vault.open(3, owner(1), &sealed),
            Err(VaultError::NoMaster(3))
        ));
        let changed = sealed.replacen(|c: char| c == sealed.as_bytes()[20] as char, "_", 1);
        assert!(vault.open(1, owner(1), &changed).is_err() || changed == sealed);
        assert!(!format!("{vault:?}").contains('7'));
    }
}
