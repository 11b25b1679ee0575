//! Finds the feeders of every feed in one pass over the expected targets.

use super::feed::{DOCKER_OWNER, Feed, Feeder, HOST_OWNER, mountpoints};
use super::selector::Key;
use super::template::Values;
use crate::stack::{Collect, LOCAL, Logs, ProbeKind, Stack, TargetKind, Thresholds};
use crate::topology::{ScrapeTarget, Service, Source, Topology};
use minijinja::Value;
use std::collections::{BTreeMap, BTreeSet};

mod agent;
mod cluster;

/// Where the stack's volumes are kept on its host.
const DOCKER_DATA: &str = "/var/lib/docker/volumes";

/// The feeders of every feed that has some.
pub type Feeders<'a> = BTreeMap<Feed, Fed<'a>>;

/// The feeders of one feed.
#[derive(Debug, Default)]
pub struct Fed<'a> {
    pub feeders: Vec<Feeder<'a>>,
    /// Names of all labels that their series have as targets.
    pub labels: BTreeSet<&'a str>,
}

/// Names of the labels that every target's series carry; `service` may be absent.
const TARGET_LABELS: [&str; 5] = ["environment", "host", "instance", "job", "service"];

/// Finds the feeders of every feed.
pub fn gather<'a>(stack: &'a Stack, topology: &'a Topology) -> Feeders<'a> {
    let mut gathering = Gathering {
        stack,
        fed: Feeders::new(),
        nodes: BTreeMap::new(),
        cluster_labels: cluster::labels(topology),
    };
    for (position, target) in topology.targets().enumerate() {
        if target.source == Source::Node {
            gathering.nodes.insert(&target.host, (position, target));
        }
    }
    for (position, target) in topology.targets().enumerate() {
        gathering.target(position, target);
    }
    for feeder in agent::feeders(stack, topology) {
        gathering
            .fed
            .entry(Feed::Agent)
            .or_default()
            .feeders
            .push(feeder);
    }
    gathering.always();
    gathering.fed
}

struct Gathering<'a> {
    stack: &'a Stack,
    fed: Feeders<'a>,
    /// The machine's own metrics, by host.
    nodes: BTreeMap<&'a str, (usize, &'a ScrapeTarget)>,
    cluster_labels: BTreeMap<&'a str, String>,
}

impl<'a> Gathering<'a> {
    fn target(&mut self, position: usize, target: &'a ScrapeTarget) {
        let owner = match target.source {
            _ if target.service.is_some() => "",
            Source::Node => HOST_OWNER,
            Source::Docker => DOCKER_OWNER,
            _ => &self.stack.name,
        };
        self.add(
            Feed::Target,
            (position, target),
            None,
            values(&[("owner", owner)]),
        );
        match &target.source {
            Source::Node => self.node(position, target),
            Source::Docker => self.owned(Feed::Docker, position, target, DOCKER_OWNER),
            Source::Agent => self.owned(Feed::Alloy, position, target, &self.stack.name),
            Source::Component(service) => self.component(*service, position, target),
            Source::Certificate(_) => {
                self.owned(Feed::Certificate, position, target, &self.stack.name);
            }
            Source::Target(name) => self.named(name, position, target),
            Source::Probe(name) => self.probe(name, position, target),
            Source::KafkaNode { cluster, node } => self.kafka(cluster, node, position, target),
            Source::KafkaLag { cluster } => {
                let own = self
                    .stack
                    .clusters
                    .get(cluster)
                    .map(|cluster| &cluster.thresholds);
                let values = service_values(target, &[("cluster", cluster)]);
                self.add(Feed::KafkaLag, (position, target), own, values);
            }
        }
    }

    fn add(
        &mut self,
        feed: Feed,
        (position, target): (usize, &'a ScrapeTarget),
        thresholds: Option<&'a Thresholds>,
        values: Values,
    ) {
        let fed = self.fed.entry(feed).or_default();
        fed.labels.extend(TARGET_LABELS);
        fed.labels.extend(target.labels.keys().map(String::as_str));
        fed.feeders.push(Feeder {
            key: Some(Key::target(&target.job, &target.instance)),
            interval: target.interval.clone(),
            thresholds,
            values,
            targets: vec![position],
        });
    }

    fn owned(&mut self, feed: Feed, position: usize, target: &'a ScrapeTarget, owner: &str) {
        self.add(feed, (position, target), None, values(&[("owner", owner)]));
    }

    fn node(&mut self, position: usize, target: &'a ScrapeTarget) {
        self.owned(Feed::Node, position, target, HOST_OWNER);
        if target.host == LOCAL {
            let mut values = values(&[("owner", &self.stack.name)]);
            values.insert(
                "mountpoints".to_owned(),
                Value::from(mountpoints(DOCKER_DATA)),
            );
            self.add(Feed::StackDisk, (position, target), None, values);
        }
    }

    fn component(&mut self, service: Service, position: usize, target: &'a ScrapeTarget) {
        let feed = match service {
            Service::Prometheus => Feed::Prometheus,
            Service::Alertmanager => Feed::Alertmanager,
            Service::Loki => Feed::Loki,
            Service::Grafana => Feed::Grafana,
            Service::Gateway | Service::AlloyLocal | Service::DockerSocketProxy => return,
        };
        let mut values = values(&[("owner", &self.stack.name)]);
        if feed == Feed::Loki {
            values.insert("logs".to_owned(), Value::from(collects_logs(self.stack)));
        }
        self.add(feed, (position, target), None, values);
    }

    fn named(&mut self, name: &str, position: usize, target: &'a ScrapeTarget) {
        let stack = self.stack;
        let Some(declared) = stack.targets.get(name) else {
            return;
        };
        let own = Some(&declared.thresholds);
        let here = (position, target);
        let pascal = crate::stack::pascal(&declared.service);
        self.add(
            Feed::Service,
            here,
            own,
            service_values(target, &[("service_pascal", &pascal)]),
        );
        match declared.kind {
            TargetKind::Nodejs => {
                let mut values = service_values(target, &[]);
                let limit = declared.heap_limit.map(|limit| limit.0);
                values.insert("heap_limit".to_owned(), Value::from(limit));
                if let Some(http) = &declared.http {
                    let http = BTreeMap::from([
                        ("histogram", Value::from(&http.name)),
                        ("status_label", Value::from(&http.status_label)),
                    ]);
                    let mut values = values.clone();
                    values.insert("http".to_owned(), Value::from(http));
                    self.add(Feed::NodejsHttp, here, own, values);
                }
                self.add(Feed::Nodejs, here, own, values);
            }
            TargetKind::GitlabRunner => {
                self.add(Feed::GitlabRunner, here, own, service_values(target, &[]));
            }
            TargetKind::Generic => {}
        }
        let docker = self
            .stack
            .hosts
            .get(&declared.host)
            .is_some_and(collects_docker);
        if let (Some(Logs::Docker { container }), true) = (&declared.logs, docker) {
            self.add(
                Feed::Container,
                here,
                own,
                service_values(target, &[("container", container)]),
            );
        }
    }

    fn probe(&mut self, name: &str, position: usize, target: &'a ScrapeTarget) {
        let Some(probe) = self.stack.probes.get(name) else {
            return;
        };
        let own = Some(&probe.thresholds);
        self.add(
            Feed::Probe,
            (position, target),
            own,
            service_values(target, &[]),
        );
        let tls = match probe.kind {
            ProbeKind::Http => probe.address.starts_with("https://"),
            ProbeKind::Tls => true,
            ProbeKind::Tcp | ProbeKind::Icmp => false,
        };
        if tls {
            self.add(
                Feed::ProbeTls,
                (position, target),
                own,
                service_values(target, &[]),
            );
        }
    }

    fn always(&mut self) {
        let feeder = Feeder {
            key: None,
            interval: self.stack.alloy.scrape_interval.clone(),
            thresholds: None,
            values: values(&[("owner", &self.stack.name)]),
            targets: Vec::new(),
        };
        if self.stack.rules.test_alert {
            self.fed
                .entry(Feed::TestAlert)
                .or_default()
                .feeders
                .push(feeder.clone());
        }
        self.fed
            .entry(Feed::Always)
            .or_default()
            .feeders
            .push(feeder);
    }
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect()
}

fn service_values(target: &ScrapeTarget, pairs: &[(&str, &str)]) -> Values {
    let mut values = values(pairs);
    let service = target.service.as_deref().unwrap_or_default();
    values.insert("service".to_owned(), Value::from(service));
    values
}

fn collects_docker(host: &crate::stack::Host) -> bool {
    host.collect.contains(&Collect::Docker)
}

fn collects_logs(stack: &Stack) -> bool {
    let of_host = |host: &crate::stack::Host| {
        collects_docker(host) || host.collect.contains(&Collect::Journal)
    };
    stack.hosts.values().any(of_host) || stack.targets.values().any(|target| target.logs.is_some())
}
