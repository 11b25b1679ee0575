//! `prometheus.remote_write` and `loki.write`: where all that the agent has goes.

use super::Site;
use super::http_client::{basic_auth, tls_config};
use crate::component::alloy::syntax::{Block, Value};
use crate::stack::Duration;
use crate::topology::Push;

/// A component that others forward to.
#[derive(Debug, Clone, Copy)]
pub struct Receiver {
    component: &'static str,
}

/// What takes metrics.
pub const METRICS: Receiver = Receiver {
    component: "prometheus.remote_write",
};
/// What takes logs.
pub const LOGS: Receiver = Receiver {
    component: "loki.write",
};

impl Receiver {
    const LABEL: &str = "central";

    fn block(self) -> Block {
        Block::new(self.component, Self::LABEL)
    }

    pub fn receiver(self) -> Value {
        Value::export(self.component, Self::LABEL, "receiver")
    }
}

/// How far back an agent goes after an outage: a night.
pub const KEPT: &str = "8h";

const HOUR: u64 = 3_600_000;

/// Pushes metrics, and keeps them on disk while it cannot.
pub fn metrics_push(site: &Site<'_>) -> Block {
    let push = &site.agent.metrics;
    let queue = Block::unlabelled("queue_config")
        .comment("After an outage all agents catch up at once: a few connections each are enough.")
        .attr("max_shards", 4)
        .comment(
            "One sample that Prometheus finds too old costs the whole request: old ones stay here.",
        )
        .attr("sample_age_limit", oldest_accepted(site).go());
    let endpoint = Block::unlabelled("endpoint").attr("url", push.url.as_str());
    METRICS
        .block()
        .attr("external_labels", external_labels(site))
        .block(client(site, push, endpoint).block(queue))
        .block(Block::unlabelled("wal").attr("max_keepalive_time", kept(site).go()))
}

/// Pushes logs, and reads nothing more while it cannot.
pub fn logs_push(site: &Site<'_>) -> Block {
    let push = &site.agent.logs;
    let endpoint = Block::unlabelled("endpoint")
        .attr("url", push.url.as_str())
        .comment("Eight hours of tries. Meanwhile Docker, the journal and files keep the lines.")
        .attr("max_backoff_period", "1m")
        .attr("max_backoff_retries", 480);
    LOGS.block()
        .attr("external_labels", external_labels(site))
        .block(client(site, push, endpoint))
}

fn client(site: &Site<'_>, push: &Push, endpoint: Block) -> Block {
    endpoint
        .block(basic_auth(site, &push.login.username, &push.login.secret))
        .block(tls_config(site, &push.server_name))
}

/// What every series and stream carries that has no such label of its own.
fn external_labels(site: &Site<'_>) -> Value {
    let own = site.host().into_iter().flat_map(|host| &host.labels);
    let labels = [
        ("environment", &site.stack.environment),
        ("host", &site.agent.host),
    ];
    let own = own.map(|(name, value)| (name.as_str(), value));
    Value::object(labels.into_iter().chain(own))
}

/// Prometheus takes what is at most an hour behind its newest sample, or as much as its
/// out-of-order window allows (tsdb `appendableMinValidTime`: half of a block's two hours).
/// Five minutes less, as clocks differ and requests take a while.
fn oldest_accepted(site: &Site<'_>) -> Duration {
    let window = site.stack.prometheus.out_of_order_window.millis();
    Duration::from_millis(window.max(HOUR) - HOUR / 12)
}

/// Eight hours, or more where Prometheus takes what is older.
fn kept(site: &Site<'_>) -> Duration {
    let window = site.stack.prometheus.out_of_order_window.millis();
    Duration::from_millis(window.max(8 * HOUR))
}
