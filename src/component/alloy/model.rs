//! What Alloy reads: a file of blocks for each agent, and the user's own files beside it.
//!
//! Alloy has no configuration types to mirror: every component is a block with a name, and which
//! attributes it takes is known to the functions in `emit`. Source of fact: the components'
//! arguments in Grafana Alloy 1.10.1.

use super::syntax::Body;
use crate::stack::UserFile;
use crate::topology::Owner;

/// The configurations of all agents of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Alloy {
    /// The stack's own agent first, then as in the file.
    pub agents: Vec<Configuration>,
}

/// What one agent loads.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration {
    /// Name under [hosts].
    pub host: String,
    /// The folder of its files in the output.
    pub folder: String,
    /// Name of the generated file.
    pub file_name: &'static str,
    pub body: Body,
    /// The user's own files, which Alloy loads together with the generated one.
    pub own: Vec<OwnFile>,
    /// Keys of stack.toml that caused the generated file.
    pub caused_by: Vec<String>,
    /// Who must be recreated for it.
    pub owner: Owner,
}

/// A file of the user's, copied as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    pub file_name: String,
    pub text: String,
}

impl From<&UserFile> for OwnFile {
    fn from(file: &UserFile) -> Self {
        OwnFile {
            file_name: file.file_name().to_owned(),
            text: file.text.clone(),
        }
    }
}
