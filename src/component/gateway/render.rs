//! Configuration → gateway/nginx.conf.

use super::Configuration;
use crate::artifact::Artifact;
use crate::component::Fault;
use crate::topology::Service;

/// Keys of stack.toml that shape the file.
const CAUSES: [&str; 6] = [
    "gateway",
    "loki",
    "prometheus",
    "tls",
    "stack.domain",
    "hosts",
];

/// nginx reads its configuration when it starts.
pub fn render(configuration: &Configuration) -> Result<Vec<Artifact>, Fault> {
    Ok(vec![
        Artifact::new("gateway/nginx.conf", configuration.to_string())
            .caused_by(CAUSES)
            .restarts(Service::Gateway.name()),
    ])
}
