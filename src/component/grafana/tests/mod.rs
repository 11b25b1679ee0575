//! What is generated for whole stacks.

mod queries;

use super::lower;
use super::model::{DashboardFile, Element, Model, Panel};
use super::render;
use crate::io::Memory;
use crate::source::SourceFile;
use crate::stack::Stack;
use crate::stack::validate::validate;
use crate::topology::Topology;
use std::collections::{BTreeMap, BTreeSet};

/// The smallest stack.
const SMALL: &str = r##"
[stack]
name = "small"
[slack.channels.ops]
channel = "#ops"
webhook = "slack-webhook"
"##;

/// A stack that feeds every dashboard.
const LARGE: &str = r##"
[stack]
name = "large"
domain = "monitoring.example.org"
[gateway]
bind = "0.0.0.0"
[slack.channels.ops]
channel = "#ops"
webhook = "slack-webhook"
[hosts.local]
collect = ["node", "docker"]
[hosts.app-1]
collect = ["node", "docker", "journal"]
[hosts.kafka-1]
collect = ["node"]
[targets.accounts]
kind = "nodejs"
host = "app-1"
address = "localhost:8080"
heap_limit = "1GB"
http = { histogram = "http_request_duration_seconds", status_label = "status_code", buckets = [0.1, 1, 5] }
logs = { docker = { container = "accounts" } }
[targets.orders]
kind = "nodejs"
host = "app-1"
address = "localhost:8081"
http = { histogram = "http_server_seconds", status_label = "code", buckets = [0.1, 1, 5] }
[targets.runner]
kind = "gitlab-runner"
host = "local"
address = "gitlab-runner:9252"
logs = { docker = { container = "gitlab-runner" } }
[probes.website]
kind = "http"
host = "local"
url = "https://www.example.org/health"
[kafka.clusters.main]
brokers = ["kafka-1.internal:9092"]
lag = { host = "kafka-1" }
[kafka.clusters.main.nodes.node1]
host = "kafka-1"
jmx = "localhost:9991"
data = "/var/lib/kafka"
[rules.thresholds.HighEventLoopLag]
value = 0.25
"##;

fn stack(text: &str) -> Stack {
    let source = SourceFile::new("stack.toml", text);
    let validated = validate(&source, &Memory::default());
    let found: Vec<String> = validated
        .findings
        .iter()
        .map(|finding| finding.message.clone())
        .collect();
    assert_eq!(found, Vec::<String>::new());
    validated.stacks[&validated.default_environment].clone()
}

fn defaults(alert: &str) -> Option<f64> {
    match alert {
        "HighEventLoopLag" => Some(0.1),
        "SlowResponseTime" => Some(2.0),
        _ => None,
    }
}

fn model(text: &str) -> Model {
    let stack = stack(text);
    lower(&stack, &Topology::of(&stack), &defaults)
}

fn dashboard<'a>(model: &'a Model, name: &str) -> &'a DashboardFile {
    let found = model.dashboards.iter().find(|file| file.name == name);
    found.expect("the dashboard is there")
}

fn panels(file: &DashboardFile) -> Vec<&Panel> {
    let elements = file.dashboard.panels.iter();
    elements
        .filter_map(|element| match element {
            Element::Panel(panel) => Some(panel.as_ref()),
            Element::Row(_) => None,
        })
        .collect()
}

fn files(model: &Model) -> BTreeMap<String, String> {
    let artifacts = render(model).expect("it renders");
    artifacts
        .into_iter()
        .map(|artifact| {
            let text = String::from_utf8(artifact.bytes).expect("it is text");
            (artifact.path, text)
        })
        .collect()
}

#[test]
fn a_small_stack_watches_its_own_host_and_itself() {
    let names: Vec<String> = model(SMALL)
        .dashboards
        .into_iter()
        .map(|file| file.name)
        .collect();
    assert_eq!(names, ["agents", "containers", "hosts", "stack"]);
}

#[test]
fn every_dashboard_has_something_that_feeds_it() {
    let model = model(LARGE);
    let names: Vec<String> = model
        .dashboards
        .iter()
        .map(|file| format!("{}.json", file.name))
        .collect();
    assert_eq!(names, crate::catalog::DASHBOARDS);
    assert_eq!(dashboard(&model, "kafka").causes, ["kafka.clusters.main"]);
}

#[test]
fn uids_ids_and_places_are_unique() {
    let model = model(LARGE);
    let uids: BTreeSet<&str> = model
        .dashboards
        .iter()
        .map(|file| file.dashboard.uid.as_str())
        .collect();
    assert_eq!(uids.len(), model.dashboards.len());
    for file in &model.dashboards {
        let mut ids = BTreeSet::new();
        let mut cells = BTreeSet::new();
        for element in &file.dashboard.panels {
            let (id, at) = match element {
                Element::Row(row) => (row.id, row.grid_pos),
                Element::Panel(panel) => (panel.id, panel.grid_pos),
            };
            assert!(ids.insert(id), "{}: id {id}", file.name);
            assert!(at.x + at.w <= 24, "{}: {at:?}", file.name);
            for x in at.x..at.x + at.w {
                for y in at.y..at.y + at.h {
                    assert!(cells.insert((x, y)), "{}: {at:?}", file.name);
                }
            }
        }
    }
}

#[test]
fn a_threshold_of_the_stack_wins_over_the_shipped_one() {
    let model = model(LARGE);
    let nodejs = dashboard(&model, "nodejs");
    let step = |title: &str| {
        let panels = panels(nodejs);
        let panel = panels.iter().find(|panel| panel.title == title);
        let panel = panel.expect("the panel is there");
        panel.field_config.defaults.thresholds.steps.last().cloned()
    };
    assert_eq!(
        step("Event loop lag").and_then(|step| step.value),
        Some(0.25)
    );
    assert_eq!(step("Duration").and_then(|step| step.value), Some(2.0));
    assert_eq!(step("CPU").and_then(|step| step.value), None);
}

#[test]
fn each_distinct_histogram_has_its_own_query() {
    let model = model(LARGE);
    let panels = panels(dashboard(&model, "nodejs"));
    let by_status = panels
        .iter()
        .find(|panel| panel.title == "Requests by status");
    let exprs: Vec<&str> = by_status
        .expect("the panel is there")
        .targets
        .iter()
        .map(|target| target.expr())
        .collect();
    assert_eq!(
        exprs,
        [
            r#"sum by (status_code) (rate(http_request_duration_seconds_count{job=~"$job",service=~"$service",instance=~"$instance",job="accounts"}[$__rate_interval]))"#,
            r#"sum by (code) (rate(http_server_seconds_count{job=~"$job",service=~"$service",instance=~"$instance",job="orders"}[$__rate_interval]))"#,
        ]
    );
}

#[test]
fn data_sources_speak_tls_as_grafanas_own_users() {
    let files = files(&model(LARGE));
    let text = &files["grafana/provisioning/datasources/stackgen.yml"];
    let value: serde_yaml::Value = serde_yaml::from_str(text).expect("it is YAML");
    assert_eq!(value["prune"].as_bool(), Some(true));
    let loki = &value["datasources"][1];
    assert_eq!(loki["uid"].as_str(), Some("loki"));
    assert_eq!(loki["url"].as_str(), Some("https://gateway:3100"));
    assert_eq!(loki["basicAuthUser"].as_str(), Some("grafana"));
    assert_eq!(loki["jsonData"]["serverName"].as_str(), Some("gateway"));
    assert_eq!(
        loki["secureJsonData"]["basicAuthPassword"].as_str(),
        Some("$__file{/run/secrets/loki-grafana-password}")
    );
    // Grafana reads `$$` as `$`.
    assert_eq!(
        loki["jsonData"]["derivedFields"][0]["url"].as_str(),
        Some("/d/stackgen-hosts?var-instance=$${__value.raw}")
    );
}

#[test]
fn the_secrets_of_the_data_sources_are_in_grafanas_folder() {
    let stack = stack(LARGE);
    let topology = Topology::of(&stack);
    let files = files(&lower(&stack, &topology, &defaults));
    let text = &files["grafana/provisioning/datasources/stackgen.yml"];
    let owner = crate::topology::Owner::Service(crate::topology::Service::Grafana);
    let readable: BTreeSet<&str> = topology
        .credentials
        .iter()
        .filter_map(|credential| credential.readers.get(&owner))
        .map(String::as_str)
        .chain([crate::topology::CA_FILE])
        .collect();
    let named: Vec<&str> = text
        .split("$__file{/run/secrets/")
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    assert_eq!(named.len(), 6);
    for file in named {
        assert!(readable.contains(file), "{file}");
    }
}

#[test]
fn dashboards_restart_nothing_and_provisioning_restarts_grafana() {
    for artifact in render(&model(LARGE)).expect("it renders") {
        let provisioning = artifact.path.contains("/provisioning/");
        assert_eq!(
            artifact.restarts.as_deref(),
            provisioning.then_some("grafana")
        );
        assert!(!artifact.caused_by.is_empty(), "{}", artifact.path);
        assert!(artifact.bytes.ends_with(b"\n"), "{}", artifact.path);
    }
}

#[test]
fn the_users_own_dashboards_are_copied_as_they_are() {
    let mut project = Memory::default();
    project.0.insert(
        "dashboards/sales.json".to_owned(),
        b"{\"uid\": \"sales\", \"panels\":[]}".to_vec(),
    );
    let source = SourceFile::new("stack.toml", SMALL);
    let stack = validate(&source, &project).stacks["production"].clone();
    let files = files(&lower(&stack, &Topology::of(&stack), &defaults));
    assert_eq!(
        files["grafana/dashboards/sales.json"],
        "{\"uid\": \"sales\", \"panels\":[]}"
    );
}
