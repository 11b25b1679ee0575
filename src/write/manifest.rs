//! `manifest.json`: what a build wrote, and which keys of stack.toml caused it.

use super::sha256;
use crate::artifact::ArtifactSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The manifest of one environment's folder. Its format is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of this format.
    pub version: u32,
    /// Version of stackgen.
    pub stackgen: String,
    pub environment: String,
    /// SHA-256 over stack.toml and the user's files that were read.
    pub input: String,
    pub files: BTreeMap<String, ManifestFile>,
}

/// One file of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    pub sha256: String,
    /// Keys of stack.toml.
    pub caused_by: Vec<String>,
}

impl Manifest {
    pub fn of(environment: &str, input: String, artifacts: &ArtifactSet) -> Self {
        let files = artifacts.iter().map(|artifact| {
            let file = ManifestFile {
                sha256: sha256(&artifact.bytes),
                caused_by: artifact.caused_by.clone(),
            };
            (artifact.path.clone(), file)
        });
        Manifest {
            version: 1,
            stackgen: env!("CARGO_PKG_VERSION").to_owned(),
            environment: environment.to_owned(),
            input,
            files: files.collect(),
        }
    }

    /// The file's text.
    pub fn to_json(&self) -> String {
        // A struct of strings can always be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}
