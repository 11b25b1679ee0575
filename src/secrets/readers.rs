//! From values to what services and agents read.

use super::hash::{Hashes, Scheme};
use super::layout::{Content, Layout, Users, value_path};
use super::tree::Tree;
use super::{Error, Secret, htpasswd, web_config};
use crate::io::Kind;
use crate::stack::Stack;
use crate::topology::{Credential, Topology};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// The values that are known, by name.
pub type Values = BTreeMap<String, Secret>;

/// Reads a value, if it is there; or says why it is unfit.
pub fn value(
    credential: &Credential,
    tree: &Tree<'_>,
) -> Result<Result<Option<Secret>, String>, Error> {
    let path = value_path(credential);
    match tree.inspect(path)? {
        None => return Ok(Ok(None)),
        Some(found) if found.kind != Kind::File => {
            return Ok(Err(format!("is not a plain file ({path})")));
        }
        Some(_) => {}
    }
    let bytes = tree.read(path)?.unwrap_or_default();
    if bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
        // Left by a machine that lost power, or by `touch`.
        return Ok(Ok(None));
    }
    Ok(Secret::parse(&bytes, credential).map(Some))
}

/// Reads every value that is there, and says why others are unfit, by name.
pub fn values(
    topology: &Topology,
    tree: &Tree<'_>,
) -> Result<(Values, BTreeMap<String, String>), Error> {
    let mut values = Values::new();
    let mut unfit = BTreeMap::new();
    for credential in &topology.credentials {
        let name = credential.name.clone();
        match value(credential, tree)? {
            Ok(Some(secret)) => {
                values.insert(name, secret);
            }
            Ok(None) => {}
            Err(reason) => {
                unfit.insert(name, reason);
            }
        }
    }
    Ok((values, unfit))
}

/// Brings every file that is made of known values up to date, and removes those that nobody reads
/// any more. A file that also needs a missing value stays as it is.
pub fn distribute(
    stack: &Stack,
    layout: &Layout<'_>,
    values: &Values,
    tree: &mut Tree<'_>,
) -> Result<(), Error> {
    tree.announce(layout)?;
    for (path, content) in &layout.files {
        let bytes = match content {
            Content::WebConfig(users) => {
                let present = web_config::parse(&tree.read(path)?.unwrap_or_default());
                let hashes = Scheme::Bcrypt.hashes(users, values, &present, tree.vault)?;
                let render = |hashes| web_config::render(hashes, stack.tls.min_version);
                hashes.map(render).transpose()?
            }
            Content::Htpasswd(users) => {
                let present = htpasswd::parse(&tree.read(path)?.unwrap_or_default());
                let hashes = Scheme::Ssha.hashes(users, values, &present, tree.vault)?;
                hashes.as_ref().map(htpasswd::render)
            }
            plain => bytes(plain, values),
        };
        if let Some(bytes) = bytes {
            tree.reader(path, &bytes)?;
        }
    }
    tree.prune(layout)
}

/// What a file without hashes holds, if it is known.
fn bytes(content: &Content<'_>, values: &Values) -> Option<Vec<u8>> {
    match content {
        Content::Copy(credential) => {
            let secret = values.get(&credential.name)?;
            Some(secret.expose().as_bytes().to_vec())
        }
        Content::Authorization(username, credential) => {
            Some(authorization(username, values.get(&credential.name)?))
        }
        _ => None,
    }
}

/// An nginx snippet. Base64 has no character that nginx would read as anything else.
fn authorization(username: &str, secret: &Secret) -> Vec<u8> {
    let login = STANDARD.encode(format!("{username}:{}", secret.expose()));
    format!("proxy_set_header Authorization \"Basic {login}\";\n").into_bytes()
}

/// Names of the known values that a reader's file does not hold as they are.
pub fn behind<'a>(content: &Content<'a>, present: Option<&[u8]>, values: &Values) -> Vec<&'a str> {
    let held = present.unwrap_or_default();
    match content {
        Content::WebConfig(users) => {
            without_hash(Scheme::Bcrypt, users, &web_config::parse(held), values)
        }
        Content::Htpasswd(users) => {
            without_hash(Scheme::Ssha, users, &htpasswd::parse(held), values)
        }
        Content::Copy(credential) | Content::Authorization(_, credential) => {
            let wanted = bytes(content, values);
            let differs = wanted.is_some() && wanted.as_deref() != present;
            differs
                .then_some(credential.name.as_str())
                .into_iter()
                .collect()
        }
        Content::Authority | Content::Certificate | Content::Key => Vec::new(),
    }
}

fn without_hash<'a>(
    scheme: Scheme,
    users: &Users<'a>,
    present: &Hashes,
    values: &Values,
) -> Vec<&'a str> {
    users
        .iter()
        .filter(|(username, credential)| {
            let hash = present.get(**username).map_or("", String::as_str);
            values
                .get(&credential.name)
                .is_some_and(|secret| !scheme.opens(hash, secret))
        })
        .map(|(_, credential)| credential.name.as_str())
        .collect()
}
