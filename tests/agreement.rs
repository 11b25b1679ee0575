//! Files of a tree agree with one another: each secret that a file names is in the folder of the
//! service that reads the file, each door is opened once, each name stands in a certificate, each
//! address is one where somebody listens.

use crate::{golden, project};
use serde_yaml::Value;
use stackgen::stack::Stack;
use stackgen::topology::{
    CA_FILE, CERTIFICATE_FILE, GATEWAY_AGENT_USERS_FILE, GATEWAY_PROMETHEUS_FILE,
    GATEWAY_PUSH_USERS_FILE, GATEWAY_QUERY_USERS_FILE, KEY_FILE, Owner, SECRETS_PATH, Service,
    Topology, WEB_CONFIG_FILE,
};
use std::collections::{BTreeMap, BTreeSet};

/// Texts of a tree, by path.
type Files = BTreeMap<String, String>;

const COMPOSE: &str = "docker-compose.yml";

#[test]
fn the_files_of_every_tree_agree() {
    for case in golden::cases() {
        for (environment, stack) in &project::validate_folder(&case).stacks {
            let found = disagreements(stack, &tree(stack));
            assert!(
                found.is_empty(),
                "{} {environment}: {found:#?}",
                case.display()
            );
        }
    }
}

#[test]
fn files_that_disagree_are_found() {
    let wrong = [
        // A password of another service.
        (
            "prometheus/prometheus.yml",
            "/run/secrets/alertmanager-prometheus-password",
            "/run/secrets/alertmanager-grafana-password",
            "prometheus/prometheus.yml: prometheus has no alertmanager-grafana-password",
        ),
        (
            "alertmanager/alertmanager.yml",
            "/run/secrets/slack-webhook",
            "/run/secrets/slack",
            "alertmanager/alertmanager.yml: alertmanager has no slack",
        ),
        (
            "grafana/provisioning/datasources/stackgen.yml",
            "/run/secrets/loki-grafana-password",
            "/run/secrets/loki-password",
            "grafana/provisioning/datasources/stackgen.yml: grafana has no loki-password",
        ),
        (
            "gateway/nginx.conf",
            "/run/secrets/tls.key",
            "/run/secrets/ca.key",
            "gateway/nginx.conf: gateway has no ca.key",
        ),
        // The agent of a systemd host has its secrets elsewhere.
        (
            "agents/app-2/config.alloy",
            "/etc/alloy/secrets/token",
            "/run/secrets/token",
            "agents/app-2/config.alloy: agents/app-2 does not see /run/secrets",
        ),
        (
            "agents/app-1/secrets.txt",
            "\nalloy-password ",
            "\nalloy-pasword ",
            "agents/app-1/secrets.txt: does not list alloy-password",
        ),
        (
            "docker-compose.yml",
            "GF_SERVER_CERT_FILE: /run/secrets/tls.crt",
            "GF_SERVER_CERT_FILE: /run/secrets/web.yml",
            "docker-compose.yml: grafana has no web.yml",
        ),
        (
            "docker-compose.yml",
            "/prometheus\n      target: /run/secrets",
            "/grafana\n      target: /run/secrets",
            "docker-compose.yml: prometheus mounts the secrets of grafana",
        ),
        (
            "docker-compose.yml",
            "/alertmanager\n      target: /run/secrets",
            "/alertmanager\n      target: /secrets",
            "docker-compose.yml: alertmanager has no secrets",
        ),
        (
            "docker-compose.yml",
            "127.0.0.1:9093:9093",
            "127.0.0.1:8443:9093",
            "docker-compose.yml: 0.0.0.0:8443 is also 127.0.0.1:8443",
        ),
        (
            "alloy/local.alloy",
            "server_name = \"prometheus\"",
            "server_name = \"prometheus.internal\"",
            "alloy/local.alloy: no certificate has the name prometheus.internal",
        ),
        (
            "gateway/nginx.conf",
            "proxy_ssl_name prometheus;",
            "proxy_ssl_name prom;",
            "gateway/nginx.conf: no certificate has the name prom",
        ),
        (
            "alloy/local.alloy",
            "https://gateway:3100",
            "https://gateway:3101",
            "alloy/local.alloy: gateway does not listen on 3101",
        ),
    ];
    let stack = two_hosts();
    let right = tree(&stack);
    assert_eq!(disagreements(&stack, &right), Vec::<String>::new());
    for (path, text, other, finding) in wrong {
        let mut files = right.clone();
        let file = files.get_mut(path).unwrap();
        assert!(file.contains(text), "{path} has {text}");
        *file = file.replace(text, other);
        let found = disagreements(&stack, &files);
        assert!(found.iter().any(|one| one == finding), "{found:#?}");
    }
}

/// A host with Docker and one with systemd.
fn two_hosts() -> Stack {
    let text = r##"
        [stack]
        name = "monitoring"
        domain = "monitoring.lcx.example"
        [gateway]
        bind = "0.0.0.0"
        [slack.channels.monitoring]
        channel = "#monitoring"
        webhook = "slack-webhook"
        [hosts.app-1]
        [hosts.app-2]
        run = "systemd"
    "##;
    project::validate_text(text).stacks["production"].clone()
}

fn tree(stack: &Stack) -> Files {
    let artifacts = stackgen::compile(stack).unwrap();
    artifacts
        .iter()
        .map(|artifact| {
            let text = String::from_utf8(artifact.bytes.clone()).unwrap();
            (artifact.path.clone(), text)
        })
        .collect()
}

/// Everything in which the files of a tree contradict what the topology says, or one another.
fn disagreements(stack: &Stack, files: &Files) -> Vec<String> {
    let topology = Topology::of(stack);
    let folders = folders(&topology);
    let names = certified(&topology);
    let mut found = Vec::new();
    for (path, text) in files {
        for (owner, text) in readers(path, text) {
            let known = folders.get(&owner);
            for problem in unknown_secrets(&topology, &owner, known, &text) {
                found.push(format!("{path}: {problem}"));
            }
        }
        if path.ends_with("secrets.txt") {
            let owner = path.trim_end_matches("/secrets.txt");
            for file in folders.get(owner).into_iter().flatten() {
                if !text
                    .lines()
                    .any(|line| line.split(' ').next() == Some(file))
                {
                    found.push(format!("{path}: does not list {file}"));
                }
            }
        }
        if path.ends_with(COMPOSE) {
            let compose: Value = serde_yaml::from_str(text).unwrap();
            let problems = doors_opened_twice(&compose);
            let problems = problems
                .into_iter()
                .chain(foreign_mounts(path, &compose, &folders));
            found.extend(problems.map(|problem| format!("{path}: {problem}")));
        } else {
            for name in server_names(text) {
                if !names.contains(name) {
                    found.push(format!("{path}: no certificate has the name {name}"));
                }
            }
            for problem in wrong_ports(&topology, text) {
                found.push(format!("{path}: {problem}"));
            }
        }
    }
    found
}

/// What each reader finds in its folder.
fn folders(topology: &Topology) -> BTreeMap<String, BTreeSet<String>> {
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |owner: &Owner, file: &str| {
        let folder = folders.entry(owner.folder()).or_default();
        folder.extend([file.to_owned(), CA_FILE.to_owned()]);
    };
    let gateway = Owner::Service(Service::Gateway);
    for credential in &topology.credentials {
        // The gateway gets hashes and one header instead of values.
        for (owner, file) in credential.readers.iter().filter(|(o, _)| **o != gateway) {
            add(owner, file);
        }
    }
    for certificate in &topology.certificates {
        add(&certificate.owner, CERTIFICATE_FILE);
        add(&certificate.owner, KEY_FILE);
    }
    for server in [Service::Prometheus, Service::Alertmanager] {
        add(&Owner::Service(server), WEB_CONFIG_FILE);
    }
    for file in [
        GATEWAY_QUERY_USERS_FILE,
        GATEWAY_PUSH_USERS_FILE,
        GATEWAY_AGENT_USERS_FILE,
        GATEWAY_PROMETHEUS_FILE,
    ] {
        add(&gateway, file);
    }
    folders
}

/// Who reads a file, by the folder of its secrets, and what of it.
fn readers(path: &str, text: &str) -> Vec<(String, String)> {
    let (folder, rest) = path.split_once('/').unwrap_or((path, ""));
    let owner = match folder {
        COMPOSE => {
            let compose: Value = serde_yaml::from_str(text).unwrap();
            return services(&compose)
                .map(|(name, service)| (name.to_owned(), serde_yaml::to_string(service).unwrap()))
                .collect();
        }
        "agents" => format!("agents/{}", rest.split('/').next().unwrap_or_default()),
        "alloy" => Service::AlloyLocal.name().to_owned(),
        service => service.to_owned(),
    };
    vec![(owner, text.to_owned())]
}

fn services(compose: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let services = compose["services"].as_mapping().unwrap();
    services
        .iter()
        .map(|(name, service)| (name.as_str().unwrap(), service))
}

/// Where agents of systemd hosts have their secrets.
const SYSTEMD_SECRETS_PATH: &str = "/etc/alloy/secrets";

fn unknown_secrets(
    topology: &Topology,
    owner: &str,
    known: Option<&BTreeSet<String>>,
    text: &str,
) -> Vec<String> {
    let agent = topology.agents.iter().find(|a| a.owner().folder() == owner);
    let own = agent.map_or(SECRETS_PATH, |agent| &agent.secrets_path);
    let mut problems = Vec::new();
    for place in [SECRETS_PATH, SYSTEMD_SECRETS_PATH] {
        for file in words_after(text, &format!("{place}/")) {
            if place != own {
                problems.push(format!("{owner} does not see {place}"));
            } else if !known.is_some_and(|known| known.contains(file)) {
                problems.push(format!("{owner} has no {file}"));
            }
        }
    }
    problems
}

/// Each service mounts its own secrets and no others.
fn foreign_mounts(
    path: &str,
    compose: &Value,
    folders: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, service) in services(compose) {
        let mounts = service["volumes"].as_sequence().into_iter().flatten();
        let mounted: Vec<&str> = mounts
            .filter(|mount| mount["target"].as_str() == Some(SECRETS_PATH))
            .filter_map(|mount| mount["source"].as_str()?.rsplit('/').next())
            .collect();
        // On another host the folder is the one agent's.
        let own = if path == COMPOSE { name } else { "secrets}" };
        let others = mounted.iter().filter(|folder| **folder != own);
        problems.extend(others.map(|folder| format!("{name} mounts the secrets of {folder}")));
        if folders.contains_key(name) && mounted.is_empty() {
            problems.push(format!("{name} has no secrets"));
        }
    }
    problems
}

fn doors_opened_twice(compose: &Value) -> Vec<String> {
    let mut open: Vec<(&str, &str)> = Vec::new();
    let mut problems = Vec::new();
    for (_, service) in services(compose) {
        for door in service["ports"].as_sequence().into_iter().flatten() {
            let mut parts = door.as_str().unwrap().rsplitn(3, ':').skip(1);
            let (port, bind) = (parts.next().unwrap(), parts.next().unwrap());
            for (other, taken) in &open {
                let meet = *other == bind || [*other, bind].contains(&"0.0.0.0");
                if meet && *taken == port {
                    problems.push(format!("{bind}:{port} is also {other}:{taken}"));
                }
            }
            open.push((bind, port));
        }
    }
    // In a fixed order, whichever service comes first.
    for problem in &mut problems {
        let (one, other) = problem.split_once(" is also ").unwrap();
        if one > other {
            *problem = format!("{other} is also {one}");
        }
    }
    problems
}

/// All names and addresses in certificates.
fn certified(topology: &Topology) -> BTreeSet<String> {
    let names = |certificate: &stackgen::topology::Certificate| {
        let addresses = certificate.addresses.iter().map(ToString::to_string);
        let names = certificate.names.iter().cloned();
        names.chain(addresses).collect::<Vec<_>>()
    };
    topology.certificates.iter().flat_map(names).collect()
}

/// The names that clients want to see in certificates of the stack.
fn server_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for line in text.lines().map(str::trim_start) {
        for key in ["server_name", "serverName", "proxy_ssl_name"] {
            if let Some(rest) = line.strip_prefix(key)
                && rest.starts_with([':', ' '])
            {
                let value = |c: char| " :=\",;".contains(c);
                names.push(rest.trim_matches(value));
            }
        }
    }
    names
}

/// Services are asked where they listen.
fn wrong_ports(topology: &Topology, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for service in &topology.services {
        for scheme in ["http", "https", "tcp"] {
            for port in words_after(text, &format!("{scheme}://{service}:")) {
                if port != service.port().to_string() {
                    problems.push(format!("{service} does not listen on {port}"));
                }
            }
        }
    }
    problems
}

/// What follows each occurrence, as far as it is a file's name.
fn words_after<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    let in_word = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text.match_indices(prefix)
        .map(|(start, _)| {
            let rest = &text[start + prefix.len()..];
            &rest[..rest.find(|c| !in_word(c)).unwrap_or(rest.len())]
        })
        .filter(|word| !word.is_empty())
        .collect()
}
