//! Stack and topology → Compose files.

use super::agent;
use super::model::{Ipam, Network, Project, Service, Subnet, Volume};
use super::service::{DOCKER_NETWORK, LOKI_NETWORK, STACK_NETWORK};
use super::service::{alertmanager, alloy, gateway, grafana, loki, prometheus, socket_proxy};
use crate::stack::{Run, Stack};
use crate::topology::{self, Topology};
use indexmap::IndexMap;
use serde::Serialize;

/// The stack's file, and those of other hosts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    pub stack: Project,
    /// By host, those whose agent runs in a container.
    pub agents: IndexMap<String, Project>,
}

/// The Compose files of a stack.
pub fn lower(stack: &Stack, topology: &Topology) -> Model {
    let agents = topology
        .remote_agents()
        .filter(|agent| agent.run == Run::Docker)
        .map(|agent| (agent.host.clone(), agent::project(stack, agent)))
        .collect();
    let services = topology
        .services
        .iter()
        .filter_map(|name| Some((name.name().to_owned(), service(stack, topology, *name)?)))
        .collect();
    Model {
        stack: Project {
            name: stack.name.clone(),
            services,
            networks: networks(stack, topology),
            volumes: volumes(stack, topology),
        },
        agents,
    }
}

fn service(stack: &Stack, topology: &Topology, service: topology::Service) -> Option<Service> {
    Some(match service {
        topology::Service::Grafana => grafana::service(stack),
        topology::Service::Prometheus => prometheus::service(stack),
        topology::Service::Alertmanager => alertmanager::service(stack),
        topology::Service::Loki => loki::service(stack),
        topology::Service::Gateway => gateway::service(stack),
        topology::Service::AlloyLocal => alloy::local(stack, topology.local_agent()?),
        topology::Service::DockerSocketProxy => {
            let mut proxy = socket_proxy::service();
            proxy.networks = vec![DOCKER_NETWORK.to_owned()];
            proxy
        }
    })
}

fn networks(stack: &Stack, topology: &Topology) -> IndexMap<String, Network> {
    let internal = || Network {
        internal: true,
        ..Network::default()
    };
    let main = Network {
        ipam: Some(Ipam {
            config: vec![Subnet {
                subnet: stack.subnet.to_string(),
            }],
        }),
        ..Network::default()
    };
    let mut networks = IndexMap::from([
        (STACK_NETWORK.to_owned(), main),
        (LOKI_NETWORK.to_owned(), internal()),
    ]);
    if topology
        .services
        .contains(&topology::Service::DockerSocketProxy)
    {
        networks.insert(DOCKER_NETWORK.to_owned(), internal());
    }
    for name in &stack.networks {
        let network = Network {
            name: Some(name.into()),
            external: true,
            ..Network::default()
        };
        networks.insert(alloy::external_network(name), network);
    }
    networks
}

fn volumes(stack: &Stack, topology: &Topology) -> IndexMap<String, Volume> {
    let existing = &stack.volumes;
    let alloy = topology
        .local_agent()
        .map_or("alloy", |agent| alloy::data_volume(stack, agent));
    [
        ("prometheus", &existing.prometheus),
        ("alertmanager", &existing.alertmanager),
        ("loki", &existing.loki),
        ("grafana", &existing.grafana),
        (alloy, &existing.alloy),
    ]
    .into_iter()
    .map(|(key, name)| {
        let volume = Volume {
            name: name.as_ref().map(Into::into),
            external: name.is_some(),
        };
        (key.to_owned(), volume)
    })
    .collect()
}
