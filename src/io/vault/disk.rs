//! A secrets folder on disk.

use super::{Found, Kind, Safety, TEMPORARY, Vault};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};

/// A folder.
#[derive(Debug, Clone)]
pub struct DiskVault {
    root: Utf8PathBuf,
}

impl DiskVault {
    pub fn new(root: impl Into<Utf8PathBuf>) -> Self {
        DiskVault { root: root.into() }
    }

    fn at(&self, path: &str) -> Utf8PathBuf {
        if path.is_empty() {
            self.root.clone()
        } else {
            self.root.join(path)
        }
    }
}

/// Nothing instead of an error where there is nothing.
fn optional<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn found(metadata: &Metadata) -> Found {
    Found {
        kind: if metadata.is_file() {
            Kind::File
        } else if metadata.is_dir() {
            Kind::Folder
        } else {
            Kind::Other
        },
        mode: metadata.mode() & 0o7777,
        owner: metadata.uid(),
    }
}

/// A new folder's mode is narrowed by the umask, never widened: it is set once more after.
fn make(path: &Utf8Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(path)?;
    fs::set_permissions(path, Permissions::from_mode(mode))
}

impl Vault for DiskVault {
    fn inspect(&self, path: &str) -> io::Result<Option<Found>> {
        let at = self.at(path);
        // The environment's folder itself may be a link to wherever its owner keeps secrets.
        let metadata = if path.is_empty() {
            fs::metadata(at)
        } else {
            fs::symlink_metadata(at)
        };
        Ok(optional(metadata)?.as_ref().map(found))
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        optional(fs::read(self.at(path)))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        let Some(entries) = optional(fs::read_dir(self.at(folder)))? else {
            return Ok(names);
        };
        for entry in entries {
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn make_folder(&self, path: &str, mode: u32) -> io::Result<()> {
        let at = self.at(path);
        let missing: Vec<&Utf8Path> = at
            .ancestors()
            .skip(1)
            .take_while(|folder| !folder.as_str().is_empty() && !folder.exists())
            .collect();
        for folder in missing.into_iter().rev() {
            make(folder, 0o700)?;
        }
        make(&at, mode)
    }

    fn set_mode(&self, path: &str, mode: u32) -> io::Result<()> {
        fs::set_permissions(self.at(path), Permissions::from_mode(mode))
    }

    fn replace(&self, path: &str, bytes: &[u8], mode: u32, safety: Safety) -> io::Result<()> {
        let at = self.at(path);
        let folder = at.parent().unwrap_or(&self.root);
        let mut file = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .permissions(Permissions::from_mode(0o600))
            .tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file()
            .set_permissions(Permissions::from_mode(mode))?;
        if safety == Safety::Original {
            file.as_file().sync_all()?;
        }
        file.persist(&at).map_err(|error| error.error)?;
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let at = self.at(path);
        if fs::symlink_metadata(&at)?.is_dir() {
            fs::remove_dir(at)
        } else {
            fs::remove_file(at)
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn random(&self, buffer: &mut [u8]) -> io::Result<()> {
        getrandom::fill(buffer).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (tempfile::TempDir, DiskVault) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, DiskVault::new(path.join("secrets/production")))
    }

    fn mode(vault: &DiskVault, path: &str) -> u32 {
        vault.inspect(path).unwrap().unwrap().mode
    }

    #[test]
    fn modes_are_exact() {
        let (_folder, vault) = vault();
        vault.make_folder("", 0o700).unwrap();
        vault.make_folder("grafana", 0o755).unwrap();
        vault
            .replace("grafana/ca.crt", b"public", 0o444, Safety::Copy)
            .unwrap();
        vault
            .replace("password", b"hush", 0o600, Safety::Original)
            .unwrap();
        assert_eq!(mode(&vault, ""), 0o700);
        assert_eq!(mode(&vault, "grafana"), 0o755);
        assert_eq!(mode(&vault, "grafana/ca.crt"), 0o444);
        assert_eq!(mode(&vault, "password"), 0o600);
    }

    #[test]
    fn a_file_is_replaced_by_rename_even_if_it_is_read_only() {
        let (_folder, vault) = vault();
        vault.make_folder("", 0o700).unwrap();
        vault.replace("copy", b"old", 0o444, Safety::Copy).unwrap();
        let open = fs::File::open(vault.at("copy")).unwrap();
        vault.replace("copy", b"new", 0o444, Safety::Copy).unwrap();
        assert_eq!(io::read_to_string(open).unwrap(), "old");
        assert_eq!(vault.read("copy").unwrap().unwrap(), b"new");
        assert_eq!(vault.list("").unwrap(), ["copy"]);
    }

    #[test]
    fn a_link_is_not_a_file() {
        let (_folder, vault) = vault();
        vault.make_folder("", 0o700).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", vault.at("link")).unwrap();
        let found = vault.inspect("link").unwrap().unwrap();
        assert_eq!(found.kind, Kind::Other);
        assert_eq!(vault.inspect("nothing").unwrap(), None);
    }
}
