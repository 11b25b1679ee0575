//! Loki and Grafana.

use crate::component::grafana::dashboards::Context;
use crate::component::grafana::dashboards::panel::{Unit, panel};
use crate::component::grafana::dashboards::query::{Selector, sum};
use crate::component::grafana::model::Panel;

pub fn loki(context: &Context<'_>) -> Vec<Panel> {
    let on = Selector::new(r#"job="loki""#);
    let ingester = |name: &str| format!("loki_ingester_{name}");
    let requests = "loki_request_duration_seconds";
    vec![
        panel("Lines taken in").unit(Unit::PerSecond).query(
            sum("job", &on.rate("loki_distributor_lines_received_total")),
            "lines",
        ),
        panel("Bytes taken in").unit(Unit::BytesPerSecond).query(
            sum("job", &on.rate("loki_distributor_bytes_received_total")),
            "bytes",
        ),
        panel("Lines refused")
            .unit(Unit::PerSecond)
            .alert_above(context.threshold("LokiLogsRefused"))
            .query(
                sum("reason", &on.rate("loki_discarded_samples_total")),
                "{{reason}}",
            ),
        panel("Requests by status")
            .unit(Unit::RequestsPerSecond)
            .stacked()
            .query(
                sum("status_code", &on.rate(&format!("{requests}_count"))),
                "{{status_code}}",
            )
            .colored("^5", "red")
            .colored("^4", "orange"),
        panel("Duration of requests, 99th percentile")
            .unit(Unit::Seconds)
            .query(
                on.and(r#"route=~"loki_api_v1_.+""#)
                    .quantile(0.99, "route", requests),
                "{{route}}",
            ),
        panel("Streams and chunks in memory")
            .query(sum("job", &on.get(&ingester("memory_streams"))), "streams")
            .query(on.get(&ingester("memory_chunks")), "chunks"),
        panel("Chunks that wait to be stored")
            .query(on.get(&ingester("flush_queue_length")), "chunks"),
        panel("Faults")
            .bars()
            .query(on.increase("loki_panic_total"), "panics")
            .query(
                on.increase(&ingester("chunks_flush_failures_total")),
                "chunks not stored",
            )
            .query(
                on.increase(&ingester("wal_disk_full_failures_total")),
                "disk full",
            ),
        panel("Last run of the retention")
            .about("How long ago old logs were last deleted.")
            .unit(Unit::Seconds)
            .query(
                format!(
                    "time() - {}",
                    on.get("loki_compactor_apply_retention_last_successful_run_timestamp_seconds")
                ),
                "ago",
            ),
    ]
}

pub fn grafana() -> Vec<Panel> {
    let on = Selector::new(r#"job="grafana""#);
    let requests = "grafana_http_request_duration_seconds";
    vec![
        panel("Requests by status")
            .unit(Unit::RequestsPerSecond)
            .stacked()
            .query(
                sum("status_code", &on.rate(&format!("{requests}_count"))),
                "{{status_code}}",
            )
            .colored("^5", "red")
            .colored("^4", "orange"),
        panel("Duration of requests, 95th percentile")
            .unit(Unit::Seconds)
            .query(on.quantile(0.95, "job", requests), "p95"),
    ]
}
