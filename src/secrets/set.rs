//! Replaces one value, and gives it to its readers.

use super::init::store;
use super::layout::{Layout, is_fetched, value_path};
use super::readers;
use super::tree::Tree;
use super::{Changes, Error, Secret, Vault};
use crate::diagnostic::nearest;
use crate::stack::{SecretSource, Stack};
use crate::topology::{Credential, Origin, Service, Topology};

/// What `set` did.
#[derive(Debug)]
pub struct Replaced {
    /// Whether the value is another one than before.
    pub changed: bool,
    pub doubt: Option<&'static str>,
    /// What the user has to do besides, if the service does not take the value by itself.
    pub note: Option<&'static str>,
    pub changes: Changes,
}

/// The secret of that name; an unknown one is an error that says which was meant.
pub fn find<'a>(
    stack: &Stack,
    topology: &'a Topology,
    name: &str,
) -> Result<&'a Credential, Error> {
    let mut all = topology.credentials.iter();
    if let Some(credential) = all.find(|credential| credential.name == name) {
        return Ok(credential);
    }
    let names = topology.credentials.iter().map(|c| c.name.as_str());
    Err(Error::Unknown {
        name: name.to_owned(),
        environment: stack.environment.clone(),
        hint: match nearest(name, names) {
            Some(meant) => format!("Did you mean {meant:?}?"),
            None => "`stackgen secrets status` lists them.".to_owned(),
        },
    })
}

/// Replaces the value of `name` by what was read, with or without a line break at its end.
pub fn set(
    stack: &Stack,
    topology: &Topology,
    vault: &dyn Vault,
    name: &str,
    given: &[u8],
) -> Result<Replaced, Error> {
    let credential = find(stack, topology, name)?;
    let refuse = |reason: String| Error::Value {
        name: name.to_owned(),
        reason,
    };
    if is_fetched(credential) {
        let from = match &credential.source {
            Some(SecretSource::Env(variable)) => format!("the variable {variable}"),
            _ => "a command".to_owned(),
        };
        return Err(refuse(format!(
            "comes from {from} ([secrets.{name}]): change it there, then run `stackgen secrets init`"
        )));
    }
    let secret = Secret::parse(given, credential).map_err(refuse)?;
    let layout = Layout::of(topology)?;
    let mut tree = Tree::open(vault)?;
    tree.tighten(value_path(credential))?;
    let present = readers::value(credential, &tree)?.unwrap_or_default();
    let changed = present.as_ref() != Some(&secret);
    if changed {
        store(credential, &secret, present.as_ref(), &mut tree)?;
    }
    let (values, _) = readers::values(topology, &tree)?;
    readers::distribute(stack, &layout, &values, &mut tree)?;
    Ok(Replaced {
        changed,
        doubt: secret.doubt(credential),
        note: note(credential).filter(|_| changed),
        changes: tree.changes,
    })
}

fn note(credential: &Credential) -> Option<&'static str> {
    match &credential.origin {
        Origin::Password { server, username } => password_note(*server, username),
        Origin::AgentToken { .. } => {
            Some("Copy the agent's folder to its host again: until then its pushes are refused.")
        }
        _ => None,
    }
}

/// Prometheus, Alertmanager and agents follow their files; the others read them when they start.
fn password_note(server: Service, username: &str) -> Option<&'static str> {
    let is = |service: Service| username == service.name();
    match server {
        Service::Grafana if is(Service::AlloyLocal) => {
            Some("Grafana reads it when it starts: `docker compose restart grafana`.")
        }
        Service::Grafana => Some(
            "Grafana reads it on its first start only. Change a running one's with `grafana cli admin reset-admin-password`.",
        ),
        Service::AlloyLocal => Some(
            "Every agent's own page asks for it: copy the agents' folders to their hosts again.",
        ),
        _ if is(Service::Grafana) => Some(
            "Grafana reads it when it starts: until `docker compose restart grafana` its queries are refused.",
        ),
        _ if is(Service::Gateway) => Some(
            "The gateway reads it when it starts: until `docker compose restart gateway` agents' pushes are refused.",
        ),
        _ => None,
    }
}
