//! Loki's file.

use super::Model;
use crate::artifact::Artifact;
use crate::component::{Fault, yaml};

/// Writes the file. Loki reads it once, when it starts.
pub fn render(model: &Model) -> Result<Vec<Artifact>, Fault> {
    let text = yaml::to_string(model).map_err(|error| Fault {
        component: "loki",
        message: error.to_string(),
    })?;
    let artifact = Artifact::new("loki/loki.yml", text)
        .caused_by(["loki.retention", "loki.schema", "loki.resources"])
        .restarts("loki");
    Ok(vec![artifact])
}
