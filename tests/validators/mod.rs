//! Judges a built tree (`dist/<environment>`) with the programs that will read it.
//!
//! Each judge is a function from a tree to its rejections. A program that is missing ends the run:
//! nothing is skipped. `tests/tools/install.sh` builds and installs all of them.

mod alertmanager;
mod alloy;
mod compose;
mod grafana;
mod loki;
mod manifest;
mod nginx;
mod presence;
pub mod program;
mod prometheus;
mod proof;
mod tree;
mod yaml;

use std::path::Path;
use tree::Tree;

/// One refusal of one program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Who refuses.
    pub program: &'static str,
    /// What is refused, relative to the tree.
    pub file: String,
    /// Why, in the program's own words where it has some.
    pub message: String,
}

impl Rejection {
    fn new(program: &'static str, file: &str, message: impl Into<String>) -> Self {
        Rejection {
            program,
            file: file.to_owned(),
            message: message.into(),
        }
    }
}

/// Everything that the official programs refuse in one built tree.
pub fn judge(tree: &Path) -> Vec<Rejection> {
    let tree = Tree::open(tree);
    let judges = [
        presence::judge,
        manifest::judge,
        yaml::judge,
        prometheus::judge,
        alertmanager::judge,
        loki::judge,
        nginx::judge,
        grafana::judge,
        alloy::judge,
        compose::judge,
    ];
    judges.iter().flat_map(|judge| judge(&tree)).collect()
}
