//! [`Plan`]: one typed model per component, and how they become files.

use crate::artifact::ArtifactSet;
use crate::catalog::packs;
use crate::component::{Fault, alertmanager, grafana, loki, prometheus};
use crate::stack::Stack;
use crate::topology::Topology;

/// One environment, as the configuration of each program.
#[derive(Debug, Clone)]
pub struct Plan {
    pub prometheus: prometheus::Model,
    pub alertmanager: alertmanager::Model,
    pub loki: loki::Model,
    pub grafana: grafana::model::Model,
}

impl Plan {
    pub fn of(stack: &Stack, topology: &Topology) -> Result<Plan, Fault> {
        let shipped = |alert: &str| packs::alert(alert).and_then(|alert| alert.threshold);
        Ok(Plan {
            prometheus: prometheus::lower(stack),
            alertmanager: alertmanager::lower(stack),
            loki: loki::lower(stack),
            grafana: grafana::lower(stack, topology, &shipped),
        })
    }

    /// The files of all components.
    pub fn render(&self) -> Result<ArtifactSet, Fault> {
        let mut set = ArtifactSet::default();
        for artifacts in [
            prometheus::render(&self.prometheus)?,
            alertmanager::render(&self.alertmanager)?,
            loki::render(&self.loki)?,
            grafana::render(&self.grafana)?,
        ] {
            for artifact in artifacts {
                set.add(artifact).map_err(|path| Fault {
                    component: "plan",
                    message: format!("two components write {path}"),
                })?;
            }
        }
        Ok(set)
    }
}
