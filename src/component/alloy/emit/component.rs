//! The programs of the stack itself, scraped by the stack's own agent.

use super::Site;
use super::http_client::{basic_auth, tls_config};
use super::http_target::endpoint;
use super::scrape::scrape;
use crate::component::alloy::syntax::{Block, identifier};
use crate::topology::{Endpoint, ScrapeTarget, Service};

/// Scrapes a program of the stack, with a user of the agent's own.
pub fn component(site: &Site<'_>, service: Service, target: &ScrapeTarget) -> Vec<Block> {
    // Loki's network is closed to all but the gateway.
    let door = match service {
        Service::Loki => Service::Gateway,
        other => other,
    };
    let server = Endpoint::of(site.stack, door);
    let mut block = scrape(
        identifier(service.name()),
        [endpoint(site, &server.authority(), target)],
        &target.interval,
    )
    .attr("scheme", server.scheme);
    if let Some((username, file)) = login(site, door) {
        block = block.block(basic_auth(site, username, file));
    }
    vec![block.block(tls_config(site, &server.server_name))]
}

/// The agent's user at a door, and the file of its password.
fn login<'a>(site: &Site<'a>, door: Service) -> Option<(&'a str, &'a str)> {
    let owner = site.agent.owner();
    site.topology.logins_of(door).find_map(|credential| {
        let file = credential.readers.get(&owner)?;
        Some((credential.username()?, file.as_str()))
    })
}
