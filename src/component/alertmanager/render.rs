//! Alertmanager's files.

use super::Model;
use crate::artifact::Artifact;
use crate::component::{Fault, yaml};
use serde::Serialize;

/// Writes the files. Alertmanager reads its configuration and templates once, when it starts;
/// amtool reads its own at each check.
pub fn render(model: &Model) -> Result<Vec<Artifact>, Fault> {
    let config = Artifact::new("alertmanager/alertmanager.yml", text(&model.config)?)
        .caused_by(["alerting", "slack.channels"])
        .restarts("alertmanager");
    let template = Artifact::new(
        "alertmanager/templates/slack.tmpl",
        model.slack_template.clone(),
    )
    .caused_by(["stack.domain", "grafana.port"])
    .restarts("alertmanager");
    let client = Artifact::new("alertmanager/client.yml", text(&model.client)?)
        .caused_by(["tls", "stack.domain"]);
    Ok(vec![config, template, client])
}

fn text(value: &impl Serialize) -> Result<String, Fault> {
    yaml::to_string(value).map_err(|error| Fault {
        component: "alertmanager",
        message: error.to_string(),
    })
}
