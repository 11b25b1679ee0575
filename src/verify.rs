//! Every artifact is parsed back before it may be written.

use crate::artifact::{Artifact, ArtifactSet};
use crate::component::Fault;

/// Reads each file in its own format.
pub fn verify(artifacts: &ArtifactSet) -> Result<(), Fault> {
    artifacts.iter().try_for_each(read_back)
}

fn read_back(artifact: &Artifact) -> Result<(), Fault> {
    let fault = |why: String| Fault {
        component: "verify",
        message: format!("{} cannot be read back: {why}", artifact.path),
    };
    let text = std::str::from_utf8(&artifact.bytes).map_err(|error| fault(error.to_string()))?;
    if artifact.path.ends_with(".yml") {
        let options = serde_saphyr::options! { budget: None };
        serde_saphyr::from_str_with_options::<serde::de::IgnoredAny>(text, options)
            .map_err(|error| fault(error.to_string()))?;
    } else if artifact.path.ends_with(".json") {
        serde_json::from_str::<serde::de::IgnoredAny>(text)
            .map_err(|error| fault(error.to_string()))?;
    }
    Ok(())
}
