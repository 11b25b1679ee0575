//! What a build makes: relative paths, bytes, and where they come from.

use std::collections::BTreeMap;

/// One file of the output tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Relative to the environment's folder, with `/`.
    pub path: String,
    pub bytes: Vec<u8>,
    /// Keys of stack.toml that caused it, such as `alerting` or `hosts.app-1`.
    pub caused_by: Vec<String>,
    /// Folder name of the [`Owner`](crate::topology::Owner) that must be recreated when the file
    /// changes; nothing if whoever reads it follows the file by itself.
    pub restarts: Option<String>,
}

impl Artifact {
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Artifact {
            path: path.into(),
            bytes: bytes.into(),
            caused_by: Vec::new(),
            restarts: None,
        }
    }

    pub fn caused_by<'a>(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        self.caused_by.extend(keys.into_iter().map(str::to_owned));
        self
    }

    pub fn restarts(mut self, owner: impl Into<String>) -> Self {
        self.restarts = Some(owner.into());
        self
    }
}

/// All files of one environment, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArtifactSet {
    files: BTreeMap<String, Artifact>,
}

impl ArtifactSet {
    /// Adds a file. Two files of one path are a fault of stackgen's own: the first one stays, and
    /// its path is returned.
    pub fn add(&mut self, artifact: Artifact) -> Result<(), String> {
        if self.files.contains_key(&artifact.path) {
            return Err(artifact.path);
        }
        self.files.insert(artifact.path.clone(), artifact);
        Ok(())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Artifact> {
        self.files.values()
    }

    pub fn get(&self, path: &str) -> Option<&Artifact> {
        self.files.get(path)
    }
}
