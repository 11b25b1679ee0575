//! Stack → the rule files of its Kafka nodes.

use super::model::Configuration;
use super::rules;
use crate::document::KeyPath;
use crate::stack::Stack;
use indexmap::IndexMap;
use serde::Serialize;

/// The rule file of each host that has a Kafka node. They are alike; a controller's beans are just
/// not there on a node without that role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Model {
    pub hosts: IndexMap<String, Host>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Host {
    pub configuration: Configuration,
    /// Keys of its Kafka nodes in stack.toml.
    pub nodes: Vec<String>,
}

pub fn lower(stack: &Stack) -> Model {
    let mut hosts: IndexMap<String, Host> = IndexMap::new();
    for (cluster_name, cluster) in &stack.clusters {
        for (name, node) in &cluster.nodes {
            let host = hosts.entry(node.host.clone()).or_insert_with(|| Host {
                configuration: configuration(),
                nodes: Vec::new(),
            });
            let key = KeyPath::of(["kafka", "clusters", cluster_name, "nodes", name]);
            host.nodes.push(key.to_string());
        }
    }
    Model { hosts }
}

fn configuration() -> Configuration {
    Configuration {
        lowercase_output_name: true,
        include_object_names: rules::OBJECT_NAMES.map(str::to_owned).into(),
        rules: rules::all(),
    }
}
