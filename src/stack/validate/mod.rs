//! Document → [`Stack`], environment by environment, with everything that is wrong.

mod across;
mod alerting;
mod channels;
mod components;
mod context;
mod hosts;
mod kafka;
mod logs;
mod probes;
mod rule_files;
mod rules;
mod secrets;
mod targets;
mod tls;
mod universe;

use super::Stack;
use crate::config::{StackFile, schema};
use crate::diagnostic::{Diagnostic, list, nearest, settle};
use crate::document::{Document, KeyPath, Part, Segment};
use crate::io::Project;
use crate::source::SourceFile;
use context::Context;
use indexmap::IndexMap;
use std::collections::BTreeMap;
use universe::Universe;

/// What validation made of a file.
#[derive(Debug)]
pub struct Validated {
    /// By environment, in the order of the file; one that has errors is missing.
    pub stacks: IndexMap<String, Stack>,
    /// Every environment's name, in the order of the file.
    pub environments: Vec<String>,
    /// The environment of a command that names none.
    pub default_environment: String,
    pub findings: Vec<Diagnostic>,
}

/// Validates every environment of a `stack.toml`.
pub fn validate(source: &SourceFile, project: &dyn Project) -> Validated {
    let (document, mut findings) = Document::parse(source);
    let environments = document.environments();
    let default_environment = default_environment(&document, &environments);
    let mut stacks = IndexMap::new();
    // What follows from a syntax error would only hide it.
    if findings.is_empty() {
        findings.extend(environment_names(&document, &environments));
        let (found, more) = all_environments(&document, &environments, project);
        stacks = found;
        findings.extend(more);
    }
    Validated {
        stacks,
        environments,
        default_environment,
        findings: settle(findings),
    }
}

fn default_environment(document: &Document, environments: &[String]) -> String {
    document
        .get(&KeyPath::of(["stack", "default_environment"]))
        .and_then(|node| node.as_str())
        .map(str::to_owned)
        .or_else(|| environments.first().cloned())
        .unwrap_or_default()
}

fn all_environments(
    document: &Document,
    environments: &[String],
    project: &dyn Project,
) -> (IndexMap<String, Stack>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let merged: BTreeMap<String, Document> = environments
        .iter()
        .map(|name| (name.clone(), document.for_environment(name)))
        .collect();
    let mut selected = BTreeMap::new();
    for (name, document) in &merged {
        let (sound, faults) = schema::check(document);
        findings.extend(faults);
        if let Some(sound) = sound {
            selected.insert(name.clone(), sound.select(name));
        }
    }
    findings.extend(across::shared_between_environments(&selected, environments));
    let documents: Vec<Document> = selected.values().cloned().collect();
    let universe = Universe::of(&merged, &documents);
    let mut stacks = IndexMap::new();
    for name in environments {
        let Some(document) = selected.get(name) else {
            continue;
        };
        let mut context = Context {
            document,
            universe: &universe,
            project,
            environment: name,
            findings: Vec::new(),
        };
        match serde_json::from_value::<StackFile>(document.root.to_json()) {
            Ok(file) => {
                stacks.insert(name.clone(), context.stack(&file));
            }
            Err(error) => {
                // What the schema accepts, serde accepts; a test compares them.
                let message = format!("the file cannot be read: {error}");
                let finding = context.at_value("invalid-value", &KeyPath::root(), message);
                context.report(finding);
            }
        }
        findings.extend(context.findings);
    }
    (stacks, findings)
}

impl Context<'_> {
    fn stack(&mut self, file: &StackFile) -> Stack {
        let section = &file.stack;
        let at = |key: &str| KeyPath::of(["stack", key]);
        self.project_name(&section.name);
        let channels = self.channels(&file.slack);
        let alerting = self.alerting(&file.alerting, &channels);
        let hosts = self.hosts(&file.hosts);
        let rules = self.rules(&file.rules);
        let secrets_directory = section
            .secrets_directory
            .clone()
            .unwrap_or_else(|| "secrets".to_owned());
        self.secrets_directory(&at("secrets_directory"), &secrets_directory);
        let bind = section
            .bind
            .as_deref()
            .and_then(|text| self.ip(&at("bind"), text));
        let stack = Stack {
            name: section.name.clone(),
            environment: self.environment.to_owned(),
            domain: self.domain(section.domain.as_deref()),
            bind: bind.unwrap_or_else(|| [127, 0, 0, 1].into()),
            subnet: self.subnet(section.subnet.as_deref()),
            networks: self.networks(section.networks.as_deref().unwrap_or_default()),
            secrets_directory: secrets_directory.trim_end_matches('/').to_owned(),
            prometheus: self.prometheus(&file.prometheus),
            alertmanager: self.alertmanager(&file.alertmanager),
            loki: self.loki(&file.loki),
            grafana: self.grafana(&file.grafana),
            alloy: self.alloy(&file.alloy),
            tls: self.tls(&file.tls),
            gateway: self.gateway(file.gateway.as_ref()),
            volumes: self.volumes(&file.volumes),
            secrets: self.secrets(file),
            targets: self.targets(&file.targets, &hosts),
            probes: self.probes(&file.probes, &file.targets, &hosts),
            clusters: self.clusters(&file.kafka.clusters, &hosts),
            channels,
            alerting,
            hosts,
            rules,
        };
        self.ports(&stack);
        self.public_door(&stack);
        self.service_names(&stack);
        self.slow_response_buckets(&stack.targets, &stack.rules.thresholds);
        self.lint_section(file);
        stack
    }

    /// The folder stands in a `${...}` of the Compose file.
    fn secrets_directory(&mut self, path: &KeyPath, folder: &str) {
        let plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
        if self.inside_project(path, folder) && !folder.chars().all(plain) {
            let finding = self
                .at_value(
                    "invalid-path",
                    path,
                    format!("`{path}`: {folder:?} cannot be a folder here"),
                )
                .label("not a plain path")
                .help("Use letters, digits, `-`, `_`, `.` and `/`.");
            self.report(finding);
        }
    }

    /// A Compose project's name: Compose refuses others (compose-go loader NormalizeProjectName).
    fn project_name(&mut self, name: &str) {
        let legal = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
            && name.len() <= 63;
        if !legal {
            let path = KeyPath::of(["stack", "name"]);
            let finding = self
                .at_value(
                    "invalid-name",
                    &path,
                    format!("`stack.name` cannot be {name:?}"),
                )
                .label("not a Compose project's name")
                .help("Lower-case letters, digits, `-` and `_`, starting with a letter or digit.");
            self.report(finding);
        }
    }

    fn domain(&mut self, text: Option<&str>) -> String {
        let domain = text.unwrap_or("localhost");
        let path = KeyPath::of(["stack", "domain"]);
        if !super::scalar::is_host(domain) || domain.contains('[') {
            let help = if domain.contains("://") || domain.contains('/') {
                "Leave out the scheme and the path."
            } else if domain.contains(':') {
                "Leave out the port: services have ports of their own."
            } else {
                "Write a host name, such as \"monitoring.example.com\"."
            };
            let finding = self
                .at_value(
                    "invalid-address",
                    &path,
                    format!("`{path}`: {domain:?} is not a host name"),
                )
                .label("not a host name")
                .help(help);
            self.report(finding);
        }
        domain.to_owned()
    }

    fn subnet(&mut self, text: Option<&str>) -> ipnet::Ipv4Net {
        // 172.20.0.0/16 is a constant that parses.
        let default = ipnet::Ipv4Net::new_assert([172, 20, 0, 0].into(), 16);
        let Some(text) = text else { return default };
        let path = KeyPath::of(["stack", "subnet"]);
        let parsed = text.parse::<ipnet::Ipv4Net>().ok();
        let (message, help) = match parsed {
            Some(net) if net.network() != net.addr() => (
                format!("`{path}`: {text:?} has bits beyond its prefix"),
                format!("Did you mean \"{}\"?", net.trunc()),
            ),
            Some(net) if !(8..=28).contains(&net.prefix_len()) => (
                format!("`{path}`: a network of /{} does not fit", net.prefix_len()),
                "The stack's containers need a prefix between /8 and /28.".to_owned(),
            ),
            Some(net) if !(net.addr().is_private()) => (
                format!("`{path}`: {text:?} is not a private network"),
                "Take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 that nothing else uses.".to_owned(),
            ),
            Some(net) => return net,
            None => (
                format!("`{path}`: {text:?} is not a network"),
                "Write address and prefix length, such as \"172.20.0.0/16\".".to_owned(),
            ),
        };
        let finding = self
            .at_value("invalid-subnet", &path, message)
            .label("not a usable network")
            .help(help);
        self.report(finding);
        default
    }

    fn networks(&mut self, names: &[String]) -> Vec<String> {
        for (index, name) in names.iter().enumerate() {
            let path = KeyPath::of(["stack", "networks"]).index(index);
            if self.name(&path, name) && names[..index].contains(name) {
                let finding = self
                    .at_value(
                        "duplicate-name",
                        &path,
                        format!("the network {name:?} stands twice in the list"),
                    )
                    .label("the second one");
                self.report(finding);
            }
        }
        names.to_vec()
    }

    fn lint_section(&mut self, file: &StackFile) {
        for (index, ignore) in file.lint.ignore.iter().enumerate() {
            if ignore.reason.trim().is_empty() {
                let path = KeyPath::of(["lint", "ignore"]).index(index).key("reason");
                let finding = self
                    .at_value(
                        "missing-reason",
                        &path,
                        "a suppression needs a reason".to_owned(),
                    )
                    .label("empty")
                    .help(
                        "Say why the finding is acceptable, for the one who reads this next year.",
                    );
                self.report(finding);
            }
        }
    }
}

/// Environments that are spoken of, but not there.
fn environment_names(document: &Document, environments: &[String]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let known = || environments.iter().map(String::as_str);
    let mut check = |path: &KeyPath, name: &str| {
        if environments.iter().any(|known| known == name) {
            return;
        }
        let help = match nearest(name, known()) {
            Some(meant) => format!("Did you mean {meant:?}?"),
            None => format!("Known: {}.", list(known())),
        };
        findings.push(
            Diagnostic::error(
                "unknown-environment",
                document.locate(path, Part::Value),
                format!("there is no environment {name:?}"),
            )
            .label("unknown environment")
            .help(help),
        );
    };
    let default = KeyPath::of(["stack", "default_environment"]);
    if let Some(name) = document.get(&default).and_then(|node| node.as_str()) {
        check(&default, name);
    }
    for path in document.lists_called("environments") {
        let items = document
            .get(&path)
            .and_then(|node| node.as_array())
            .unwrap_or_default();
        for (index, item) in items.iter().enumerate() {
            if let Some(name) = item.as_str() {
                check(&path.index(index), name);
            }
        }
    }
    for name in environments {
        let legal = !name.is_empty()
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
            && name.len() <= 63;
        if !legal {
            let path: KeyPath = [
                Segment::Key("environments".to_owned()),
                Segment::Key(name.clone()),
            ]
            .into_iter()
            .collect();
            findings.push(
                Diagnostic::error(
                    "invalid-name",
                    document.locate(&path, Part::Key),
                    format!("{name:?} cannot be an environment's name"),
                )
                .label("not a name")
                .help("It becomes a folder and a label: letters, digits, `-` and `_`."),
            );
        }
    }
    findings
}
