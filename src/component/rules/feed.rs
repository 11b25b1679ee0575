//! What feeds an alert: the targets whose series it reads, and what its templates know of them.
//!
//! | feed | one feeder for each | what it brings beside `environment` and `labels` |
//! |---|---|---|
//! | nodejs | target of kind nodejs | `service`, `heap_limit` (bytes, or none) |
//! | nodejs-http | such a target with an HTTP histogram | also `http.histogram`, `http.status_label` |
//! | gitlab-runner | target of that kind | `service` |
//! | service | target, of any kind | `service`, `service_pascal` |
//! | container | target whose logs name a container, on a host that collects docker | `service`, `container` |
//! | node, docker, alloy | host that collects it; every host | `owner` |
//! | prometheus, alertmanager, loki, grafana | program of the stack | `owner`; `logs` (loki): whether any arrive |
//! | kafka | Kafka node | `service`, `cluster`, `cluster_labels`, `controllers` (how many) |
//! | kafka-broker, kafka-controller | Kafka node of that role | the same |
//! | kafka-disk | Kafka node with `data` on a host that collects node; its series are the host's | also `mountpoints`, longest first |
//! | kafka-lag | cluster whose lag is read | `service`, `cluster` |
//! | stack-disk | the stack's own host, if it collects node | `owner`, `mountpoints` |
//! | probe, probe-tls | probe; probe that sees a certificate | `service` |
//! | certificate | certificate that a program of the stack shows | `owner` |
//! | target | every expected target | `owner`, empty if its series have a service |
//! | agent | service that hosts carry, and one for all hosts without any | `owner`, empty for a service |
//! | always | the stack | `owner` |
//! | test-alert | the stack, if it asks for TestAlert | `owner` |
//!
//! `cluster_labels` are the label names in which all nodes of the cluster agree.

pub use crate::catalog::packs::Feed;

use super::selector::Key;
use super::template::Values;
use crate::stack::{Duration, Thresholds};

/// The `service` of alerts about a machine.
pub const HOST_OWNER: &str = "host";
/// The `service` of alerts about containers.
pub const DOCKER_OWNER: &str = "docker";

/// One of what feeds an alert.
#[derive(Debug, Clone)]
pub struct Feeder<'a> {
    /// What selects its series; nothing where an alert selects none.
    pub key: Option<Key>,
    /// How often its series get a sample.
    pub interval: Duration,
    /// The target's own changes of alerts.
    pub thresholds: Option<&'a Thresholds>,
    pub values: Values,
    /// Positions in [`Topology::targets`](crate::topology::Topology::targets) of what it stands for.
    pub targets: Vec<usize>,
}

/// The folder itself and all above it, longest first: one of them is a mount point.
pub fn mountpoints(folder: &str) -> Vec<String> {
    let mut candidates = Vec::new();
    let mut rest = folder.trim_end_matches('/');
    while !rest.is_empty() {
        candidates.push(rest.to_owned());
        rest = rest
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent.trim_end_matches('/'));
    }
    candidates.push("/".to_owned());
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lies_on_itself_or_on_one_above() {
        assert_eq!(
            mountpoints("/var/lib/kafka/"),
            ["/var/lib/kafka", "/var/lib", "/var", "/"]
        );
        assert_eq!(mountpoints("/"), ["/"]);
    }
}
