//! Entries that an environment leaves out: `enabled = false` and `environments = [...]`.

use super::{Document, Entry, Node, Table, Value};
use std::sync::Arc;

/// The tables and arrays whose entries may be switched off. `*` stands for any name.
pub const NAMED_COLLECTIONS: &[&[&str]] = &[
    &["hosts"],
    &["targets"],
    &["probes"],
    &["kafka", "clusters"],
    &["kafka", "clusters", "*", "nodes"],
    &["secrets"],
    &["slack", "channels"],
    &["alerting", "severities"],
    &["alerting", "routes"],
    &["alerting", "inhibit"],
    &["alerting", "heartbeat"],
];

impl Document {
    /// The document without the entries that are not in `environment`.
    pub fn select(&self, environment: &str) -> Document {
        let mut document = self.clone();
        for path in NAMED_COLLECTIONS {
            if let Value::Table(root) = &mut document.root.value {
                select_in(root, path, environment);
            }
        }
        document
    }
}

fn select_in(table: &mut Table, path: &[&str], environment: &str) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let keys: Vec<String> = match *first {
        "*" => table.keys().cloned().collect(),
        key => vec![key.to_owned()],
    };
    for key in keys {
        let Some(entry) = table.get_mut(&key) else {
            continue;
        };
        if rest.is_empty() {
            if is_single(path) {
                if !present(&entry.node, environment) {
                    table.shift_remove(&key);
                }
            } else {
                keep_present(entry, environment);
            }
        } else if entry.node.as_table().is_some()
            && let Value::Table(inner) = &mut Arc::make_mut(&mut entry.node).value
        {
            select_in(inner, rest, environment);
        }
    }
}

/// The heartbeat is one entry, not a collection of entries.
fn is_single(path: &[&str]) -> bool {
    path == ["heartbeat"]
}

fn keep_present(entry: &mut Entry, environment: &str) {
    let all_present = match &entry.node.value {
        Value::Table(table) => table.values().all(|e| present(&e.node, environment)),
        Value::Array(items) => items.iter().all(|item| present(item, environment)),
        _ => true,
    };
    if all_present {
        return;
    }
    match &mut Arc::make_mut(&mut entry.node).value {
        Value::Table(table) => table.retain(|_, e| present(&e.node, environment)),
        Value::Array(items) => items.retain(|item| present(item, environment)),
        _ => {}
    }
}

/// Whether an entry is there in `environment`.
fn present(node: &Node, environment: &str) -> bool {
    let Some(table) = node.as_table() else {
        return true;
    };
    let enabled = table
        .get("enabled")
        .is_none_or(|entry| !matches!(entry.node.value, Value::Bool(false)));
    let listed = match table.get("environments").map(|entry| &entry.node.value) {
        Some(Value::Array(names)) => names.iter().any(|name| name.as_str() == Some(environment)),
        _ => true,
    };
    enabled && listed
}
