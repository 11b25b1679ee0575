//! `stack.toml` as a tree in which every key and value knows its place in the text.
//!
//! Parsing never fails: it returns a document and its errors. Environments are merged here, before
//! anything is typed, so that a finding always points at the line that said it.

mod merge;
mod parse;
mod path;
mod select;

pub use path::{KeyPath, Segment};

use crate::diagnostic::Location;
use crate::source::Span;
use indexmap::IndexMap;
use std::sync::Arc;

/// A TOML value with its place.
#[derive(Debug, Clone)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

/// What a [`Node`] holds. Dates are kept as their text.
#[derive(Debug, Clone)]
pub enum Value {
    String(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Array(Vec<Arc<Node>>),
    Table(Table),
}

/// Keys in the order of the file.
pub type Table = IndexMap<String, Entry>;

/// A key's place and its value. Values are shared between the merged documents of environments.
#[derive(Debug, Clone)]
pub struct Entry {
    pub key_span: Span,
    pub node: Arc<Node>,
}

/// One file of TOML, or one environment's merged view of it.
#[derive(Debug, Clone)]
pub struct Document {
    /// Name of the source file that all spans refer to.
    pub file: String,
    pub root: Node,
}

/// Which part of an entry a finding points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Key,
    Value,
}

/// Below it each whole number is a floating-point number too: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Node {
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Arc<Node>]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Takes out what stands at a path below this node.
    pub fn remove(&mut self, path: &[Segment]) {
        match (path, &mut self.value) {
            ([Segment::Key(key)], Value::Table(table)) => {
                table.shift_remove(key);
            }
            ([Segment::Index(index)], Value::Array(items)) if *index < items.len() => {
                items.remove(*index);
            }
            ([Segment::Key(key), rest @ ..], Value::Table(table)) => {
                if let Some(entry) = table.get_mut(key) {
                    Arc::make_mut(&mut entry.node).remove(rest);
                }
            }
            ([Segment::Index(index), rest @ ..], Value::Array(items)) => {
                if let Some(item) = items.get_mut(*index) {
                    Arc::make_mut(item).remove(rest);
                }
            }
            _ => {}
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn child(&self, segment: &Segment) -> Option<(Option<Span>, &Node)> {
        match (&self.value, segment) {
            (Value::Table(table), Segment::Key(key)) => {
                let entry = table.get(key)?;
                Some((Some(entry.key_span), &entry.node))
            }
            (Value::Array(items), Segment::Index(index)) => {
                items.get(*index).map(|item| (None, &**item))
            }
            _ => None,
        }
    }

    /// The value as JSON, which is what the schema and serde read. For a schema `9090.0` is a whole
    /// number; serde takes it for one only where it has no fraction.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::String(text) => Json::from(text.as_str()),
            Value::Integer(number) => Json::from(*number),
            Value::Float(number) if number.fract() == 0.0 && number.abs() < EXACT => {
                Json::from(*number as i64)
            }
            Value::Float(number) => Json::from(*number),
            Value::Bool(flag) => Json::from(*flag),
            Value::Array(items) => items.iter().map(|item| item.to_json()).collect(),
            Value::Table(table) => Json::Object(
                table
                    .iter()
                    .map(|(key, entry)| (key.clone(), entry.node.to_json()))
                    .collect(),
            ),
        }
    }
}

impl Document {
    pub fn get(&self, path: &KeyPath) -> Option<&Node> {
        path.iter()
            .try_fold(&self.root, |node, segment| Some(node.child(segment)?.1))
    }

    /// The table at `path`, or nothing if there is no table.
    pub fn table(&self, path: &KeyPath) -> Option<&Table> {
        self.get(path)?.as_table()
    }

    /// Paths of all lists that stand under a key of this name, at any depth.
    pub fn lists_called(&self, key: &str) -> Vec<KeyPath> {
        fn walk(node: &Node, path: &KeyPath, key: &str, found: &mut Vec<KeyPath>) {
            match &node.value {
                Value::Table(table) => {
                    for (name, entry) in table {
                        let below = path.key(name);
                        if name == key && entry.node.as_array().is_some() {
                            found.push(below);
                        } else {
                            walk(&entry.node, &below, key, found);
                        }
                    }
                }
                Value::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        walk(item, &path.index(index), key, found);
                    }
                }
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(&self.root, &KeyPath::root(), key, &mut found);
        found
    }

    /// Where `path` stands in the text. A key that is missing is shown at its nearest parent.
    pub fn locate(&self, path: &KeyPath, part: Part) -> Location {
        let mut node = &self.root;
        let mut key = None;
        let mut reached = 0;
        for segment in path.iter() {
            let Some((key_span, child)) = node.child(segment) else {
                break;
            };
            key = key_span.or(key);
            node = child;
            reached += 1;
        }
        let whole = reached == path.len();
        let span = match (part, key) {
            (Part::Key, Some(key)) => key,
            // A table's own span can be a header far from the key that is missing below it.
            (Part::Value, Some(key)) if !whole && node.as_table().is_none() => key,
            _ => node.span,
        };
        Location {
            file: self.file.clone(),
            span,
        }
    }
}
