//! The only module that touches files, the environment, the clock and randomness.

// The bans of clippy.toml send everybody here.
#![allow(clippy::disallowed_methods)]

mod create;
mod disk;
mod folder;
mod memory;
mod outside;
mod terminal;
mod vault;

pub use create::{create, exists};
pub use disk::Disk;
pub use folder::{DiskFolder, Folder};
pub use memory::{Memory, MemoryFolder};
pub use outside::{Machine, Outside};
pub use terminal::{Terminal, say, say_error};
#[cfg(test)]
pub use vault::MemoryVault;
pub use vault::{DiskVault, Found, Kind, Safety, TEMPORARY, Vault};

use camino::Utf8Path;
use std::io::{self, Read};

/// The folder of a `stack.toml`, as validation sees it: paths are relative to it, with `/`.
pub trait Project {
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Files that match a glob, ordered. `*` and `?` stay within one folder, `**` does not.
    fn glob(&self, pattern: &str) -> io::Result<Vec<String>>;
}

/// Reads a text file; `-` is standard input.
pub fn read_text(path: &Utf8Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    if path == "-" {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(path)?;
    }
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&bytes)
        .to_vec();
    String::from_utf8(bytes).map_err(|error| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "it is not UTF-8 text: byte {}",
                error.utf8_error().valid_up_to()
            ),
        )
    })
}
