//! [`Plan`]: one typed model per component, and how they become files.

use crate::artifact::{Artifact, ArtifactSet};
use crate::catalog::packs;
use crate::component::{
    Fault, alertmanager, alloy, compose, gateway, grafana, host, jmx, loki, prometheus, rules,
};
use crate::stack::Stack;
use crate::topology::Topology;
use crate::write::sha256;
use std::collections::BTreeMap;

/// One environment, as the configuration of each program.
#[derive(Debug, Clone)]
pub struct Plan {
    pub prometheus: prometheus::Model,
    pub rules: rules::Model,
    pub alertmanager: alertmanager::Model,
    pub loki: loki::Model,
    pub gateway: gateway::Configuration,
    pub grafana: grafana::model::Model,
    pub alloy: alloy::Alloy,
    pub jmx: jmx::Model,
    pub hosts: Vec<host::Host>,
    pub compose: compose::Model,
}

impl Plan {
    pub fn of(stack: &Stack, topology: &Topology) -> Result<Plan, Fault> {
        let shipped = |alert: &str| packs::alert(alert).and_then(|alert| alert.threshold);
        Ok(Plan {
            prometheus: prometheus::lower(stack),
            rules: rules::lower(stack, topology)?,
            alertmanager: alertmanager::lower(stack),
            loki: loki::lower(stack),
            gateway: gateway::lower(stack),
            grafana: grafana::lower(stack, topology, &shipped),
            alloy: alloy::lower(stack, topology),
            jmx: jmx::lower(stack),
            hosts: host::lower(stack, topology),
            compose: compose::lower(stack, topology),
        })
    }

    /// The files of all components.
    pub fn render(&self) -> Result<ArtifactSet, Fault> {
        let mut artifacts = prometheus::render(&self.prometheus)?;
        artifacts.extend(rules::render(&self.rules)?);
        artifacts.extend(alertmanager::render(&self.alertmanager)?);
        artifacts.extend(loki::render(&self.loki)?);
        artifacts.extend(gateway::render(&self.gateway)?);
        artifacts.extend(grafana::render(&self.grafana)?);
        artifacts.extend(alloy::render(&self.alloy)?);
        artifacts.extend(jmx::render(&self.jmx)?);
        artifacts.extend(host::render(&self.hosts)?);
        // Last: a service is recreated when a file changes that it does not follow by itself.
        let hashes = restart_hashes(&artifacts);
        artifacts.extend(compose::render(&self.compose, &hashes)?);
        let mut set = ArtifactSet::default();
        for artifact in artifacts {
            set.add(artifact).map_err(|path| Fault {
                component: "plan",
                message: format!("two components write {path}"),
            })?;
        }
        Ok(set)
    }
}

/// By owner: a hash of all files that it does not follow by itself.
fn restart_hashes(artifacts: &[Artifact]) -> BTreeMap<String, String> {
    let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for artifact in artifacts {
        if let Some(owner) = &artifact.restarts {
            let line = format!("{} {}\n", artifact.path, sha256(&artifact.bytes));
            lines.entry(owner.clone()).or_default().push(line);
        }
    }
    lines
        .into_iter()
        .map(|(owner, mut lines)| {
            lines.sort();
            (owner, sha256(lines.concat().as_bytes()))
        })
        .collect()
}
