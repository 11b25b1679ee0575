//! A project and an output folder in memory, for tests and for editors with unsaved text.

use super::{Folder, Project};
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

/// An output folder in memory that can fail: after `budget` changes each further one is an error,
/// as if the process had been killed there.
#[derive(Debug, Clone, Default)]
pub struct MemoryFolder {
    pub files: BTreeMap<String, Vec<u8>>,
    /// Changes made so far.
    pub changes: usize,
    pub budget: Option<usize>,
}

impl MemoryFolder {
    fn change(&mut self) -> io::Result<()> {
        if self.budget.is_some_and(|budget| self.changes >= budget) {
            return Err(io::Error::other("interrupted"));
        }
        self.changes += 1;
        Ok(())
    }
}

impl Folder for MemoryFolder {
    fn read(&mut self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.files.get(path).cloned())
    }

    fn replace(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.change()?;
        self.files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn remove(&mut self, path: &str) -> io::Result<()> {
        self.change()?;
        self.files.remove(path);
        Ok(())
    }

    fn clean(&mut self, _path: &str) -> io::Result<()> {
        Ok(())
    }
}
