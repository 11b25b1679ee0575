//! Every secret value of the stack: what it opens, where it comes from, who reads it.

use super::{Agent, Login, Owner, Service};
use crate::stack::{SecretSource, Stack};
use std::collections::{BTreeMap, BTreeSet};

/// Password of the agents' own pages.
pub(super) const ALLOY_PASSWORD: &str = "alloy-password";
/// File name of an agent's token in its own folder. By name the secret is `agent-<host>-token`.
pub(super) const AGENT_TOKEN: &str = "token";

/// A secret value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The secret's name.
    pub name: String,
    pub origin: Origin,
    /// Who gets a copy, and under which file name.
    pub readers: BTreeMap<Owner, String>,
    /// Where the user said it comes from, if at all.
    pub source: Option<SecretSource>,
}

/// How a secret comes to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Made at random: the password of `username` at `server`.
    Password { username: String, server: Service },
    /// Made at random: the token of a host's agent at the public door.
    AgentToken { host: String },
    /// Made at random: a key that must never change, as data is encrypted with it.
    Key,
    /// Given from outside, such as a webhook's URL.
    External { purpose: String, form: Form },
}

/// What a value from outside must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An incoming webhook of Slack's.
    SlackWebhook,
    /// Another URL that is called.
    Webhook,
    Password,
    /// A certificate or a key.
    Pem,
}

impl Credential {
    /// The service that this is a login for.
    pub fn server(&self) -> Option<Service> {
        match &self.origin {
            Origin::Password { server, .. } => Some(*server),
            _ => None,
        }
    }

    /// What it is for, in a few words.
    pub fn purpose(&self) -> String {
        match &self.origin {
            Origin::Password { username, server } => {
                let at = match server {
                    Service::Gateway => Service::Loki,
                    server => *server,
                };
                format!("password of {username} at {at}")
            }
            Origin::AgentToken { host } => format!("token of the agent of {host}"),
            Origin::Key => "key of encrypted data".to_owned(),
            Origin::External { purpose, .. } => purpose.clone(),
        }
    }

    /// The user's name, if this is a login.
    pub fn username(&self) -> Option<&str> {
        match &self.origin {
            Origin::Password { username, .. } => Some(username),
            Origin::AgentToken { host } => Some(host),
            _ => None,
        }
    }
}

/// Names that `stackgen` gives to secrets of its own, and folders beside them: a user's secret
/// may not have one, except to say where its value comes from.
pub fn is_reserved_folder(name: &str) -> bool {
    const SERVICES: [Service; 7] = [
        Service::Grafana,
        Service::Prometheus,
        Service::Alertmanager,
        Service::Loki,
        Service::Gateway,
        Service::AlloyLocal,
        Service::DockerSocketProxy,
    ];
    name == "ca" || name == "agents" || SERVICES.iter().any(|service| service.name() == name)
}

/// The user of one service at another: `<server>-<client>-password`, user = the client's name.
/// Loki's users are those of the gateway in front of it.
pub(super) fn service_login(server: Service, client: Service) -> Login {
    let at = if server == Service::Gateway {
        Service::Loki
    } else {
        server
    };
    Login {
        username: client.name().to_owned(),
        secret: format!("{at}-{client}-password"),
    }
}

struct Registry<'a> {
    stack: &'a Stack,
    by_name: BTreeMap<String, Credential>,
}

impl Registry<'_> {
    fn add(&mut self, name: String, origin: Origin, readers: impl IntoIterator<Item = Owner>) {
        let source = self.stack.secrets.get(&name).cloned();
        let file = match &origin {
            Origin::AgentToken { .. } => AGENT_TOKEN.to_owned(),
            _ => name.clone(),
        };
        let credential = self
            .by_name
            .entry(name.clone())
            .or_insert_with(|| Credential {
                name,
                origin,
                readers: BTreeMap::new(),
                source,
            });
        credential
            .readers
            .extend(readers.into_iter().map(|owner| (owner, file.clone())));
    }

    fn also_reads(&mut self, name: &str, reader: Owner) {
        if let Some(credential) = self.by_name.get_mut(name) {
            credential.readers.insert(reader, name.to_owned());
        }
    }

    /// A login of people: the server's own user.
    fn person(&mut self, server: Service, secret: &str, username: &str, readers: &[Service]) {
        self.add(
            secret.to_owned(),
            Origin::Password {
                username: username.to_owned(),
                server,
            },
            readers.iter().map(|service| Owner::Service(*service)),
        );
    }

    /// A login of one service at another.
    fn service(&mut self, server: Service, client: Service) {
        let login = service_login(server, client);
        self.add(
            login.secret,
            Origin::Password {
                username: login.username,
                server,
            },
            [Owner::Service(client)],
        );
    }

    fn external(&mut self, name: &str, purpose: String, form: Form, reader: Owner) {
        let origin = Origin::External { purpose, form };
        self.add(name.to_owned(), origin, [reader]);
    }
}

pub(super) fn all(stack: &Stack, agents: &[Agent]) -> Vec<Credential> {
    use Service::*;
    let mut registry = Registry {
        stack,
        by_name: BTreeMap::new(),
    };
    registry.person(
        Prometheus,
        "prometheus-password",
        &stack.prometheus.username,
        &[],
    );
    registry.person(
        Alertmanager,
        "alertmanager-password",
        &stack.alertmanager.username,
        &[],
    );
    registry.person(
        Grafana,
        "grafana-password",
        &stack.grafana.admin_user,
        &[Grafana],
    );
    registry.person(Gateway, "loki-password", &stack.loki.username, &[]);
    registry.person(
        AlloyLocal,
        ALLOY_PASSWORD,
        &stack.alloy.username,
        &[AlloyLocal],
    );
    // The health check of each asks as a user of its own.
    registry.service(Prometheus, Prometheus);
    registry.service(Alertmanager, Alertmanager);
    for client in [Grafana, AlloyLocal, Gateway] {
        registry.service(Prometheus, client);
    }
    for client in [Prometheus, Grafana, AlloyLocal] {
        registry.service(Alertmanager, client);
    }
    for client in [Grafana, AlloyLocal] {
        registry.service(Gateway, client);
    }
    registry.service(Grafana, AlloyLocal);
    // Grafana checks the password of its metrics page against its own copy.
    registry.also_reads("grafana-alloy-local-password", Owner::Service(Grafana));
    registry.add(
        "grafana-secret-key".to_owned(),
        Origin::Key,
        [Owner::Service(Grafana)],
    );
    webhooks(&mut registry);
    for agent in agents.iter().filter(|agent| !agent.is_local()) {
        registry.add(
            format!("agent-{}-token", agent.host),
            Origin::AgentToken {
                host: agent.host.clone(),
            },
            [agent.owner()],
        );
        registry.also_reads(ALLOY_PASSWORD, agent.owner());
    }
    kafka(&mut registry, agents);
    registry.by_name.into_values().collect()
}

/// Where alerting is disabled nothing is sent, so nobody need give them.
fn webhooks(registry: &mut Registry<'_>) {
    if !registry.stack.alerting.enabled {
        return;
    }
    let alertmanager = || Owner::Service(Service::Alertmanager);
    let stack = registry.stack;
    for (name, channel) in &stack.channels {
        let purpose = format!(
            "webhook URL of the Slack channel {} ({name})",
            channel.channel
        );
        registry.external(
            &channel.webhook,
            purpose,
            Form::SlackWebhook,
            alertmanager(),
        );
    }
    if let Some(heartbeat) = &stack.alerting.heartbeat {
        let purpose = "webhook URL of the outside heartbeat".to_owned();
        registry.external(&heartbeat.webhook, purpose, Form::Webhook, alertmanager());
    }
}

fn kafka(registry: &mut Registry<'_>, agents: &[Agent]) {
    let stack = registry.stack;
    for (name, cluster) in &stack.clusters {
        let Some(lag) = &cluster.lag else { continue };
        let Some(agent) = agents.iter().find(|agent| agent.host == lag.host) else {
            continue;
        };
        if let Some(sasl) = &lag.sasl {
            let purpose = format!("SASL password for the Kafka cluster {name}");
            registry.external(&sasl.password, purpose, Form::Password, agent.owner());
        }
        let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
        if let Some(tls) = &lag.tls {
            let files = [
                (&tls.ca, "CA"),
                (&tls.cert, "certificate"),
                (&tls.key, "key"),
            ];
            used.extend(
                files
                    .iter()
                    .filter_map(|(s, what)| Some((s.as_deref()?, *what))),
            );
        }
        for (secret, what) in used {
            let purpose = format!("{what} for the Kafka cluster {name}");
            registry.external(secret, purpose, Form::Pem, agent.owner());
        }
    }
}
