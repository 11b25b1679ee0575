use super::{lower, render};
use crate::artifact::Artifact;
use crate::io::Memory;
use crate::source::SourceFile;
use crate::stack::validate::validate;

/// The files of the only environment of a stack.toml.
fn files(text: &str) -> Vec<Artifact> {
    let validated = validate(&SourceFile::new("stack.toml", text), &Memory::default());
    assert!(validated.findings.is_empty(), "{:#?}", validated.findings);
    render(&lower(&validated.stacks[0])).unwrap()
}

fn text<'a>(files: &'a [Artifact], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path).unwrap();
    std::str::from_utf8(&file.bytes).unwrap()
}

#[test]
fn receives_evaluates_and_alerts_over_tls() {
    let files = files(
        r##"
        [stack]
        name = "monitoring"
        [slack.channels.monitoring]
        channel = "#monitoring-alerts"
        webhook = "slack-webhook"
        "##,
    );
    assert_eq!(
        text(&files, "prometheus/prometheus.yml"),
        r#"global:
  evaluation_interval: 15s
  external_labels:
    environment: production
rule_files:
- rules/*.yml
alerting:
  alertmanagers:
  - scheme: https
    api_version: v2
    basic_auth:
      username: prometheus
      password_file: /run/secrets/alertmanager-prometheus-password
    tls_config:
      ca_file: /run/secrets/ca.crt
      server_name: alertmanager
      min_version: TLS12
    static_configs:
    - targets:
      - alertmanager:9093
storage:
  tsdb:
    out_of_order_time_window: 10m
"#
    );
    assert_eq!(
        text(&files, "prometheus/client.yml"),
        r#"basic_auth:
  username: prometheus
  password_file: /run/secrets/prometheus-prometheus-password
tls_config:
  ca_file: /run/secrets/ca.crt
  server_name: prometheus
  min_version: TLS12
"#
    );
    assert!(files.iter().all(|file| file.restarts.is_none()));
}

#[test]
fn certificates_of_the_users_own_carry_the_domain() {
    let files = files(
        r##"
        [stack]
        name = "monitoring"
        domain = "monitoring.example.com"
        [prometheus]
        evaluation_interval = "1m"
        out_of_order_window = "1h30m"
        [tls]
        mode = "files"
        min_version = "TLS13"
        ca = "ca.pem"
        [tls.certificates]
        grafana = { cert = "c.pem", key = "k.pem" }
        prometheus = { cert = "c.pem", key = "k.pem" }
        alertmanager = { cert = "c.pem", key = "k.pem" }
        gateway = { cert = "c.pem", key = "k.pem" }
        alloy = { cert = "c.pem", key = "k.pem" }
        [alerting]
        enabled = false
        [slack.channels.monitoring]
        channel = "#monitoring-alerts"
        webhook = "slack-webhook"
        "##,
    );
    let config = text(&files, "prometheus/prometheus.yml");
    assert!(config.contains("server_name: monitoring.example.com"));
    assert!(config.contains("min_version: TLS13"));
    assert!(config.contains("evaluation_interval: 1m\n"));
    assert!(config.contains("out_of_order_time_window: 1h30m\n"));
    assert!(config.contains("- alertmanager:9093"));
}
