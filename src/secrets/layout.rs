//! Which file holds what, below the secrets folder of an environment.

use super::Error;
use crate::stack::SecretSource;
use crate::topology::{
    CA_FILE, CERTIFICATE_FILE, Credential, GATEWAY_AGENT_USERS_FILE, GATEWAY_PROMETHEUS_FILE,
    GATEWAY_PUSH_USERS_FILE, GATEWAY_QUERY_USERS_FILE, KEY_FILE, Origin, Owner, Service, Topology,
    WEB_CONFIG_FILE, is_reserved_folder,
};
use std::collections::{BTreeMap, BTreeSet};

/// The environment's folder, and others that only their owner enters.
pub const PRIVATE_FOLDER: u32 = 0o700;
/// A value, or the CA's key.
pub const PRIVATE_FILE: u32 = 0o600;
/// A folder that is mounted into a service, which runs as a user of its own.
pub const READER_FOLDER: u32 = 0o755;
/// A file in such a folder.
pub const READER_FILE: u32 = 0o444;

/// Folder of the CA, mounted nowhere.
pub const CA_FOLDER: &str = "ca";
pub const CA_CERTIFICATE: &str = "ca/ca.crt";
pub const CA_KEY: &str = "ca/ca.key";
/// The files that stackgen put into the readers' folders, one a line: no others are ever removed.
pub const RECORD: &str = ".stackgen-files";

/// What a file of a reader is made of.
#[derive(Debug)]
pub enum Content<'a> {
    /// The value itself.
    Copy(&'a Credential),
    /// TLS and users of Prometheus or Alertmanager.
    WebConfig(Users<'a>),
    /// Users of an nginx location.
    Htpasswd(Users<'a>),
    /// The header by which nginx logs in.
    Authorization(&'a str, &'a Credential),
    /// The CA's certificate.
    Authority,
    /// A leaf certificate.
    Certificate,
    /// The key of a leaf certificate.
    Key,
}

/// Who is let in, by user name.
pub type Users<'a> = BTreeMap<&'a str, &'a Credential>;

/// Every file in the readers' folders, by path.
#[derive(Debug)]
pub struct Layout<'a> {
    pub files: BTreeMap<String, Content<'a>>,
}

impl<'a> Layout<'a> {
    pub fn of(topology: &'a Topology) -> Result<Layout<'a>, Error> {
        let mut layout = Layout {
            files: BTreeMap::new(),
        };
        for credential in &topology.credentials {
            check_path(credential)?;
            layout.copies(credential);
        }
        for server in [Service::Prometheus, Service::Alertmanager] {
            let users = users(server.name(), topology.logins_of(server))?;
            let path = format!("{server}/{WEB_CONFIG_FILE}");
            layout.files.insert(path, Content::WebConfig(users));
        }
        layout.gateway(topology)?;
        layout.certificates(topology);
        Ok(layout)
    }

    /// The gateway reads hashes only, and one header.
    fn copies(&mut self, credential: &'a Credential) {
        for (owner, file) in &credential.readers {
            if *owner == Owner::Service(Service::Gateway) {
                if let (Some(Service::Prometheus), Some(username)) =
                    (credential.server(), credential.username())
                {
                    let path = format!("{}/{GATEWAY_PROMETHEUS_FILE}", owner.folder());
                    let content = Content::Authorization(username, credential);
                    self.files.insert(path, content);
                }
            } else {
                let path = format!("{}/{file}", owner.folder());
                self.files.insert(path, Content::Copy(credential));
            }
        }
    }

    /// Who pushes may not query, and the other way round.
    fn gateway(&mut self, topology: &'a Topology) -> Result<(), Error> {
        let gateway = Service::Gateway.name();
        let pushes = |credential: &Credential| {
            let local = Owner::Service(Service::AlloyLocal);
            credential.readers.contains_key(&local)
        };
        let logins = || topology.logins_of(Service::Gateway);
        let agents = topology
            .credentials
            .iter()
            .filter(|credential| matches!(credential.origin, Origin::AgentToken { .. }));
        let loki = Service::Loki.name();
        let files = [
            (
                GATEWAY_QUERY_USERS_FILE,
                users(loki, logins().filter(|login| !pushes(login)))?,
            ),
            (
                GATEWAY_PUSH_USERS_FILE,
                users(loki, logins().filter(|login| pushes(login)))?,
            ),
            (GATEWAY_AGENT_USERS_FILE, users(gateway, agents)?),
        ];
        for (file, users) in files {
            let path = format!("{gateway}/{file}");
            self.files.insert(path, Content::Htpasswd(users));
        }
        Ok(())
    }

    /// Whoever reads anything also needs to know the CA.
    fn certificates(&mut self, topology: &Topology) {
        let folders: BTreeSet<String> = self
            .files
            .keys()
            .filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned()))
            .collect();
        let leaves = topology.certificates.iter().map(|leaf| leaf.owner.folder());
        let leaves: BTreeSet<String> = leaves.collect();
        for folder in folders.union(&leaves) {
            let path = format!("{folder}/{CA_FILE}");
            self.files.insert(path, Content::Authority);
        }
        for folder in leaves {
            let certificate = format!("{folder}/{CERTIFICATE_FILE}");
            self.files.insert(certificate, Content::Certificate);
            self.files
                .insert(format!("{folder}/{KEY_FILE}"), Content::Key);
        }
    }
}

fn users<'a>(
    server: &str,
    logins: impl Iterator<Item = &'a Credential>,
) -> Result<Users<'a>, Error> {
    let mut users = BTreeMap::new();
    for credential in logins {
        let Some(username) = credential.username() else {
            continue;
        };
        if users.insert(username, credential).is_some() {
            return Err(Error::DuplicateUser {
                server: server.to_owned(),
                username: username.to_owned(),
            });
        }
    }
    Ok(users)
}

/// Where a value is kept, relative to the environment's folder.
pub fn value_path(credential: &Credential) -> &str {
    match &credential.source {
        Some(SecretSource::File(path)) => path,
        _ => &credential.name,
    }
}

/// Whether the value comes from a variable or a command, so that the file only follows it.
pub fn is_fetched(credential: &Credential) -> bool {
    matches!(
        credential.source,
        Some(SecretSource::Env(_) | SecretSource::Command(_))
    )
}

/// Folders above a path, the outermost first.
pub fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// Whether a path stays in the environment's folder and is written in its plain form.
pub fn is_inside(path: &str) -> bool {
    path.split('/')
        .all(|part| !part.is_empty() && part != "." && part != "..")
}

/// A value may not be kept where readers have their files.
fn check_path(credential: &Credential) -> Result<(), Error> {
    let path = value_path(credential);
    let first = path.split('/').next().unwrap_or_default();
    if is_inside(path) && !is_reserved_folder(first) && !path.starts_with(".stackgen-") {
        return Ok(());
    }
    Err(Error::Value {
        name: credential.name.clone(),
        reason: format!("cannot be kept in {path:?}: choose a file of its own beside the others"),
    })
}
