//! `prometheus.exporter.cadvisor`: containers.

use super::Site;
use super::exporter::scraped;
use crate::component::alloy::syntax::{Block, Identifier};
use crate::topology::ScrapeTarget;

/// CPU, memory and network of each container of the host.
pub fn docker(site: &Site<'_>, target: &ScrapeTarget) -> Vec<Block> {
    let Some(docker_host) = &site.agent.docker_host else {
        return Vec::new();
    };
    let label = Identifier::from("docker");
    let exporter = Block::new("prometheus.exporter.cadvisor", &label)
        .attr("docker_host", docker_host.as_str())
        .attr("docker_only", true)
        .comment("All labels of all images would be labels of every series.")
        .attr("store_container_labels", false)
        .attr(
            "allowlisted_container_labels",
            ["com.docker.compose.project", "com.docker.compose.service"],
        );
    scraped(site, &label, exporter, target)
}
