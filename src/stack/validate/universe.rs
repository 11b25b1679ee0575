//! What the whole file names, all environments together: a cluster that is switched off in one
//! environment may still be spoken of there.

use crate::document::{Document, Entry, KeyPath, Table};
use crate::stack::LOCAL;
use std::collections::{BTreeMap, BTreeSet};

/// Names of the whole file, before any environment leaves something out.
#[derive(Debug, Default)]
pub(super) struct Universe {
    pub hosts: BTreeSet<String>,
    pub channels: BTreeSet<String>,
    pub severities: BTreeSet<String>,
    /// Secrets that are declared in [secrets].
    pub secrets: BTreeSet<String>,
    /// Packs that something feeds in at least one environment.
    pub fed_packs: BTreeSet<&'static str>,
    /// Services that carry an alert, for `<Service>ServiceDown`.
    pub services: BTreeSet<String>,
}

/// Packs that something always feeds.
const ALWAYS_FED: [&str; 3] = ["inventory", "heartbeat", "stack"];

impl Universe {
    /// `merged`: each environment's document; `selected`: the same without what it leaves out.
    pub fn of(merged: &BTreeMap<String, Document>, selected: &[Document]) -> Self {
        let mut universe = Universe::default();
        universe.hosts.insert(LOCAL.to_owned());
        universe
            .severities
            .extend(["critical", "warning", "info"].map(str::to_owned));
        universe.fed_packs.extend(ALWAYS_FED);
        for document in merged.values() {
            let keys = |path: &[&str]| -> Vec<String> {
                document
                    .table(&KeyPath::of(path.iter().copied()))
                    .map(|table| table.keys().cloned().collect())
                    .unwrap_or_default()
            };
            universe.hosts.extend(keys(&["hosts"]));
            universe.channels.extend(keys(&["slack", "channels"]));
            universe
                .severities
                .extend(keys(&["alerting", "severities"]));
            universe.secrets.extend(keys(&["secrets"]));
            universe.services.extend(services(document));
        }
        for document in selected {
            universe.fed_packs.extend(fed_packs(document));
        }
        universe
    }
}

fn entries<'a>(
    document: &'a Document,
    path: &[&str],
) -> impl Iterator<Item = (&'a String, &'a Entry)> {
    document
        .table(&KeyPath::of(path.iter().copied()))
        .into_iter()
        .flat_map(Table::iter)
}

fn text<'a>(entry: &'a Entry, key: &str) -> Option<&'a str> {
    entry.node.as_table()?.get(key)?.node.as_str()
}

fn services(document: &Document) -> BTreeSet<String> {
    [["targets"].as_slice(), &["probes"], &["kafka", "clusters"]]
        .iter()
        .flat_map(|path| entries(document, path))
        .map(|(name, entry)| text(entry, "service").unwrap_or(name).to_owned())
        .collect()
}

fn fed_packs(document: &Document) -> BTreeSet<&'static str> {
    let mut packs = BTreeSet::new();
    for (_, target) in entries(document, &["targets"]) {
        match text(target, "kind") {
            Some("nodejs") => packs.insert("nodejs"),
            Some("gitlab-runner") => packs.insert("gitlab-runner"),
            _ => false,
        };
    }
    if entries(document, &["probes"]).next().is_some() {
        packs.insert("probes");
    }
    if entries(document, &["kafka", "clusters"]).next().is_some() {
        packs.insert("kafka");
    }
    let hosts = document.table(&KeyPath::of(["hosts"]));
    // The stack's own host collects both unless it says otherwise.
    let silent_local = hosts
        .and_then(|hosts| hosts.get(LOCAL))
        .and_then(|local| local.node.as_table())
        .is_none_or(|local| !local.contains_key("collect"));
    let collects = |what: &str| {
        silent_local
            || entries(document, &["hosts"]).any(|(_, host)| {
                host.node
                    .as_table()
                    .and_then(|table| table.get("collect"))
                    .and_then(|entry| entry.node.as_array())
                    .is_some_and(|items| items.iter().any(|item| item.as_str() == Some(what)))
            })
    };
    if collects("node") {
        packs.insert("system");
    }
    if collects("docker") {
        packs.insert("docker");
    }
    packs
}
