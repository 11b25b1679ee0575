//! Whether every value is there, safe, and with its readers. Changes nothing, shows no value.

use super::layout::{
    CA_KEY, Layout, PRIVATE_FOLDER, READER_FILE, READER_FOLDER, folders_above, value_path,
};
use super::readers;
use super::tree::Tree;
use super::{Error, Vault};
use crate::io::{Found, Kind};
use crate::topology::Topology;
use std::collections::BTreeMap;

/// The answer.
#[derive(Debug)]
pub struct Status {
    pub rows: Vec<Row>,
    /// Folders and copies that are open to too many or too few.
    pub problems: Vec<String>,
}

/// One secret.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    /// What it is for.
    pub purpose: String,
    pub state: State,
    /// Files of readers that do not hold the present value.
    pub behind: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum State {
    Present,
    Missing,
    Unsafe(Vec<String>),
}

impl Status {
    /// Whether nothing is left to do.
    pub fn is_sound(&self) -> bool {
        let sound = |row: &Row| row.state == State::Present && row.behind.is_empty();
        self.problems.is_empty() && self.rows.iter().all(sound)
    }
}

pub fn status(topology: &Topology, vault: &dyn Vault) -> Result<Status, Error> {
    let layout = Layout::of(topology)?;
    let tree = Tree::view(vault);
    let home = tree.inspect("")?;
    let owner = home.map(|found| found.owner);
    let (values, unfit) = readers::values(topology, &tree)?;
    let mut behind: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, content) in &layout.files {
        let present = match tree.inspect(path)? {
            Some(found) if found.kind == Kind::File => tree.read(path)?,
            _ => None,
        };
        for name in readers::behind(content, present.as_deref(), &values) {
            behind.entry(name).or_default().push(path.clone());
        }
    }
    let mut rows = Vec::new();
    for credential in &topology.credentials {
        let name = credential.name.as_str();
        let state = match tree.inspect(value_path(credential))? {
            None => State::Missing,
            Some(_) if !values.contains_key(name) && !unfit.contains_key(name) => State::Missing,
            Some(found) => {
                let mut faults = private(found, owner);
                faults.extend(unfit.get(name).cloned());
                let weakness = values
                    .get(name)
                    .and_then(|value| value.weakness(credential));
                faults.extend(weakness.map(str::to_owned));
                if faults.is_empty() {
                    State::Present
                } else {
                    State::Unsafe(faults)
                }
            }
        };
        rows.push(Row {
            name: name.to_owned(),
            purpose: credential.purpose(),
            state,
            behind: behind.remove(name).unwrap_or_default(),
        });
    }
    Ok(Status {
        rows,
        problems: problems(&layout, &tree, owner)?,
    })
}

/// What is wrong with a file that only its owner should read.
fn private(found: Found, owner: Option<u32>) -> Vec<String> {
    let mut faults = Vec::new();
    if found.kind == Kind::File && found.mode & 0o077 != 0 {
        faults.push(format!("others may read it (mode {:04o})", found.mode));
    }
    faults.extend(foreign(found, owner));
    faults
}

fn foreign(found: Found, owner: Option<u32>) -> Option<String> {
    let theirs = owner.is_some_and(|owner| owner != found.owner);
    theirs.then(|| format!("belongs to another user than its folder ({})", found.owner))
}

/// What is wrong with folders, copies and the CA's key, as far as they exist.
fn problems(
    layout: &Layout<'_>,
    tree: &Tree<'_>,
    owner: Option<u32>,
) -> Result<Vec<String>, Error> {
    let mut wanted = BTreeMap::from([("", PRIVATE_FOLDER)]);
    for path in layout.files.keys() {
        wanted.extend(folders_above(path).map(|folder| (folder, READER_FOLDER)));
        wanted.insert(path, READER_FILE);
    }
    let mut problems = Vec::new();
    for (path, mode) in wanted {
        let Some(found) = tree.inspect(path)? else {
            continue;
        };
        let shown = if path.is_empty() { "the folder" } else { path };
        if found.mode != mode {
            problems.push(format!(
                "{shown} has mode {:04o}, not {mode:04o}",
                found.mode
            ));
        }
        problems.extend(foreign(found, owner).map(|fault| format!("{shown} {fault}")));
    }
    if let Some(found) = tree.inspect(CA_KEY)? {
        let faults = private(found, owner);
        problems.extend(faults.iter().map(|fault| format!("{CA_KEY}: {fault}")));
    }
    Ok(problems)
}
