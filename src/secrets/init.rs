//! Makes what is missing, asks for what only people have, and gives everything to its readers.

use super::layout::{Layout, is_fetched, value_path};
use super::readers::{self, Values};
use super::tree::{self, Tree};
use super::{Changes, Error, Outside, Secret, Vault};
use crate::io::Safety;
use crate::stack::{SecretSource, Stack};
use crate::topology::{Credential, Origin, Topology};

/// What `init` did, and what it could not do.
#[derive(Debug, Default)]
pub struct Initialized {
    /// Names of values that are new, made at random.
    pub made: Vec<String>,
    /// Names of values that are new or changed, from a variable, a command or a person.
    pub taken: Vec<String>,
    /// What is doubtful, by the secret's name.
    pub doubts: Vec<(String, &'static str)>,
    pub missing: Vec<Missing>,
    pub changes: Changes,
}

/// A value that is not to be had, or unfit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Why, if that is more than that nobody gave it.
    pub reason: Option<String>,
    /// Whether `secrets set` is the way to give it.
    pub settable: bool,
}

/// Running it again changes nothing.
pub fn init(
    stack: &Stack,
    topology: &Topology,
    vault: &dyn Vault,
    outside: &dyn Outside,
) -> Result<Initialized, Error> {
    let layout = Layout::of(topology)?;
    let mut tree = Tree::open(vault)?;
    let mut done = Initialized::default();
    let mut values = Values::new();
    for credential in &topology.credentials {
        match obtain(credential, &mut tree, outside, &mut done)? {
            Ok(secret) => {
                if let Some(doubt) = secret.doubt(credential) {
                    done.doubts.push((credential.name.clone(), doubt));
                }
                values.insert(credential.name.clone(), secret);
            }
            Err(reason) => done.missing.push(Missing {
                name: credential.name.clone(),
                purpose: credential.purpose(),
                reason,
                settable: !is_fetched(credential),
            }),
        }
    }
    readers::distribute(stack, &layout, &values, &mut tree)?;
    done.changes = tree.changes;
    Ok(done)
}

/// A value, or why there is none.
type Obtained = Result<Secret, Option<String>>;

fn obtain(
    credential: &Credential,
    tree: &mut Tree<'_>,
    outside: &dyn Outside,
    done: &mut Initialized,
) -> Result<Obtained, Error> {
    tree.tighten(value_path(credential))?;
    let present = readers::value(credential, tree)?;
    let (from, fetched) = match &credential.source {
        Some(SecretSource::Env(variable)) => {
            let value = outside.variable(variable);
            let unset = || format!("the variable {variable} is not set");
            (format!("the variable {variable}"), value.ok_or_else(unset))
        }
        Some(SecretSource::Command(command)) => ("the command".to_owned(), outside.output(command)),
        Some(SecretSource::File(_)) | None => {
            return match present {
                Ok(Some(secret)) => Ok(Ok(secret)),
                Ok(None) => absent(credential, tree, outside, done),
                Err(reason) => Ok(Err(Some(format!("it {reason}")))),
            };
        }
    };
    let present = present.unwrap_or_default();
    let new = match (fetched, present.as_ref()) {
        (Ok(bytes), _) => match Secret::parse(&bytes, credential) {
            Ok(new) => new,
            Err(reason) => return Ok(Err(Some(format!("what {from} gives {reason}")))),
        },
        // What was fetched once need not be at hand again.
        (Err(_), Some(present)) => return Ok(Ok(present.clone())),
        (Err(reason), None) => return Ok(Err(Some(reason))),
    };
    if present.as_ref() != Some(&new) {
        store(credential, &new, present.as_ref(), tree)?;
        done.taken.push(credential.name.clone());
    }
    Ok(Ok(new))
}

/// A value that is nowhere yet: made at random, or asked for.
fn absent(
    credential: &Credential,
    tree: &mut Tree<'_>,
    outside: &dyn Outside,
    done: &mut Initialized,
) -> Result<Obtained, Error> {
    if !matches!(credential.origin, Origin::External { .. }) {
        let secret = Secret::generate(tree.vault)?;
        store(credential, &secret, None, tree)?;
        done.made.push(credential.name.clone());
        return Ok(Ok(secret));
    }
    let mut again = String::new();
    loop {
        let prompt = format!(
            "{again}{}, the {} (Enter to skip): ",
            credential.name,
            credential.purpose()
        );
        let typed = outside.ask(&prompt).map_err(|e| tree::at("terminal", e))?;
        let Some(typed) = typed.filter(|typed| !typed.is_empty()) else {
            return Ok(Err(None));
        };
        match Secret::parse(typed.as_bytes(), credential) {
            Ok(secret) => {
                store(credential, &secret, None, tree)?;
                done.taken.push(credential.name.clone());
                return Ok(Ok(secret));
            }
            Err(reason) => again = format!("It {reason}. Once more: "),
        }
    }
}

/// Puts a value in its file.
pub(super) fn store(
    credential: &Credential,
    secret: &Secret,
    present: Option<&Secret>,
    tree: &mut Tree<'_>,
) -> Result<(), Error> {
    if credential.origin == Origin::Key && present.is_some() {
        return Err(Error::Value {
            name: credential.name.clone(),
            reason: format!(
                "cannot be changed: data is encrypted with it. If there is none yet, remove the file {} first",
                value_path(credential)
            ),
        });
    }
    // A lost token is made again, and its agent needs the new one.
    let safety = match credential.origin {
        Origin::AgentToken { .. } => Safety::Copy,
        _ => Safety::Original,
    };
    tree.private(value_path(credential), secret.expose().as_bytes(), safety)
}
