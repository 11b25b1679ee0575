//! A project on disk.

use super::Project;
use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobMatcher};
use std::io;
use walkdir::WalkDir;

/// A folder. Symbolic links that lead out of it are refused.
#[derive(Debug, Clone)]
pub struct Disk {
    root: Utf8PathBuf,
}

impl Disk {
    /// A project in `root`; an empty path is the working folder.
    pub fn new(root: impl Into<Utf8PathBuf>) -> Self {
        let root: Utf8PathBuf = root.into();
        let root = if root.as_str().is_empty() {
            ".".into()
        } else {
            root
        };
        Disk { root }
    }

    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// A file's path as seen from the working folder.
    pub fn shown(&self, path: &str) -> String {
        if self.root == "." {
            path.to_owned()
        } else {
            self.root.join(path).into_string()
        }
    }

    fn inside(&self, path: &str) -> io::Result<Utf8PathBuf> {
        let whole = self.root.join(path).canonicalize_utf8()?;
        if whole.starts_with(self.root.canonicalize_utf8()?) {
            Ok(whole)
        } else {
            Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it leads out of the project's folder",
            ))
        }
    }
}

impl Project for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let whole = self.inside(path)?;
        if !whole.metadata()?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is not a file",
            ));
        }
        std::fs::read(whole)
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let matcher = matcher(pattern)?;
        let literal = literal_folder(pattern);
        let start = self.root.join(literal);
        if !start.exists() {
            return Ok(Vec::new());
        }
        let depth = if pattern.contains("**") {
            usize::MAX
        } else {
            pattern[literal.len()..]
                .trim_start_matches('/')
                .split('/')
                .count()
        };
        let mut paths = Vec::new();
        for entry in WalkDir::new(&start).max_depth(depth).sort_by_file_name() {
            let entry = entry.map_err(io::Error::from)?;
            let Some(path) = Utf8Path::from_path(entry.path()) else {
                continue;
            };
            let Ok(relative) = path.strip_prefix(&self.root) else {
                continue;
            };
            let relative = relative.as_str().replace('\\', "/");
            if matcher.is_match(&relative) && path.is_file() {
                paths.push(relative);
            }
        }
        paths.sort();
        Ok(paths)
    }
}

/// The folders of a pattern before its first wildcard.
fn literal_folder(pattern: &str) -> &str {
    let wild = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    pattern[..wild]
        .rfind('/')
        .map_or("", |slash| &pattern[..slash])
}

pub(super) fn matcher(pattern: &str) -> io::Result<GlobMatcher> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))
}
