//! Whether the files of the contract are there.

use super::Rejection;
use super::tree::Tree;

const REQUIRED: [&str; 12] = [
    "docker-compose.yml",
    "prometheus/prometheus.yml",
    "prometheus/client.yml",
    "prometheus/rules/inventory.yml",
    "alertmanager/alertmanager.yml",
    "alertmanager/client.yml",
    "loki/loki.yml",
    "gateway/nginx.conf",
    "grafana/provisioning/datasources/stackgen.yml",
    "grafana/provisioning/dashboards/stackgen.yml",
    "alloy/local.alloy",
    "manifest.json",
];

const AT_LEAST_ONE: [(&str, &str); 2] = [
    ("alertmanager/templates", ".tmpl"),
    ("grafana/dashboards", ".json"),
];

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    // The stack's own agent is alloy/local.alloy: its folder is there for a Kafka node's file alone.
    let agents = tree.agents();
    let others = agents.iter().filter(|folder| *folder != "agents/local");
    let configurations = others.map(|folder| format!("{folder}/config.alloy"));
    let required = REQUIRED.iter().map(|&file| file.to_owned());
    let absent = required
        .chain(configurations)
        .filter(|file| !tree.has(file));
    let missing = AT_LEAST_ONE
        .iter()
        .filter(|(folder, ending)| tree.files_in(folder, ending).is_empty())
        .map(|(folder, ending)| format!("{folder}/*{ending}"));
    absent
        .chain(missing)
        .map(|file| Rejection::new("contract", &file, "the contract says that it exists"))
        .collect()
}
