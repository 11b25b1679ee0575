//! Which environments a command works on, and where their secrets are.

use super::{Broken, Common};
use crate::io::DiskVault;
use crate::secrets::{self, Error};
use crate::stack::Stack;
use crate::topology::Topology;
use camino::{Utf8Path, Utf8PathBuf};

/// The choice, as options.
#[derive(Debug, Clone, clap::Args)]
pub struct Environments {
    /// Environment to work on; may be given several times. Default: the default one.
    #[arg(long, value_name = "NAME")]
    pub env: Vec<String>,
    /// Work on every environment.
    #[arg(long, conflicts_with = "env")]
    pub all_envs: bool,
}

impl Environments {
    /// The command that does something to this environment, as the user would type it.
    pub fn command(&self, common: &Common, words: &str, stack: &Stack) -> String {
        let mut command = format!("stackgen {words}");
        if self.all_envs || !self.env.is_empty() {
            command.push_str(&format!(" --env {}", stack.environment));
        }
        if common.config != "stack.toml" {
            command.push_str(&format!(" --config {}", common.config));
        }
        command
    }
}

/// An environment with its secrets folder.
pub struct Place<'a> {
    pub stack: &'a Stack,
    pub topology: Topology,
    pub folder: Utf8PathBuf,
    pub vault: DiskVault,
}

impl<'a> Place<'a> {
    pub fn of(stack: &'a Stack, project: &Utf8Path) -> Place<'a> {
        // The project's folder is `.` if stack.toml is in the working folder.
        let project = if project == "." {
            Utf8Path::new("")
        } else {
            project
        };
        let folder = secrets::folder(stack, project);
        Place {
            stack,
            topology: Topology::of(stack),
            vault: DiskVault::new(&folder),
            folder,
        }
    }

    /// An error with the file's path as seen from the working folder.
    pub fn broken(&self, error: Error) -> Broken {
        match error {
            Error::File { path, source } => Broken::file(self.folder.join(path), source),
            Error::NotPlain { path, wanted } => Broken::Message(
                Error::NotPlain {
                    path: self.folder.join(path).into_string(),
                    wanted,
                }
                .to_string(),
            ),
            other => Broken::Message(other.to_string()),
        }
    }
}
