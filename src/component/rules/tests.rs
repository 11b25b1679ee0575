//! What stacks become, as rules.

use super::catalog::Catalog;
use super::lower::{PackFile, lower, lower_with};
use super::model::Alert;
use super::{Setting, catalog, render};
use crate::component::testing::{small_stack, stack};
use crate::stack::Stack;
use crate::topology::Topology;
use std::collections::BTreeSet;

const REFERENCE: &str = include_str!("../../../stack.toml.example");

fn files(stack: &Stack) -> Vec<PackFile> {
    lower(stack, &Topology::of(stack)).unwrap().packs
}

fn alerts(stack: &Stack) -> Vec<Alert> {
    let files = files(stack);
    files
        .iter()
        .flat_map(|file| file.file.alerts().cloned())
        .collect()
}

/// The rules of one alert: labels but severity, `for`, and the expression on one line.
fn rules_of(stack: &Stack, name: &str) -> Vec<(String, String, String)> {
    let alerts = alerts(stack);
    let rules = alerts.iter().filter(|alert| alert.alert == name);
    let row = |alert: &Alert| {
        let labels = alert.labels.iter().filter(|(name, _)| *name != "severity");
        let labels: Vec<String> = labels.map(|(n, v)| format!("{n}={v}")).collect();
        let expr: Vec<&str> = alert.expr.split_whitespace().collect();
        let hold = alert.hold.clone().unwrap_or_default();
        (labels.join(","), hold, expr.join(" "))
    };
    rules.map(row).collect()
}

const NODES: &str = r#"
[targets.a]
kind = "nodejs"
host = "local"
address = "localhost:1"
[targets.b]
kind = "nodejs"
host = "local"
address = "localhost:2"
[targets.c]
kind = "nodejs"
host = "local"
address = "localhost:3"
"#;

#[test]
fn the_shipped_packs_can_be_read() {
    assert_eq!(catalog().fault, None);
    let mut keys = BTreeSet::new();
    for alert in catalog().alerts() {
        assert!(keys.insert(&alert.key), "{} is there twice", alert.key);
        if let Some(other) = &alert.replaces {
            assert!(catalog().alert(other).is_some(), "{other}");
        }
    }
}

#[test]
fn a_made_name_leads_to_its_alert() {
    let key = |name: &str| catalog().alert_named(name).map(|alert| alert.key.as_str());
    assert_eq!(key("AccountsServiceDown"), Some("ServiceDown"));
    assert_eq!(key("TargetDown"), Some("TargetDown"));
    assert_eq!(key("Nonsense"), None);
}

#[test]
fn the_reference_stack_has_every_alert() {
    let alerts = alerts(&stack(REFERENCE));
    let line = |alert: &Alert| {
        let hold = alert.hold.as_deref().unwrap_or("0m");
        format!("{} {} {hold}", alert.alert, alert.labels["severity"])
    };
    let found: BTreeSet<String> = alerts.iter().map(line).collect();
    for expected in [
        "AccountsServiceDown critical 1m",
        "GitlabRunnerServiceDown critical 1m",
        "PaymentsServiceDown critical 1m",
        "HighMemoryUsage critical 5m",
        "HighHeapUsage critical 5m",
        "HighEventLoopLag critical 2m",
        "HighErrorRate warning 5m",
        "SlowResponseTime warning 5m",
        "HighCPUUsage warning 10m",
        "KafkaBrokerDown critical 1m",
        "KafkaUnderReplicatedPartitions critical 5m",
        "KafkaOfflinePartitions critical 1m",
        "KafkaConsumerLagHigh critical 5m",
        "KafkaISRShrinks warning 0m",
        "KafkaDiskSpaceWarning warning 10m",
        "KafkaHighProducerLatency warning 5m",
        "HostHighCpu warning 15m",
        "HostHighMemory critical 10m",
        "HostDiskAlmostFull critical 10m",
        "HostInodesAlmostGone critical 10m",
        "HostDiskFillsIn24h warning 1h",
        "TargetDown critical 2m",
        "AgentSilent critical 1m",
        "ContainerMissing warning 1m",
        "NothingArrives critical 0m",
        "Watchdog none 0m",
        "ProbeFailed critical 2m",
        "ProbeSlow warning 5m",
        "CertificateExpiresSoon warning 1h",
        "CertificateExpired critical 0m",
    ] {
        assert!(found.contains(expected), "{expected}");
    }
    assert!(!found.iter().any(|line| line.starts_with("TestAlert")));
}

#[test]
fn every_alert_has_an_owner_and_every_annotation() {
    let stack = stack(REFERENCE);
    let topology = Topology::of(&stack);
    let targets: Vec<_> = topology.targets().collect();
    for file in lower(&stack, &topology).unwrap().packs {
        let alerts: Vec<&Alert> = file.file.alerts().collect();
        assert_eq!(alerts.len(), file.sources.len());
        for (alert, source) in alerts.into_iter().zip(&file.sources) {
            assert_eq!(alert.alert, source.alert);
            let owned = |position: &usize| targets[*position].service.is_some();
            let inherited = !source.targets.is_empty() && source.targets.iter().all(owned);
            assert!(
                alert.labels.contains_key("service") || inherited,
                "{}",
                alert.alert
            );
            let url = format!("https://wiki.lcx.example/runbooks/{}", alert.alert);
            assert_eq!(alert.annotations["runbook_url"], url);
            assert!(alert.annotations.contains_key("summary"));
            assert!(alert.annotations.contains_key("description"));
            assert_eq!(render::parse(&alert.expr), Ok(()), "{}", alert.alert);
        }
    }
}

#[test]
fn equal_targets_share_a_rule_and_one_with_a_threshold_of_its_own_has_one() {
    let own = "[targets.b.thresholds.HighEventLoopLag]\nvalue = 0.5\nfor = \"10m\"\n";
    let metric = "nodejs_eventloop_lag_p99_seconds";
    assert_eq!(
        rules_of(&small_stack(&format!("{NODES}{own}")), "HighEventLoopLag"),
        [
            (
                String::new(),
                "2m".to_owned(),
                format!("{metric}{{job=~\"a|c\"}} > 0.1")
            ),
            (
                "job=b".to_owned(),
                "10m".to_owned(),
                format!("{metric}{{job=\"b\"}} > 0.5")
            ),
        ]
    );
}

#[test]
fn rules_that_differ_in_their_windows_alone_are_joined() {
    let seldom = NODES.replace(
        "address = \"localhost:1\"",
        "address = \"localhost:1\"\ninterval = \"2m\"",
    );
    let more = "[targets.d]\nkind = \"nodejs\"\nhost = \"local\"\naddress = \"localhost:4\"\ninterval = \"2m\"\n";
    let rate = |jobs: &str, window: &str| {
        format!("( rate(process_cpu_seconds_total{{job=~\"{jobs}\"}}[{window}]) > 0.8 )")
    };
    assert_eq!(
        rules_of(&small_stack(&format!("{seldom}{more}")), "HighCPUUsage"),
        [(
            String::new(),
            "10m".to_owned(),
            format!("{} or {}", rate("a|d", "8m"), rate("b|c", "5m"))
        )]
    );
}

#[test]
fn target_down_takes_over_where_no_other_alert_watches() {
    let watched = |more: &str| {
        let rules = rules_of(&small_stack(&format!("{NODES}{more}")), "TargetDown");
        let own = rules.into_iter().find(|(labels, ..)| labels.is_empty());
        own.map(|(_, _, expr)| expr).unwrap_or_default()
    };
    assert!(!watched("").contains("|a|"));
    let off = "[targets.a.thresholds.ServiceDown]\nenabled = false\n";
    assert!(watched(off).contains("job=~\"a|alertmanager"));
    let cluster = "[kafka.clusters.main.nodes.k1]\nhost = \"local\"\njmx = \"localhost:9991\"\n";
    assert!(!watched(cluster).contains("kafka"));
    assert!(watched(&format!("{cluster}[rules]\npacks = [\"system\"]\n")).contains("kafka"));
}

#[test]
fn a_silent_agent_tells_every_service_with_the_labels_on_which_its_targets_agree() {
    let labels = |more: &str| {
        let rules = rules_of(&small_stack(&format!("{NODES}{more}")), "AgentSilent");
        rules
            .into_iter()
            .map(|(labels, _, expr)| format!("{labels}: {expr}"))
            .collect::<Vec<_>>()
    };
    let silent = "unless on (host, environment) present_over_time(up[1m])";
    assert_eq!(
        labels("[targets.a.labels]\nteam = \"x\"\n"),
        [format!(
            ": group by (environment, host, service, team) ( \
             stackgen_expected_target{{service!=\"\"}} ) {silent}"
        )]
    );
    let shards = "[targets.a.labels]\nshard = \"1\"\n";
    let one = NODES.replace(
        "host = \"local\"\naddress = \"localhost:2\"",
        "service = \"a\"\nhost = \"local\"\naddress = \"localhost:2\"",
    );
    let rules = rules_of(&small_stack(&format!("{one}{shards}")), "AgentSilent");
    let own = rules.iter().find(|(labels, ..)| labels == "service=a");
    assert!(
        own.is_some_and(|(_, _, expr)| !expr.contains("shard")),
        "{rules:?}"
    );
}

#[test]
fn the_target_wins_over_the_stack_key_by_key() {
    let text = "[targets.a.thresholds.HighCPUUsage]\nvalue = 0.3\n\
                [rules.thresholds.HighCPUUsage]\nvalue = 0.2\nfor = \"9m\"\nseverity = \"info\"\n";
    let stack = small_stack(&format!("{NODES}{text}"));
    let spec = catalog().alert("HighCPUUsage").unwrap();
    let own = &stack.targets["a"].thresholds;
    let setting = Setting::of(spec, &stack.rules.thresholds, Some(own));
    assert_eq!(setting.threshold, Some(0.3));
    assert_eq!(setting.hold.to_string(), "9m");
    assert_eq!(setting.severity, "info");
}

#[test]
fn many_targets_make_no_more_rules_of_a_pack() {
    let mut text = String::new();
    for n in 0..500 {
        let port = 1000 + n;
        text.push_str(&format!(
            "[targets.t{n}]\nkind = \"nodejs\"\nhost = \"local\"\naddress = \"localhost:{port}\"\n"
        ));
    }
    let files = files(&small_stack(&text));
    let nodejs = files.iter().find(|file| file.pack == "nodejs").unwrap();
    assert_eq!(nodejs.file.alerts().count(), 4);
    assert_eq!(nodejs.sources[0].targets.len(), 500);
}

#[test]
fn no_two_rules_are_duplicates() {
    let text = format!(
        "{NODES}[targets.a.thresholds.HighHeapUsage]\nfor = \"1m\"\n\
         [targets.b.thresholds.HighHeapUsage]\nfor = \"1m\"\n\
         [targets.c.thresholds.ServiceDown]\nfor = \"3m\"\n\
         [kafka.clusters.x.nodes.k1]\nhost = \"local\"\njmx = \"localhost:9991\"\ndata = \"/a\"\n\
         roles = [\"broker\"]\n\
         [kafka.clusters.x.nodes.k2]\nhost = \"local\"\njmx = \"localhost:9992\"\ndata = \"/b\"\n"
    )
    .replace("[targets.c]", "[targets.c]\nservice = \"a\"");
    for file in files(&small_stack(&text)) {
        let mut seen = BTreeSet::new();
        for alert in file.file.alerts() {
            assert!(seen.insert((&alert.alert, &alert.labels)), "{alert:?}");
        }
    }
}

#[test]
fn a_faulty_pack_is_an_error_with_its_place() {
    let pack = |expr: &str| {
        let text = format!(
            "pack: p\ntitle: P\nfeed: always\nalerts:\n  - alert: A\n    severity: info\n    \
             for: 1m\n    expr: {expr}\n    summary: s\n    description: d\n"
        );
        Catalog::compile(&[serde_saphyr::from_str(&text).unwrap()])
    };
    let stack = small_stack("");
    let error = |expr: &str| {
        let topology = Topology::of(&stack);
        let error = pack(expr).and_then(|catalog| lower_with(&catalog, &stack, &topology));
        error.unwrap_err().to_string()
    };
    assert!(error("sum by (job (up)").starts_with("rule pack p, A: "));
    assert!(error("up > << nothing >>").starts_with("rule pack p, A: undefined"));
    assert!(error("up > << nothing").starts_with("rule pack p, A: syntax error"));
}
