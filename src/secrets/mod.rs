//! Passwords, hashes and certificates: the only code that ever holds a secret's value.
//!
//! Values live in `<secrets_directory>/<environment>/`, one file each, for their owner alone. Each
//! service and each agent has a folder beside them with what it reads: copies, hashes and
//! certificates. Everything in those folders is made from the values, so it can be made again.

pub mod certificates;
mod error;
mod hash;
mod htpasswd;
mod init;
mod layout;
mod readers;
mod set;
mod status;
#[cfg(test)]
mod tests;
mod tree;
mod value;
mod web_config;

pub use error::Error;
pub use init::{Initialized, Missing, init};
pub use set::{Replaced, find, set};
pub use status::{Row, State, Status, status};
pub use tree::Changes;
pub use value::Secret;

use crate::io::{Outside, Safety, Vault};
use crate::stack::Stack;
use camino::{Utf8Path, Utf8PathBuf};

/// The secrets folder of an environment, of the project in `project`.
pub fn folder(stack: &Stack, project: &Utf8Path) -> Utf8PathBuf {
    project.join(stack.secrets_path())
}

/// Puts values in their files. Readers get them by [`init`].
pub fn keep<'s>(
    vault: &dyn Vault,
    values: impl IntoIterator<Item = (&'s str, &'s Secret)>,
) -> Result<(), Error> {
    let mut tree = tree::Tree::open(vault)?;
    for (path, secret) in values {
        tree.private(path, secret.expose().as_bytes(), Safety::Original)?;
    }
    Ok(())
}
