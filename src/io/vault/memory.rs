//! A secrets folder in memory, with a clock that tests set.

use super::{Found, Kind, Safety, Vault};
use jiff::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;

/// Bytes of a file (a folder has none), and its mode.
type Entry = (Option<Vec<u8>>, u32);

/// Entries by path.
#[derive(Debug, Default)]
pub struct MemoryVault {
    pub entries: RefCell<BTreeMap<String, Entry>>,
    pub clock: Cell<Timestamp>,
    /// How often a file was put in place.
    pub writes: Cell<usize>,
    counter: Cell<u64>,
}

impl MemoryVault {
    pub fn at(time: &str) -> MemoryVault {
        let memory = MemoryVault::default();
        memory.clock.set(time.parse().unwrap());
        memory
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.read(path).unwrap().unwrap_or_default()).unwrap()
    }

    pub fn files(&self) -> Vec<String> {
        let entries = self.entries.borrow();
        let files = entries.iter().filter(|(_, (bytes, _))| bytes.is_some());
        files.map(|(path, _)| path.clone()).collect()
    }
}

impl Vault for MemoryVault {
    fn inspect(&self, path: &str) -> io::Result<Option<Found>> {
        Ok(self.entries.borrow().get(path).map(|(bytes, mode)| Found {
            kind: if bytes.is_some() {
                Kind::File
            } else {
                Kind::Folder
            },
            mode: *mode,
            owner: 0,
        }))
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self
            .entries
            .borrow()
            .get(path)
            .and_then(|(bytes, _)| bytes.clone()))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = self.entries.borrow();
        let inside = entries.keys().filter_map(|path| {
            let rest = if folder.is_empty() {
                path
            } else {
                path.strip_prefix(folder)?.strip_prefix('/')?
            };
            (!rest.is_empty() && !rest.contains('/')).then(|| rest.to_owned())
        });
        Ok(inside.collect())
    }

    fn make_folder(&self, path: &str, mode: u32) -> io::Result<()> {
        self.entries
            .borrow_mut()
            .insert(path.to_owned(), (None, mode));
        Ok(())
    }

    fn set_mode(&self, path: &str, mode: u32) -> io::Result<()> {
        match self.entries.borrow_mut().get_mut(path) {
            Some(entry) => entry.1 = mode,
            None => return Err(io::ErrorKind::NotFound.into()),
        }
        Ok(())
    }

    fn replace(&self, path: &str, bytes: &[u8], mode: u32, _: Safety) -> io::Result<()> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !self.entries.borrow().contains_key(folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.writes.set(self.writes.get() + 1);
        self.entries
            .borrow_mut()
            .insert(path.to_owned(), (Some(bytes.to_vec()), mode));
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.entries.borrow_mut().remove(path);
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.clock.get()
    }

    fn random(&self, buffer: &mut [u8]) -> io::Result<()> {
        for byte in buffer {
            let next = self
                .counter
                .get()
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            self.counter.set(next);
            *byte = (next >> 56) as u8;
        }
        Ok(())
    }
}
