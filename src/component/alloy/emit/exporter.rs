//! Exporters inside Alloy: from the exporter to series with the right names.

use super::Site;
use super::http_client::basic_auth;
use super::identity::{set, whole};
use super::scrape::scrape;
use crate::component::alloy::syntax::{Block, Identifier};
use crate::topology::ScrapeTarget;

/// An exporter, its identity, and its scrape.
pub fn scraped(
    site: &Site<'_>,
    label: &Identifier,
    exporter: Block,
    target: &ScrapeTarget,
) -> Vec<Block> {
    let relabel = Block::new("discovery.relabel", label)
        .attr("targets", exporter.export("targets"))
        .blocks(whole(site, target).map(|(name, value)| set(name, value)));
    let scrape = scrape(label, relabel.export("output"), &target.interval).block(login(site));
    vec![exporter, relabel, scrape]
}

/// Exporters inside Alloy stand behind the login of its page.
pub fn login(site: &Site<'_>) -> Block {
    let login = &site.agent.login;
    basic_auth(site, &login.username, &login.secret)
}
