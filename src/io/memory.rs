//! A project in memory, for tests and for editors with unsaved text.

use super::Project;
use std::collections::BTreeMap;
use std::io;

/// Files by path.
#[derive(Debug, Clone, Default)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Project for Memory {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0
            .get(path)
            .cloned()
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let matcher = super::disk::matcher(pattern)?;
        Ok(self
            .0
            .keys()
            .filter(|path| matcher.is_match(path))
            .cloned()
            .collect())
    }
}
