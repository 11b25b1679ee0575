//! Who must hear that an agent is silent: every service that its host carries.

use super::super::feed::{Feeder, HOST_OWNER};
use super::super::selector::Key;
use super::super::template::Values;
use crate::stack::Stack;
use crate::topology::{ScrapeTarget, Source, Topology};
use minijinja::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One feeder a service, and one for all hosts that carry none.
pub fn feeders<'a>(stack: &'a Stack, topology: &'a Topology) -> Vec<Feeder<'a>> {
    let mut services: BTreeMap<&str, Carried<'_>> = BTreeMap::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut carrying: BTreeSet<&str> = BTreeSet::new();
    for (position, target) in topology.targets().enumerate() {
        if let Some(service) = &target.service {
            carrying.insert(&target.host);
            names.extend(target.labels.keys().map(String::as_str));
            services.entry(service).or_default().add(position, target);
        }
    }
    let feeder = |key, owner: &str, labels: BTreeSet<&str>, targets| Feeder {
        key,
        interval: stack.alloy.scrape_interval.clone(),
        thresholds: None,
        values: Values::from([
            ("owner".to_owned(), Value::from(owner)),
            (
                "labels".to_owned(),
                Value::from(labels.into_iter().collect::<Vec<_>>().join(", ")),
            ),
        ]),
        targets,
    };
    let mut feeders = Vec::new();
    for (service, carried) in services {
        let mut labels: BTreeSet<&str> = names.difference(&carried.disputed).copied().collect();
        labels.extend(["environment", "host", "service"]);
        feeders.push(feeder(
            Some(Key::service(service)),
            "",
            labels,
            carried.targets,
        ));
    }
    let mut labels = BTreeSet::from(["environment", "host"]);
    let mut targets = Vec::new();
    for (position, target) in topology.targets().enumerate() {
        if target.source == Source::Agent && !carrying.contains(target.host.as_str()) {
            labels.extend(target.labels.keys().map(String::as_str));
            targets.push(position);
        }
    }
    if !targets.is_empty() {
        feeders.push(feeder(None, HOST_OWNER, labels, targets));
    }
    feeders
}

/// What hosts carry of a service.
#[derive(Default)]
struct Carried<'a> {
    targets: Vec<usize>,
    /// By host: the first target there.
    first: BTreeMap<&'a str, &'a ScrapeTarget>,
    /// Labels in which two targets on one host differ; an alert for both has none of them.
    disputed: BTreeSet<&'a str>,
}

impl<'a> Carried<'a> {
    fn add(&mut self, position: usize, target: &'a ScrapeTarget) {
        self.targets.push(position);
        let first = *self.first.entry(&target.host).or_insert(target);
        let names = first.labels.keys().chain(target.labels.keys());
        let differ = |name: &&String| first.labels.get(*name) != target.labels.get(*name);
        self.disputed
            .extend(names.filter(differ).map(String::as_str));
    }
}
