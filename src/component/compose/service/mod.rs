//! The services of the stack: one file each.

pub(super) mod alertmanager;
pub(super) mod alloy;
pub(super) mod gateway;
pub(super) mod grafana;
pub(super) mod loki;
pub(super) mod prometheus;
pub(super) mod socket_proxy;

use super::Text;
use super::model::{Dependency, Mount};
use crate::stack::Stack;
use crate::topology::{Door, SECRETS_PATH, Service};
use indexmap::IndexMap;
use std::net::IpAddr;

/// The network on which services reach one another and the world.
pub(super) const STACK_NETWORK: &str = "stack";
/// Loki and the gateway alone: Loki has no users of its own.
pub(super) const LOKI_NETWORK: &str = "loki";
/// The stack's own agent and the proxy of Docker's API alone.
pub(super) const DOCKER_NETWORK: &str = "docker-api";

/// A tmpfs for temporary files.
const TEMPORARY: &str = "/tmp:size=64m,mode=1777";

/// A service's folder of secrets.
fn secrets(stack: &Stack, service: Service) -> Mount {
    // Compose looks from the environment's folder in the output, two below stack.toml.
    let folder = format!("../../{}", stack.secrets_path());
    let source = Text::variable("STACKGEN_SECRETS", &folder).then(&format!("/{service}"));
    Mount::read(source, SECRETS_PATH)
}

/// A service's published ports.
fn ports(stack: &Stack, service: Service) -> Vec<String> {
    Door::all(stack)
        .into_iter()
        .filter(|door| door.service == service)
        .map(|door| publish(door.bind, door.port, door.target))
        .collect()
}

pub(super) fn publish(bind: IpAddr, port: u16, target: u16) -> String {
    match bind {
        IpAddr::V4(bind) => format!("{bind}:{port}:{target}"),
        IpAddr::V6(bind) => format!("[{bind}]:{port}:{target}"),
    }
}

/// Started after these. No service needs another one to be healthy: agents keep what they could
/// not push, Prometheus sends its alerts again, Grafana asks when somebody looks.
pub(super) fn after(
    services: impl IntoIterator<Item = Service>,
) -> IndexMap<&'static str, Dependency> {
    let started = Dependency {
        condition: "service_started",
        restart: false,
    };
    services
        .into_iter()
        .map(|service| (service.name(), started.clone()))
        .collect()
}
