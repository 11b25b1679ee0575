//! Kafka clusters.

use super::context::Context;
use crate::config;
use crate::diagnostic::nearest;
use crate::document::{KeyPath, Part};
use crate::stack::scalar::is_host;
use crate::stack::*;
use indexmap::IndexMap;
use std::collections::HashMap;

impl Context<'_> {
    /// Clusters that have something in this environment.
    pub fn clusters(
        &mut self,
        sections: &config::Named<config::ClusterSection>,
        hosts: &IndexMap<String, Host>,
    ) -> IndexMap<String, Cluster> {
        let mut clusters = IndexMap::new();
        let mut first_node: HashMap<String, KeyPath> = HashMap::new();
        for (name, section) in sections {
            let path = KeyPath::of(["kafka", "clusters", name]);
            self.name(&path, name);
            let cluster = self.cluster(name, section, &path, hosts);
            for node in section.nodes.keys() {
                let node_path = path.key("nodes").key(node);
                match first_node.get(node) {
                    None => {
                        first_node.insert(node.clone(), node_path);
                    }
                    Some(first) => {
                        let finding = self
                            .at_key("duplicate-target", &node_path, format!("two Kafka nodes are called {node:?}"))
                            .label("the second one")
                            .help("A node's name is the label `instance` of job \"kafka\": their series would mix.")
                            .related(self.document.locate(first, Part::Key), "the first one");
                        self.report(finding);
                    }
                }
            }
            if section.nodes.is_empty() && section.lag.is_none() {
                self.nothing_in(&path, name, sections);
            }
            if !cluster.nodes.is_empty() || cluster.lag.is_some() {
                clusters.insert(name.clone(), cluster);
            }
        }
        clusters
    }

    /// A cluster that nothing describes: most likely the mistyped name of another one.
    fn nothing_in(
        &mut self,
        path: &KeyPath,
        name: &str,
        sections: &config::Named<config::ClusterSection>,
    ) {
        let others = sections
            .keys()
            .map(String::as_str)
            .filter(|other| *other != name);
        let help = match nearest(name, others) {
            Some(meant) => format!("Did you mean {meant:?}?"),
            None => format!("Add its nodes: [kafka.clusters.{name}.nodes.NAME] with host and jmx."),
        };
        let finding = self
            .at_key(
                "unknown-cluster",
                path,
                format!("the Kafka cluster {name:?} has no nodes and no `lag`"),
            )
            .label("nothing to watch")
            .help(help);
        self.report(finding);
    }

    fn cluster(
        &mut self,
        name: &str,
        section: &config::ClusterSection,
        path: &KeyPath,
        hosts: &IndexMap<String, Host>,
    ) -> Cluster {
        let service = section.service.clone().unwrap_or_else(|| name.to_owned());
        self.name(&path.key("service"), &service);
        let mut brokers = Vec::new();
        for (index, text) in section.brokers.iter().flatten().enumerate() {
            brokers.extend(self.address(&path.key("brokers").index(index), text));
        }
        let lag = section.lag.as_ref().and_then(|lag| {
            if section.brokers.as_ref().is_none_or(Vec::is_empty) {
                let finding = self
                    .at_key("missing-key", &path.key("lag"), format!("`{path}` has no `brokers`"))
                    .label("needs the brokers' addresses")
                    .help("Consumer lag is asked of the brokers: brokers = [\"kafka-1.internal:9092\"].");
                self.report(finding);
            }
            self.lag(&path.key("lag"), lag, hosts)
        });
        let mut nodes = IndexMap::new();
        for (name, node) in &section.nodes {
            let path = path.key("nodes").key(name);
            self.name(&path, name);
            let here = self.known_host(&path.key("host"), &node.host, hosts);
            let jmx = self.address(&path.key("jmx"), &node.jmx);
            let data = node
                .data
                .as_deref()
                .and_then(|data| self.data_folder(&path.key("data"), data));
            let mut roles = node
                .roles
                .clone()
                .unwrap_or_else(|| vec![KafkaRole::Broker, KafkaRole::Controller]);
            roles.sort();
            roles.dedup();
            if let Some(jmx) = jmx
                && here
            {
                nodes.insert(
                    name.clone(),
                    KafkaNode {
                        host: node.host.clone(),
                        jmx,
                        roles,
                        data,
                    },
                );
            }
        }
        Cluster {
            service,
            brokers,
            lag,
            nodes,
            labels: self.labels(&path.key("labels"), &section.labels),
            thresholds: self.thresholds(&path.key("thresholds"), &section.thresholds),
        }
    }

    fn data_folder(&mut self, path: &KeyPath, data: &str) -> Option<String> {
        // It stands in queries of dashboards, where Grafana looks for variables.
        let plain = |c: char| !c.is_control() && !"$[]{}\"\\".contains(c);
        let legal = data.starts_with('/')
            && data.chars().all(plain)
            && !data.split('/').any(|part| part == "..");
        if !legal {
            let finding = self
                .at_value(
                    "invalid-path",
                    path,
                    format!("{data:?} is not a folder of the node's host"),
                )
                .label("not a plain absolute path")
                .help("Write the folder as it is on the host, such as \"/var/lib/kafka\", without quotes, brackets and `$`.");
            self.report(finding);
        }
        let trimmed = data.trim_end_matches('/');
        legal.then(|| if trimmed.is_empty() { "/" } else { trimmed }.to_owned())
    }

    fn lag(
        &mut self,
        path: &KeyPath,
        section: &config::LagSection,
        hosts: &IndexMap<String, Host>,
    ) -> Option<Lag> {
        let here = self.known_host(&path.key("host"), &section.host, hosts);
        if let Some(sasl) = &section.sasl {
            self.secret(&path.key("sasl").key("password"), &sasl.password);
        }
        if let Some(sasl) = &section.sasl
            && sasl.username.is_empty()
        {
            let path = path.key("sasl").key("username");
            let finding = self
                .at_value("invalid-name", &path, format!("`{path}` is empty"))
                .label("nobody")
                .help("Write the user that the brokers know.");
            self.report(finding);
        }
        if let Some(version) = &section.version {
            self.protocol(&path.key("version"), version);
        }
        if let Some(tls) = &section.tls {
            if let Some(name) = &tls.server_name
                && !is_host(name)
            {
                let path = path.key("tls").key("server_name");
                let finding = self
                    .at_value(
                        "invalid-address",
                        &path,
                        format!("`{path}`: {name:?} is not a host name"),
                    )
                    .label("not a host name")
                    .help(
                        "Write the name that stands in the brokers' certificates, without a port.",
                    );
                self.report(finding);
            }
            let secrets = [("ca", &tls.ca), ("cert", &tls.cert), ("key", &tls.key)];
            for (key, secret) in secrets {
                if let Some(secret) = secret {
                    self.secret(&path.key("tls").key(key), secret);
                }
            }
            if tls.cert.is_some() != tls.key.is_some() {
                let finding = self
                    .at_key(
                        "missing-key",
                        &path.key("tls"),
                        "a client's certificate needs its key, and a key its certificate"
                            .to_owned(),
                    )
                    .label("needs both `cert` and `key`, or neither");
                self.report(finding);
            }
        }
        let groups = self.regex(&path.key("groups"), section.groups.as_deref());
        let topics = self.regex(&path.key("topics"), section.topics.as_deref());
        here.then(|| Lag {
            host: section.host.clone(),
            groups,
            topics,
            version: section
                .version
                .clone()
                .unwrap_or_else(|| "2.0.0".to_owned()),
            sasl: section.sasl.as_ref().map(|sasl| Sasl {
                mechanism: sasl.mechanism,
                username: sasl.username.clone(),
                password: sasl.password.clone(),
            }),
            tls: section.tls.as_ref().map(|tls| KafkaTls {
                server_name: tls.server_name.clone(),
                ca: tls.ca.clone(),
                cert: tls.cert.clone(),
                key: tls.key.clone(),
            }),
        })
    }

    /// A version as the exporter's Kafka client reads it (sarama ParseKafkaVersion).
    fn protocol(&mut self, path: &KeyPath, text: &str) {
        let parts: Vec<&str> = text.split('.').collect();
        let wanted = if text.starts_with("0.") { 4 } else { 3 };
        let number = |part: &&str| part.parse::<u16>().is_ok() && !part.starts_with('+');
        if parts.len() != wanted || !parts.iter().all(number) {
            let finding = self
                .at_value(
                    "invalid-version",
                    path,
                    format!("`{path}`: {text:?} is not a version of Kafka"),
                )
                .label("not a version")
                .help("Write three numbers, such as \"3.9.0\".");
            self.report(finding);
        }
    }

    fn regex(&mut self, path: &KeyPath, text: Option<&str>) -> String {
        let text = text.unwrap_or(".*");
        if let Err(why) = crate::stack::regex::check(text) {
            let finding = self
                .at_value(
                    "invalid-regex",
                    path,
                    format!("{text:?} is not a regular expression: {why}"),
                )
                .label("not a regular expression");
            self.report(finding);
        }
        text.to_owned()
    }
}
