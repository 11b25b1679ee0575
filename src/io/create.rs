//! New files beside the user's own: whole or not at all, and nothing replaced by accident.

use camino::Utf8Path;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever the umask lets.
    Everybody,
    /// Its owner alone (0600), in a folder of the owner's alone (0700).
    Owner,
}

/// Whether something is at a path, be it a link that leads nowhere.
pub fn exists(path: &Utf8Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a file, and the folders above it. Without `replace` a file that is there is an error.
pub fn create(path: &Utf8Path, bytes: &[u8], access: Access, replace: bool) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_str().is_empty() => parent,
        _ => Utf8Path::new("."),
    };
    let (folder_mode, mode) = match access {
        Access::Everybody => (0o777, 0o666),
        Access::Owner => (0o700, 0o600),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(folder_mode)
        .create(folder)?;
    if access == Access::Owner {
        fs::set_permissions(folder, Permissions::from_mode(folder_mode))?;
    }
    let mut file = tempfile::Builder::new()
        .prefix(".stackgen-tmp-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if access == Access::Owner {
        // Nothing else holds it.
        file.as_file().sync_all()?;
    }
    let placed = if replace {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    placed.map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().to_owned();
        (folder, path)
    }

    fn mode(path: &Utf8Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn what_is_there_is_not_replaced_by_accident() {
        let (_guard, root) = folder();
        let path = root.join("a/b");
        create(&path, b"old", Access::Everybody, false).unwrap();
        let error = create(&path, b"new", Access::Everybody, false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        create(&path, b"new", Access::Everybody, true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        // Nothing else is left behind.
        assert_eq!(fs::read_dir(root.join("a")).unwrap().count(), 1);
    }

    #[test]
    fn secrets_are_their_owners_alone() {
        let (_guard, root) = folder();
        let path = root.join("secrets/production/password");
        create(&path, b"hush", Access::Owner, false).unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&root.join("secrets")), 0o700);
        assert_eq!(mode(&root.join("secrets/production")), 0o700);
        // A folder that was open to others is closed, and so is a file that is replaced.
        fs::set_permissions(
            root.join("secrets/production"),
            Permissions::from_mode(0o755),
        )
        .unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        create(&path, b"hush", Access::Owner, true).unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&root.join("secrets/production")), 0o700);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_something() {
        let (_guard, root) = folder();
        let path = root.join("link");
        assert!(!exists(&path).unwrap());
        std::os::unix::fs::symlink(root.join("nowhere"), &path).unwrap();
        assert!(exists(&path).unwrap());
    }
}
