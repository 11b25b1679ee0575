//! Whether manifest.json tells of every file, with the SHA-256 that the file has.

use super::Rejection;
use super::tree::Tree;
use sha2::{Digest, Sha256};
use std::fs;

const MANIFEST: &str = "manifest.json";

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    if !tree.has(MANIFEST) {
        return Vec::new();
    }
    let text = tree.read(MANIFEST);
    let manifest: serde_json::Value = match serde_json::from_str(&text) {
        Ok(manifest) => manifest,
        Err(error) => return vec![Rejection::new("manifest", MANIFEST, error.to_string())],
    };
    tree.files()
        .filter(|&file| file != MANIFEST)
        .filter_map(|file| {
            let bytes = fs::read(tree.root.join(file)).unwrap_or_else(|error| panic!("{error}"));
            let digest: String = Sha256::digest(bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let told = &manifest["files"][file];
            let message = if told.is_null() {
                "the manifest does not tell of this file".to_owned()
            } else if told["sha256"] != digest {
                format!("the manifest has no SHA-256 {digest}")
            } else {
                return None;
            };
            Some(Rejection::new("manifest", file, message))
        })
        .collect()
}
