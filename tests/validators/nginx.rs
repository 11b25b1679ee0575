//! `nginx -t` on the gateway's configuration, unmodified, where the names of the Compose services
//! are all that resolves.

use super::Rejection;
use super::program::{command, run};
use super::tree::Tree;
use serde_json::Value;

const CONFIGURATION: &str = "gateway/nginx.conf";

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    if !tree.has(CONFIGURATION) {
        return Vec::new();
    }
    let mut nginxcheck = command("nginxcheck", &tree.root);
    for name in reachable(tree) {
        nginxcheck.args(["-host", &name]);
    }
    let answer = run(nginxcheck.arg(CONFIGURATION));
    assert!(
        answer.stderr.is_empty(),
        "nginx could not judge, run tests/tools/install.sh: {}",
        answer.stderr
    );
    if answer.accepted {
        return Vec::new();
    }
    vec![Rejection::new("nginx", CONFIGURATION, answer.text())]
}

/// The names under which containers reach one another.
fn reachable(tree: &Tree) -> Vec<String> {
    let compose = tree.yaml("docker-compose.yml").unwrap_or_default();
    let mut names = Vec::new();
    for (name, service) in compose["services"].as_object().into_iter().flatten() {
        names.push(name.clone());
        names.extend(service["container_name"].as_str().map(str::to_owned));
        for network in service["networks"]
            .as_object()
            .into_iter()
            .flat_map(|networks| networks.values())
        {
            let aliases = network["aliases"].as_array().into_iter().flatten();
            names.extend(aliases.filter_map(Value::as_str).map(str::to_owned));
        }
    }
    names
}
