//! Every way to break the reference file gives the right finding on the user's own line.

use crate::project;
use stackgen::io::Memory;
use stackgen::report::{Sources, human};
use stackgen::source::SourceFile;
use stackgen::stack::validate::validate;

/// A change of the reference file, and what is said of it: the finding's name, and the line that
/// it points at.
struct Breakage {
    name: &'static str,
    from: &'static str,
    to: &'static str,
    lint: &'static str,
    line: &'static str,
}

const fn breakage(
    name: &'static str,
    from: &'static str,
    to: &'static str,
    lint: &'static str,
    line: &'static str,
) -> Breakage {
    Breakage {
        name,
        from,
        to,
        lint,
        line,
    }
}

const ROUTE: &str = "[[alerting.routes]]                     # first match wins\n";
const HOST: &str =
    "[hosts.kafka-1]\ncollect = [\"node\", \"journal\"]\nenvironments = [\"production\"]";
const SCHEMA: &str = "# schema = [{ from = \"2024-01-01\", version = \"v13\" }]   # periods of a Loki that already holds data";

const BREAKAGES: &[Breakage] = &[
    // Form.
    breakage(
        "toml-string",
        "name = \"monitoring\" ",
        "name = \"monitoring ",
        "toml-syntax",
        "name = \"monitoring ",
    ),
    breakage(
        "toml-key-twice",
        "retention = \"120h\"",
        "retention = \"120h\"\nretention = \"1h\"",
        "toml-syntax",
        "retention = \"1h\"",
    ),
    breakage(
        "unknown-key",
        "retention = \"120h\"",
        "retenton = \"120h\"",
        "unknown-key",
        "retenton = \"120h\"",
    ),
    breakage(
        "unknown-key-in-an-overlay",
        "slack.channels.monitoring.channel",
        "slack.chanels.monitoring.channel",
        "unknown-key",
        "slack.chanels.monitoring.channel",
    ),
    breakage(
        "unknown-table",
        "[volumes]",
        "[volume]",
        "unknown-key",
        "[volume]",
    ),
    breakage(
        "wrong-type",
        "port = 9090",
        "port = \"9090\"",
        "wrong-type",
        "port = \"9090\"",
    ),
    breakage(
        "wrong-type-in-an-overlay",
        "rules.thresholds.HighCPUUsage.value = 0.95",
        "rules.thresholds.HighCPUUsage.value = \"95%\"",
        "wrong-type",
        "rules.thresholds.HighCPUUsage.value",
    ),
    breakage(
        "string-or-table",
        "lag = { host = \"kafka-1\", groups = \".*\", topics = \".*\" }",
        "lag = \"kafka-1\"",
        "wrong-type",
        "lag = \"kafka-1\"",
    ),
    breakage(
        "number-out-of-range",
        "port = 3000",
        "port = 70000",
        "out-of-range",
        "port = 70000",
    ),
    breakage(
        "number-too-large",
        "value = 10000",
        "value = 1e999",
        "out-of-range",
        "value = 1e999",
    ),
    breakage(
        "unknown-kind",
        "kind = \"gitlab-runner\"",
        "kind = \"gitlab\"",
        "unknown-value",
        "kind = \"gitlab\"",
    ),
    breakage(
        "unknown-collect",
        "[\"node\", \"docker\", \"journal\"]",
        "[\"nodes\"]",
        "unknown-value",
        "collect = [\"nodes\"]",
    ),
    breakage(
        "missing-key",
        "address = \"gitlab-runner:9252\"",
        "",
        "missing-key",
        "[targets.gitlab-runner]",
    ),
    breakage(
        "empty-list",
        "match = ['service=\"kafka\"'] ",
        "match = [] ",
        "empty-list",
        "match = []",
    ),
    // Scalars.
    breakage(
        "bad-duration",
        "group_wait = \"30s\"",
        "group_wait = \"30 seconds\"",
        "invalid-duration",
        "group_wait = ",
    ),
    breakage(
        "no-duration",
        "scrape_interval = \"15s\"",
        "scrape_interval = \"0s\"",
        "out-of-range",
        "scrape_interval = \"0s\"",
    ),
    breakage(
        "bad-size",
        "heap_limit = \"1GB\"",
        "heap_limit = \"1 gigabyte\"",
        "invalid-size",
        "heap_limit = ",
    ),
    breakage(
        "bad-retention-size",
        "size = \"10GB\" }",
        "size = \"10.5GB\" }",
        "invalid-size",
        "retention = { time = \"15d\"",
    ),
    breakage(
        "bad-port",
        "address = \"localhost:9400\"",
        "address = \"localhost:94000\"",
        "invalid-address",
        "address = \"localhost:94000\"",
    ),
    breakage(
        "bad-address",
        "jmx = \"localhost:9991\"",
        "jmx = \"http://localhost:9991\"",
        "invalid-address",
        "jmx = \"http",
    ),
    breakage(
        "bad-bind",
        "bind = \"0.0.0.0\"",
        "bind = \"all\"",
        "invalid-address",
        "bind = \"all\"",
    ),
    breakage(
        "bad-domain",
        "domain = \"monitoring.lcx.example\"",
        "domain = \"https://monitoring.lcx.example\"",
        "invalid-address",
        "domain = \"https",
    ),
    breakage(
        "bad-subnet",
        "subnet = \"172.20.0.0/16\"",
        "subnet = \"172.20.0.0\"",
        "invalid-subnet",
        "subnet = ",
    ),
    breakage(
        "subnet-with-host-bits",
        "subnet = \"172.20.0.0/16\"",
        "subnet = \"172.20.1.0/16\"",
        "invalid-subnet",
        "subnet = ",
    ),
    breakage(
        "public-subnet",
        "subnet = \"172.20.0.0/16\"",
        "subnet = \"8.8.0.0/16\"",
        "invalid-subnet",
        "subnet = ",
    ),
    breakage(
        "bad-url",
        "url = \"https://www.lcx.example/health\"",
        "url = \"www.lcx.example/health\"",
        "invalid-url",
        "url = ",
    ),
    breakage(
        "bad-runbook",
        "https://wiki.lcx.example/runbooks/{alert}",
        "wiki/{alert}",
        "invalid-url",
        "runbook_url",
    ),
    breakage(
        "bad-matcher",
        "match = ['service=\"kafka\"']",
        "match = [\"service='kafka'\"]",
        "invalid-matcher",
        "match = ",
    ),
    breakage(
        "bad-matcher-regex",
        "source = ['severity=\"critical\"']",
        "source = ['severity=~\"(\"']",
        "invalid-matcher",
        "source = ",
    ),
    breakage(
        "bad-label",
        "labels = { team = \"core\" }",
        "labels = { \"the-team\" = \"core\" }",
        "invalid-label",
        "labels = { \"the-team\"",
    ),
    breakage(
        "reserved-label",
        "labels = { team = \"core\" }",
        "labels = { instance = \"core\" }",
        "reserved-label",
        "labels = { instance",
    ),
    breakage(
        "bad-group-by",
        "\"service\"]\ngroup_wait",
        "\"a-b\"]\ngroup_wait",
        "invalid-label",
        "group_by = ",
    ),
    breakage(
        "bad-metric",
        "name = \"payments_total\"",
        "name = \"payments-total\"",
        "invalid-metric",
        "{ name = \"payments-total\"",
    ),
    breakage(
        "bad-version",
        "version = \"1.10.1\"",
        "version = \"v1.10.1\"",
        "invalid-version",
        "version = \"v1.10.1\"",
    ),
    breakage(
        "bad-channel",
        "channel = \"#kafka-monitoring\"",
        "channel = \"#kafka monitoring\"",
        "invalid-channel",
        "channel = \"#kafka monitoring\"",
    ),
    breakage(
        "bad-regex",
        "groups = \".*\"",
        "groups = \"*\"",
        "invalid-regex",
        "lag = { host",
    ),
    breakage(
        "bad-schema-day",
        SCHEMA,
        "schema = [{ from = \"01.01.2024\", version = \"v13\" }]",
        "invalid-date",
        "schema = [",
    ),
    breakage(
        "buckets-that-fall",
        "buckets = [0.1, 0.5, 1, 5]",
        "buckets = [0.1, 5, 1]",
        "out-of-range",
        "{ name = \"payments_duration_seconds\"",
    ),
    breakage(
        "log-file-of-the-whole-machine",
        "logs = { docker = { container = \"accounts\" } }",
        "logs = { file = { path = \"/*/accounts.log\" } }",
        "invalid-path",
        "logs = { file = { path = \"/*/accounts.log\"",
    ),
    breakage(
        "bad-data-folder",
        "data = \"/var/lib/kafka\"                 #",
        "data = \"var/lib/kafka\" #",
        "invalid-path",
        "data = \"var/lib/kafka\"",
    ),
    // What a program behind would misread.
    breakage(
        "matcher-of-no-label",
        "match = ['service=\"kafka\"']",
        "match = ['\"the service\"=\"kafka\"']",
        "invalid-label",
        "match = ",
    ),
    breakage(
        "matcher-regex-of-rust-alone",
        "source = ['severity=\"critical\"']",
        "source = ['severity=~\"(?x) critical\"']",
        "invalid-matcher",
        "source = ",
    ),
    breakage(
        "regex-of-rust-alone",
        "groups = \".*\"",
        "groups = \"a{1001}\"",
        "invalid-regex",
        "lag = { host",
    ),
    breakage(
        "label-that-promql-reads-otherwise",
        "labels = { team = \"core\" }",
        "labels = { Inf = \"core\" }",
        "invalid-label",
        "labels = { Inf",
    ),
    breakage(
        "url-with-a-line-break",
        "url = \"https://www.lcx.example/health\"",
        "url = \"https://www.lcx.example/\\nhealth\"",
        "invalid-url",
        "url = ",
    ),
    breakage(
        "runbook-with-a-space",
        "https://wiki.lcx.example/runbooks/{alert}",
        " https://wiki.lcx.example/runbooks/{alert}",
        "invalid-url",
        "runbook_url",
    ),
    breakage(
        "path-with-a-quoted-parameter",
        "path = \"/metrics\"",
        "path = \"/metrics?%22=x\"",
        "invalid-url",
        "path = ",
    ),
    breakage(
        "scraped-too-seldom",
        "interval = \"30s\"",
        "interval = \"1h\"",
        "out-of-range",
        "interval = \"1h\"",
    ),
    breakage(
        "threshold-too-large",
        "value = 10000",
        "value = 1e300",
        "out-of-range",
        "value = 1e300",
    ),
    breakage(
        "threshold-below-nothing",
        "value = 10000",
        "value = -1",
        "out-of-range",
        "value = -1",
    ),
    breakage(
        "bad-container",
        "container = \"accounts\"",
        "container = \"accounts\\n\"",
        "invalid-name",
        "logs = { docker",
    ),
    breakage(
        "bad-unit",
        "logs = { docker = { container = \"accounts\" } }",
        "logs = { journal = { unit = \"accounts\" } }",
        "invalid-name",
        "logs = { journal",
    ),
    breakage(
        "bad-kafka-version",
        "groups = \".*\"",
        "version = \"3.9\"",
        "invalid-version",
        "lag = { host",
    ),
    breakage(
        "bad-kafka-server-name",
        "groups = \".*\"",
        "tls = { server_name = \"kafka:9093\" }",
        "invalid-address",
        "lag = { host",
    ),
    breakage(
        "kafka-user-without-a-name",
        "groups = \".*\"",
        "sasl = { mechanism = \"plain\", username = \"\", password = \"kafka-password\" }",
        "invalid-name",
        "lag = { host",
    ),
    breakage(
        "data-folder-with-a-variable",
        "data = \"/var/lib/kafka\"                 #",
        "data = \"/var/${X}\" #",
        "invalid-path",
        "data = \"/var/${X}\"",
    ),
    breakage(
        "bad-name",
        "name = \"monitoring\" ",
        "name = \"My Stack\" ",
        "invalid-name",
        "name = \"My Stack\"",
    ),
    breakage(
        "bad-target-name",
        "[targets.payments]",
        "[targets.\"pay/ments\"]",
        "invalid-name",
        "[targets.\"pay/ments\"]",
    ),
    breakage(
        "ratio-in-percent",
        "[rules.thresholds.HighHeapUsage]        # for the whole stack; a target may have its own\nvalue = 0.9",
        "[rules.thresholds.HighHeapUsage]\nvalue = 90",
        "out-of-range",
        "value = 90",
    ),
    breakage(
        "short-log-retention",
        "retention = \"30d\"",
        "retention = \"12h\"",
        "out-of-range",
        "retention = \"12h\"",
    ),
    // References.
    breakage(
        "unknown-channel",
        "default_channel = \"monitoring\"",
        "default_channel = \"monitorng\"",
        "unknown-channel",
        "default_channel = ",
    ),
    breakage(
        "unknown-channel-of-a-route",
        "channel = \"kafka\"                       #",
        "channel = \"kaffka\" #",
        "unknown-channel",
        "channel = \"kaffka\"",
    ),
    breakage(
        "unknown-secret",
        "webhook = \"slack-webhook\"               #",
        "webhook = \"slack-webhok\" #",
        "unknown-secret",
        "webhook = \"slack-webhok\"",
    ),
    breakage(
        "secret-in-plain-text",
        "webhook = \"heartbeat-webhook\"",
        "webhook = \"https://hc.example/ping\"",
        "invalid-name",
        "webhook = \"https",
    ),
    breakage(
        "unknown-host",
        "host = \"app-1\"\naddress = \"localhost:9400\"",
        "host = \"app-11\"\naddress = \"localhost:9400\"",
        "unknown-host",
        "host = \"app-11\"",
    ),
    breakage(
        "unknown-cluster",
        "rules.thresholds.HighCPUUsage.value = 0.95",
        "kafka.clusters.mian.service = \"queue\"",
        "unknown-cluster",
        "kafka.clusters.mian",
    ),
    breakage(
        "unknown-pack",
        "packs = [\"nodejs\", \"kafka\",",
        "packs = [\"node\", \"kafka\",",
        "unknown-pack",
        "packs = ",
    ),
    breakage(
        "unknown-environment",
        "environments = [\"staging\"]",
        "environments = [\"stagin\"]",
        "unknown-environment",
        "environments = [\"stagin\"]",
    ),
    breakage(
        "unknown-default-environment",
        "default_environment = \"production\"",
        "default_environment = \"prod\"",
        "unknown-environment",
        "default_environment",
    ),
    breakage(
        "unknown-alert",
        "[rules.thresholds.KafkaConsumerLagHigh]",
        "[rules.thresholds.KafkaConsumerLag]",
        "unknown-alert",
        "[rules.thresholds.KafkaConsumerLag]",
    ),
    breakage(
        "unknown-severity",
        "severity = \"warning\"",
        "severity = \"warn\"",
        "unknown-severity",
        "severity = \"warn\"",
    ),
    breakage(
        "missing-file",
        "# alloy = [\"agents/app-1-extra.alloy\"]",
        "alloy = [\"agents/app-1-extra.alloy\"] #",
        "missing-file",
        "alloy = [",
    ),
    // Entries that do not go together.
    breakage(
        "duplicate-route",
        ROUTE,
        "[[alerting.routes]]\nname = \"kafka\"\nmatch = ['team=\"core\"']\nchannel = \"kafka\"\n\n[[alerting.routes]]\n",
        "duplicate-name",
        "name = \"kafka\"",
    ),
    breakage(
        "port-collision",
        "port = 9093",
        "port = 9090",
        "port-collision",
        "port = 9090",
    ),
    breakage(
        "port-collision-with-the-public-door",
        "port = 8443",
        "port = 3000",
        "port-collision",
        "port = 3000",
    ),
    breakage(
        "path-outside-project",
        "dashboards = [\"dashboards/*.json\"]",
        "dashboards = [\"../dashboards/*.json\"]",
        "path-outside-project",
        "dashboards = ",
    ),
    breakage(
        "absolute-path",
        "secrets_directory = \"secrets\"",
        "secrets_directory = \"/etc/secrets\"",
        "path-outside-project",
        "secrets_directory",
    ),
    breakage(
        "no-public-door",
        "[gateway]\nbind = \"0.0.0.0\"",
        "[gateway]",
        "no-public-door",
        "[hosts.app-1]",
    ),
    breakage(
        "no-public-name",
        "domain = \"monitoring.lcx.example\"",
        "domain = \"localhost\"",
        "no-public-door",
        "domain = \"localhost\"",
    ),
    breakage(
        "no-default-channel",
        "default_channel = \"monitoring\"",
        "",
        "no-default-channel",
        "[alerting]",
    ),
    breakage(
        "reserved-job",
        "[targets.payments]",
        "[targets.node]",
        "reserved-job",
        "[targets.node]",
    ),
    breakage(
        "duplicate-job",
        "[probes.website]",
        "[probes.payments]",
        "duplicate-job",
        "[probes.payments]",
    ),
    breakage(
        "unfed-pack",
        "[targets.gitlab-runner]\nkind = \"gitlab-runner\"",
        "[targets.gitlab-runner]\nkind = \"generic\"",
        "unfed-pack",
        "packs = ",
    ),
    breakage(
        "shared-host",
        HOST,
        "[hosts.kafka-1]\ncollect = [\"node\", \"journal\"]",
        "shared-host",
        "[hosts.kafka-1]",
    ),
    breakage(
        "shared-broker",
        "[environments.development]",
        "[environments.development]\nkafka.clusters.main.environments = [\"development\"]\nkafka.clusters.main.lag.host = \"local\"",
        "shared-broker",
        "brokers = ",
    ),
    breakage(
        "misplaced-key",
        "kind = \"generic\"                        #",
        "kind = \"generic\"\nheap_limit = \"1GB\" #",
        "misplaced-key",
        "heap_limit = \"1GB\" #",
    ),
    breakage(
        "two-sources-of-a-secret",
        "file = \"slack-webhook\"",
        "file = \"slack-webhook\"\nenv = \"SLACK\" #",
        "conflicting-keys",
        "[secrets.slack-webhook]",
    ),
    breakage(
        "unreachable-threshold",
        "buckets = [0.05, 0.1, 0.5, 1, 2, 5]",
        "buckets = [0.05, 0.1, 0.5, 1, 2]",
        "unreachable-threshold",
        "http = { histogram",
    ),
    breakage(
        "uncollected-logs",
        "collect = [\"node\", \"docker\", \"journal\"]",
        "collect = [\"node\", \"journal\"]",
        "uncollected-logs",
        "logs = { docker",
    ),
    breakage(
        "files-without-certificates",
        "mode = \"self-signed\"",
        "mode = \"files\"",
        "missing-key",
        "[tls]",
    ),
];

#[test]
fn each_breakage_is_found_on_the_users_own_line() {
    let reference = project::read("stack.toml.example");
    let mut wrong = String::new();
    let names: std::collections::BTreeSet<_> = BREAKAGES.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), BREAKAGES.len(), "a snapshot for each");
    for case in BREAKAGES {
        if !reference.contains(case.from) {
            wrong.push_str(&format!(
                "{}: the reference has no {:?}\n",
                case.name, case.from
            ));
            continue;
        }
        let text = reference.replacen(case.from, case.to, 1);
        let validated = project::validate_text(&text);
        let shown = project::human(&text, &validated.findings);
        let here = validated.findings.iter().any(|finding| {
            let start = finding.location.span.start;
            let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
            finding.lint == case.lint && text[line..].trim_start().starts_with(case.line)
        });
        if here {
            insta::assert_snapshot!(case.name, shown);
        } else {
            wrong.push_str(&format!(
                "{}: no {} at {:?}\n{shown}\n",
                case.name, case.lint, case.line
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_reference_has_no_finding() {
    let text = project::read("stack.toml.example");
    let findings = project::validate_text(&text).findings;
    assert!(findings.is_empty(), "{}", project::human(&text, &findings));
}

#[test]
fn everything_is_said_in_one_run() {
    let reference = project::read("stack.toml.example");
    let mut text = reference;
    for (from, to) in [
        ("retention = \"120h\"", "retenton = \"120h\""),
        ("port = 9090", "port = \"9090\""),
        ("group_wait = \"30s\"", "group_wait = \"soon\""),
        (
            "default_channel = \"monitoring\"",
            "default_channel = \"monitorng\"",
        ),
        (
            "[rules.thresholds.KafkaConsumerLagHigh]",
            "[rules.thresholds.KafkaConsumerLag]",
        ),
    ] {
        text = text.replacen(from, to, 1);
    }
    let lints: Vec<&str> = project::validate_text(&text)
        .findings
        .iter()
        .map(|f| f.lint)
        .collect();
    assert_eq!(
        lints,
        [
            "wrong-type",
            "unknown-key",
            "unknown-channel",
            "invalid-duration",
            "unknown-alert"
        ],
        "each once, although three environments have them, in the order of the file"
    );
}

/// A small file, the files beside it, and the finding that it must give.
struct Small {
    name: &'static str,
    stack: &'static str,
    files: &'static [(&'static str, &'static str)],
    lint: &'static str,
}

const SMALL: &[Small] = &[
    Small {
        name: "no-channel",
        stack: "",
        files: &[],
        lint: "no-channel",
    },
    Small {
        name: "rule-file-that-is-not-yaml",
        stack: CHANNEL,
        files: &[("rules/own.yml", "groups:\n  - name: own\n    rules: [\n")],
        lint: "invalid-rules",
    },
    Small {
        name: "rule-file-with-broken-promql",
        stack: CHANNEL,
        files: &[(
            "rules/own.yml",
            "groups:\n  - name: own\n    rules:\n      - alert: TooSlow\n        expr: rate(requests_total[5m) > 1\n",
        )],
        lint: "invalid-rules",
    },
    Small {
        name: "rule-file-with-the-name-of-a-generated-one",
        stack: CHANNEL,
        files: &[("rules/inventory.yml", "groups: []\n")],
        lint: "duplicate-file",
    },
    Small {
        name: "two-rule-files-of-one-name",
        stack: concat!(
            "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n",
            "[rules]\nfiles = [\"rules/*.yml\", \"teams/*/*.yml\"]\n"
        ),
        files: &[
            ("rules/own.yml", "groups: []\n"),
            ("teams/core/own.yml", "groups: []\n"),
        ],
        lint: "duplicate-file",
    },
    Small {
        name: "dashboard-that-is-not-json",
        stack: CHANNEL,
        files: &[("dashboards/own.json", "{ \"title\": }")],
        lint: "invalid-dashboard",
    },
    Small {
        name: "suppression-without-a-reason",
        stack: concat!(
            "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n",
            "[[lint.ignore]]\nlint = \"unused-channel\"\nreason = \" \"\n"
        ),
        files: &[],
        lint: "missing-reason",
    },
    Small {
        name: "secret-called-like-a-folder",
        stack: concat!(
            "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n",
            "[secrets.grafana]\nenv = \"GRAFANA\"\n"
        ),
        files: &[],
        lint: "reserved-name",
    },
    Small {
        name: "certificate-of-an-unknown-service",
        stack: concat!(
            "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n",
            "[tls]\nmode = \"files\"\nca = \"tls/ca.crt\"\n",
            "certificates.graphana = { cert = \"tls/a.crt\", key = \"tls/a.key\" }\n"
        ),
        files: &[],
        lint: "unknown-service",
    },
    Small {
        name: "two-programs-on-one-volume",
        stack: concat!(
            "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n",
            "[volumes]\nprometheus = \"data\"\ngrafana = \"data\"\n",
        ),
        files: &[],
        lint: "duplicate-name",
    },
    Small {
        name: "certificates-of-an-address",
        stack: concat!(
            "domain = \"192.168.1.10\"\n",
            "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n",
            "[tls]\nmode = \"files\"\nca = \"tls/ca.crt\"\n",
        ),
        files: &[],
        lint: "address-without-name",
    },
    Small {
        name: "two-kafka-nodes-of-one-name",
        stack: concat!(
            "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n",
            "[kafka.clusters.one.nodes.broker]\nhost = \"local\"\njmx = \"one:9991\"\n",
            "[kafka.clusters.two.nodes.broker]\nhost = \"local\"\njmx = \"two:9991\"\n"
        ),
        files: &[],
        lint: "duplicate-target",
    },
];

const CHANNEL: &str = "[slack.channels.a]\nchannel = \"#a\"\nwebhook = \"slack-webhook\"\n";

#[test]
fn small_files_are_told_what_is_wrong() {
    for case in SMALL {
        let text = format!("[stack]\nname = \"small\"\n{}", case.stack);
        let files = case
            .files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let project = Memory(files.collect());
        let findings = validate(&SourceFile::new("stack.toml", &text), &project).findings;
        assert!(
            findings.iter().any(|f| f.lint == case.lint),
            "{}: {findings:#?}",
            case.name
        );
        let mut sources = Sources::default();
        sources.add(SourceFile::new("stack.toml", text));
        for (path, text) in case.files {
            sources.add(SourceFile::new(*path, *text));
        }
        let style = human::Style {
            color: false,
            width: 100,
        };
        insta::assert_snapshot!(case.name, human::render(&findings, &sources, style));
    }
}

/// A finding that no test shows would be written by nobody's eyes.
#[test]
fn every_finding_has_a_snapshot() {
    let mut named = std::collections::BTreeSet::new();
    for entry in walkdir::WalkDir::new(project::path("src")) {
        let entry = entry.unwrap();
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "rs")
        {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for call in ["at_value(", "at_key(", "Diagnostic::error("] {
                for (position, _) in text.match_indices(call) {
                    let rest = text[position + call.len()..].trim_start();
                    if let Some(name) = rest
                        .strip_prefix('"')
                        .and_then(|rest| rest.split('"').next())
                    {
                        named.insert(name.to_owned());
                    }
                }
            }
        }
    }
    let snapshots: String = walkdir::WalkDir::new(project::path("tests/snapshots"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| std::fs::read_to_string(entry.path()).unwrap())
        .collect();
    // What no schema error of ours falls through to: kept for a schema that is extended.
    named.remove("invalid-value");
    assert!(named.len() > 20, "the search finds the names: {named:?}");
    let lines: std::collections::BTreeSet<&str> = snapshots.lines().collect();
    let missing: Vec<_> = named
        .iter()
        .filter(|name| !lines.contains(name.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "findings that no snapshot shows: {missing:?}"
    );
}
