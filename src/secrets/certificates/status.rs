//! Which certificates there are, and for how long they are good. Changes nothing.

use super::authority::Authority;
use super::leaf::{self, Why};
use super::reading::{self, Reading};
use super::{is_due, key};
use crate::io::Vault;
use crate::secrets::Error;
use crate::secrets::layout::{Content, Layout};
use crate::secrets::tree::Tree;
use crate::stack::{CertificateSource, Stack};
use crate::topology::{CERTIFICATE_FILE, Certificate, KEY_FILE, Topology};
use jiff::Timestamp;

/// The answer.
#[derive(Debug)]
pub struct Status {
    /// The CA first.
    pub rows: Vec<Row>,
    /// Copies of the CA's certificate that are missing or of another one.
    pub behind: Vec<String>,
}

/// One certificate.
#[derive(Debug)]
pub struct Row {
    /// `ca`, or the folder of its owner.
    pub owner: String,
    pub names: String,
    pub not_after: Option<Timestamp>,
    pub days_left: Option<i64>,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Valid,
    /// It should be renewed by now.
    Soon,
    Expired,
    Missing,
    /// It is there, but no client would accept it.
    Unfit(&'static str),
}

impl Status {
    /// Whether nothing is left to do.
    pub fn is_sound(&self) -> bool {
        self.behind.is_empty() && self.rows.iter().all(|row| row.state == State::Valid)
    }
}

pub fn status(stack: &Stack, topology: &Topology, vault: &dyn Vault) -> Result<Status, Error> {
    let layout = Layout::of(topology)?;
    let tree = Tree::view(vault);
    let now = vault.now();
    let own = match stack.tls.source {
        CertificateSource::SelfSigned => Authority::load(&tree)?,
        CertificateSource::Files { .. } => None,
    };
    let mut rows = Vec::new();
    let mut behind = Vec::new();
    if matches!(stack.tls.source, CertificateSource::SelfSigned) {
        rows.push(row("ca", own.as_ref().map(|own| &own.reading), None, now));
    }
    for (path, content) in &layout.files {
        if matches!(content, Content::Authority) {
            let copy = tree.read(path)?;
            let old = own
                .as_ref()
                .is_some_and(|own| Some(&own.pem) != copy.as_ref());
            if old || copy.is_none() {
                behind.push(path.clone());
            }
        }
    }
    for wanted in &topology.certificates {
        let folder = wanted.owner.folder();
        let certificate = tree.read(&format!("{folder}/{CERTIFICATE_FILE}"))?;
        let key = tree.read(&format!("{folder}/{KEY_FILE}"))?;
        let leaf = certificate.as_deref().and_then(first);
        let present = (certificate.as_deref(), key.as_deref());
        let why = match (&stack.tls.source, &own) {
            (CertificateSource::Files { .. }, _) => brought(stack, leaf.as_ref(), present),
            (_, Some(own)) => leaf::check(present, wanted, &own.reading, now).err(),
            (_, None) => certificate.is_some().then_some(Why::OtherAuthority),
        };
        let mut row = row(&folder, leaf.as_ref(), why, now);
        if row.names.is_empty() {
            row.names = wanted_names(wanted);
        }
        rows.push(row);
    }
    Ok(Status { rows, behind })
}

/// What is wrong with a certificate of the user's, after it was installed.
fn brought(
    stack: &Stack,
    leaf: Option<&Reading>,
    (certificate, key): (Option<&[u8]>, Option<&[u8]>),
) -> Option<Why> {
    let (Some(_), Some(key)) = (certificate, key) else {
        return Some(Why::Missing);
    };
    let Some(leaf) = leaf else {
        return Some(Why::Unreadable);
    };
    if key::public_key(key).ok().as_ref() != Some(&leaf.public_key) {
        return Some(Why::OtherKey);
    }
    (!leaf.covers(&stack.domain)).then_some(Why::OtherNames)
}

fn row(owner: &str, leaf: Option<&Reading>, why: Option<Why>, now: Timestamp) -> Row {
    let expired = leaf.is_some_and(|leaf| leaf.not_after <= now);
    let due = leaf.is_some_and(|leaf| is_due(leaf.not_before, leaf.not_after, now));
    Row {
        owner: owner.to_owned(),
        names: leaf.map(Reading::shown).unwrap_or_default(),
        not_after: leaf.map(|leaf| leaf.not_after),
        days_left: leaf.map(|leaf| leaf.not_after.duration_since(now).as_hours().div_euclid(24)),
        state: match why {
            None if leaf.is_none() => State::Missing,
            Some(Why::Missing) => State::Missing,
            Some(Why::Unreadable) => State::Unfit("cannot be read"),
            Some(Why::OtherKey) => State::Unfit("is not of its key"),
            Some(Why::OtherAuthority) => State::Unfit("is of another CA"),
            Some(Why::OtherNames) => State::Unfit("has other names than it should"),
            Some(Why::Due) | None if expired => State::Expired,
            Some(Why::Due) | None if due => State::Soon,
            Some(Why::Due) | None => State::Valid,
        },
    }
}

fn wanted_names(wanted: &Certificate) -> String {
    let addresses = wanted.addresses.iter().map(ToString::to_string);
    let all: Vec<String> = wanted.names.iter().cloned().chain(addresses).collect();
    all.join(" ")
}

fn first(pem: &[u8]) -> Option<Reading> {
    reading::read(pem).ok().map(|mut all| all.swap_remove(0))
}
