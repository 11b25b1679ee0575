//! Overlays: one environment's table merged over the rest of the file.

use super::{Document, Entry, KeyPath, Node, Table, Value};
use std::sync::Arc;

/// The environment of a file that names none.
pub const DEFAULT_ENVIRONMENT: &str = "production";

impl Document {
    /// Names of the environments, in the order of the file.
    pub fn environments(&self) -> Vec<String> {
        let named: Vec<String> = self
            .table(&KeyPath::of(["environments"]))
            .map(|table| table.keys().cloned().collect())
            .unwrap_or_default();
        if named.is_empty() {
            vec![DEFAULT_ENVIRONMENT.to_owned()]
        } else {
            named
        }
    }

    /// The file as one environment sees it: without `[environments]`, its own table merged over the
    /// rest. Tables merge deeply; scalars and plain arrays are replaced; arrays of tables whose
    /// entries have a `name` merge by name, and a new name is appended.
    pub fn for_environment(&self, environment: &str) -> Document {
        let mut root = self.root.as_table().cloned().unwrap_or_default();
        let environments = root.shift_remove("environments");
        let overlay = environments
            .as_ref()
            .and_then(|entry| entry.node.as_table())
            .and_then(|table| table.get(environment))
            .and_then(|entry| entry.node.as_table());
        if let Some(overlay) = overlay {
            merge_tables(&mut root, overlay);
        }
        Document {
            file: self.file.clone(),
            root: Node {
                span: self.root.span,
                value: Value::Table(root),
            },
        }
    }
}

fn merge_tables(base: &mut Table, overlay: &Table) {
    for (key, over) in overlay {
        match base.get_mut(key) {
            None => {
                base.insert(key.clone(), over.clone());
            }
            Some(entry) => merge_entries(entry, over),
        }
    }
}

fn merge_entries(entry: &mut Entry, over: &Entry) {
    match (&entry.node.value, &over.node.value) {
        (Value::Table(under), Value::Table(table)) => {
            let mut merged = under.clone();
            merge_tables(&mut merged, table);
            entry.node = Arc::new(Node {
                span: entry.node.span,
                value: Value::Table(merged),
            });
        }
        (Value::Array(under), Value::Array(items)) if all_named(under) && all_named(items) => {
            entry.node = Arc::new(Node {
                span: entry.node.span,
                value: Value::Array(merge_named(under, items)),
            });
        }
        _ => *entry = over.clone(),
    }
}

fn merge_named(base: &[Arc<Node>], overlay: &[Arc<Node>]) -> Vec<Arc<Node>> {
    let mut merged = base.to_vec();
    for item in overlay {
        match merged.iter_mut().find(|known| name(known) == name(item)) {
            None => merged.push(item.clone()),
            Some(known) => {
                if let (Some(under), Some(over)) = (known.as_table(), item.as_table()) {
                    let mut table = under.clone();
                    merge_tables(&mut table, over);
                    *known = Arc::new(Node {
                        span: known.span,
                        value: Value::Table(table),
                    });
                }
            }
        }
    }
    merged
}

fn all_named(items: &[Arc<Node>]) -> bool {
    !items.is_empty() && items.iter().all(|item| name(item).is_some())
}

fn name(node: &Node) -> Option<&str> {
    node.as_table()?.get("name")?.node.as_str()
}
