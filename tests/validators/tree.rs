//! A built tree: its files, by path relative to it.

use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

pub struct Tree {
    pub root: PathBuf,
    files: Vec<String>,
}

impl Tree {
    pub fn open(root: &Path) -> Tree {
        let root = fs::canonicalize(root)
            .unwrap_or_else(|error| panic!("no tree at {}: {error}", root.display()));
        let mut files: Vec<String> = WalkDir::new(&root)
            .into_iter()
            .map(|entry| entry.unwrap_or_else(|error| panic!("{error}")))
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(&root);
                let path = path.expect("an entry lies below the root it was found from");
                path.to_str().expect("paths are UTF-8").to_owned()
            })
            .collect();
        files.sort();
        Tree { root, files }
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| file == path)
    }

    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// The files directly in a folder whose names end like this.
    pub fn files_in(&self, folder: &str, ending: &str) -> Vec<&str> {
        self.files()
            .filter(|file| {
                file.strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/'))
                    .is_some_and(|name| !name.contains('/') && name.ends_with(ending))
            })
            .collect()
    }

    /// The folders `agents/<host>`.
    pub fn agents(&self) -> Vec<String> {
        let mut folders: Vec<String> = self
            .files()
            .filter_map(|file| file.strip_prefix("agents/"))
            .filter_map(|rest| rest.split_once('/'))
            .map(|(host, _)| format!("agents/{host}"))
            .collect();
        folders.dedup();
        folders
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A YAML file as JSON, or nothing where it cannot be read: the YAML judge says why.
    pub fn yaml(&self, path: &str) -> Option<serde_json::Value> {
        if !self.has(path) {
            return None;
        }
        serde_yaml::from_str(&self.read(path)).ok()
    }
}
