//! The agents: whether what they collect arrives.

use super::board::board;
use super::panel::{Unit, panel, stat, states};
use super::query::{Selector, max, sum};
use super::{Context, keys};
use crate::component::grafana::model::{DashboardFile, Panel};

pub fn dashboard(context: &Context<'_>) -> DashboardFile {
    let on = Selector::new(r#"job="alloy",instance=~"$instance""#);
    let hosts = context.topology.agents.iter();
    board(
        "agents",
        "Agents",
        "What the agents push, how late it is, and what gets lost",
    )
    .caused_by(["alloy".to_owned()])
    .caused_by(keys("hosts", hosts.map(|agent| agent.host.as_str())))
    .variable(
        "instance",
        "Host",
        r#"stackgen_expected_target{job="alloy"}"#,
        "instance",
    )
    .alerts(r#"host=~"$instance""#)
    .row("State", state(context, &on))
    .row("Metrics", metrics(context, &on))
    .row("Targets", targets())
    .row("Logs", logs(context, &on))
    .row("Process", process(&on))
    .finish()
}

/// Age of the newest sample that was delivered, against the newest one that is there.
fn behind(on: &Selector) -> String {
    format!(
        "{} - {}",
        max(
            "instance",
            &on.get("prometheus_remote_storage_highest_timestamp_in_seconds")
        ),
        max(
            "instance",
            &on.get("prometheus_remote_storage_queue_highest_sent_timestamp_seconds")
        )
    )
}

fn unhealthy(on: &Selector) -> String {
    let components = on
        .and(r#"health_type!="healthy""#)
        .get("alloy_component_controller_running_components");
    sum("instance", &components)
}

fn state(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        states("State")
            .query(on.state(), "{{instance}}")
            .up_or_down()
            .size(12, 7),
        stat("Behind")
            .unit(Unit::Seconds)
            .alert_above(context.threshold("AlloyRemoteWriteBehind"))
            .query(behind(on), "{{instance}}")
            .size(4, 7),
        stat("Unhealthy components")
            .alert_above(context.threshold("AlloyComponentsUnhealthy"))
            .query(unhealthy(on), "{{instance}}")
            .size(4, 7),
        stat("Version")
            .query(
                max("instance, version", &on.get("alloy_build_info")),
                "{{instance}} {{version}}",
            )
            .names_only()
            .size(4, 7),
    ]
}

fn metrics(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let storage = |name: &str| format!("prometheus_remote_storage_{name}");
    let each = |name: &str| sum("instance", &on.rate(&storage(name)));
    vec![
        panel("Behind")
            .unit(Unit::Seconds)
            .alert_above(context.threshold("AlloyRemoteWriteBehind"))
            .query(behind(on), "{{instance}}"),
        panel("Samples sent")
            .unit(Unit::PerSecond)
            .query(each("samples_total"), "{{instance}}"),
        panel("Samples that wait").query(
            sum("instance", &on.get(&storage("samples_pending"))),
            "{{instance}}",
        ),
        panel("Samples lost")
            .about("Refused for good (failed), or never sent (dropped).")
            .unit(Unit::PerSecond)
            .query(each("samples_failed_total"), "{{instance}} failed")
            .query(each("samples_dropped_total"), "{{instance}} dropped"),
        panel("Samples sent again")
            .unit(Unit::PerSecond)
            .query(each("samples_retried_total"), "{{instance}}"),
        panel("Bytes sent")
            .unit(Unit::BytesPerSecond)
            .query(each("bytes_total"), "{{instance}}"),
        panel("Time of a push, 99th percentile")
            .unit(Unit::Seconds)
            .query(
                on.quantile(0.99, "instance", &storage("sent_batch_duration_seconds")),
                "{{instance}}",
            ),
        panel("Shards")
            .query(sum("instance", &on.get(&storage("shards"))), "{{instance}}")
            .query(
                sum("instance", &on.get(&storage("shards_desired"))),
                "{{instance}} desired",
            )
            .query(
                sum("instance", &on.get(&storage("shards_max"))),
                "{{instance}} limit",
            ),
        panel("Write-ahead log").unit(Unit::Bytes).query(
            sum(
                "instance",
                &on.get("prometheus_tsdb_wal_storage_size_bytes"),
            ),
            "{{instance}}",
        ),
        panel("Active series")
            .query(
                sum(
                    "instance",
                    &on.get("prometheus_remote_write_wal_storage_active_series"),
                ),
                "{{instance}}",
            )
            .size(12, 7),
        panel("Samples out of order")
            .about("Refused by the agent's own write-ahead log.")
            .unit(Unit::PerSecond)
            .query(
                sum(
                    "instance",
                    &on.rate("prometheus_remote_write_wal_out_of_order_samples_total"),
                ),
                "{{instance}}",
            )
            .size(12, 7),
    ]
}

/// What every agent scrapes: of all jobs.
fn targets() -> Vec<Panel> {
    let on = Selector::new(r#"job=~".+",host=~"$instance""#);
    vec![
        panel("Targets that answer")
            .query(format!("sum by (host) ({})", on.get("up")), "{{host}}")
            .query(
                format!("count by (host) ({})", on.get("stackgen_expected_target")),
                "{{host}} expected",
            ),
        panel("Slowest scrapes").unit(Unit::Seconds).query(
            format!("topk(10, {})", on.get("scrape_duration_seconds")),
            "{{job}} {{instance}}",
        ),
        panel("Largest targets")
            .about("Samples in a scrape.")
            .query(
                format!("topk(10, {})", on.get("scrape_samples_scraped")),
                "{{job}} {{instance}}",
            ),
    ]
}

fn logs(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        panel("Lines sent").unit(Unit::PerSecond).query(
            sum("instance", &on.rate("loki_write_sent_entries_total")),
            "{{instance}}",
        ),
        panel("Lines lost")
            .unit(Unit::PerSecond)
            .alert_above(context.threshold("AlloyLogsLost"))
            .query(
                sum(
                    "instance, reason",
                    &on.rate("loki_write_dropped_entries_total"),
                ),
                "{{instance}} {{reason}}",
            ),
        panel("Pushes sent again").unit(Unit::PerSecond).query(
            sum("instance", &on.rate("loki_write_batch_retries_total")),
            "{{instance}}",
        ),
        panel("Lines read by source")
            .unit(Unit::PerSecond)
            .query(
                sum(
                    "instance",
                    &on.rate("loki_source_docker_target_entries_total"),
                ),
                "{{instance}} containers",
            )
            .query(
                sum("instance", &on.rate("loki_source_file_read_lines_total")),
                "{{instance}} files",
            )
            .query(
                sum(
                    "instance",
                    &on.rate("loki_source_journal_target_lines_total"),
                ),
                "{{instance}} journal",
            ),
        panel("Pushes by status")
            .unit(Unit::RequestsPerSecond)
            .query(
                sum(
                    "status_code",
                    &on.rate("loki_write_request_duration_seconds_count"),
                ),
                "{{status_code}}",
            )
            .colored("^[45]", "red"),
        panel("Bytes sent").unit(Unit::BytesPerSecond).query(
            sum("instance", &on.rate("loki_write_sent_bytes_total")),
            "{{instance}}",
        ),
    ]
}

fn process(on: &Selector) -> Vec<Panel> {
    vec![
        panel("CPU").about("In cores.").query(
            on.rate("alloy_resources_process_cpu_seconds_total"),
            "{{instance}}",
        ),
        panel("Resident memory").unit(Unit::Bytes).query(
            on.get("alloy_resources_process_resident_memory_bytes"),
            "{{instance}}",
        ),
        panel("Components by health").query(
            sum(
                "instance, health_type",
                &on.get("alloy_component_controller_running_components"),
            ),
            "{{instance}} {{health_type}}",
        ),
        states("Configuration loaded")
            .query(on.get("alloy_config_last_load_successful"), "{{instance}}")
            .mapped(&[(1, "yes", "green"), (0, "no", "red")])
            .size(12, 6),
        panel("Restarts")
            .bars()
            .query(
                format!(
                    "changes({}[$__rate_interval])",
                    on.get("alloy_resources_process_start_time_seconds")
                ),
                "{{instance}}",
            )
            .size(12, 6),
    ]
}
