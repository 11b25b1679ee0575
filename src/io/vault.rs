//! What secrets need of the machine: files with exact modes, time and randomness.

mod disk;
#[cfg(test)]
mod memory;

pub use disk::DiskVault;
#[cfg(test)]
pub use memory::MemoryVault;

use jiff::Timestamp;
use std::io;

/// The secrets folder of one environment. Paths are relative to it, with `/`; an empty path is the
/// folder itself.
pub trait Vault {
    /// What is at a path. Symbolic links are not followed.
    fn inspect(&self, path: &str) -> io::Result<Option<Found>>;

    /// The bytes of a file; nothing if it does not exist.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Names in a folder, ordered; nothing if it does not exist.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// Makes a folder of exactly this mode, and the folders above it.
    fn make_folder(&self, path: &str, mode: u32) -> io::Result<()>;

    /// Gives a file or a folder exactly this mode.
    fn set_mode(&self, path: &str, mode: u32) -> io::Result<()>;

    /// Puts a file of exactly this mode in place, whole or not at all.
    fn replace(&self, path: &str, bytes: &[u8], mode: u32, safety: Safety) -> io::Result<()>;

    /// Removes a file or an empty folder.
    fn remove(&self, path: &str) -> io::Result<()>;

    fn now(&self) -> Timestamp;

    /// Fills a buffer with what nobody can guess.
    fn random(&self, buffer: &mut [u8]) -> io::Result<()>;
}

/// What a file must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// A loss of power: nothing else can make it again. The disk is waited for.
    Original,
    /// The end of the program. Thousands are written in a second or two.
    Copy,
}

/// A file or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    /// The permission bits.
    pub mode: u32,
    /// Number of its owner.
    pub owner: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    /// A symbolic link, a socket or the like.
    Other,
}

/// How the name of a file that is not yet whole starts.
pub const TEMPORARY: &str = ".stackgen-tmp-";
