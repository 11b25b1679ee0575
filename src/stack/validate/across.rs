//! What can only be seen by looking at several entries at once: ports, doors, environments.

use super::context::Context;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::{Document, KeyPath, Part};
use crate::stack::*;
use std::collections::BTreeMap;

impl Context<'_> {
    /// Two doors of the machine may not share a port.
    pub fn ports(&mut self, stack: &Stack) {
        let mut doors = vec![
            ("grafana", stack.grafana.port, stack.bind),
            ("prometheus", stack.prometheus.port, stack.bind),
            ("alertmanager", stack.alertmanager.port, stack.bind),
            ("loki", stack.loki.port, stack.bind),
            ("alloy", stack.alloy.port, stack.bind),
        ];
        if let Some(public) = &stack.gateway.public {
            doors.push(("gateway", public.port, public.bind));
        }
        // In the order of the file, so that the second one is the one further down; a default has
        // no line of its own and counts as said before.
        let place = |section: &str| {
            let path = KeyPath::of([section, "port"]);
            let given = self.document.get(&path).is_some();
            (given, self.document.locate(&path, Part::Value))
        };
        doors.sort_by_key(|(section, _, _)| place(section));
        for (position, (section, port, bind)) in doors.iter().enumerate() {
            let other = doors[..position].iter().find(|(_, other, address)| {
                other == port
                    && (address == bind || address.is_unspecified() || bind.is_unspecified())
            });
            let Some((other, _, _)) = other else { continue };
            let (given, location) = place(other);
            let path = KeyPath::of([*section, "port"]);
            let message = format!("{section} and {other} both want port {port}");
            let mut finding = self
                .at_value("port-collision", &path, message)
                .label("taken")
                .help("Only one program can listen on a port. Give one of them another.");
            if given {
                finding = finding.related(location, format!("{other} has it"));
            }
            self.findings.push(finding);
        }
    }

    /// Agents on other hosts push through the public door, so it must be there.
    pub fn public_door(&mut self, stack: &Stack) {
        let remote: Vec<&String> = stack.hosts.keys().filter(|name| *name != LOCAL).collect();
        let Some(first) = remote.first() else { return };
        if stack.gateway.public.is_none() {
            // A gateway whose address is at fault has its own finding.
            if self
                .document
                .get(&KeyPath::of(["gateway", "bind"]))
                .is_some()
            {
                return;
            }
            let path = KeyPath::of(["hosts", first]);
            let finding = self
                .at_key("no-public-door", &path, format!("the agent of {first} has nowhere to push to"))
                .label("not this machine")
                .help("Services bind to this machine alone. Open the public door, where agents need TLS and a credential: [gateway] bind = \"0.0.0.0\".");
            self.report(finding);
        } else if stack.domain == "localhost" {
            let path = KeyPath::of(["stack", "domain"]);
            let first_path = KeyPath::of(["hosts", first]);
            let finding = self
                .at_value(
                    "no-public-door",
                    &path,
                    format!("the agent of {first} cannot reach \"localhost\""),
                )
                .label("the name that agents push to")
                .help("Set [stack] domain to a name that other hosts resolve to this machine.")
                .related(
                    self.document.locate(&first_path, Part::Key),
                    "an agent on another host",
                );
            self.report(finding);
        }
    }

    /// (job, instance) must be unique: two targets of one name and port cannot be, but two probes
    /// of one address are told apart by their jobs, so only labels of nodes and services are left.
    pub fn service_names(&mut self, stack: &Stack) {
        let mut first: BTreeMap<String, String> = BTreeMap::new();
        for service in stack.targets.values().map(|target| &target.service) {
            let alert = pascal(service);
            match first.get(&alert) {
                Some(other) if other != service => {
                    let target = stack
                        .targets
                        .iter()
                        .find(|(_, target)| &target.service == service);
                    let Some((name, _)) = target else { continue };
                    let path = KeyPath::of(["targets", name, "service"]);
                    let finding = self
                        .at_value("duplicate-name", &path, format!("the services {other:?} and {service:?} would share the alert {alert}ServiceDown"))
                        .label("too alike")
                        .help("Alerts are named by the service, without punctuation. Choose names that differ in more.");
                    self.report(finding);
                }
                _ => {
                    first.insert(alert, service.clone());
                }
            }
        }
    }
}

/// A machine or a broker that two environments share would be in both, under one name each.
pub(super) fn shared_between_environments(
    selected: &BTreeMap<String, Document>,
    order: &[String],
) -> Vec<Diagnostic> {
    // Where each is said last, and the environments that have it.
    let mut hosts: BTreeMap<String, (Location, Vec<&str>)> = BTreeMap::new();
    let mut brokers = hosts.clone();
    for environment in order {
        let Some(document) = selected.get(environment) else {
            continue;
        };
        for host in remote_hosts(document) {
            let location = document.locate(&KeyPath::of(["hosts", &host]), Part::Key);
            note(&mut hosts, host, location, environment);
        }
        for (address, path) in broker_addresses(document) {
            let location = document.locate(&path, Part::Value);
            note(&mut brokers, address, location, environment);
        }
    }
    let shared = |(_, (_, environments)): &(String, (Location, Vec<&str>))| environments.len() > 1;
    let hosts = hosts
        .into_iter()
        .filter(shared)
        .map(|(host, (location, environments))| {
            Diagnostic::error(
                "shared-host",
                location,
                format!(
                    "the host {host} is in several environments: {}",
                    environments.join(", ")
                ),
            )
            .help(format!(
                "Its agent pushes to one stack only. Say which: environments = [{:?}].",
                environments[0]
            ))
        });
    let brokers = brokers
        .into_iter()
        .filter(shared)
        .map(|(address, (location, environments))| {
            Diagnostic::error(
                "shared-broker",
                location,
                format!(
                    "the broker {address} is in several environments: {}",
                    environments.join(", ")
                ),
            )
            .help(format!(
                "A cluster belongs to one environment. Say which: environments = [{:?}].",
                environments[0]
            ))
        });
    hosts
        .chain(brokers)
        .map(|finding| finding.label("in more than one"))
        .collect()
}

fn note<'e>(
    places: &mut BTreeMap<String, (Location, Vec<&'e str>)>,
    name: String,
    location: Location,
    environment: &'e str,
) {
    let (place, environments) = places.entry(name).or_insert((location.clone(), Vec::new()));
    *place = location;
    if !environments.contains(&environment) {
        environments.push(environment);
    }
}

fn remote_hosts(document: &Document) -> Vec<String> {
    document
        .table(&KeyPath::of(["hosts"]))
        .map(|table| {
            table
                .keys()
                .filter(|name| *name != LOCAL)
                .cloned()
                .collect()
        })
        .unwrap_or_default()
}

/// Brokers of clusters that have a node or a reader of lag on a host of this environment.
fn broker_addresses(document: &Document) -> Vec<(String, KeyPath)> {
    let clusters = KeyPath::of(["kafka", "clusters"]);
    let names: Vec<String> = document
        .table(&clusters)
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default();
    let mut addresses = Vec::new();
    for name in names {
        let cluster = clusters.key(&name);
        if !is_present(document, &cluster) {
            continue;
        }
        let path = cluster.key("brokers");
        let brokers = document
            .get(&path)
            .and_then(|node| node.as_array())
            .unwrap_or_default();
        for (index, broker) in brokers.iter().enumerate() {
            if let Some(address) = broker.as_str() {
                addresses.push((address.to_owned(), path.index(index)));
            }
        }
    }
    addresses
}

fn is_present(document: &Document, cluster: &KeyPath) -> bool {
    let here = |path: KeyPath| {
        document
            .get(&path)
            .and_then(|node| node.as_str())
            .is_some_and(|host| {
                host == LOCAL || document.get(&KeyPath::of(["hosts", host])).is_some()
            })
    };
    let nodes = cluster.key("nodes");
    here(cluster.key("lag").key("host"))
        || document
            .table(&nodes)
            .is_some_and(|table| table.keys().any(|node| here(nodes.key(node).key("host"))))
}
