//! The agent itself: its log and its metrics.

use super::Site;
use super::exporter::scraped;
use crate::component::alloy::syntax::{Block, Identifier};
use crate::topology::ScrapeTarget;

/// How the agent logs.
pub fn logging() -> Block {
    Block::unlabelled("logging")
        .attr("level", "info")
        .attr("format", "logfmt")
}

/// Metrics of the agent.
pub fn itself(site: &Site<'_>, target: &ScrapeTarget) -> Vec<Block> {
    let label = Identifier::from("alloy");
    let exporter = Block::new("prometheus.exporter.self", &label);
    scraped(site, &label, exporter, target)
}
