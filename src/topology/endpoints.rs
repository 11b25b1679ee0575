//! Addresses: how services reach one another, and which doors the machine opens.

use super::{Login, Push, Service, credentials};
use crate::stack::{CertificateSource, LOCAL, Stack};
use std::net::IpAddr;

/// How one service reaches another, always over TLS but for what only the gateway and the agent
/// can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub scheme: &'static str,
    pub host: String,
    pub port: u16,
    /// The name that must stand in the server's certificate.
    pub server_name: String,
}

impl Endpoint {
    pub fn of(stack: &Stack, service: Service) -> Endpoint {
        let plain = matches!(service, Service::Loki | Service::DockerSocketProxy);
        Endpoint {
            scheme: if plain { "http" } else { "https" },
            host: service.name().to_owned(),
            port: service.port(),
            server_name: server_name(stack, service),
        }
    }

    /// `host:port`.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// A URL; `path` starts with `/`, or is empty.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.authority())
    }
}

/// Certificates of the stack's own CA carry the names of services; the user's carry the domain.
fn server_name(stack: &Stack, service: Service) -> String {
    match &stack.tls.source {
        CertificateSource::SelfSigned => service.name().to_owned(),
        CertificateSource::Files { .. } => stack.domain.clone(),
    }
}

/// A port of the machine that leads into a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub service: Service,
    pub bind: IpAddr,
    pub port: u16,
    /// Port in the container.
    pub target: u16,
}

/// Port of the gateway's container behind the public door.
pub const PUBLIC_PORT: u16 = 8443;
/// Port of the gateway's container that its health check asks, on loopback alone.
pub const GATEWAY_HEALTH_PORT: u16 = 8081;

impl Door {
    /// Every door of the stack.
    pub fn all(stack: &Stack) -> Vec<Door> {
        let local = |service: Service, port: u16| Door {
            service,
            bind: stack.bind,
            port,
            target: service.port(),
        };
        let mut doors = vec![
            local(Service::Grafana, stack.grafana.port),
            local(Service::Prometheus, stack.prometheus.port),
            local(Service::Alertmanager, stack.alertmanager.port),
            local(Service::Gateway, stack.loki.port),
            local(Service::AlloyLocal, stack.alloy.port),
        ];
        if let Some(public) = &stack.gateway.public {
            doors.push(Door {
                service: Service::Gateway,
                bind: public.bind,
                port: public.port,
                target: PUBLIC_PORT,
            });
        }
        doors
    }

    /// The URL by which a person reaches a service, without a slash at the end.
    pub fn public_url(stack: &Stack, service: Service) -> String {
        let port = match service {
            Service::Grafana => stack.grafana.port,
            Service::Prometheus => stack.prometheus.port,
            Service::Alertmanager => stack.alertmanager.port,
            Service::Loki | Service::Gateway => stack.loki.port,
            Service::AlloyLocal => stack.alloy.port,
            Service::DockerSocketProxy => service.port(),
        };
        if port == 443 {
            format!("https://{}", stack.domain)
        } else {
            format!("https://{}:{port}", stack.domain)
        }
    }
}

pub const METRICS_PUSH_PATH: &str = "/api/v1/write";
pub const LOGS_PUSH_PATH: &str = "/loki/api/v1/push";

/// Where a host's agent pushes metrics and logs.
pub(super) fn push(stack: &Stack, host: &str) -> (Push, Push) {
    if host == LOCAL {
        let to = |service: Service, path: &str, secret: &str| {
            let endpoint = Endpoint::of(stack, service);
            Push {
                url: endpoint.url(path),
                server_name: endpoint.server_name,
                login: Login {
                    username: Service::AlloyLocal.name().to_owned(),
                    secret: secret.to_owned(),
                },
            }
        };
        return (
            to(
                Service::Prometheus,
                METRICS_PUSH_PATH,
                "prometheus-alloy-local-password",
            ),
            to(
                Service::Gateway,
                LOGS_PUSH_PATH,
                "loki-alloy-local-password",
            ),
        );
    }
    let port = stack
        .gateway
        .public
        .as_ref()
        .map_or(PUBLIC_PORT, |door| door.port);
    let to = |path: &str| Push {
        url: format!("https://{}:{port}{path}", stack.domain),
        server_name: stack.domain.clone(),
        login: Login {
            username: host.to_owned(),
            secret: credentials::AGENT_TOKEN.to_owned(),
        },
    };
    (to(METRICS_PUSH_PATH), to(LOGS_PUSH_PATH))
}
