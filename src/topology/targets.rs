//! Every target that must exist, with its labels as they arrive, and the agent that scrapes it.

use super::{Agent, Service, TLS_SERVICES};
use crate::stack::{Collect, Duration, LOCAL, Labels, Stack};
use std::collections::HashMap;

/// What an agent scrapes, with the identity of its series.
///
/// `(job, instance, environment)` is unique in a stack.
#[derive(Debug, Clone)]
pub struct ScrapeTarget {
    pub source: Source,
    pub job: String,
    pub instance: String,
    /// Name of the host whose agent scrapes it.
    pub host: String,
    pub service: Option<String>,
    /// The user's labels: those of the host, then those of the target, which win.
    pub labels: Labels,
    pub interval: Duration,
}

/// Where a target's samples come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Alloy's unix exporter.
    Node,
    /// Alloy's cAdvisor exporter.
    Docker,
    /// The agent itself.
    Agent,
    /// An entry of [targets], by name.
    Target(String),
    /// An entry of [probes], by name.
    Probe(String),
    /// The JMX exporter of a Kafka node.
    KafkaNode { cluster: String, node: String },
    /// Alloy's Kafka exporter.
    KafkaLag { cluster: String },
    /// A program of the stack, scraped by the stack's own agent.
    Component(Service),
    /// The certificate that a service of the stack shows, seen by the stack's own agent.
    Certificate(Service),
}

/// Job names that stackgen gives; a target or probe may not have one.
pub const RESERVED_JOBS: [&str; 10] = [
    "node",
    "docker",
    "alloy",
    "kafka",
    "kafka-lag",
    "prometheus",
    "alertmanager",
    "loki",
    "grafana",
    "certificates",
];

/// Programs of the stack that the stack's own agent scrapes.
const COMPONENTS: [Service; 4] = [
    Service::Prometheus,
    Service::Alertmanager,
    Service::Loki,
    Service::Grafana,
];

pub(super) fn assign(stack: &Stack, mut agents: Vec<Agent>) -> Vec<Agent> {
    let positions: HashMap<String, usize> = agents
        .iter()
        .enumerate()
        .map(|(position, agent)| (agent.host.clone(), position))
        .collect();
    for agent in &mut agents {
        agent.targets = of_host(stack, agent);
    }
    let mut add = |target: ScrapeTarget| {
        if let Some(position) = positions.get(&target.host) {
            agents[*position].targets.push(target);
        }
    };
    for (name, target) in &stack.targets {
        add(ScrapeTarget {
            source: Source::Target(name.clone()),
            job: name.clone(),
            instance: format!("{}:{}", target.host, target.address.port),
            host: target.host.clone(),
            service: Some(target.service.clone()),
            labels: labels(stack, &target.host, &target.labels),
            interval: target.interval.clone(),
        });
    }
    for (name, probe) in &stack.probes {
        add(ScrapeTarget {
            source: Source::Probe(name.clone()),
            job: name.clone(),
            instance: probe.address.clone(),
            host: probe.host.clone(),
            service: Some(probe.service.clone()),
            labels: labels(stack, &probe.host, &probe.labels),
            interval: probe.interval.clone(),
        });
    }
    for target in kafka(stack) {
        add(target);
    }
    agents
}

/// What every host has: the machine, its containers, the agent; for `local` the stack itself.
fn of_host(stack: &Stack, agent: &Agent) -> Vec<ScrapeTarget> {
    let target = |source: Source, job: &str, instance: &str, service: Option<&str>| ScrapeTarget {
        source,
        job: job.to_owned(),
        instance: instance.to_owned(),
        host: agent.host.clone(),
        service: service.map(str::to_owned),
        labels: labels(stack, &agent.host, &Labels::new()),
        interval: stack.alloy.scrape_interval.clone(),
    };
    let mut targets = Vec::new();
    if agent.collect.contains(&Collect::Node) {
        targets.push(target(Source::Node, "node", &agent.host, None));
    }
    if agent.collect.contains(&Collect::Docker) {
        targets.push(target(Source::Docker, "docker", &agent.host, None));
    }
    targets.push(target(Source::Agent, "alloy", &agent.host, None));
    if agent.host == LOCAL {
        for service in COMPONENTS {
            let instance = format!("{LOCAL}:{}", service.port());
            targets.push(target(
                Source::Component(service),
                service.name(),
                &instance,
                Some(&stack.name),
            ));
        }
        for service in TLS_SERVICES {
            targets.push(target(
                Source::Certificate(service),
                "certificates",
                service.name(),
                Some(&stack.name),
            ));
        }
    }
    targets
}

fn kafka(stack: &Stack) -> Vec<ScrapeTarget> {
    let mut targets = Vec::new();
    for (cluster_name, cluster) in &stack.clusters {
        let base = |source: Source, job: &str, instance: &str, host: &str| ScrapeTarget {
            source,
            job: job.to_owned(),
            instance: instance.to_owned(),
            host: host.to_owned(),
            service: Some(cluster.service.clone()),
            labels: labels(stack, host, &cluster.labels),
            interval: stack.alloy.scrape_interval.clone(),
        };
        for (node_name, node) in &cluster.nodes {
            let source = Source::KafkaNode {
                cluster: cluster_name.clone(),
                node: node_name.clone(),
            };
            targets.push(base(source, "kafka", node_name, &node.host));
        }
        if let Some(lag) = &cluster.lag {
            let source = Source::KafkaLag {
                cluster: cluster_name.clone(),
            };
            targets.push(base(source, "kafka-lag", cluster_name, &lag.host));
        }
    }
    targets
}

fn labels(stack: &Stack, host: &str, own: &Labels) -> Labels {
    let mut labels = stack
        .hosts
        .get(host)
        .map(|host| host.labels.clone())
        .unwrap_or_default();
    labels.extend(own.iter().map(|(key, value)| (key.clone(), value.clone())));
    labels
}
