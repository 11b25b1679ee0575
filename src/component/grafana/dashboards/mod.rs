//! The generated dashboards, one file each. One is there only when something feeds it.

mod agents;
mod board;
mod containers;
mod gitlab_runner;
mod hosts;
mod kafka;
mod layout;
mod nodejs;
mod panel;
mod probes;
mod query;
mod stack;
mod style;

pub use board::uid;
pub use panel::{ALERTMANAGER, LOKI, PROMETHEUS};

use super::model::DashboardFile;
use crate::stack::{Collect, Stack, TargetKind};
use crate::topology::Topology;

/// What a dashboard is made from.
pub struct Context<'a> {
    pub stack: &'a Stack,
    pub topology: &'a Topology,
    /// Thresholds of the shipped alerts, by the alert's name.
    pub defaults: &'a dyn Fn(&str) -> Option<f64>,
}

impl Context<'_> {
    /// The threshold of an alert in the whole stack.
    fn threshold(&self, alert: &str) -> Option<f64> {
        let changed = self.stack.rules.thresholds.get(alert);
        changed
            .and_then(|threshold| threshold.value)
            .or_else(|| (self.defaults)(alert))
    }

    /// Names of the targets of a kind.
    fn targets(&self, kind: TargetKind) -> Vec<&str> {
        let targets = self.stack.targets.iter();
        targets
            .filter(|(_, target)| target.kind == kind)
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Names of the hosts whose agents collect this.
    fn hosts_with(&self, collect: Collect) -> Vec<&str> {
        let agents = self.topology.agents.iter();
        agents
            .filter(|agent| agent.collect.contains(&collect))
            .map(|agent| agent.host.as_str())
            .collect()
    }

    /// A matcher that every log line of the stack has.
    fn environment(&self) -> String {
        query::one_of("environment", [self.stack.environment.as_str()])
    }
}

/// Every dashboard that something feeds.
pub fn all(context: &Context<'_>) -> Vec<DashboardFile> {
    [
        Some(agents::dashboard(context)),
        containers::dashboard(context),
        gitlab_runner::dashboard(context),
        hosts::dashboard(context),
        kafka::dashboard(context),
        nodejs::dashboard(context),
        probes::dashboard(context),
        Some(stack::dashboard(context)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `section.name` of each.
fn keys<'a>(section: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names
        .into_iter()
        .map(|name| format!("{section}.{name}"))
        .collect()
}
