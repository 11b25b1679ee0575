//! Kafka clusters: the brokers' MBeans by the names of the JMX rule file, and consumer lag by
//! those of the Kafka exporter inside the agent.

mod broker;
mod lag;
mod storage;

use super::board::board;
use super::query::Selector;
use super::{Context, keys};
use crate::component::grafana::model::DashboardFile;
use crate::stack::{Cluster, KafkaRole};

pub fn dashboard(context: &Context<'_>) -> Option<DashboardFile> {
    let clusters = &context.stack.clusters;
    if clusters.is_empty() {
        return None;
    }
    let has_controllers = clusters.values().any(has_controllers);
    let has_lag = clusters.values().any(|cluster| cluster.lag.is_some());
    let on = Selector::new(r#"job="kafka",service=~"$service",instance=~"$instance""#);
    let controllers = Selector::new(r#"job="kafka",service=~"$service""#);
    let lag = Selector::new(
        r#"job="kafka-lag",service=~"$service",consumergroup=~"$group",topic=~"$topic""#,
    );
    let mut board = board(
        "kafka",
        "Kafka",
        "Brokers, partitions, traffic, latency and consumer lag of Kafka clusters",
    )
    .caused_by(keys("kafka.clusters", clusters.keys().map(String::as_str)))
    .variable(
        "service",
        "Service",
        r#"up{job=~"kafka|kafka-lag"}"#,
        "service",
    )
    .variable(
        "instance",
        "Node",
        r#"up{job="kafka",service=~"$service"}"#,
        "instance",
    )
    .variable(
        "topic",
        "Topic",
        r#"kafka_log_log_size{job="kafka",service=~"$service"}"#,
        "topic",
    );
    if has_lag {
        board = board.variable(
            "group",
            "Consumer group",
            r#"kafka_consumergroup_uncommitted_offsets{job="kafka-lag",service=~"$service"}"#,
            "consumergroup",
        );
    }
    board = board
        .alerts(r#"service=~"$service""#)
        .row("State", broker::state(context, &on));
    if has_controllers {
        board = board.row("Controller", broker::controller(context, &controllers));
    }
    board = board
        .row("Partitions", broker::partitions(context, &on))
        .row("Traffic", broker::traffic(&on))
        .row("Latency", broker::latency(context, &on));
    if has_lag {
        board = board.row("Consumer lag", lag::panels(context, &lag));
    }
    let board = board
        .row("Storage", storage::panels(context, &on))
        .row("Java", broker::java(context, &on));
    Some(board.finish())
}

fn has_controllers(cluster: &Cluster) -> bool {
    let mut nodes = cluster.nodes.values();
    nodes.any(|node| node.roles.contains(&KafkaRole::Controller))
}
