use super::{InhibitRule, Model, Route, lower, render};
use crate::io::Memory;
use crate::source::SourceFile;
use crate::stack::validate::validate;

/// The model of the only environment of a stack.toml with the channels `monitoring` and `kafka`.
fn model(alerting: &str) -> Model {
    let text = format!(
        r##"
        [stack]
        name = "monitoring"
        [slack.channels.monitoring]
        channel = "#monitoring-alerts"
        webhook = "slack-webhook"
        [slack.channels.kafka]
        channel = "kafka-monitoring"
        webhook = "slack-kafka-webhook"
        [alerting]
        default_channel = "monitoring"
        {alerting}
        "##
    );
    let validated = validate(&SourceFile::new("stack.toml", text), &Memory::default());
    assert!(validated.findings.is_empty(), "{:#?}", validated.findings);
    lower(&validated.stacks[0])
}

fn file(model: &Model, path: &str) -> String {
    let files = render(model).unwrap();
    let file = files.iter().find(|file| file.path == path).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

/// A route and those below it, one line each: matchers, receiver, repeat.
fn outline(route: &Route) -> Vec<String> {
    let own = [
        route.matchers.join(","),
        route.receiver.clone().unwrap_or_default(),
        route.repeat_interval.clone().unwrap_or_default(),
    ];
    let children = route.routes.iter().flat_map(outline);
    let indented = children.map(|line| format!("  {line}"));
    std::iter::once(own.join(" ").trim().to_owned())
        .chain(indented)
        .collect()
}

/// The rule of the stack's own: the last one.
fn silent_agent(alerting: &str) -> Option<InhibitRule> {
    let rules = model(&format!("inhibit = []\n{alerting}"))
        .config
        .inhibit_rules;
    rules.last().cloned()
}

#[test]
fn the_whole_file() {
    let model = model(
        r#"
        [[alerting.routes]]
        name = "kafka"
        match = ['service="kafka"']
        channel = "kafka"
        [alerting.heartbeat]
        webhook = "heartbeat-webhook"
        "#,
    );
    assert_eq!(
        file(&model, "alertmanager/alertmanager.yml"),
        r##"templates:
- templates/*.tmpl
route:
  receiver: slack-monitoring
  group_by:
  - alertname
  - environment
  - service
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
  routes:
  - matchers:
    - alertname="Watchdog"
    receiver: heartbeat
    group_wait: 0s
    group_interval: 1m
    repeat_interval: 5m
  - matchers:
    - service="kafka"
    receiver: slack-kafka
    routes:
    - matchers:
      - severity="critical"
      repeat_interval: 30m
    - matchers:
      - severity="warning"
      repeat_interval: 12h
    - matchers:
      - severity="info"
      repeat_interval: 24h
  - matchers:
    - severity="critical"
    receiver: slack-monitoring
    repeat_interval: 30m
  - matchers:
    - severity="warning"
    receiver: slack-monitoring
    repeat_interval: 12h
  - matchers:
    - severity="info"
    receiver: slack-monitoring
    repeat_interval: 24h
inhibit_rules:
- source_matchers:
  - severity="critical"
  target_matchers:
  - severity=~"warning|info"
  equal:
  - environment
  - service
  - instance
- source_matchers:
  - alertname="AgentSilent"
  target_matchers:
  - alertname=~"TargetDown|.+ServiceDown|KafkaBrokerDown|ContainerMissing"
  equal:
  - environment
  - host
  - service
receivers:
- name: slack-monitoring
  slack_configs:
  - send_resolved: true
    api_url_file: /run/secrets/slack-webhook
    channel: "#monitoring-alerts"
    color: "{{ template \"stackgen.slack.color\" . }}"
    title: "{{ template \"stackgen.slack.title\" . }}"
    title_link: "{{ template \"stackgen.slack.alerts_url\" . }}"
    text: "{{ template \"stackgen.slack.text\" . }}"
    fallback: "{{ template \"stackgen.slack.title\" . }}"
    actions:
    - type: button
      text: Alerts
      url: "{{ template \"stackgen.slack.alerts_url\" . }}"
    - type: button
      text: Silence
      url: "{{ template \"stackgen.slack.silence_url\" . }}"
- name: slack-kafka
  slack_configs:
  - send_resolved: true
    api_url_file: /run/secrets/slack-kafka-webhook
    channel: "#kafka-monitoring"
    color: "{{ template \"stackgen.slack.color\" . }}"
    title: "{{ template \"stackgen.slack.title\" . }}"
    title_link: "{{ template \"stackgen.slack.alerts_url\" . }}"
    text: "{{ template \"stackgen.slack.text\" . }}"
    fallback: "{{ template \"stackgen.slack.title\" . }}"
    actions:
    - type: button
      text: Alerts
      url: "{{ template \"stackgen.slack.alerts_url\" . }}"
    - type: button
      text: Silence
      url: "{{ template \"stackgen.slack.silence_url\" . }}"
- name: heartbeat
  webhook_configs:
  - send_resolved: false
    url_file: /run/secrets/heartbeat-webhook
"##
    );
    assert_eq!(
        file(&model, "alertmanager/client.yml"),
        "basic_auth:
  username: alertmanager
  password_file: /run/secrets/alertmanager-alertmanager-password
tls_config:
  ca_file: /run/secrets/ca.crt
  server_name: alertmanager
  min_version: TLS12
"
    );
}

#[test]
fn what_is_read_at_start_restarts_alertmanager() {
    let files = render(&model("")).unwrap();
    let restarts: Vec<_> = files
        .iter()
        .map(|file| (file.path.as_str(), file.restarts.as_deref()))
        .collect();
    assert_eq!(
        restarts,
        [
            ("alertmanager/alertmanager.yml", Some("alertmanager")),
            ("alertmanager/templates/slack.tmpl", Some("alertmanager")),
            ("alertmanager/client.yml", None),
        ]
    );
}

#[test]
fn a_route_of_the_users_is_split_by_the_severities_that_can_pass_it() {
    let model = model(
        r#"
        [[alerting.routes]]
        name = "database"
        match = ['team="db"', 'severity=~"critical|warning"']
        channel = "kafka"
        [alerting.severities.warning]
        repeat = "6h"
        channel = "kafka"
        "#,
    );
    assert_eq!(
        outline(&model.config.route),
        [
            r#"slack-monitoring 4h"#,
            r#"  alertname="Watchdog" nobody"#,
            r#"  team="db",severity=~"critical|warning" slack-kafka"#,
            r#"    severity="warning"  6h"#,
            r#"    severity="critical"  30m"#,
            r#"  severity="warning" slack-kafka 6h"#,
            r#"  severity="critical" slack-monitoring 30m"#,
            r#"  severity="info" slack-monitoring 24h"#,
        ]
    );
}

#[test]
fn disabled_alerting_keeps_the_tree_and_sends_nothing() {
    let model = model(
        r#"
        enabled = false
        [[alerting.routes]]
        name = "kafka"
        match = ['service="kafka"']
        channel = "kafka"
        [alerting.heartbeat]
        webhook = "heartbeat-webhook"
        "#,
    );
    let receivers: Vec<_> = model
        .config
        .receivers
        .iter()
        .map(|r| r.name.as_str())
        .collect();
    assert_eq!(receivers, ["nobody"]);
    let outline = outline(&model.config.route);
    assert_eq!(outline[1], r#"  alertname="Watchdog" nobody"#);
    assert_eq!(outline[2], r#"  service="kafka" nobody"#);
    assert!(
        !outline
            .iter()
            .any(|line| line.contains("slack") || line.contains("heartbeat"))
    );
}

#[test]
fn a_silent_agent_silences_only_what_goes_to_the_same_channel() {
    let by_service = r#"
        [[alerting.routes]]
        name = "kafka"
        match = ['service="kafka"']
        channel = "kafka"
    "#;
    let rule = silent_agent(by_service).unwrap();
    assert_eq!(rule.source_matchers, [r#"alertname="AgentSilent""#]);
    let effects = r#"alertname=~"TargetDown|.+ServiceDown|KafkaBrokerDown|ContainerMissing""#;
    assert_eq!(rule.target_matchers, [effects]);
    assert_eq!(rule.equal, ["environment", "host", "service"]);

    // Brokers have a channel that does not hear of agents, teams have channels of their own, and so
    // have warnings.
    let finer = r#"
        [[alerting.routes]]
        name = "brokers"
        match = ['alertname=~"Kafka.*"', 'team="core"']
        channel = "kafka"
        [alerting.severities.warning]
        repeat = "6h"
        channel = "kafka"
    "#;
    let rule = silent_agent(finer).unwrap();
    assert_eq!(rule.target_matchers, [effects, r#"alertname!~"Kafka.*""#]);
    assert_eq!(
        rule.equal,
        ["environment", "host", "service", "severity", "team"]
    );

    let agents_alone = r#"
        [[alerting.routes]]
        name = "agents"
        match = ['alertname="AgentSilent"']
        channel = "kafka"
    "#;
    assert_eq!(silent_agent(agents_alone), None);
}
