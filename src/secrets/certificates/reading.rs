//! What a certificate says, and who signed it.

use crate::topology::Certificate;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::net::IpAddr;
use x509_parser::error::X509Error;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;
use x509_parser::pem::Pem;
use x509_parser::prelude::X509Certificate;
use x509_parser::time::ASN1Time;

/// A certificate, as far as anybody asks here.
#[derive(Debug)]
pub struct Reading {
    der: Vec<u8>,
    pub names: BTreeSet<String>,
    pub addresses: BTreeSet<IpAddr>,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    pub is_ca: bool,
    /// Whether a server may show it.
    pub is_for_servers: bool,
    /// The public key as it stands in the certificate.
    pub public_key: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
}

/// Whether one certificate signed another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Yes,
    No,
    /// Its algorithm is not known here.
    Unknown,
}

/// Every certificate of a PEM file.
pub fn read(pem: &[u8]) -> Result<Vec<Reading>, String> {
    let mut readings = Vec::new();
    for block in Pem::iter_from_buffer(pem) {
        let block = block.map_err(|_| "is not PEM")?;
        if block.label == "CERTIFICATE" {
            readings.push(Reading::of(block.contents)?);
        }
    }
    if readings.is_empty() {
        return Err("has no certificate in it".to_owned());
    }
    Ok(readings)
}

impl Reading {
    fn of(der: Vec<u8>) -> Result<Reading, String> {
        let unreadable = |_| "has a certificate that cannot be read".to_owned();
        let (_, x509) = parse_x509_certificate(&der).map_err(|_| unreadable(()))?;
        let mut names = BTreeSet::new();
        let mut addresses = BTreeSet::new();
        let alternatives = x509.subject_alternative_name();
        if let Some(alternatives) = alternatives.map_err(|_| unreadable(()))? {
            for name in &alternatives.value.general_names {
                match name {
                    GeneralName::DNSName(name) => {
                        names.insert(name.to_ascii_lowercase());
                    }
                    GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
                    _ => {}
                }
            }
        }
        let usage = x509.extended_key_usage().map_err(|_| unreadable(()))?;
        Ok(Reading {
            names,
            addresses,
            not_before: time(x509.validity().not_before)?,
            not_after: time(x509.validity().not_after)?,
            is_ca: x509.is_ca(),
            is_for_servers: usage.is_none_or(|usage| usage.value.server_auth || usage.value.any),
            public_key: x509.public_key().subject_public_key.data.to_vec(),
            issuer: x509.issuer().as_raw().to_vec(),
            subject: x509.subject().as_raw().to_vec(),
            der,
        })
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether `issuer` signed it.
    pub fn signed_by(&self, issuer: &Reading) -> Signed {
        if self.issuer != issuer.subject {
            return Signed::No;
        }
        let (Ok((_, own)), Ok((_, other))) = (
            parse_x509_certificate(&self.der),
            parse_x509_certificate(&issuer.der),
        ) else {
            return Signed::No;
        };
        signature(&own, &other)
    }

    /// Whether it has exactly these names.
    pub fn is_for(&self, wanted: &Certificate) -> bool {
        let names = wanted.names.iter().map(|name| name.to_ascii_lowercase());
        self.names == names.collect()
            && self.addresses == wanted.addresses.iter().copied().collect()
    }

    /// Whether a client that calls `host` accepts the names: no common name counts, and a
    /// wildcard stands for one label.
    pub fn covers(&self, host: &str) -> bool {
        if let Ok(address) = host.parse::<IpAddr>() {
            return self.addresses.contains(&address);
        }
        let host = host.to_ascii_lowercase();
        let above = host.split_once('.').map(|(_, above)| above);
        self.names.contains(&host)
            || above.is_some_and(|above| self.names.contains(&format!("*.{above}")))
    }

    /// Names and addresses, as people read them.
    pub fn shown(&self) -> String {
        let addresses = self.addresses.iter().map(IpAddr::to_string);
        let all: Vec<String> = self.names.iter().cloned().chain(addresses).collect();
        all.join(" ")
    }
}

fn signature(own: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> Signed {
    match own.verify_signature(Some(issuer.public_key())) {
        Ok(()) => Signed::Yes,
        Err(X509Error::SignatureUnsupportedAlgorithm) => Signed::Unknown,
        Err(_) => Signed::No,
    }
}

fn time(time: ASN1Time) -> Result<Timestamp, String> {
    Timestamp::from_second(time.timestamp())
        .map_err(|_| "has a certificate with an impossible date".to_owned())
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}
