//! Prometheus' files.

use super::Model;
use crate::artifact::Artifact;
use crate::component::{Fault, yaml};
use serde::Serialize;

/// Writes the files. Prometheus follows its configuration by itself, and promtool reads its own at
/// each check, so none of them restarts anything.
pub fn render(model: &Model) -> Result<Vec<Artifact>, Fault> {
    let config = Artifact::new("prometheus/prometheus.yml", text(&model.config)?).caused_by([
        "prometheus.evaluation_interval",
        "prometheus.out_of_order_window",
        "environments",
        "tls",
        "stack.domain",
    ]);
    let client = Artifact::new("prometheus/client.yml", text(&model.client)?)
        .caused_by(["tls", "stack.domain"]);
    Ok(vec![config, client])
}

fn text(value: &impl Serialize) -> Result<String, Fault> {
    yaml::to_string(value).map_err(|error| Fault {
        component: "prometheus",
        message: error.to_string(),
    })
}
