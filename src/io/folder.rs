//! An output folder: files replaced by rename, and nothing reached through symbolic links.

use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

/// Mode of files that a container's user must be able to read.
const FILE_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;

/// What a writer needs of a folder. Paths are relative to it, with `/`.
pub trait Folder {
    /// The bytes of a file, or nothing if there is none.
    fn read(&mut self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Replaces a file as a whole: whoever reads it sees the old bytes or the new ones.
    fn replace(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file, and the folders that are empty without it. A missing file is removed.
    fn remove(&mut self, path: &str) -> io::Result<()>;

    /// Removes what an interrupted [`Folder::replace`] of this path may have left.
    fn clean(&mut self, path: &str) -> io::Result<()>;
}

/// A folder on disk, locked against other builds while it is open.
#[derive(Debug)]
pub struct DiskFolder {
    root: Utf8PathBuf,
    /// Folders below `root` that are known to be folders, not links.
    sound: HashSet<Utf8PathBuf>,
    _lock: Option<File>,
}

impl DiskFolder {
    /// Opens a folder for reading; it need not exist.
    pub fn open(root: impl Into<Utf8PathBuf>) -> Self {
        DiskFolder {
            root: root.into(),
            sound: HashSet::new(),
            _lock: None,
        }
    }

    /// Makes the folder if need be, and keeps other builds out until this value is dropped.
    pub fn lock(root: impl Into<Utf8PathBuf>) -> io::Result<Self> {
        let root = root.into();
        make_folders(&root)?;
        let handle = File::open(&root)?;
        match handle.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let message =
                    format!("another build is writing to {root}; try again when it is done");
                return Err(io::Error::new(ErrorKind::WouldBlock, message));
            }
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        Ok(DiskFolder {
            root,
            sound: HashSet::new(),
            _lock: Some(handle),
        })
    }

    /// The whole path of a file. A link on the way is refused, so that nothing is written or
    /// removed outside of the folder.
    fn whole(&mut self, path: &str) -> io::Result<Utf8PathBuf> {
        let whole = self.root.join(path);
        let mut folder = self.root.clone();
        let parent = Utf8Path::new(path).parent().unwrap_or(Utf8Path::new(""));
        for part in parent.components() {
            folder.push(part);
            if self.sound.contains(&folder) {
                continue;
            }
            match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_symlink() => {
                    let message = format!(
                        "{folder} is a symbolic link; stackgen writes to folders of its own only"
                    );
                    return Err(io::Error::new(ErrorKind::InvalidInput, message));
                }
                Ok(_) => {
                    self.sound.insert(folder.clone());
                }
                Err(error) if error.kind() == ErrorKind::NotFound => break,
                Err(error) => return Err(error),
            }
        }
        Ok(whole)
    }
}

impl Folder for DiskFolder {
    fn read(&mut self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let whole = self.whole(path)?;
        match fs::read(whole) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn replace(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let whole = self.whole(path)?;
        if let Some(parent) = whole.parent() {
            make_folders(parent)?;
        }
        let beside = temporary(&whole);
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(FILE_MODE)
            .open(&beside)?;
        // The umask may have taken more than is good for a container's user.
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
        file.write_all(bytes)?;
        drop(file);
        fs::rename(&beside, &whole)
    }

    fn remove(&mut self, path: &str) -> io::Result<()> {
        let whole = self.whole(path)?;
        missing_is_fine(fs::remove_file(&whole))?;
        let mut folder = whole.parent();
        while let Some(empty) = folder.filter(|folder| **folder != self.root) {
            if fs::remove_dir(empty).is_err() {
                break;
            }
            self.sound.remove(empty);
            folder = empty.parent();
        }
        Ok(())
    }

    fn clean(&mut self, path: &str) -> io::Result<()> {
        let whole = self.whole(path)?;
        missing_is_fine(fs::remove_file(temporary(&whole)))
    }
}

fn missing_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(())
        }
        other => other,
    }
}

/// Where a file is written before it takes its place: the same folder, so that a rename is whole.
fn temporary(whole: &Utf8Path) -> Utf8PathBuf {
    let name = whole.file_name().unwrap_or_default();
    whole.with_file_name(format!(".{name}.stackgen-new"))
}

/// Makes a folder and those above it, each readable by a container's user.
fn make_folders(folder: &Utf8Path) -> io::Result<()> {
    if folder.as_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_folders(parent)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}
