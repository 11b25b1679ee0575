//! Proof that every judge can refuse: a small correct tree, and one fault at a time.

use super::program::installed;
use super::tree::Tree;
use super::{
    Rejection, alertmanager, alloy, compose, grafana, judge, loki, nginx, prometheus, yaml,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use walkdir::WalkDir;

/// The correct tree of data/tree, changed and with a manifest.
fn judged(change: impl FnOnce(&Path)) -> Vec<Rejection> {
    let tree = correct();
    change(tree.path());
    write_manifest(tree.path());
    judge(tree.path())
}

fn correct() -> TempDir {
    let tree = tempfile::tempdir().expect("a folder for the tree can be made");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validators/data/tree");
    for (path, name) in files(&source) {
        let target = tree.path().join(name);
        fs::create_dir_all(target.parent().expect("a file lies in a folder"))
            .expect("a folder can be made");
        fs::copy(path, target).expect("a file can be copied");
    }
    tree
}

fn files(root: &Path) -> Vec<(std::path::PathBuf, String)> {
    let entries = WalkDir::new(root).sort_by_file_name().into_iter();
    entries
        .map(|entry| entry.expect("the tree can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry
                .path()
                .strip_prefix(root)
                .expect("it lies in the tree");
            (entry.path().to_owned(), name.display().to_string())
        })
        .collect()
}

fn write_manifest(root: &Path) {
    let entries: serde_json::Map<String, serde_json::Value> = files(root)
        .into_iter()
        .map(|(path, name)| {
            let digest = Sha256::digest(fs::read(path).expect("a file can be read"));
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            (name, serde_json::json!({ "sha256": digest }))
        })
        .collect();
    let text = serde_json::json!({ "files": entries }).to_string();
    fs::write(root.join("manifest.json"), text).expect("the manifest can be written");
}

/// Replaces a text that has to be there.
fn replace(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).expect("the file is in the tree");
    assert!(text.contains(from), "{file} does not contain {from:?}");
    fs::write(path, text.replacen(from, to, 1)).expect("the file can be written");
}

/// One fault, which exactly these programs refuse.
fn refused(programs: &[&str], file: &str, from: &str, to: &str) {
    let rejections = judged(|root| replace(root, file, from, to));
    let who: BTreeSet<&str> = rejections
        .iter()
        .map(|rejection| rejection.program)
        .collect();
    let expected: BTreeSet<&str> = programs.iter().copied().collect();
    assert_eq!(who, expected, "{file}: {from:?} → {to:?}: {rejections:#?}");
    assert!(
        rejections
            .iter()
            .all(|rejection| !rejection.message.is_empty()),
        "{rejections:#?}"
    );
}

/// One more fault, which a judge refuses. The other judges are not asked: that is quicker.
fn refuses(judge: fn(&Tree) -> Vec<Rejection>, file: &str, from: &str, to: &str) {
    let tree = correct();
    replace(tree.path(), file, from, to);
    let rejections = judge(&Tree::open(tree.path()));
    assert!(!rejections.is_empty(), "{file}: {from:?} → {to:?}");
}

#[test]
fn a_correct_tree_is_accepted() {
    assert_eq!(judged(|_| ()), []);
}

#[test]
#[should_panic(expected = "run tests/tools/install.sh")]
fn a_missing_program_ends_the_run() {
    installed("no-such-program");
}

#[test]
fn an_absent_file_is_refused() {
    for file in [
        "alertmanager/client.yml",
        "grafana/dashboards/accounts.json",
        "agents/app-1/config.alloy",
    ] {
        let rejections = judged(|root| fs::remove_file(root.join(file)).expect("it is there"));
        let who: Vec<&str> = rejections
            .iter()
            .map(|rejection| rejection.program)
            .collect();
        assert_eq!(who, ["contract"], "{file}: {rejections:#?}");
    }
}

#[test]
fn a_manifest_that_lies_is_refused() {
    let tree = correct();
    write_manifest(tree.path());
    replace(tree.path(), "loki/loki.yml", "30d", "31d");
    fs::write(tree.path().join("extra.txt"), "").expect("a file can be written");
    let rejections = judge(tree.path());
    let who: Vec<(&str, &str)> = rejections
        .iter()
        .map(|one| (one.program, one.file.as_str()))
        .collect();
    assert_eq!(
        who,
        [("manifest", "extra.txt"), ("manifest", "loki/loki.yml")],
        "{rejections:#?}"
    );
}

#[test]
fn promtool_refuses() {
    let configuration = "prometheus/prometheus.yml";
    let rules = "prometheus/rules/system-alerts.yml";
    refused(&["promtool"], rules, "== 0", "== ");
    refused(
        &["promtool"],
        "prometheus/client.yml",
        "password_file",
        "password_fil",
    );
    refuses(
        prometheus::judge,
        configuration,
        "evaluation_interval",
        "evaluation_intervall",
    );
    refuses(
        prometheus::judge,
        configuration,
        "alertmanager:9093",
        "https://alertmanager:9093",
    );
    refuses(
        prometheus::judge,
        rules,
        "$labels.instance }}",
        "$labels.instance }",
    );
    // A rule that is there twice is a lint, not an error.
    let rule = "      - record: stackgen_expected_target\n        expr: vector(1)\n        labels:\n          job: accounts\n          instance: app-1:8080\n";
    refuses(
        prometheus::judge,
        "prometheus/rules/inventory.yml",
        rule,
        &rule.repeat(2),
    );
}

#[test]
fn amtool_refuses() {
    let configuration = "alertmanager/alertmanager.yml";
    let templates = "alertmanager/templates/stackgen.tmpl";
    refused(
        &["amtool"],
        configuration,
        "receiver: monitoring",
        "receiver: nobody",
    );
    refused(
        &["amtool"],
        templates,
        ".Annotations.summary }}",
        ".Annotations.summary }",
    );
    refuses(
        alertmanager::judge,
        configuration,
        "severity=\"critical\"",
        "severity='critical'",
    );
    refuses(
        alertmanager::judge,
        configuration,
        "template \"stackgen.title\"",
        "template \"stackgen.titel\"",
    );
    refuses(
        alertmanager::judge,
        templates,
        ".CommonLabels.alertname",
        ".NoLabels.alertname",
    );
    refuses(
        alertmanager::judge,
        "alertmanager/client.yml",
        "ca_file",
        "ca_fil",
    );
}

#[test]
fn compose_refuses() {
    let file = "docker-compose.yml";
    refused(
        &["docker compose"],
        file,
        "      stack: {}\n    volumes",
        "      stak: {}\n    volumes",
    );
    refused(
        &["docker compose", "compose schema"],
        file,
        "read_only: true",
        "readonly: true",
    );
    // A variable that is not set is a warning.
    refuses(
        compose::judge,
        file,
        "${STACKGEN_SECRETS:-../../secrets/production}",
        "${STACKGEN_SECRET}",
    );
    refuses(
        compose::judge,
        file,
        "0.0.0.0:8443:8443",
        "0.0.0.0:port:8443",
    );
    refuses(
        compose::judge,
        "agents/app-1/docker-compose.yml",
        "network_mode: host",
        "network_mod: host",
    );
}

#[test]
fn nginx_refuses() {
    let file = "gateway/nginx.conf";
    refused(&["nginx"], file, "http://loki:3100", "http://loky:3100");
    refuses(
        nginx::judge,
        file,
        "proxy_ssl_verify on",
        "proxy_ssl_verifi on",
    );
    refuses(
        nginx::judge,
        file,
        "        ssl_certificate_key /run/secrets/gateway/tls.key;\n",
        "",
    );
    refuses(nginx::judge, file, "return 404;", "return 404");
    // A warning.
    refuses(
        nginx::judge,
        file,
        "listen 8443 ssl;",
        "listen 8443 ssl; ssl on;",
    );
}

#[test]
fn alloy_refuses() {
    let file = "alloy/local.alloy";
    refused(
        &["alloycheck"],
        file,
        "remote_write.stack.receiver",
        "remote_write.gone.receiver",
    );
    refuses(alloy::judge, file, "targets    =", "targets =");
    refuses(alloy::judge, file, "url = \"https", "uri = \"https");
    refuses(
        alloy::judge,
        "agents/app-1/config.alloy",
        "local.file_match.logs.targets",
        "\"logs\"",
    );
    // What another agent has is not there for this one.
    refuses(
        alloy::judge,
        file,
        "[prometheus.remote_write.stack.receiver]",
        "[loki.write.stack.receiver]",
    );
}

#[test]
fn loki_refuses() {
    let file = "loki/loki.yml";
    refused(&["loki"], file, "period: 24h", "period: 168h");
    refuses(
        loki::judge,
        file,
        "  delete_request_store: filesystem\n",
        "",
    );
    refuses(
        loki::judge,
        file,
        "auth_enabled: false",
        "auth_enabled: no way",
    );
    refuses(
        loki::judge,
        file,
        "auth_enabled: false",
        "auth_enabled: false\nbasic_auth_users: {}",
    );
    refuses(
        loki::judge,
        file,
        "retention_period: 30d",
        "retention_period: 30 days",
    );
}

#[test]
fn yaml_refuses() {
    let file = "grafana/provisioning/dashboards/stackgen.yml";
    refused(
        &["yaml"],
        file,
        "apiVersion: 1",
        "apiVersion: 1\napiVersion: 1",
    );
    refuses(yaml::judge, file, "type: file", "type: file: x");
    // What YAML 1.1 and 1.2 read differently.
    refuses(yaml::judge, file, "name: stackgen", "name: on");
}

#[test]
fn grafana_refuses() {
    let file = "grafana/dashboards/accounts.json";
    refused(&["grafana"], file, "\"schemaVersion\": 41,", "");
    refused(
        &["promtool", "promql-parser"],
        file,
        "sum by (status)",
        "sum by status",
    );
    // The parser takes what belongs to later versions.
    refused(&["promtool"], file, "(rate(", "(first_over_time(");
    refuses(
        grafana::judge,
        file,
        "stackgen-accounts",
        "stackgen-accounts-with-a-name-that-is-too-long",
    );
    refuses(grafana::judge, file, "\"id\": 2", "\"id\": 1");
    refuses(grafana::judge, file, "\"x\": 12", "\"x\": 11");
    refuses(
        grafana::judge,
        file,
        "\"uid\": \"loki\"",
        "\"uid\": \"locki\"",
    );
    refuses(
        grafana::judge,
        file,
        "${instance:regex}",
        "${instances:regex}",
    );
    refuses(grafana::judge, file, "\"panels\": [", "\"panels\": [,");
    refuses(grafana::judge, file, "up{job=", "up{job");
}

#[test]
fn two_dashboards_with_one_uid_are_refused() {
    let rejections = judged(|root| {
        let dashboards = root.join("grafana/dashboards");
        let copied = fs::copy(
            dashboards.join("accounts.json"),
            dashboards.join("copy.json"),
        );
        copied.expect("the dashboard can be copied");
    });
    let who: Vec<&str> = rejections.iter().map(|one| one.program).collect();
    assert_eq!(who, ["grafana"], "{rejections:#?}");
}
