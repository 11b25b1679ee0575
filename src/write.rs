//! [`ArtifactSet`] → disk, safe at every instant.
//!
//! Each file is replaced by rename, unchanged files are not touched, the manifest comes last. A
//! journal names what is about to be written, so that a build that was killed half-way leaves
//! nothing behind that the next one does not know of.

mod manifest;

pub use manifest::{Manifest, ManifestFile};

use crate::artifact::ArtifactSet;
use crate::io::Folder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;

/// Name of the manifest in an environment's folder.
pub const MANIFEST: &str = "manifest.json";
/// Name of the journal while a build writes.
const JOURNAL: &str = ".stackgen-journal.json";

/// What differs between a set of artifacts and a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files to write, with their present bytes, if there are any.
    pub write: BTreeMap<String, Option<Vec<u8>>>,
    /// Files of an earlier build that this one does not have.
    pub remove: Vec<String>,
    /// An earlier build was interrupted.
    pub interrupted: bool,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty() && !self.interrupted
    }
}

/// Why a folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{path}: {error}")]
    Io { path: String, error: io::Error },
    #[error(
        "{path} is in the way: stackgen did not write it. Move it, or build to another folder with --out"
    )]
    Foreign { path: String },
    #[error("{path} is not a manifest that stackgen wrote. Remove it and build again")]
    Manifest { path: String },
}

fn at(path: &str) -> impl FnOnce(io::Error) -> WriteError + '_ {
    move |error| WriteError::Io {
        path: path.to_owned(),
        error,
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Compares a folder with what a build makes.
pub fn compare(
    folder: &mut dyn Folder,
    artifacts: &ArtifactSet,
    manifest: &Manifest,
) -> Result<Changes, WriteError> {
    let written = read_manifest(folder)?;
    let journal = read_journal(folder)?;
    let mut changes = Changes {
        interrupted: journal.is_some(),
        ..Changes::default()
    };
    let journal = journal.unwrap_or_default();
    let is_ours = |path: &str, bytes: &[u8]| {
        written
            .as_ref()
            .is_some_and(|manifest| manifest.files.contains_key(path))
            || journal.get(path).is_some_and(|hash| *hash == sha256(bytes))
    };
    for artifact in artifacts.iter() {
        let present = folder.read(&artifact.path).map_err(at(&artifact.path))?;
        match &present {
            Some(bytes) if *bytes == artifact.bytes => {}
            Some(bytes) if !is_ours(&artifact.path, bytes) => {
                return Err(WriteError::Foreign {
                    path: artifact.path.clone(),
                });
            }
            _ => {
                changes.write.insert(artifact.path.clone(), present);
            }
        }
    }
    let text = manifest.to_json();
    let present = folder.read(MANIFEST).map_err(at(MANIFEST))?;
    if present.as_deref() != Some(text.as_bytes()) {
        changes.write.insert(MANIFEST.to_owned(), present);
    }
    let earlier = written.iter().flat_map(|manifest| manifest.files.keys());
    for path in earlier.chain(journal.keys()) {
        if artifacts.get(path).is_some() || path == MANIFEST || changes.remove.contains(path) {
            continue;
        }
        if let Some(bytes) = folder.read(path).map_err(at(path))?
            && is_ours(path, &bytes)
        {
            changes.remove.push(path.clone());
        }
    }
    changes.remove.sort();
    Ok(changes)
}

/// Writes what differs. Whatever stops it, the next call completes the job.
pub fn write(
    folder: &mut dyn Folder,
    artifacts: &ArtifactSet,
    manifest: &Manifest,
) -> Result<Changes, WriteError> {
    let changes = compare(folder, artifacts, manifest)?;
    if changes.is_empty() {
        return Ok(changes);
    }
    let interrupted = read_journal(folder)?.unwrap_or_default();
    for path in interrupted.keys() {
        folder.clean(path).map_err(at(path))?;
    }
    let mut journal = interrupted;
    for path in changes.write.keys() {
        if let Some(artifact) = artifacts.get(path) {
            journal.insert(path.clone(), sha256(&artifact.bytes));
        }
    }
    let text = serde_json::to_vec(&journal).map_err(|error| WriteError::Io {
        path: JOURNAL.to_owned(),
        error: error.into(),
    })?;
    folder.replace(JOURNAL, &text).map_err(at(JOURNAL))?;
    for path in changes.write.keys() {
        if let Some(artifact) = artifacts.get(path) {
            folder.replace(path, &artifact.bytes).map_err(at(path))?;
        }
    }
    for path in &changes.remove {
        folder.remove(path).map_err(at(path))?;
    }
    if changes.write.contains_key(MANIFEST) {
        folder
            .replace(MANIFEST, manifest.to_json().as_bytes())
            .map_err(at(MANIFEST))?;
    }
    folder.remove(JOURNAL).map_err(at(JOURNAL))?;
    Ok(changes)
}

fn read_manifest(folder: &mut dyn Folder) -> Result<Option<Manifest>, WriteError> {
    match folder.read(MANIFEST).map_err(at(MANIFEST))? {
        None => Ok(None),
        Some(bytes) => match serde_json::from_slice(&bytes) {
            Ok(manifest) => Ok(Some(manifest)),
            Err(_) => Err(WriteError::Manifest {
                path: MANIFEST.to_owned(),
            }),
        },
    }
}

/// Paths and hashes of what an interrupted build was about to write.
fn read_journal(folder: &mut dyn Folder) -> Result<Option<BTreeMap<String, String>>, WriteError> {
    let bytes = folder.read(JOURNAL).map_err(at(JOURNAL))?;
    // The journal is replaced as a whole; one that cannot be read is not a journal, and says only
    // that something was interrupted.
    Ok(bytes.map(|bytes| serde_json::from_slice(&bytes).unwrap_or_default()))
}

#[cfg(test)]
mod tests;
