//! Findings as text: one renderer a format.

pub mod human;

use crate::source::SourceFile;
use std::collections::BTreeMap;

/// Sources that findings point into, by name.
#[derive(Debug, Default)]
pub struct Sources(BTreeMap<String, SourceFile>);

impl Sources {
    pub fn add(&mut self, source: SourceFile) {
        self.0.insert(source.name.clone(), source);
    }

    pub fn get(&self, name: &str) -> Option<&SourceFile> {
        self.0.get(name)
    }
}
