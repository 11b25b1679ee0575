//! Compose files → docker-compose.yml, of the stack and of each host.

use super::lower::Model;
use super::model::Project;
use crate::artifact::Artifact;
use crate::component::{Fault, yaml};
use crate::document::KeyPath;
use crate::topology::Owner;
use std::collections::BTreeMap;

/// A hash in this label changes when a service must be recreated: `docker compose up -d` then does.
const LABEL: &str = "stackgen.restart-hash";
const FILE: &str = "docker-compose.yml";

/// Keys of stack.toml that shape the stack's file.
const CAUSES: [&str; 10] = [
    "stack",
    "prometheus",
    "alertmanager",
    "loki",
    "grafana",
    "alloy",
    "gateway",
    "tls",
    "volumes",
    "hosts.local",
];

/// The label of a service that follows all of its files by itself.
const NOTHING: &str = "none";

/// The files. `hashes`: what a service can't pick up by itself, by its owner's folder.
pub fn render(model: &Model, hashes: &BTreeMap<String, String>) -> Result<Vec<Artifact>, Fault> {
    let mut stack = model.stack.clone();
    for (name, service) in &mut stack.services {
        let hash = hashes.get(name.as_str()).map_or(NOTHING, String::as_str);
        service.labels.insert(LABEL, hash.into());
    }
    let mut artifacts = vec![Artifact::new(FILE, write(&stack)?).caused_by(CAUSES)];
    for (host, project) in &model.agents {
        let mut project = project.clone();
        let hash = hashes.get(&Owner::Agent(host.clone()).folder());
        if let (Some(service), Some(hash)) = (project.services.get_mut("alloy"), hash) {
            service.labels.insert(LABEL, hash.into());
        }
        let key = KeyPath::of(["hosts", host]).to_string();
        let artifact = Artifact::new(format!("agents/{host}/{FILE}"), write(&project)?);
        artifacts.push(artifact.caused_by([key.as_str(), "alloy", "stack.name"]));
    }
    Ok(artifacts)
}

fn write(project: &Project) -> Result<String, Fault> {
    yaml::to_string(project).map_err(|error| Fault {
        component: "compose",
        message: error.to_string(),
    })
}
