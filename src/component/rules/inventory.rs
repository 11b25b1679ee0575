//! The expected targets as recording rules: what must be there, with all its labels.

use super::model::{Group, Record, Rule};
use crate::stack::Stack;
use crate::topology::{ScrapeTarget, Topology};
use std::collections::BTreeMap;

/// The series that says that a target is expected.
pub const EXPECTED_TARGET: &str = "stackgen_expected_target";

/// Seldom enough to cost little with many targets, often enough for the five minutes that
/// Prometheus looks back.
const INTERVAL: &str = "1m";

/// One series for each expected target.
pub fn expected_targets(stack: &Stack, topology: &Topology) -> Group {
    let record = |target: &ScrapeTarget| {
        Rule::Record(Record {
            record: EXPECTED_TARGET.to_owned(),
            expr: "vector(1)".to_owned(),
            labels: labels(stack, target),
        })
    };
    Group {
        name: "inventory".to_owned(),
        interval: Some(INTERVAL.to_owned()),
        rules: topology.targets().map(record).collect(),
    }
}

/// The labels of a target's series.
pub fn labels(stack: &Stack, target: &ScrapeTarget) -> BTreeMap<String, String> {
    let own = target
        .labels
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    let mut labels: BTreeMap<String, String> = own.collect();
    let mut set = |name: &str, value: &str| labels.insert(name.to_owned(), value.to_owned());
    set("job", &target.job);
    set("instance", &target.instance);
    set("host", &target.host);
    set("environment", &stack.environment);
    if let Some(service) = &target.service {
        set("service", service);
    }
    labels
}
