//! Leaf certificates that the topology needs, and the names in them.

use super::{Agent, Owner, Service};
use crate::stack::{CertificateSource, Stack};
use std::net::IpAddr;

/// A certificate that a server shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub owner: Owner,
    /// The first is also the subject's common name.
    pub names: Vec<String>,
    pub addresses: Vec<IpAddr>,
}

/// Services that speak TLS, in the order of their names.
pub const TLS_SERVICES: [Service; 5] = [
    Service::AlloyLocal,
    Service::Alertmanager,
    Service::Gateway,
    Service::Grafana,
    Service::Prometheus,
];

/// Whether agents of other hosts get a certificate for their own pages: only the stack's own CA
/// can make one for each.
pub(super) fn for_agents(stack: &Stack) -> bool {
    matches!(stack.tls.source, CertificateSource::SelfSigned)
}

pub(super) fn all(stack: &Stack, agents: &[Agent]) -> Vec<Certificate> {
    let loopback = IpAddr::from([127, 0, 0, 1]);
    let mut certificates: Vec<Certificate> = TLS_SERVICES
        .iter()
        .map(|service| {
            let mut names = vec![service.name().to_owned(), "localhost".to_owned()];
            let mut addresses = vec![loopback];
            match stack.domain.parse::<IpAddr>() {
                Ok(address) if address != loopback => addresses.push(address),
                Ok(_) => {}
                Err(_) if names.contains(&stack.domain) => {}
                Err(_) => names.push(stack.domain.clone()),
            }
            if !stack.bind.is_unspecified() && !addresses.contains(&stack.bind) {
                addresses.push(stack.bind);
            }
            Certificate {
                owner: Owner::Service(*service),
                names,
                addresses,
            }
        })
        .collect();
    if for_agents(stack) {
        certificates.extend(
            agents
                .iter()
                .filter(|agent| !agent.is_local())
                .map(|agent| Certificate {
                    owner: agent.owner(),
                    names: vec![agent.host.clone(), "localhost".to_owned()],
                    addresses: vec![loopback],
                }),
        );
    }
    certificates
}
