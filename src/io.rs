//! The only module that touches files, the environment, the clock and randomness.

mod disk;
mod folder;
mod memory;

pub use disk::Disk;
pub use folder::{DiskFolder, Folder};
pub use memory::{Memory, MemoryFolder};

use std::io;

/// The folder of a `stack.toml`, as validation sees it: paths are relative to it, with `/`.
pub trait Project {
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Files that match a glob, ordered. `*` and `?` stay within one folder, `**` does not.
    fn glob(&self, pattern: &str) -> io::Result<Vec<String>>;
}
