//! Brings every certificate that the topology needs into the folder of its owner.

use super::authority::{Authority, Signer};
use super::leaf::{Pair, Why};
use super::{files, leaf};
use crate::io::{Project, Vault};
use crate::secrets::layout::{CA_CERTIFICATE, CA_FOLDER, CA_KEY, Content, Layout, PRIVATE_FOLDER};
use crate::secrets::tree::Tree;
use crate::secrets::{Changes, Error};
use crate::stack::{CertificateFiles, CertificateSource, Stack};
use crate::topology::{CERTIFICATE_FILE, Certificate, KEY_FILE, Owner, Topology};
use std::collections::BTreeMap;
use std::time::Duration;

/// What `init` did, and what it refused.
#[derive(Debug, Default)]
pub struct Issued {
    /// Whether a CA was made.
    pub authority: bool,
    /// New certificates by folder, and why the old one would not do.
    pub signed: Vec<(String, Why)>,
    /// Folders whose certificate was good as it was.
    pub kept: Vec<String>,
    /// What is wrong with files of the user's; those are not in use.
    pub faults: Vec<String>,
    pub doubts: Vec<String>,
    pub changes: Changes,
}

/// Running it again changes nothing, until a certificate is due.
pub fn init(
    stack: &Stack,
    topology: &Topology,
    project: &dyn Project,
    vault: &dyn Vault,
) -> Result<Issued, Error> {
    let layout = Layout::of(topology)?;
    let mut tree = Tree::open(vault)?;
    tree.announce(&layout)?;
    let mut done = Issued::default();
    let authority = match &stack.tls.source {
        CertificateSource::SelfSigned => Some(own(stack, topology, &mut tree, &mut done)?),
        CertificateSource::Files { ca, certificates } => {
            let brought = Brought { ca, certificates };
            brought.install(stack, topology, project, &mut tree, &mut done)?
        }
    };
    if let Some(pem) = authority {
        for (path, content) in &layout.files {
            if matches!(content, Content::Authority) {
                tree.reader(path, &pem)?;
            }
        }
    }
    tree.prune(&layout)?;
    done.changes = tree.changes;
    Ok(done)
}

/// Certificates of the stack's own CA, whose certificate is returned.
fn own(
    stack: &Stack,
    topology: &Topology,
    tree: &mut Tree<'_>,
    done: &mut Issued,
) -> Result<Vec<u8>, Error> {
    let now = tree.vault.now();
    tree.folder(CA_FOLDER, PRIVATE_FOLDER)?;
    tree.tighten(CA_KEY)?;
    let authority = match Authority::load(tree)? {
        Some(authority) => authority,
        None => {
            done.authority = true;
            Authority::make(stack, tree)?
        }
    };
    if authority.is_due(now) {
        let day = files::day(authority.reading.not_after);
        done.doubts
            .push(format!("{CA_CERTIFICATE} expires on {day}"));
    }
    let life = Duration::from_millis(stack.tls.validity.millis());
    // The key is needed only if something must be signed.
    let mut signer: Option<Signer> = None;
    for wanted in &topology.certificates {
        let folder = wanted.owner.folder();
        let certificate = tree.read(&format!("{folder}/{CERTIFICATE_FILE}"))?;
        let key = tree.read(&format!("{folder}/{KEY_FILE}"))?;
        let present = (certificate.as_deref(), key.as_deref());
        let pair = match leaf::check(present, wanted, &authority.reading, now) {
            Ok(_) => {
                done.kept.push(folder.clone());
                certificate
                    .zip(key)
                    .map(|(certificate, key)| Pair { certificate, key })
            }
            Err(why) => {
                let ready = match signer.take() {
                    Some(signer) => signer,
                    None => authority.signer(now)?,
                };
                done.signed.push((folder.clone(), why));
                let pair = signer.insert(ready).sign(wanted, life, now)?;
                Some(pair)
            }
        };
        if let Some(pair) = pair {
            install(&folder, &pair, tree)?;
        }
    }
    Ok(authority.pem)
}

/// Two files cannot change at once: between them the certificate does not match, for an instant.
fn install(folder: &str, pair: &Pair, tree: &mut Tree<'_>) -> Result<(), Error> {
    tree.reader(&format!("{folder}/{KEY_FILE}"), &pair.key)?;
    tree.reader(&format!("{folder}/{CERTIFICATE_FILE}"), &pair.certificate)
}

/// Files that the user brings.
struct Brought<'a> {
    ca: &'a str,
    certificates: &'a BTreeMap<String, CertificateFiles>,
}

impl Brought<'_> {
    /// Installs what is sound; the CA's certificate is returned.
    fn install(
        &self,
        stack: &Stack,
        topology: &Topology,
        project: &dyn Project,
        tree: &mut Tree<'_>,
        done: &mut Issued,
    ) -> Result<Option<Vec<u8>>, Error> {
        let (pem, anchors) = match files::authority(self.ca, project) {
            Ok(found) => found,
            Err(reason) => {
                done.faults.push(reason);
                return Ok(None);
            }
        };
        let now = tree.vault.now();
        for Certificate { owner, .. } in &topology.certificates {
            let Owner::Service(service) = owner else {
                continue;
            };
            let Some(paths) = self.certificates.get(service.name()) else {
                done.faults
                    .push(format!("[tls] names no certificate for {service}"));
                continue;
            };
            match files::check(paths, &anchors, &stack.domain, project, now) {
                Err(faults) => extend(&mut done.faults, faults),
                Ok(checked) => {
                    extend(&mut done.doubts, checked.doubts);
                    let before = tree.changes.written.len();
                    install(&owner.folder(), &checked.pair, tree)?;
                    if tree.changes.written.len() == before {
                        done.kept.push(owner.folder());
                    }
                }
            }
        }
        Ok(Some(pem))
    }
}

/// Several services often share one certificate, and its faults.
fn extend(all: &mut Vec<String>, more: Vec<String>) {
    for text in more {
        if !all.contains(&text) {
            all.push(text);
        }
    }
}
