//! The stack's own CA: made once, kept, and asked for leaf certificates.

use super::leaf::Pair;
use super::reading::{self, Reading};
use super::{is_due, key};
use crate::io::Safety;
use crate::secrets::Error;
use crate::secrets::layout::{CA_CERTIFICATE, CA_FOLDER, CA_KEY, PRIVATE_FOLDER, READER_FILE};
use crate::secrets::tree::Tree;
use crate::stack::Stack;
use crate::topology::Certificate;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use std::time::Duration;

/// Ten years.
const LIFE: SignedDuration = SignedDuration::from_hours(3652 * 24);
/// Certificates are valid a little before they are made, for clocks that are behind.
const BACKDATED: SignedDuration = SignedDuration::from_hours(1);
/// Longest common name (RFC 5280, upper bounds).
const COMMON_NAME: usize = 64;

/// A certificate, and the key if it is at hand: it may be kept elsewhere, off line.
pub struct Authority {
    pub pem: Vec<u8>,
    pub reading: Reading,
    key: Option<Vec<u8>>,
}

impl Authority {
    /// The CA of the folder, if there is one.
    pub fn load(tree: &Tree<'_>) -> Result<Option<Authority>, Error> {
        let key = tree.read(CA_KEY)?;
        let Some(pem) = tree.read(CA_CERTIFICATE)? else {
            return match key {
                None => Ok(None),
                Some(_) => Err(refuse(
                    CA_CERTIFICATE,
                    "is missing, though its key is there: put it back, or remove the key to start over",
                )),
            };
        };
        let mut readings = reading::read(&pem).map_err(|reason| refuse(CA_CERTIFICATE, &reason))?;
        let reading = readings.swap_remove(0);
        if !reading.is_ca {
            return Err(refuse(CA_CERTIFICATE, "is not the certificate of a CA"));
        }
        if let Some(key) = &key {
            let public = key::public_key(key).map_err(|reason| refuse(CA_KEY, &reason))?;
            if public != reading.public_key {
                return Err(refuse(CA_KEY, "is not the key of ca/ca.crt"));
            }
        }
        Ok(Some(Authority { pem, reading, key }))
    }

    /// Makes a CA and puts it in its folder, mounted nowhere.
    pub fn make(stack: &Stack, tree: &mut Tree<'_>) -> Result<Authority, Error> {
        let now = tree.vault.now();
        let mut params = CertificateParams::default();
        let name = format!("{} {} CA", stack.name, stack.environment);
        params.distinguished_name = named(&name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        validity(&mut params, now - BACKDATED, now + LIFE);
        let pair = KeyPair::generate().map_err(fault)?;
        let pem = params.self_signed(&pair).map_err(fault)?.pem();
        tree.folder(CA_FOLDER, PRIVATE_FOLDER)?;
        tree.private(CA_KEY, pair.serialize_pem().as_bytes(), Safety::Original)?;
        tree.replace(
            CA_CERTIFICATE,
            pem.as_bytes(),
            READER_FILE,
            Safety::Original,
        )?;
        Authority::load(tree)?.ok_or_else(|| Error::Fault("a new CA cannot be read".to_owned()))
    }

    /// Whether it will end before long.
    pub fn is_due(&self, now: Timestamp) -> bool {
        is_due(self.reading.not_before, self.reading.not_after, now)
    }

    /// Ready to sign.
    pub fn signer(&self, now: Timestamp) -> Result<Signer, Error> {
        let Some(key) = &self.key else {
            return Err(refuse(
                CA_KEY,
                "is missing, and a certificate must be signed: put it back",
            ));
        };
        if self.reading.not_after <= now {
            return Err(refuse(
                CA_CERTIFICATE,
                "has expired: remove the folder ca to get a new CA, and give its certificate to every agent",
            ));
        }
        let text = String::from_utf8_lossy(key);
        let pair = KeyPair::from_pem(&text).map_err(fault)?;
        let der = self.reading.der().to_vec();
        let issuer = Issuer::from_ca_cert_der(&der.into(), pair).map_err(fault)?;
        Ok(Signer {
            issuer,
            until: self.reading.not_after,
        })
    }
}

/// A CA that can sign.
pub struct Signer {
    issuer: Issuer<'static, KeyPair>,
    until: Timestamp,
}

impl Signer {
    /// Signs a certificate with a new key. It does not outlive the CA.
    pub fn sign(
        &self,
        wanted: &Certificate,
        life: Duration,
        now: Timestamp,
    ) -> Result<Pair, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name = match wanted.names.first() {
            Some(name) if name.len() <= COMMON_NAME => named(name),
            _ => DistinguishedName::new(),
        };
        for name in &wanted.names {
            let name = name.as_str().try_into().map_err(fault)?;
            params.subject_alt_names.push(SanType::DnsName(name));
        }
        let addresses = wanted.addresses.iter().copied().map(SanType::IpAddress);
        params.subject_alt_names.extend(addresses);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let end = now.checked_add(life).unwrap_or(Timestamp::MAX);
        validity(&mut params, now - BACKDATED, end.min(self.until));
        let pair = KeyPair::generate().map_err(fault)?;
        let certificate = params.signed_by(&pair, &self.issuer).map_err(fault)?;
        Ok(Pair {
            certificate: certificate.pem().into_bytes(),
            key: pair.serialize_pem().into_bytes(),
        })
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn validity(params: &mut CertificateParams, from: Timestamp, until: Timestamp) {
    let at = |time: Timestamp| {
        let seconds = u64::try_from(time.as_second()).unwrap_or(0);
        date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
    };
    params.not_before = at(from);
    params.not_after = at(until);
}

fn refuse(path: &str, reason: &str) -> Error {
    Error::Certificate {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

fn fault(error: rcgen::Error) -> Error {
    Error::Fault(error.to_string())
}
