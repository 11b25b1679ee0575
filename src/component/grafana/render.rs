//! Grafana's files.

use super::model::Model;
use crate::artifact::Artifact;
use crate::component::{Fault, yaml};
use serde::Serialize;

/// What changes a data source or the folder of dashboards.
const CAUSES: [&str; 8] = [
    "stack.name",
    "stack.domain",
    "alloy.scrape_interval",
    "grafana",
    "hosts",
    "prometheus.version",
    "targets",
    "tls",
];

/// Writes data sources and provider, which Grafana reads at its start, and dashboards, which it
/// follows by itself.
pub fn render(model: &Model) -> Result<Vec<Artifact>, Fault> {
    let provisioning = |kind: &str, text: String| {
        Artifact::new(format!("grafana/provisioning/{kind}/stackgen.yml"), text)
            .caused_by(CAUSES)
            .restarts("grafana")
    };
    let mut artifacts = vec![
        provisioning("dashboards", yaml(&model.providers)?),
        provisioning("datasources", yaml(&model.datasources)?),
    ];
    for file in &model.dashboards {
        let path = format!("grafana/dashboards/{}.json", file.name);
        let causes = file.causes.iter().map(String::as_str);
        artifacts.push(
            Artifact::new(path, json(&file.dashboard)?)
                .caused_by(causes)
                .caused_by(["rules.thresholds"]),
        );
    }
    for own in &model.own {
        let path = format!("grafana/dashboards/{}", own.file_name);
        artifacts.push(Artifact::new(path, own.text.as_str()).caused_by(["grafana.dashboards"]));
    }
    Ok(artifacts)
}

fn yaml<T: Serialize>(value: &T) -> Result<String, Fault> {
    yaml::to_string(value).map_err(|error| fault(&error))
}

fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    let mut text = serde_json::to_string_pretty(value).map_err(|error| fault(&error))?;
    text.push('\n');
    Ok(text)
}

fn fault(error: &dyn std::fmt::Display) -> Fault {
    Fault {
        component: "grafana",
        message: error.to_string(),
    }
}
