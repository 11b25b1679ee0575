//! A certificate in a reader's folder: whether it is still good.

use super::reading::{self, Reading, Signed};
use super::{is_due, key};
use crate::topology::Certificate;
use jiff::Timestamp;

/// A certificate (and those above it but for the CA's), and its key; PEM.
#[derive(Debug)]
pub struct Pair {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

/// Why a certificate has to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Missing,
    Unreadable,
    OtherKey,
    OtherAuthority,
    OtherNames,
    Due,
}

impl Why {
    pub fn text(self) -> &'static str {
        match self {
            Why::Missing => "there was none",
            Why::Unreadable => "it could not be read",
            Why::OtherKey => "it did not match its key",
            Why::OtherAuthority => "another CA had signed it",
            Why::OtherNames => "its names have changed",
            Why::Due => "it had expired or would soon",
        }
    }
}

/// Reads a present certificate of the stack's own CA, if it is still good.
pub fn check(
    pair: (Option<&[u8]>, Option<&[u8]>),
    wanted: &Certificate,
    authority: &Reading,
    now: Timestamp,
) -> Result<Reading, Why> {
    let (Some(certificate), Some(key)) = pair else {
        return Err(Why::Missing);
    };
    let mut readings = reading::read(certificate).map_err(|_| Why::Unreadable)?;
    let leaf = readings.swap_remove(0);
    let public = key::public_key(key).map_err(|_| Why::Unreadable)?;
    if public != leaf.public_key {
        Err(Why::OtherKey)
    } else if leaf.signed_by(authority) != Signed::Yes {
        Err(Why::OtherAuthority)
    } else if !leaf.is_for(wanted) {
        Err(Why::OtherNames)
    } else if is_due(leaf.not_before, leaf.not_after, now) {
        Err(Why::Due)
    } else {
        Ok(leaf)
    }
}
