//! Feeders of Kafka: nodes, by role, and what the nodes of a cluster share.

use super::super::feed::{Feed, mountpoints};
use super::{Gathering, service_values};
use crate::stack::{KafkaNode, KafkaRole};
use crate::topology::{ScrapeTarget, Source, Topology};
use minijinja::Value;
use std::collections::{BTreeMap, BTreeSet};

/// By cluster: the label names in which all its nodes agree.
pub fn labels(topology: &Topology) -> BTreeMap<&str, String> {
    let mut agreed: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for target in topology.targets() {
        let Source::KafkaNode { cluster, .. } = &target.source else {
            continue;
        };
        let own = || {
            target
                .labels
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
        };
        let agreed = agreed
            .entry(cluster.as_str())
            .or_insert_with(|| own().collect());
        agreed.retain(|name, value| target.labels.get(*name).is_some_and(|own| own == value));
    }
    let names = |labels: BTreeMap<&str, &str>| {
        let all: BTreeSet<&str> = labels
            .into_keys()
            .chain(["environment", "job", "service"])
            .collect();
        all.into_iter().collect::<Vec<_>>().join(", ")
    };
    agreed
        .into_iter()
        .map(|(cluster, labels)| (cluster, names(labels)))
        .collect()
}

impl<'a> Gathering<'a> {
    pub(super) fn kafka(
        &mut self,
        cluster: &str,
        node: &str,
        position: usize,
        target: &'a ScrapeTarget,
    ) {
        let Some(declared) = self.stack.clusters.get(cluster) else {
            return;
        };
        let Some(node) = declared.nodes.get(node) else {
            return;
        };
        let own = Some(&declared.thresholds);
        let labels = self.cluster_labels.get(cluster).map_or("", String::as_str);
        let mut values =
            service_values(target, &[("cluster", cluster), ("cluster_labels", labels)]);
        let is_controller = |node: &&KafkaNode| node.roles.contains(&KafkaRole::Controller);
        let controllers = declared.nodes.values().filter(is_controller).count();
        values.insert("controllers".to_owned(), Value::from(controllers));
        self.add(Feed::Kafka, (position, target), own, values.clone());
        for (role, feed) in [
            (KafkaRole::Broker, Feed::KafkaBroker),
            (KafkaRole::Controller, Feed::KafkaController),
        ] {
            if node.roles.contains(&role) {
                self.add(feed, (position, target), own, values.clone());
            }
        }
        let machine = self.nodes.get(node.host.as_str()).copied();
        if let (Some(data), Some(machine)) = (&node.data, machine) {
            let mut values = values;
            values.insert("mountpoints".to_owned(), Value::from(mountpoints(data)));
            self.add(Feed::KafkaDisk, machine, own, values);
        }
    }
}
