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
    if let Err(error) = serde_json::from_str::<serde_json::Value>(&text) {
        return vec![Rejection::new("manifest", MANIFEST, error.to_string())];
    }
    tree.files()
        .filter(|&file| file != MANIFEST)
        .filter_map(|file| {
            let bytes = fs::read(tree.root.join(file)).unwrap_or_else(|error| panic!("{error}"));
            let digest: String = Sha256::digest(bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let message = if !text.contains(&format!("\"{file}\"")) {
                "the manifest does not tell of this file".to_owned()
            } else if !text.contains(&digest) {
                format!("the manifest has no SHA-256 {digest}")
            } else {
                return None;
            };
            Some(Rejection::new("manifest", file, message))
        })
        .collect()
}
