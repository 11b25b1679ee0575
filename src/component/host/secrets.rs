//! The list of secret files that a host needs: names, places, modes and who makes them. No values.

use serde::Serialize;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Secrets {
    pub host: String,
    pub environment: String,
    /// Where stackgen puts them, relative to stack.toml.
    pub source: String,
    /// Where they belong on the host.
    pub folder: String,
    pub folder_mode: &'static str,
    pub file_mode: &'static str,
    pub files: Vec<SecretFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretFile {
    pub name: String,
    pub purpose: String,
    /// The command that makes it, or asks for it.
    pub command: String,
}

impl fmt::Display for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Secrets {
            host, environment, ..
        } = self;
        writeln!(
            f,
            "Secrets of the agent on {host}, environment {environment}"
        )?;
        writeln!(f)?;
        writeln!(f, "Copy   {}/", self.source)?;
        writeln!(f, "to     {}", self.folder)?;
        writeln!(f, "       folder: {}", self.folder_mode)?;
        writeln!(f, "       files:  {}", self.file_mode)?;
        writeln!(f)?;
        let width =
            |of: fn(&SecretFile) -> &str| self.files.iter().map(|file| of(file).len()).max();
        let name = width(|file| &file.name).unwrap_or_default();
        let purpose = width(|file| &file.purpose).unwrap_or_default();
        for file in &self.files {
            let (n, p, c) = (&file.name, &file.purpose, &file.command);
            writeln!(f, "{n:name$}   {p:purpose$}   {c}")?;
        }
        Ok(())
    }
}
