//! What a node says of itself.

use crate::component::grafana::dashboards::Context;
use crate::component::grafana::dashboards::panel::{Unit, panel, stat, states};
use crate::component::grafana::dashboards::query::{Selector, max, sum};
use crate::component::grafana::model::Panel;

pub fn state(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let total = |title: &str, metric: &str, alert: &str| {
        stat(title)
            .alert_above(context.threshold(alert))
            .query(sum("service", &on.get(metric)), "{{service}}")
    };
    vec![
        states("Nodes")
            .query(on.state(), "{{instance}}")
            .up_or_down()
            .size(12, 6),
        states("Broker state")
            .query(
                on.get("kafka_server_kafkaserver_brokerstate"),
                "{{instance}}",
            )
            .mapped(&[
                (0, "not running", "red"),
                (1, "starting", "orange"),
                (2, "recovering", "orange"),
                (3, "running", "green"),
                (6, "about to stop", "orange"),
                (7, "stopping", "red"),
            ])
            .size(12, 6),
        total(
            "Partitions without enough replicas",
            "kafka_server_replicamanager_underreplicatedpartitions",
            "KafkaUnderReplicatedPartitions",
        )
        .size(8, 4),
        total(
            "Partitions that refuse writes",
            "kafka_server_replicamanager_underminisrpartitioncount",
            "KafkaUnderMinIsrPartitions",
        )
        .size(8, 4),
        total(
            "Log directories offline",
            "kafka_log_logmanager_offlinelogdirectorycount",
            "KafkaOfflineLogDirectory",
        )
        .size(8, 4),
    ]
}

/// Only nodes with the controller's role have these.
pub fn controller(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let metric = |name: &str| on.get(&format!("kafka_controller_kafkacontroller_{name}"));
    vec![
        stat("Active controllers")
            .about("Exactly one must be active.")
            .mapped(&[(0, "none", "red"), (1, "1", "green"), (2, "2", "red")])
            .query(
                sum("service", &metric("activecontrollercount")),
                "{{service}}",
            ),
        stat("Partitions without a leader")
            .alert_above(context.threshold("KafkaOfflinePartitions"))
            .query(
                max("service", &metric("offlinepartitionscount")),
                "{{service}}",
            ),
        stat("Brokers")
            .query(
                max("service", &metric("activebrokercount")),
                "{{service}} active",
            )
            .query(
                max("service", &metric("fencedbrokercount")),
                "{{service}} fenced",
            ),
        stat("Topics").query(max("service", &metric("globaltopiccount")), "{{service}}"),
        stat("Partitions").query(
            max("service", &metric("globalpartitioncount")),
            "{{service}}",
        ),
        stat("Not at their preferred leader").query(
            max("service", &metric("preferredreplicaimbalancecount")),
            "{{service}}",
        ),
        states("Active controller")
            .query(metric("activecontrollercount"), "{{instance}}")
            .mapped(&[(0, "standby", "blue"), (1, "active", "green")])
            .size(12, 6),
        panel("Unclean elections")
            .about("Each one lost messages: the new leader lacked them.")
            .bars()
            .query(
                on.increase("kafka_controller_controllerstats_uncleanleaderelections_total"),
                "{{instance}}",
            )
            .size(12, 6),
    ]
}

pub fn partitions(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let metric = |name: &str| on.get(&format!("kafka_server_replicamanager_{name}"));
    vec![
        panel("Partitions without enough replicas")
            .alert_above(context.threshold("KafkaUnderReplicatedPartitions"))
            .query(metric("underreplicatedpartitions"), "{{instance}}")
            .query(
                metric("underminisrpartitioncount"),
                "{{instance}} refuse writes",
            ),
        panel("Partitions")
            .query(metric("partitioncount"), "{{instance}}")
            .query(metric("leadercount"), "{{instance}} led")
            .query(metric("reassigningpartitions"), "{{instance}} moving"),
        panel("Replicas in sync")
            .about(
                "Replicas that became too slow (shrinks) and caught up again (expands). A clean \
                 stop does not count.",
            )
            .query(
                on.increase("kafka_server_replicamanager_isrshrinks_total"),
                "{{instance}} shrinks",
            )
            .query(
                on.increase("kafka_server_replicamanager_isrexpands_total"),
                "{{instance}} expands",
            ),
        panel("Messages that replicas are behind")
            .query(
                max(
                    "instance",
                    &on.get("kafka_server_replicafetchermanager_maxlag"),
                ),
                "{{instance}}",
            )
            .size(12, 7),
        panel("Replicas offline")
            .query(metric("offlinereplicacount"), "{{instance}}")
            .size(12, 7),
    ]
}

pub fn traffic(on: &Selector) -> Vec<Panel> {
    let broker = |name: &str| on.rate(&format!("kafka_server_brokertopicmetrics_{name}_total"));
    let topics = on.and(r#"topic=~"$topic""#);
    let topic = |name: &str| {
        let metric = format!("kafka_server_brokertopicmetrics_topic_{name}_total");
        sum("topic", &topics.rate(&metric))
    };
    vec![
        panel("Messages in by topic")
            .unit(Unit::PerSecond)
            .query(topic("messagesin"), "{{topic}}"),
        panel("Bytes in by topic")
            .unit(Unit::BytesPerSecond)
            .query(topic("bytesin"), "{{topic}}"),
        panel("Bytes out by topic")
            .unit(Unit::BytesPerSecond)
            .query(topic("bytesout"), "{{topic}}"),
        panel("Bytes by broker")
            .unit(Unit::BytesPerSecond)
            .query(broker("bytesin"), "{{instance}} in")
            .query(broker("bytesout"), "{{instance}} out"),
        panel("Replication by broker")
            .unit(Unit::BytesPerSecond)
            .query(broker("replicationbytesin"), "{{instance}} in")
            .query(broker("replicationbytesout"), "{{instance}} out"),
        panel("Requests that failed")
            .unit(Unit::PerSecond)
            .query(broker("failedproducerequests"), "{{instance}} produce")
            .query(broker("failedfetchrequests"), "{{instance}} fetch"),
    ]
}

/// Where the time of a request goes, in the order in which it passes.
const PHASES: [(&str, &str); 5] = [
    ("requestqueuetimems", "waiting for a handler"),
    ("localtimems", "local"),
    ("remotetimems", "waiting for followers"),
    ("responsequeuetimems", "waiting to be sent"),
    ("responsesendtimems", "sending"),
];

pub fn latency(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let at = |request: &str| on.and(format!(r#"request="{request}",quantile="0.99""#));
    let total = "kafka_network_requestmetrics_totaltimems";
    let phases = |title: &str, request: &str| {
        let p99 = at(request);
        PHASES.iter().fold(
            panel(title)
                .about("99th percentile of each phase, of the slowest node.")
                .unit(Unit::Milliseconds)
                .stacked(),
            |panel, (phase, name)| {
                let metric = format!("kafka_network_requestmetrics_{phase}");
                panel.query(
                    max("service", &p99.get(&metric)),
                    &format!("{{{{service}}}} {name}"),
                )
            },
        )
    };
    vec![
        panel("Produce, 99th percentile")
            .about("Keeps its last value while nothing is produced.")
            .unit(Unit::Milliseconds)
            .alert_above(context.threshold("KafkaHighProducerLatency"))
            .query(at("Produce").get(total), "{{instance}}"),
        phases("Produce by phase", "Produce"),
        panel("Requests").unit(Unit::RequestsPerSecond).query(
            sum(
                "request",
                &on.rate("kafka_network_requestmetrics_requestspersec_total"),
            ),
            "{{request}}",
        ),
        panel("Fetch of consumers, 99th percentile")
            .unit(Unit::Milliseconds)
            .query(at("FetchConsumer").get(total), "{{instance}}"),
        phases("Fetch of consumers by phase", "FetchConsumer"),
        panel("Idle")
            .about("Share of the time in which threads have nothing to do; near 0 requests wait.")
            .unit(Unit::Ratio)
            .whole()
            .query(
                on.get("kafka_server_kafkarequesthandlerpool_requesthandleravgidle_ratio"),
                "{{instance}} handlers",
            )
            .query(
                on.get("kafka_network_socketserver_networkprocessoravgidle_ratio"),
                "{{instance}} network",
            ),
        panel("Answers with an error")
            .unit(Unit::PerSecond)
            .query(
                sum(
                    "request, error",
                    &on.and(r#"error!="NONE""#)
                        .rate("kafka_network_requestmetrics_errorspersec_total"),
                ),
                "{{request}} {{error}}",
            )
            .size(12, 7),
        panel("Requests that wait for a handler")
            .query(
                on.get("kafka_network_requestchannel_requestqueuesize"),
                "{{instance}}",
            )
            .size(12, 7),
    ]
}

pub fn java(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let heap = on.and(r#"area="heap""#);
    vec![
        panel("Heap used of its limit")
            .unit(Unit::Ratio)
            .whole()
            .alert_above(context.threshold("KafkaJvmHeapHigh"))
            .query(
                format!(
                    "{} / ({} > 0)",
                    heap.get("jvm_memory_used_bytes"),
                    heap.get("jvm_memory_max_bytes")
                ),
                "{{instance}}",
            ),
        panel("Garbage collection")
            .about("Share of the time.")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("KafkaJvmGcHigh"))
            .query(
                sum("instance", &on.rate("jvm_gc_collection_seconds_sum")),
                "{{instance}}",
            ),
        panel("CPU")
            .about("In cores.")
            .query(on.rate("process_cpu_seconds_total"), "{{instance}}"),
        panel("Resident memory")
            .unit(Unit::Bytes)
            .query(on.get("process_resident_memory_bytes"), "{{instance}}"),
        panel("Threads")
            .query(on.get("jvm_threads_current"), "{{instance}}")
            .query(
                on.get("jvm_threads_deadlocked"),
                "{{instance}} in a deadlock",
            ),
        panel("File descriptors")
            .query(on.get("process_open_fds"), "{{instance}}")
            .query(
                max("service", &on.get("process_max_fds")),
                "{{service}} limit",
            ),
    ]
}
