//! [`Topology`]: who runs where, who talks to whom, and who may read which secret.
//!
//! The only place where facts that two components share are decided: a port, a URL, a credential,
//! a TLS name. That is how the output cannot contradict itself.

mod certificates;
mod credentials;
mod endpoints;
mod targets;

pub use certificates::{Certificate, TLS_SERVICES};
pub use credentials::{Credential, Form, Origin, is_reserved_folder};
pub use endpoints::{Door, Endpoint, GATEWAY_HEALTH_PORT};
pub use endpoints::{LOGS_PUSH_PATH, METRICS_PUSH_PATH, PUBLIC_PORT};
pub use targets::{RESERVED_JOBS, ScrapeTarget, Source};

use crate::stack::{Collect, LOCAL, Run, Stack};
use std::collections::BTreeMap;
use std::fmt;

/// A program of the stack itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    Grafana,
    Prometheus,
    Alertmanager,
    Loki,
    Gateway,
    AlloyLocal,
    DockerSocketProxy,
}

impl Service {
    /// Its name on the network, in Compose, and of its secrets folder.
    pub const fn name(self) -> &'static str {
        match self {
            Service::Grafana => "grafana",
            Service::Prometheus => "prometheus",
            Service::Alertmanager => "alertmanager",
            Service::Loki => "loki",
            Service::Gateway => "gateway",
            Service::AlloyLocal => "alloy-local",
            Service::DockerSocketProxy => "docker-socket-proxy",
        }
    }

    /// The port it listens on in its container. Which port of the machine leads there is
    /// [`Door`]'s.
    pub const fn port(self) -> u16 {
        match self {
            Service::Grafana => 3000,
            Service::Prometheus => 9090,
            Service::Alertmanager => 9093,
            Service::Loki | Service::Gateway => 3100,
            Service::AlloyLocal => 12345,
            Service::DockerSocketProxy => 2375,
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who reads a secret: a service of the stack, or the agent of another host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    Service(Service),
    Agent(String),
}

impl Owner {
    /// Its folder below the environment's secrets folder.
    pub fn folder(&self) -> String {
        match self {
            Owner::Service(service) => service.name().to_owned(),
            Owner::Agent(host) => format!("agents/{host}"),
        }
    }
}

/// A user of a door: `secret` names the credential, which is also the file's name in the folder of
/// each of its readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub username: String,
    pub secret: String,
}

/// An Alloy process: where it pushes, and what it scrapes.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Name under [hosts].
    pub host: String,
    pub run: Run,
    pub collect: Vec<Collect>,
    /// Where its secrets folder is, as it sees it.
    pub secrets_path: String,
    /// Where it keeps its write-ahead log and positions, as it sees it.
    pub data_path: String,
    /// Address of its own page.
    pub listen: String,
    /// User of its own page; its internal scrapes need it too.
    pub login: Login,
    /// Whether it has a certificate for its own page.
    pub tls: bool,
    pub metrics: Push,
    pub logs: Push,
    /// Docker's API, where containers are collected.
    pub docker_host: Option<String>,
    pub targets: Vec<ScrapeTarget>,
}

impl Agent {
    /// Whether it is the stack's own agent.
    pub fn is_local(&self) -> bool {
        self.host == LOCAL
    }

    pub fn owner(&self) -> Owner {
        if self.is_local() {
            Owner::Service(Service::AlloyLocal)
        } else {
            Owner::Agent(self.host.clone())
        }
    }

    /// Path of a file in its secrets folder.
    pub fn secret(&self, name: &str) -> String {
        format!("{}/{name}", self.secrets_path)
    }
}

/// A URL that an agent pushes to, with what it needs to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    pub url: String,
    /// The name that must stand in the server's certificate.
    pub server_name: String,
    pub login: Login,
}

/// See the module's documentation.
#[derive(Debug, Clone)]
pub struct Topology {
    /// Services in the order in which Compose lists them.
    pub services: Vec<Service>,
    /// The stack's own agent first, then as in the file.
    pub agents: Vec<Agent>,
    /// Every secret value, who reads it and where it comes from; ordered by name.
    pub credentials: Vec<Credential>,
    /// Leaf certificates that the stack needs.
    pub certificates: Vec<Certificate>,
}

/// Folder of the dashboards in Grafana's container.
pub const GRAFANA_DASHBOARDS_PATH: &str = "/etc/grafana/dashboards";
/// Folder of a container's secrets, mounted as a folder so that a replaced file is seen.
pub const SECRETS_PATH: &str = "/run/secrets";
/// File names in a secrets folder.
pub const CA_FILE: &str = "ca.crt";
pub const CERTIFICATE_FILE: &str = "tls.crt";
pub const KEY_FILE: &str = "tls.key";
/// Users of Prometheus and Alertmanager, bcrypt (their `--web.config.file`).
pub const WEB_CONFIG_FILE: &str = "web.yml";
/// Users of the gateway's door to Loki: who may query, and who may push.
pub const GATEWAY_QUERY_USERS_FILE: &str = "query.htpasswd";
pub const GATEWAY_PUSH_USERS_FILE: &str = "push.htpasswd";
/// Users of the public door: one an agent.
pub const GATEWAY_AGENT_USERS_FILE: &str = "agents.htpasswd";
/// An nginx snippet: the header by which the gateway is let in to Prometheus.
pub const GATEWAY_PROMETHEUS_FILE: &str = "prometheus-authorization.conf";

impl Topology {
    pub fn of(stack: &Stack) -> Topology {
        let agents: Vec<Agent> = stack.hosts.keys().map(|host| agent(stack, host)).collect();
        let agents = targets::assign(stack, agents);
        let docker = agents
            .iter()
            .any(|a| a.is_local() && a.docker_host.is_some());
        let mut services = vec![
            Service::Grafana,
            Service::Prometheus,
            Service::Alertmanager,
            Service::Loki,
            Service::Gateway,
            Service::AlloyLocal,
        ];
        if docker {
            services.push(Service::DockerSocketProxy);
        }
        Topology {
            credentials: credentials::all(stack, &agents),
            certificates: certificates::all(stack, &agents),
            services,
            agents,
        }
    }

    /// Every target that must exist, of all agents.
    pub fn targets(&self) -> impl Iterator<Item = &ScrapeTarget> {
        self.agents.iter().flat_map(|agent| &agent.targets)
    }

    /// The stack's own agent.
    pub fn local_agent(&self) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.is_local())
    }

    /// Agents of other hosts.
    pub fn remote_agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter().filter(|agent| !agent.is_local())
    }

    /// The user as which one service asks another.
    pub fn login(server: Service, client: Service) -> Login {
        credentials::service_login(server, client)
    }

    /// What each reader gets: file names in its folder, in the order of the credentials.
    pub fn credentials_by_reader(&self) -> BTreeMap<&Owner, Vec<(&str, &Credential)>> {
        let mut by_reader: BTreeMap<&Owner, Vec<(&str, &Credential)>> = BTreeMap::new();
        for credential in &self.credentials {
            for (reader, file) in &credential.readers {
                by_reader
                    .entry(reader)
                    .or_default()
                    .push((file, credential));
            }
        }
        by_reader
    }

    /// Users that `server` lets in.
    pub fn logins_of(&self, server: Service) -> impl Iterator<Item = &Credential> {
        self.credentials
            .iter()
            .filter(move |credential| credential.server() == Some(server))
    }
}

fn agent(stack: &Stack, name: &str) -> Agent {
    let host = &stack.hosts[name];
    let local = name == LOCAL;
    let port = stack.alloy.port;
    let collects_docker = host.collect.contains(&Collect::Docker);
    let docker_host = collects_docker.then(|| match (local, host.run) {
        (true, _) => format!(
            "tcp://{}:{}",
            Service::DockerSocketProxy,
            Service::DockerSocketProxy.port()
        ),
        (false, Run::Docker) => format!("tcp://127.0.0.1:{}", Service::DockerSocketProxy.port()),
        (false, Run::Systemd) => "unix:///var/run/docker.sock".to_owned(),
    });
    let in_container = local || host.run == Run::Docker;
    let (metrics, logs) = endpoints::push(stack, name);
    Agent {
        host: name.to_owned(),
        run: host.run,
        collect: host.collect.clone(),
        secrets_path: if in_container {
            SECRETS_PATH
        } else {
            "/etc/alloy/secrets"
        }
        .to_owned(),
        data_path: "/var/lib/alloy/data".to_owned(),
        listen: if local {
            format!("0.0.0.0:{}", Service::AlloyLocal.port())
        } else {
            format!("127.0.0.1:{port}")
        },
        login: Login {
            username: stack.alloy.username.clone(),
            secret: credentials::ALLOY_PASSWORD.to_owned(),
        },
        tls: local || certificates::for_agents(stack),
        metrics,
        logs,
        docker_host,
        targets: Vec::new(),
    }
}
