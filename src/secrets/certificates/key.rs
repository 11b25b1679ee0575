//! The public half of a private key: what a certificate must hold to belong to it.
//!
//! Keys come as PKCS #8 (RFC 5958), PKCS #1 (RSA, RFC 8017) or SEC 1 (elliptic curves, RFC 5915).

use rcgen::{KeyPair, PublicKeyData};
use x509_parser::asn1_rs::{Any, Class, FromDer};
use x509_parser::pem::Pem;

/// The public key, as it stands in a certificate. An error says what is wrong with the file.
pub fn public_key(pem: &[u8]) -> Result<Vec<u8>, String> {
    for block in Pem::iter_from_buffer(pem) {
        let block = block.map_err(|_| "is not PEM")?;
        let found = match block.label.as_str() {
            "PRIVATE KEY" => pkcs8(&block.contents),
            "RSA PRIVATE KEY" => rsa(&block.contents),
            "EC PRIVATE KEY" => curve(&block.contents),
            "ENCRYPTED PRIVATE KEY" => {
                return Err("is encrypted, and no service can ask for its passphrase".to_owned());
            }
            _ => continue,
        };
        return found.ok_or_else(|| "has a key that cannot be read".to_owned());
    }
    Err("has no private key in it".to_owned())
}

/// One element: its content, its own bytes, and what follows.
fn element(bytes: &[u8]) -> Option<(Any<'_>, &[u8], &[u8])> {
    let (rest, any) = Any::from_der(bytes).ok()?;
    let own = bytes.get(..bytes.len() - rest.len())?;
    Some((any, own, rest))
}

fn pkcs8(der: &[u8]) -> Option<Vec<u8>> {
    // Whatever the signing library can read, including curves whose key has no public half in it.
    if let Ok(pair) = KeyPair::try_from(der) {
        return Some(pair.der_bytes().to_vec());
    }
    let (sequence, _, _) = element(der)?;
    let (_version, _, rest) = element(sequence.data)?;
    let (_algorithm, _, rest) = element(rest)?;
    let (inner, _, _) = element(rest)?;
    curve(inner.data).or_else(|| rsa(inner.data))
}

/// SEQUENCE { version, modulus, exponent, … } → SEQUENCE { modulus, exponent }.
fn rsa(der: &[u8]) -> Option<Vec<u8>> {
    let (sequence, _, _) = element(der)?;
    let (_version, _, rest) = element(sequence.data)?;
    let (_, modulus, rest) = element(rest)?;
    let (_, exponent, _) = element(rest)?;
    let content = [modulus, exponent].concat();
    let mut public = vec![0x30];
    let length = content.len();
    match length {
        0..=0x7f => public.push(length as u8),
        0x80..=0xff => public.extend([0x81, length as u8]),
        _ => {
            public.push(0x82);
            public.extend(u16::try_from(length).ok()?.to_be_bytes());
        }
    }
    public.extend(content);
    Some(public)
}

/// SEQUENCE { version, key, [0] curve, [1] BIT STRING public key } → the public key.
fn curve(der: &[u8]) -> Option<Vec<u8>> {
    let (sequence, _, _) = element(der)?;
    let mut rest = sequence.data;
    while !rest.is_empty() {
        let (item, _, following) = element(rest)?;
        if item.class() == Class::ContextSpecific && item.tag().0 == 1 {
            let (bits, _, _) = element(item.data)?;
            // The first byte counts unused bits: none.
            return bits.data.strip_prefix(&[0]).map(<[u8]>::to_vec);
        }
        rest = following;
    }
    None
}
