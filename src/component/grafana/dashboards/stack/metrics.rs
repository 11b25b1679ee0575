//! What Prometheus takes in and keeps.

use crate::component::grafana::dashboards::Context;
use crate::component::grafana::dashboards::panel::{Unit, panel};
use crate::component::grafana::dashboards::query::{Selector, sum};
use crate::component::grafana::model::Panel;

pub fn prometheus(context: &Context<'_>) -> Vec<Panel> {
    let on = Selector::new(r#"job="prometheus""#);
    let pushes = on.and(r#"handler="/api/v1/write""#);
    let tsdb = |name: &str| format!("prometheus_tsdb_{name}");
    vec![
        panel("Series").query(on.get(&tsdb("head_series")), "in memory"),
        panel("Samples taken in").unit(Unit::PerSecond).query(
            sum("type", &on.rate(&tsdb("head_samples_appended_total"))),
            "{{type}}",
        ),
        panel("Pushes by status")
            .unit(Unit::RequestsPerSecond)
            .stacked()
            .query(
                sum("code", &pushes.rate("prometheus_http_requests_total")),
                "{{code}}",
            )
            .colored("^[45]", "red"),
        panel("Samples refused")
            .about("They came too late, or too early, and are lost.")
            .unit(Unit::PerSecond)
            .alert_above(context.threshold("PrometheusOutOfOrderSamples"))
            .query(
                sum("job", &on.rate(&tsdb("out_of_order_samples_total"))),
                "out of order",
            )
            .query(
                sum("job", &on.rate(&tsdb("too_old_samples_total"))),
                "too old",
            )
            .query(
                sum("job", &on.rate(&tsdb("out_of_bound_samples_total"))),
                "out of bounds",
            ),
        panel("Duration of requests, 99th percentile")
            .unit(Unit::Seconds)
            .query(
                on.and(r#"handler=~"/api/v1/(write|query|query_range)""#)
                    .quantile(0.99, "handler", "prometheus_http_request_duration_seconds"),
                "{{handler}}",
            ),
        panel("Disk")
            .unit(Unit::Bytes)
            .stacked()
            .query(on.get(&tsdb("storage_blocks_bytes")), "blocks")
            .query(on.get(&tsdb("wal_storage_size_bytes")), "write-ahead log")
            .query(
                on.get(&tsdb("head_chunks_storage_size_bytes")),
                "newest chunks",
            ),
        panel("Disk of its limit")
            .about("At the limit the oldest blocks are deleted.")
            .unit(Unit::Ratio)
            .query(
                format!(
                    "{} / ({} > 0)",
                    on.get(&tsdb("storage_blocks_bytes")),
                    on.get(&tsdb("retention_limit_bytes"))
                ),
                "used",
            ),
        panel("Faults of the storage")
            .bars()
            .query(
                on.increase(&tsdb("compactions_failed_total")),
                "compactions",
            )
            .query(
                on.increase(&tsdb("wal_writes_failed_total")),
                "writes of the log",
            )
            .query(
                on.increase(&tsdb("wal_corruptions_total")),
                "corruptions of the log",
            )
            .query(
                on.increase(&tsdb("reloads_failures_total")),
                "reads of blocks",
            ),
        panel("Oldest sample")
            .about("How far back the data reaches.")
            .unit(Unit::Seconds)
            .query(
                format!("time() - {}", on.get(&tsdb("lowest_timestamp_seconds"))),
                "age",
            ),
    ]
}
