//! The Compose file of another host whose agent runs in a container.

use super::Text;
use super::model::{Mount, Network, Project, Volume};
use super::service::{alloy, publish, socket_proxy};
use crate::stack::Stack;
use crate::topology::{Agent, SECRETS_PATH, Service};
use indexmap::IndexMap;
use std::net::IpAddr;

/// The file of one host: the agent on the host's own network, so that `localhost` is the host, and
/// the proxy of Docker's API, published on loopback alone.
pub(super) fn project(stack: &Stack, agent: &Agent) -> Project {
    let mut service = alloy::base(stack, agent, "config.alloy");
    let own = [
        Mount::read("./", "/etc/alloy"),
        Mount::read(
            Text::variable("STACKGEN_SECRETS", "./secrets"),
            SECRETS_PATH,
        ),
    ];
    service.volumes.splice(0..0, own);
    service.network_mode = Some("host");
    let mut services = IndexMap::from([("alloy".to_owned(), service)]);
    let mut networks = IndexMap::new();
    if agent.docker_host.is_some() {
        let proxy = Service::DockerSocketProxy;
        let mut service = socket_proxy::service();
        let loopback = IpAddr::from([127, 0, 0, 1]);
        service.ports = vec![publish(loopback, proxy.port(), proxy.port())];
        let network = "docker-api".to_owned();
        service.networks = vec![network.clone()];
        networks.insert(network, Network::default());
        services.insert(proxy.name().to_owned(), service);
    }
    Project {
        name: format!("{}-agent", stack.name),
        services,
        networks,
        volumes: [(
            alloy::data_volume(stack, agent).to_owned(),
            Volume::default(),
        )]
        .into(),
    }
}
