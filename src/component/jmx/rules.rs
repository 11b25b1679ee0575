//! The beans of a Kafka node, and the metrics that they become.
//!
//! A counter's name ends in `_total` here: client_java 1.x adds that to one that lacks it.

use super::model::{Kind, Rule};

/// Beans that any rule is about, in JMX's own patterns.
pub(super) const OBJECT_NAMES: [&str; 18] = [
    "kafka.server:type=KafkaServer,name=BrokerState",
    "kafka.server:type=ReplicaManager,name=*",
    "kafka.server:type=ReplicaFetcherManager,name=*,clientId=*",
    "kafka.server:type=BrokerTopicMetrics,name=*",
    "kafka.server:type=BrokerTopicMetrics,name=*,topic=*",
    "kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent",
    "kafka.server:type=DelayedOperationPurgatory,name=*,delayedOperation=*",
    "kafka.server:type=raft-metrics",
    "kafka.server:type=broker-metadata-metrics",
    "kafka.controller:type=KafkaController,name=*",
    "kafka.controller:type=ControllerStats,name=UncleanLeaderElectionsPerSec",
    "kafka.network:type=RequestMetrics,name=*,*",
    "kafka.network:type=RequestChannel,name=RequestQueueSize",
    "kafka.network:type=SocketServer,name=NetworkProcessorAvgIdlePercent",
    "kafka.log:type=Log,name=Size,*",
    "kafka.log:type=LogFlushStats,name=LogFlushRateAndTimeMs",
    "kafka.log:type=LogManager,name=OfflineLogDirectoryCount",
    "kafka.log:type=LogManager,name=LogDirectoryOffline,*",
];

pub(super) fn all() -> Vec<Rule> {
    let mut rules = server();
    rules.extend(topics());
    rules.extend(raft());
    rules.extend(controller());
    rules.extend(requests());
    rules.extend(log());
    rules
}

fn server() -> Vec<Rule> {
    vec![
        gauge(
            "kafka.server<type=KafkaServer, name=BrokerState><>Value",
            "kafka_server_kafkaserver_brokerstate",
            "State of the broker; 3 is running.",
        ),
        counter(
            "kafka.server<type=ReplicaManager, name=(.+)PerSec><>Count",
            "kafka_server_replicamanager_$1_total",
            "Events of replication, by name.",
        ),
        gauge(
            "kafka.server<type=ReplicaManager, name=(.+)><>Value",
            "kafka_server_replicamanager_$1",
            "State of replication, by name.",
        ),
        gauge(
            "kafka.server<type=ReplicaFetcherManager, name=(.+), clientId=(.+)><>Value",
            "kafka_server_replicafetchermanager_$1",
            "State of the fetchers of replicas; lag is that of replicas, not of consumers.",
        )
        .label("clientId", "$2"),
        gauge(
            "kafka.server<type=KafkaRequestHandlerPool, name=RequestHandlerAvgIdlePercent><>OneMinuteRate",
            "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_ratio",
            "Share of time in which request handlers are idle.",
        ),
        gauge(
            "kafka.server<type=DelayedOperationPurgatory, name=(.+), delayedOperation=(.+)><>Value",
            "kafka_server_delayedoperationpurgatory_$1",
            "Requests that wait.",
        )
        .label("delayedOperation", "$2"),
    ]
}

/// Names differ with and without a topic, so that sums don't count twice.
fn topics() -> Vec<Rule> {
    vec![
        counter(
            "kafka.server<type=BrokerTopicMetrics, name=\
             (BytesIn|BytesOut|MessagesIn|TotalFetchRequests|TotalProduceRequests)PerSec, topic=(.+)><>Count",
            "kafka_server_brokertopicmetrics_topic_$1_total",
            "Traffic of a topic, by name.",
        )
        .label("topic", "$2"),
        counter(
            "kafka.server<type=BrokerTopicMetrics, name=([^,]+)PerSec><>Count",
            "kafka_server_brokertopicmetrics_$1_total",
            "Traffic of all topics, by name.",
        ),
    ]
}

fn raft() -> Vec<Rule> {
    vec![
        gauge(
            "kafka.server<type=raft-metrics><>current-state: (.+)",
            "kafka_server_raft_metrics_current_state",
            "The node's part in the quorum, as the label says.",
        )
        .label("state", "$1")
        .valued(1),
        gauge(
            "kafka.server<type=raft-metrics><>(.+): ",
            "kafka_server_raft_metrics_$1",
            "State of the quorum, by name.",
        ),
        gauge(
            "kafka.server<type=broker-metadata-metrics><>(.+): ",
            "kafka_server_broker_metadata_metrics_$1",
            "Metadata that the broker applied, by name.",
        ),
    ]
}

fn controller() -> Vec<Rule> {
    vec![
        counter(
            "kafka.controller<type=ControllerStats, name=UncleanLeaderElectionsPerSec><>Count",
            "kafka_controller_controllerstats_uncleanleaderelections_total",
            "Elections that lost records.",
        ),
        counter(
            "kafka.controller<type=KafkaController, name=\
             (EventQueueOperationsStarted|EventQueueOperationsTimedOut|NewActiveControllers|TimedOutBrokerHeartbeat)\
             Count><>Value",
            "kafka_controller_kafkacontroller_$1_total",
            "Events of the controller, by name.",
        ),
        gauge(
            "kafka.controller<type=KafkaController, name=(.+)><>Value",
            "kafka_controller_kafkacontroller_$1",
            "State of the controller, by name.",
        ),
    ]
}

fn requests() -> Vec<Rule> {
    let time = "kafka.network<type=RequestMetrics, name=(.+TimeMs), request=(Produce|FetchConsumer|FetchFollower)><>";
    let metric = "kafka_network_requestmetrics_$1";
    let mut rules = vec![
        counter(
            "kafka.network<type=RequestMetrics, name=(RequestsPerSec), request=(.+), version=(.+)><>Count",
            "kafka_network_requestmetrics_$1_total",
            "Requests.",
        )
        .label("request", "$2")
        .label("version", "$3"),
        counter(
            "kafka.network<type=RequestMetrics, name=(ErrorsPerSec), request=(.+), error=(.+)><>Count",
            "kafka_network_requestmetrics_$1_total",
            "Answers, by error; NONE is none.",
        )
        .label("request", "$2")
        .label("error", "$3"),
        counter(
            &format!("{time}Count"),
            &format!("{metric}_observations_total"),
            "Requests whose time was taken.",
        )
        .label("request", "$2"),
    ];
    rules.extend(
        quantiles(time, metric, "Milliseconds of a request, by part.")
            .map(|rule| rule.label("request", "$2")),
    );
    rules.extend([
        gauge(
            "kafka.network<type=RequestChannel, name=RequestQueueSize><>Value",
            "kafka_network_requestchannel_requestqueuesize",
            "Requests that wait for a handler.",
        ),
        gauge(
            "kafka.network<type=SocketServer, name=NetworkProcessorAvgIdlePercent><>Value",
            "kafka_network_socketserver_networkprocessoravgidle_ratio",
            "Share of time in which network threads are idle.",
        ),
    ]);
    rules
}

fn log() -> Vec<Rule> {
    let flush = "kafka.log<type=LogFlushStats, name=LogFlushRateAndTimeMs><>";
    let metric = "kafka_log_logflushstats_logflushrateandtimems";
    let mut rules = vec![
        gauge(
            "kafka.log<type=Log, name=Size, topic=(.+), partition=(.+)><>Value",
            "kafka_log_log_size",
            "Bytes of a partition on this node.",
        )
        .label("topic", "$1")
        .label("partition", "$2"),
        counter(
            &format!("{flush}Count"),
            "kafka_log_logflushstats_logflushes_total",
            "Flushes of logs to disk.",
        ),
    ];
    rules.extend(quantiles(flush, metric, "Milliseconds of a flush."));
    rules.extend([
        gauge(
            "kafka.log<type=LogManager, name=OfflineLogDirectoryCount><>Value",
            "kafka_log_logmanager_offlinelogdirectorycount",
            "Log directories that can't be used.",
        ),
        gauge(
            r#"kafka.log<type=LogManager, name=LogDirectoryOffline, logDirectory="?([^">]+)"?><>Value"#,
            "kafka_log_logmanager_logdirectoryoffline",
            "Whether a log directory can't be used.",
        )
        .label("logDirectory", "$1"),
    ]);
    rules
}

/// One rule a quantile of a histogram bean: `999thPercentile` is 0.999.
fn quantiles(bean: &str, metric: &str, help: &str) -> impl Iterator<Item = Rule> {
    [
        ("50", "0.50"),
        ("75", "0.75"),
        ("95", "0.95"),
        ("98", "0.98"),
        ("99", "0.99"),
        ("999", "0.999"),
    ]
    .map(|(attribute, quantile)| {
        gauge(&format!("{bean}{attribute}thPercentile"), metric, help).label("quantile", quantile)
    })
    .into_iter()
}

fn gauge(pattern: &str, name: &str, help: &str) -> Rule {
    rule(Kind::Gauge, pattern, name, help)
}

fn counter(pattern: &str, name: &str, help: &str) -> Rule {
    rule(Kind::Counter, pattern, name, help)
}

fn rule(kind: Kind, pattern: &str, name: &str, help: &str) -> Rule {
    Rule {
        pattern: pattern.to_owned(),
        name: name.to_owned(),
        value: None,
        kind,
        help: help.to_owned(),
        labels: Default::default(),
    }
}

impl Rule {
    fn label(mut self, name: &'static str, value: &'static str) -> Rule {
        self.labels.insert(name, value);
        self
    }

    fn valued(mut self, value: u8) -> Rule {
        self.value = Some(value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_ends_in_total_and_nothing_else_does() {
        for rule in all() {
            assert_eq!(
                rule.name.ends_with("_total"),
                rule.kind == Kind::Counter,
                "{}",
                rule.name
            );
        }
    }

    #[test]
    fn every_rule_is_about_a_bean_that_is_asked() {
        // `kafka.log<type=Log, name=…` is about kafka.log:type=Log.
        for rule in all() {
            let bean = rule.pattern.replacen('<', ":", 1);
            let bean = bean.split([',', '>']).next().unwrap_or_default();
            let asked = |name: &&str| name.split(',').next() == Some(bean);
            assert!(OBJECT_NAMES.iter().any(asked), "{}", rule.pattern);
        }
    }

    #[test]
    fn groups_of_a_pattern_are_those_that_are_used() {
        for rule in all() {
            let groups = rule.pattern.matches('(').count();
            let texts = std::iter::once(rule.name.as_str()).chain(rule.labels.values().copied());
            let used: String = texts.collect::<Vec<_>>().join(" ");
            for group in 1..=groups {
                assert!(used.contains(&format!("${group}")), "{}", rule.pattern);
            }
            assert!(
                !used.contains(&format!("${}", groups + 1)),
                "{}",
                rule.pattern
            );
        }
    }
}
