//! Hashes of passwords. One that still fits its password is kept: each new one has a salt of its
//! own, and would change the file.

use super::readers::Values;
use super::{Error, Secret, Vault, layout::Users};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use std::collections::BTreeMap;

/// Hashes by user name.
pub type Hashes = BTreeMap<String, String>;

/// How a program wants passwords hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Slow, for programs that remember what they have checked: Prometheus, Alertmanager.
    Bcrypt,
    /// Fast. nginx checks the password at every request and remembers nothing, so a slow hash
    /// would be paid at each push; what opens its doors is random and long (RFC 2307, {SSHA}).
    Ssha,
}

/// About 70 ms a hash; unit tests make hundreds.
const COST: u32 = if cfg!(test) { 5 } else { 10 };
const SSHA: &str = "{SSHA}";
/// Length of a SHA-1 digest; the salt follows it.
const DIGEST: usize = 20;

impl Scheme {
    /// Hashes of all users, of which some are at hand; nothing if a value is not known.
    pub fn hashes(
        self,
        users: &Users<'_>,
        values: &Values,
        present: &Hashes,
        vault: &dyn Vault,
    ) -> Result<Option<Hashes>, Error> {
        let mut hashes = Hashes::new();
        for (username, credential) in users {
            let Some(secret) = values.get(&credential.name) else {
                return Ok(None);
            };
            let kept = present
                .get(*username)
                .filter(|hash| self.opens(hash, secret));
            let hash = match kept {
                Some(hash) => hash.clone(),
                None => self.hash(secret, vault)?,
            };
            hashes.insert((*username).to_owned(), hash);
        }
        Ok(Some(hashes))
    }

    /// Whether a hash is of this scheme, as strong as today's, and of this password.
    pub fn opens(self, hash: &str, secret: &Secret) -> bool {
        match self {
            Scheme::Bcrypt => {
                // The cost is the number after the version: `$2b$10$…`.
                let cost = hash.split('$').nth(2).and_then(|cost| cost.parse().ok());
                cost == Some(COST) && bcrypt::verify(secret.expose(), hash).unwrap_or(false)
            }
            Scheme::Ssha => {
                let encoded = hash.strip_prefix(SSHA);
                let bytes = encoded.and_then(|text| STANDARD.decode(text).ok());
                bytes.is_some_and(|bytes| {
                    bytes.len() > DIGEST && digest(secret, &bytes[DIGEST..]) == bytes[..DIGEST]
                })
            }
        }
    }

    fn hash(self, secret: &Secret, vault: &dyn Vault) -> Result<String, Error> {
        let mut salt = [0; 16];
        vault
            .random(&mut salt)
            .map_err(|source| Error::Random { source })?;
        match self {
            Scheme::Bcrypt => bcrypt::hash_with_salt(secret.expose(), COST, salt)
                .map(|parts| parts.format_for_version(bcrypt::Version::TwoB))
                .map_err(|error| Error::Fault(error.to_string())),
            Scheme::Ssha => {
                let mut bytes = digest(secret, &salt);
                bytes.extend(salt);
                Ok(format!("{SSHA}{}", STANDARD.encode(bytes)))
            }
        }
    }
}

fn digest(secret: &Secret, salt: &[u8]) -> Vec<u8> {
    let mut hasher = Sha1::new();
    hasher.update(secret.expose());
    hasher.update(salt);
    hasher.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryVault;

    #[test]
    fn hashes_open_for_their_password_only() {
        let vault = MemoryVault::at("2025-06-01T00:00:00Z");
        let one = Secret::generate(&vault).unwrap();
        let other = Secret::generate(&vault).unwrap();
        for scheme in [Scheme::Bcrypt, Scheme::Ssha] {
            let hash = scheme.hash(&one, &vault).unwrap();
            assert!(scheme.opens(&hash, &one), "{hash}");
            assert!(!scheme.opens(&hash, &other));
            assert!(!scheme.opens("", &one));
            assert_ne!(hash, scheme.hash(&one, &vault).unwrap(), "salted");
        }
        let weak = bcrypt::hash(one.expose(), 4).unwrap();
        assert!(!Scheme::Bcrypt.opens(&weak, &one), "cost 4 is hashed anew");
    }
}
