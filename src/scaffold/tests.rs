use super::*;

/// A new stack of a `.env`, or why not.
fn of_env(text: &str) -> Result<Scaffold, Vec<String>> {
    let env = dotenv::parse(text).map_err(|bad| vec![format!("{bad:?}")])?;
    scaffold(Some(&env)).map_err(said)
}

fn said(refusal: Refusal) -> Vec<String> {
    match refusal {
        Refusal::Unusable(unusable) => unusable
            .iter()
            .map(|it| format!("{}: {}: {}", it.line, it.variable, it.reason))
            .collect(),
        Refusal::Fault(fault) => vec![fault.to_string()],
    }
}

fn table(scaffold: &Scaffold) -> toml::Table {
    scaffold.stack_toml.parse().unwrap()
}

const FULL: &str = r#"# the old stack
ENV=staging
GF_ADMIN_USER=boss
GF_SECURITY_ADMIN_PASSWORD='gr@fana $ecret #1'
GRAFANA_DOMAIN=monitoring.example.com
GF_METRICS_ENABLED=true
GF_METRICS_BASIC_AUTH_USERNAME=metrics
GF_METRICS_BASIC_AUTH_PASSWORD=metrics-hush-hush
PROM_USERNAME=prom
PROM_PASSWORD="prom \"hush\" \\ hush"
PROM_URL=https://monitoring.example.com:19090/
ALERTMANAGER_USERNAME=am
ALERTMANAGER_PASSWORD=alert-hush-hush
KAFKA_JMX_NODE2=kafka-2.internal:9992
KAFKA_JMX_NODE10=kafka-2.internal:9993
KAFKA_JMX_NODE1=kafka-1.internal:9991
SLACK_WEBHOOK=https://hooks.slack.com/services/T0/B0/hush
SLACK_CHANNEL=#alerts
SLACK_KAFKA_WEBHOOK=https://hooks.slack.com/services/T0/B1/hush
SLACK_KAFKA_CHANNEL=kafka-alerts
COMPOSE_PROJECT_NAME=old
"#;

#[test]
fn a_new_stack_validates_as_it_is() {
    let stack = scaffold(None).map_err(said).unwrap();
    assert_eq!(stack.environment, "production");
    assert!(stack.adopted.secrets.is_empty());
}

#[test]
fn every_example_validates_once_its_mark_is_taken_away() {
    for env in ["", "ENV=staging\nGRAFANA_DOMAIN=a.example\n", FULL] {
        let stack = of_env(env).unwrap();
        let is_example = |line: &str| {
            let rest = line.strip_prefix('#');
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '['))
        };
        let lines = stack.stack_toml.lines();
        let text: String = lines
            .map(|line| if is_example(line) { &line[1..] } else { line })
            .map(|line| format!("{line}\n"))
            .collect();
        let source = SourceFile::new("stack.toml", text);
        let validated = validate(&source, &Memory::default());
        assert_eq!(validated.findings, [], "{}", source.text);
        assert_eq!(validated.environments.len(), 3);
    }
}

#[test]
fn an_env_file_fills_the_stack_and_its_secrets() {
    let stack = of_env(FULL).unwrap();
    assert_eq!(stack.environment, "staging");
    assert_eq!(stack.secrets_folder, "secrets/staging");
    let file = table(&stack);
    assert_eq!(
        file["stack"]["domain"].as_str(),
        Some("monitoring.example.com")
    );
    assert_eq!(file["prometheus"]["username"].as_str(), Some("prom"));
    assert_eq!(file["prometheus"]["port"].as_integer(), Some(19090));
    assert_eq!(file["alertmanager"]["username"].as_str(), Some("am"));
    assert_eq!(file["grafana"]["admin_user"].as_str(), Some("boss"));
    let channels = &file["slack"]["channels"];
    assert_eq!(channels["monitoring"]["channel"].as_str(), Some("#alerts"));
    assert_eq!(channels["kafka"]["channel"].as_str(), Some("kafka-alerts"));
    assert_eq!(
        file["alerting"]["routes"][0]["channel"].as_str(),
        Some("kafka")
    );
    assert_eq!(file["gateway"]["bind"].as_str(), Some("0.0.0.0"));
    let nodes = file["kafka"]["clusters"]["main"]["nodes"]
        .as_table()
        .unwrap();
    let nodes: Vec<_> = nodes
        .iter()
        .map(|(name, node)| (name.as_str(), node["host"].as_str(), node["jmx"].as_str()))
        .collect();
    let node = |name, host, jmx| (name, Some(host), Some(jmx));
    let expected = [
        node("kafka-node1", "kafka-1.internal", "localhost:9991"),
        node("kafka-node10", "kafka-2.internal", "localhost:9993"),
        node("kafka-node2", "kafka-2.internal", "localhost:9992"),
    ];
    assert_eq!(nodes, expected);
    assert_eq!(file["hosts"].as_table().map(toml::Table::len), Some(3));
    let secrets: Vec<_> = stack
        .adopted
        .secrets
        .iter()
        .map(|secret| (secret.name, secret.secret.expose()))
        .collect();
    let expected = [
        ("grafana-password", "gr@fana $ecret #1"),
        ("prometheus-password", "prom \"hush\" \\ hush"),
        ("alertmanager-password", "alert-hush-hush"),
        ("grafana-alloy-local-password", "metrics-hush-hush"),
        (
            "slack-webhook",
            "https://hooks.slack.com/services/T0/B0/hush",
        ),
        (
            "slack-kafka-webhook",
            "https://hooks.slack.com/services/T0/B1/hush",
        ),
    ];
    assert_eq!(secrets, expected);
    let left_out = [
        "GF_METRICS_ENABLED",
        "GF_METRICS_BASIC_AUTH_USERNAME",
        "COMPOSE_PROJECT_NAME",
    ];
    assert_eq!(stack.adopted.left_out, left_out);
}

#[test]
fn no_secret_is_in_what_is_shown() {
    let stack = of_env(FULL).unwrap();
    for secret in &stack.adopted.secrets {
        let shown = |text: &str| text.contains(secret.secret.expose()) || text.contains("hush");
        assert!(!shown(&stack.stack_toml));
        assert!(!stack.adopted.notes.iter().any(|note| shown(note)));
    }
}

#[test]
fn a_value_that_cannot_be_used_is_told_by_its_variable_and_not_shown() {
    let because = |line: &str, start: &str| {
        let said = of_env(&format!("\n{line}\n")).err().unwrap_or_default();
        assert_eq!(said.len(), 1, "{line}: {said:?}");
        assert!(said[0].starts_with(&format!("2: {start}")), "{said:?}");
        let value = line.split_once('=').map_or("", |(_, value)| value);
        assert!(!said[0].contains(value.trim_matches('"')), "{said:?}");
    };
    because("ENV=pro duction", "ENV: it is not a name.");
    because(
        "GRAFANA_DOMAIN=https://x.example",
        "GRAFANA_DOMAIN: it is not a host name. Leave out the scheme",
    );
    because(
        "GRAFANA_DOMAIN=${HOST}",
        "GRAFANA_DOMAIN: it is not a host name.",
    );
    because(
        "SLACK_CHANNEL=\"two words\"",
        "SLACK_CHANNEL: it is not a channel name.",
    );
    because(
        "GF_ADMIN_USER=\"two words\"",
        "GF_ADMIN_USER: it is not a user name.",
    );
    because("PROM_USERNAME=grafana", "PROM_USERNAME: it is taken.");
    because("PROM_URL=prometheus:9090", "PROM_URL: it is not a URL.");
    because("PROM_URL=https://m.example:3000", "PROM_URL: it is taken.");
    because(
        "SLACK_CHANNEL=https://hooks.slack.com/x",
        "SLACK_CHANNEL: it is a URL.",
    );
    because(
        "SLACK_WEBHOOK=xoxb-hush",
        "SLACK_WEBHOOK: it is not an https:// URL.",
    );
    because(
        "PROM_PASSWORD=\"two\\nlines\"",
        "PROM_PASSWORD: it has a line break",
    );
    because(
        "PROM_PASSWORD=' hush'",
        "PROM_PASSWORD: it starts or ends with a space",
    );
    because(
        "KAFKA_JMX_NODE1=http://k:9991/metrics",
        "KAFKA_JMX_NODE1: it is not host:port. Leave out",
    );
    because("KAFKA_JMX_NODE1=k9", "KAFKA_JMX_NODE1: it is not host:port");
    let long = "x".repeat(73);
    because(
        &format!("PROM_PASSWORD={long}"),
        "PROM_PASSWORD: it is longer than 72 bytes.",
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let env = "PROM_PASSWORD=\" x\"\nGRAFANA_DOMAIN=a/b\nSLACK_WEBHOOK=no\nKAFKA_JMX_NODE1=k\n";
    let said = of_env(env).err().unwrap_or_default();
    let variables: Vec<&str> = said.iter().filter_map(|it| it.split(": ").nth(1)).collect();
    let expected = [
        "PROM_PASSWORD",
        "GRAFANA_DOMAIN",
        "SLACK_WEBHOOK",
        "KAFKA_JMX_NODE1",
    ];
    assert_eq!(variables, expected);
}

#[test]
fn a_weak_password_is_used_and_said() {
    let stack = of_env("PROM_PASSWORD=changeme\n").unwrap();
    assert_eq!(stack.adopted.secrets.len(), 1);
    let notes = stack.adopted.notes.join("\n");
    assert!(notes.contains("PROM_PASSWORD is shorter than 12 characters"));
    assert!(!notes.contains("changeme"));
}

#[test]
fn a_domain_comes_from_where_there_is_one() {
    let domain = |env: &str| {
        let stack = of_env(env).unwrap();
        table(&stack)["stack"]["domain"].as_str().map(str::to_owned)
    };
    assert_eq!(domain("ENV=x").as_deref(), Some("localhost"));
    assert_eq!(
        domain("PROM_URL=https://m.example:9090/api/v1/write").as_deref(),
        Some("m.example")
    );
    assert_eq!(
        domain("PROM_URL=https://prometheus:9090").as_deref(),
        Some("localhost")
    );
    let both = "PROM_URL=https://prometheus:9090\nGRAFANA_DOMAIN=g.example";
    assert_eq!(domain(both).as_deref(), Some("g.example"));
    assert_eq!(of_env(both).unwrap().adopted.left_out, ["PROM_URL"]);
}

#[test]
fn kafka_needs_no_public_name() {
    let stack = of_env("KAFKA_JMX_NODE1=kafka-1:9991\nGRAFANA_DOMAIN=localhost\n").unwrap();
    let file = table(&stack);
    let node = &file["kafka"]["clusters"]["main"]["nodes"]["kafka-node1"];
    assert_eq!(node["host"].as_str(), Some("local"));
    assert_eq!(node["jmx"].as_str(), Some("kafka-1:9991"));
    assert!(!file.contains_key("gateway"));
}

#[test]
fn what_is_empty_or_set_twice_is_said() {
    let stack = of_env("PROM_PASSWORD=\nSLACK_CHANNEL=#a\nSLACK_CHANNEL=#b\nOTHER=\n").unwrap();
    let notes = stack.adopted.notes.join("\n");
    assert!(notes.contains("SLACK_CHANNEL is set in line 2 and again in line 3"));
    assert!(notes.contains("empty, so as if not there: PROM_PASSWORD"));
    assert_eq!(stack.adopted.left_out, ["OTHER"]);
}

#[test]
fn a_gitignore_keeps_its_lines() {
    assert_eq!(gitignore(None), GITIGNORE);
    assert_eq!(gitignore(Some(GITIGNORE)), GITIGNORE);
    assert_eq!(gitignore(Some("secrets\n.env")), "secrets\n.env");
    let grown = gitignore(Some("/target"));
    assert_eq!(
        grown,
        "/target\n\n# Secrets of the monitoring stack.\n/secrets/\n/.env\n"
    );
}

#[test]
fn snippets_are_yaml() {
    for (path, text) in snippets() {
        let value: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
        assert!(value.is_mapping(), "{path}");
    }
}
