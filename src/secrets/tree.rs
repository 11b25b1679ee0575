//! The files of a secrets folder, brought into their shape; with a record of what changed.

use super::layout::{
    Layout, PRIVATE_FILE, PRIVATE_FOLDER, READER_FILE, READER_FOLDER, RECORD, folders_above,
    is_inside,
};
use super::{Error, Vault};
use crate::io::{Found, Kind, Safety, TEMPORARY};
use crate::topology::is_reserved_folder;
use std::collections::BTreeSet;
use std::io;

/// What a command did to files.
#[derive(Debug, Default)]
pub struct Changes {
    /// Files of readers that are new or have other content.
    pub written: Vec<String>,
    pub removed: Vec<String>,
    /// Files and folders whose mode was another one, with the mode they had.
    pub modes: Vec<(String, u32)>,
}

/// See the module's documentation.
pub struct Tree<'a> {
    pub vault: &'a dyn Vault,
    pub changes: Changes,
    /// Folders that have been seen to.
    ready: BTreeSet<String>,
}

impl<'a> Tree<'a> {
    /// Makes the environment's folder, if need be.
    pub fn open(vault: &'a dyn Vault) -> Result<Tree<'a>, Error> {
        let mut tree = Tree::view(vault);
        tree.folder("", PRIVATE_FOLDER)?;
        Ok(tree)
    }

    /// For reading only.
    pub fn view(vault: &'a dyn Vault) -> Tree<'a> {
        Tree {
            vault,
            changes: Changes::default(),
            ready: BTreeSet::new(),
        }
    }

    pub fn inspect(&self, path: &str) -> Result<Option<Found>, Error> {
        self.vault.inspect(path).map_err(|e| at(path, e))
    }

    /// The bytes of a plain file, if it exists.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        match self.inspect(path)? {
            None => Ok(None),
            Some(found) if found.kind == Kind::File => {
                self.vault.read(path).map_err(|e| at(path, e))
            }
            Some(_) => Err(Error::NotPlain {
                path: path.to_owned(),
                wanted: "file",
            }),
        }
    }

    /// Sees to it that a folder exists and has exactly this mode.
    pub fn folder(&mut self, path: &str, mode: u32) -> Result<(), Error> {
        if self.ready.contains(path) {
            return Ok(());
        }
        match self.inspect(path)? {
            None => self
                .vault
                .make_folder(path, mode)
                .map_err(|e| at(path, e))?,
            Some(found) if found.kind != Kind::Folder => {
                return Err(Error::NotPlain {
                    path: path.to_owned(),
                    wanted: "folder",
                });
            }
            Some(found) if found.mode != mode => self.set_mode(path, found, mode)?,
            Some(_) => {}
        }
        self.ready.insert(path.to_owned());
        Ok(())
    }

    fn set_mode(&mut self, path: &str, found: Found, mode: u32) -> Result<(), Error> {
        self.vault.set_mode(path, mode).map_err(|e| at(path, e))?;
        let shown = if path.is_empty() { "." } else { path };
        self.changes.modes.push((shown.to_owned(), found.mode));
        Ok(())
    }

    /// Takes a file that exists away from everybody but its owner.
    pub fn tighten(&mut self, path: &str) -> Result<(), Error> {
        match self.inspect(path)? {
            Some(found) if found.kind == Kind::File && found.mode & 0o077 != 0 => {
                self.set_mode(path, found, PRIVATE_FILE)
            }
            _ => Ok(()),
        }
    }

    /// Puts a file in place that only its owner reads.
    pub fn private(&mut self, path: &str, bytes: &[u8], safety: Safety) -> Result<(), Error> {
        for folder in folders_above(path) {
            self.folder(folder, PRIVATE_FOLDER)?;
        }
        self.replace(path, bytes, PRIVATE_FILE, safety)
    }

    /// Puts a reader's file in place; one that is as it should be is not touched.
    pub fn reader(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        for folder in folders_above(path) {
            self.folder(folder, READER_FOLDER)?;
        }
        if self.read(path)?.as_deref() != Some(bytes) {
            self.replace(path, bytes, READER_FILE, Safety::Copy)?;
            self.changes.written.push(path.to_owned());
        } else if let Some(found) = self.inspect(path)?
            && found.mode != READER_FILE
        {
            self.set_mode(path, found, READER_FILE)?;
        }
        Ok(())
    }

    pub fn replace(
        &mut self,
        path: &str,
        bytes: &[u8],
        mode: u32,
        safety: Safety,
    ) -> Result<(), Error> {
        let result = self.vault.replace(path, bytes, mode, safety);
        result.map_err(|e| at(path, e))
    }

    /// Notes which files of readers are stackgen's before any is written, so that a run that is
    /// broken off leaves none behind unnoted.
    pub fn announce(&mut self, layout: &Layout<'_>) -> Result<(), Error> {
        let before = self.record()?;
        let mut all = before.clone();
        all.extend(layout.files.keys().cloned());
        if all != before {
            self.write_record(&all)?;
        }
        Ok(())
    }

    /// Removes files of stackgen's that nobody reads any more, and folders that this empties.
    pub fn prune(&mut self, layout: &Layout<'_>) -> Result<(), Error> {
        let now: BTreeSet<String> = layout.files.keys().cloned().collect();
        let before = self.record()?;
        let mut folders = BTreeSet::new();
        for path in before.difference(&now) {
            folders.extend(folders_above(path).map(str::to_owned));
            if let Some(found) = self.inspect(path)?
                && found.kind == Kind::File
            {
                self.vault.remove(path).map_err(|e| at(path, e))?;
                self.changes.removed.push(path.clone());
            }
        }
        for folder in self.ready.iter().chain(&folders) {
            for name in self.list(folder)? {
                if name.starts_with(TEMPORARY) {
                    let path = join(folder, &name);
                    self.vault.remove(&path).map_err(|e| at(&path, e))?;
                }
            }
        }
        // The innermost first. A folder with somebody else's file in it stays.
        for folder in folders.iter().rev() {
            if self.inspect(folder)?.is_some() && self.list(folder)?.is_empty() {
                self.vault.remove(folder).map_err(|e| at(folder, e))?;
            }
        }
        if before != now {
            self.write_record(&now)?;
        }
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        self.vault.list(folder).map_err(|e| at(folder, e))
    }

    /// Whatever the file says, only files in readers' folders count.
    fn record(&self) -> Result<BTreeSet<String>, Error> {
        let bytes = self.read(RECORD)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let ours = |path: &&str| {
            let reader = path.split_once('/').map(|(folder, _)| folder);
            is_inside(path)
                && reader.is_some_and(|folder| folder != "ca" && is_reserved_folder(folder))
        };
        Ok(text.lines().filter(ours).map(str::to_owned).collect())
    }

    fn write_record(&mut self, paths: &BTreeSet<String>) -> Result<(), Error> {
        let mut text = String::new();
        for path in paths {
            text.push_str(path);
            text.push('\n');
        }
        self.replace(RECORD, text.as_bytes(), PRIVATE_FILE, Safety::Original)
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// An error of the file at `path`.
pub fn at(path: &str, source: io::Error) -> Error {
    Error::File {
        path: if path.is_empty() { "." } else { path }.to_owned(),
        source,
    }
}
