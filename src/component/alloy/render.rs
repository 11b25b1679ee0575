//! Configurations → files.

use super::model::{Alloy, Configuration};
use crate::artifact::Artifact;
use crate::component::Fault;
use crate::document::KeyPath;

/// Writes every agent's configuration, and the user's own files beside it.
pub fn render(model: &Alloy) -> Result<Vec<Artifact>, Fault> {
    let mut artifacts = Vec::new();
    for agent in &model.agents {
        artifacts.push(generated(agent)?);
        artifacts.extend(own(agent));
    }
    Ok(artifacts)
}

fn generated(agent: &Configuration) -> Result<Artifact, Fault> {
    let path = format!("{}/{}", agent.folder, agent.file_name);
    agent.body.check().map_err(|malformed| Fault {
        component: "alloy",
        message: format!("{path}: {malformed}"),
    })?;
    Ok(Artifact::new(path, agent.body.to_string())
        .caused_by(agent.caused_by.iter().map(String::as_str))
        .restarts(agent.owner.folder()))
}

fn own(agent: &Configuration) -> impl Iterator<Item = Artifact> {
    let key = KeyPath::of(["hosts", &agent.host, "alloy"]).to_string();
    agent.own.iter().map(move |file| {
        let path = format!("{}/{}", agent.folder, file.file_name);
        Artifact::new(path, file.text.as_str())
            .caused_by([key.as_str()])
            .restarts(agent.owner.folder())
    })
}
