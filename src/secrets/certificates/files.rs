//! Certificates that the user brings: checked as a client would, before a service shows them.

use super::leaf::Pair;
use super::reading::{self, Reading, Signed};
use super::{is_due, key};
use crate::io::Project;
use crate::stack::CertificateFiles;
use jiff::Timestamp;

/// What was found out about the files of one service.
#[derive(Debug)]
pub struct Checked {
    pub pair: Pair,
    /// What works, but is worth a word.
    pub doubts: Vec<String>,
}

/// The CA's file.
pub fn authority(path: &str, project: &dyn Project) -> Result<(Vec<u8>, Vec<Reading>), String> {
    let pem = file(path, project)?;
    let anchors = reading::read(&pem).map_err(|reason| format!("{path} {reason}"))?;
    Ok((pem, anchors))
}

/// Reads and checks a certificate and its key. Errors are sentences, several at once.
pub fn check(
    files: &CertificateFiles,
    anchors: &[Reading],
    host: &str,
    project: &dyn Project,
    now: Timestamp,
) -> Result<Checked, Vec<String>> {
    let path = &files.cert;
    let certificate = file(path, project);
    let key = file(&files.key, project);
    let (certificate, key) = match (certificate, key) {
        (Ok(certificate), Ok(key)) => (certificate, key),
        (certificate, key) => {
            return Err([certificate.err(), key.err()]
                .into_iter()
                .flatten()
                .collect());
        }
    };
    let mut chain =
        reading::read(&certificate).map_err(|reason| vec![format!("{path} {reason}")])?;
    let leaf = chain.remove(0);
    let mut faults = Vec::new();
    let mut doubts = Vec::new();
    match key::public_key(&key) {
        Err(reason) => faults.push(format!("{} {reason}", files.key)),
        Ok(public) if public != leaf.public_key => {
            faults.push(format!("{} is not the key of {path}", files.key));
        }
        Ok(_) => {}
    }
    if leaf.not_after <= now {
        faults.push(format!("{path} expired on {}", day(leaf.not_after)));
    } else if leaf.not_before > now {
        faults.push(format!(
            "{path} is not valid before {}",
            day(leaf.not_before)
        ));
    } else if is_due(leaf.not_before, leaf.not_after, now) {
        doubts.push(format!("{path} expires on {}", day(leaf.not_after)));
    }
    if leaf.names.is_empty() && leaf.addresses.is_empty() {
        faults.push(format!(
            "{path} has no subject alternative name: clients look at nothing else"
        ));
    } else if !leaf.covers(host) {
        faults.push(format!(
            "{path} is not for {host}, but for {}",
            leaf.shown()
        ));
    }
    if !leaf.is_for_servers {
        faults.push(format!("{path} is not for servers (extended key usage)"));
    }
    let (signed, end) = trust(&leaf, &chain, anchors);
    match signed {
        Signed::Yes => {}
        Signed::No => faults.push(format!(
            "{path} does not lead to the CA: its file must hold the certificates between"
        )),
        Signed::Unknown => doubts.push(format!(
            "{path}: whether it leads to the CA cannot be checked here (its kind of signature)"
        )),
    }
    if leaf.not_after > now && end <= now {
        let day = day(end);
        faults.push(format!("{path}: a certificate above it expired on {day}"));
    }
    if faults.is_empty() {
        let pair = Pair { certificate, key };
        Ok(Checked { pair, doubts })
    } else {
        Err(faults)
    }
}

/// Follows signatures up to one of the anchors; and the first end of all on the way.
fn trust(leaf: &Reading, between: &[Reading], anchors: &[Reading]) -> (Signed, Timestamp) {
    let is_anchor = |reading: &Reading| anchors.iter().any(|anchor| anchor.der() == reading.der());
    let mut at = leaf;
    let mut end = leaf.not_after;
    let mut certain = Signed::Yes;
    // Each step goes up by one, so a longer way goes in a circle.
    for _ in 0..=between.len() {
        if is_anchor(at) {
            break;
        }
        let issuers = anchors.iter().chain(between);
        let next = issuers
            .filter(|issuer| issuer.is_ca)
            .map(|issuer| (issuer, at.signed_by(issuer)))
            .find(|(_, signed)| *signed != Signed::No);
        let Some((issuer, signed)) = next else {
            return (Signed::No, end);
        };
        if signed == Signed::Unknown {
            certain = Signed::Unknown;
        }
        at = issuer;
        end = end.min(at.not_after);
    }
    (if is_anchor(at) { certain } else { Signed::No }, end)
}

fn file(path: &str, project: &dyn Project) -> Result<Vec<u8>, String> {
    project
        .read(path)
        .map_err(|error| format!("{path} cannot be read: {error}"))
}

/// YYYY-MM-DD.
pub fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
