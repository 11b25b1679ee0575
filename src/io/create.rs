//! New files beside the user's own: whole or not at all, and nothing replaced by accident.

use super::TEMPORARY;
use camino::Utf8Path;
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;

/// Whether something is at a path, be it a link that leads nowhere.
pub fn exists(path: &Utf8Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a file, and the folders above it, for whoever the umask lets. Without `replace` a file
/// that is there is an error.
pub fn create(path: &Utf8Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_str().is_empty() => parent,
        _ => Utf8Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
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

    #[test]
    fn what_is_there_is_not_replaced_by_accident() {
        let (_guard, root) = folder();
        let path = root.join("a/b");
        create(&path, b"old", false).unwrap();
        let error = create(&path, b"new", false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        create(&path, b"new", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        // Nothing else is left behind.
        assert_eq!(fs::read_dir(root.join("a")).unwrap().count(), 1);
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
