//! Node.js services: metrics of prom-client, and the application's own histogram of requests.

use super::board::board;
use super::panel::{Unit, log_panels, panel, stat, states};
use super::query::{Selector, max, one_of, sum};
use super::{Context, keys};
use crate::component::grafana::model::{DashboardFile, Panel};
use crate::stack::{HttpHistogram, Target, TargetKind};

/// The heap that HighHeapUsage compares with at least, where no limit is declared.
const HEAP_FLOOR: u64 = 256 << 20;

pub fn dashboard(context: &Context<'_>) -> Option<DashboardFile> {
    let jobs = context.targets(TargetKind::Nodejs);
    if jobs.is_empty() {
        return None;
    }
    let of_kind = one_of("job", jobs.iter().copied());
    let on = Selector::new(r#"job=~"$job",service=~"$service",instance=~"$instance""#);
    let has_logs = jobs
        .iter()
        .any(|job| context.stack.targets[*job].logs.is_some());
    let mut board = board(
        "nodejs",
        "Node.js services",
        "Requests, memory, event loop and logs of Node.js services",
    )
    .caused_by(keys("targets", jobs.iter().copied()))
    .variable("job", "Target", &format!("up{{{of_kind}}}"), "job")
    .variable("service", "Service", r#"up{job=~"$job"}"#, "service")
    .variable(
        "instance",
        "Instance",
        r#"up{job=~"$job",service=~"$service"}"#,
        "instance",
    )
    .alerts(r#"service=~"$service""#)
    .row("State", state(&on))
    .row("Requests", requests(context, &on, &jobs))
    .row("Memory", memory(context, &on, &jobs))
    .row("Event loop and CPU", event_loop(context, &on))
    .row("Process", process(&on));
    if has_logs {
        let stream = format!(
            r#"{{{},job=~"$job",service=~"$service"}}"#,
            context.environment()
        );
        board = board.search().row("Logs", log_panels(&stream));
    }
    Some(board.finish())
}

fn state(on: &Selector) -> Vec<Panel> {
    vec![
        states("State")
            .query(on.state(), "{{instance}}")
            .up_or_down()
            .size(12, 4),
        stat("Up for").unit(Unit::Seconds).query(
            format!("time() - {}", on.get("process_start_time_seconds")),
            "{{instance}}",
        ),
        stat("Restarts in a day")
            .about("How often the process started anew in the last 24 hours.")
            .alert_above(Some(0.0))
            .query(
                format!("changes({}[1d])", on.get("process_start_time_seconds")),
                "{{instance}}",
            ),
        stat("Node.js")
            .query(
                max("instance, version", &on.get("nodejs_version_info")),
                "{{instance}} {{version}}",
            )
            .names_only(),
    ]
}

/// One query for each histogram that targets declare: its name and labels are the application's.
fn requests(context: &Context<'_>, on: &Selector, jobs: &[&str]) -> Vec<Panel> {
    let histograms = histograms(context, jobs);
    if histograms.is_empty() {
        return Vec::new();
    }
    let mut by_status = panel("Requests by status")
        .unit(Unit::RequestsPerSecond)
        .stacked()
        .colored("^5", "red")
        .colored("^4", "orange");
    let mut errors = panel("Share of errors")
        .about("Answers with a status of 500 or above.")
        .unit(Unit::Ratio)
        .alert_above(context.threshold("HighErrorRate"));
    let mut duration = panel("Duration")
        .about(
            "Estimated from the histogram's buckets: no value lies above the largest finite one.",
        )
        .unit(Unit::Seconds)
        .alert_above(context.threshold("SlowResponseTime"));
    let several = histograms.len() > 1;
    for (histogram, of_jobs) in &histograms {
        let on = if several {
            on.and(one_of("job", of_jobs.iter().copied()))
        } else {
            on.clone()
        };
        let status = &histogram.status_label;
        let count = format!("{}_count", histogram.name);
        let failed = on.and(format!(r#"{status}=~"5..""#));
        by_status = by_status.query(sum(status, &on.rate(&count)), &format!("{{{{{status}}}}}"));
        // Without a request that failed there is no such series: that is a share of 0.
        errors = errors.query(
            format!(
                "({failed} or 0 * {all}) / {all}",
                failed = sum("service", &failed.rate(&count)),
                all = sum("service", &on.rate(&count))
            ),
            "{{service}}",
        );
        for (quantile, name) in [(0.5, "p50"), (0.95, "p95"), (0.99, "p99")] {
            duration = duration.query(
                on.quantile(quantile, "service", &histogram.name),
                &format!("{{{{service}}}} {name}"),
            );
        }
    }
    vec![by_status, errors, duration]
}

/// Histograms that differ in name or status label, with the targets that have them.
fn histograms<'a>(
    context: &'a Context<'_>,
    jobs: &[&'a str],
) -> Vec<(&'a HttpHistogram, Vec<&'a str>)> {
    let mut found: Vec<(&HttpHistogram, Vec<&str>)> = Vec::new();
    for job in jobs {
        let Some(http) = &context.stack.targets[*job].http else {
            continue;
        };
        let same = found.iter_mut().find(|(other, _)| {
            (&other.name, &other.status_label) == (&http.name, &http.status_label)
        });
        match same {
            Some((_, of_jobs)) => of_jobs.push(job),
            None => found.push((http, vec![job])),
        }
    }
    found
}

fn memory(context: &Context<'_>, on: &Selector, jobs: &[&str]) -> Vec<Panel> {
    vec![
        panel("Resident memory")
            .unit(Unit::Bytes)
            .alert_above(context.threshold("HighMemoryUsage"))
            .query(on.get("process_resident_memory_bytes"), "{{instance}}"),
        panel("Heap")
            .unit(Unit::Bytes)
            .query(on.get("nodejs_heap_size_used_bytes"), "{{instance}} used")
            .query(
                on.get("nodejs_heap_size_total_bytes"),
                "{{instance}} committed",
            )
            .query(
                on.get("nodejs_external_memory_bytes"),
                "{{instance}} external",
            ),
        heap_share(context, on, jobs),
        panel("Heap spaces")
            .unit(Unit::Bytes)
            .stacked()
            .query(
                sum("space", &on.get("nodejs_heap_space_size_used_bytes")),
                "{{space}}",
            )
            .size(12, 8),
        panel("Free in heap spaces")
            .unit(Unit::Bytes)
            .query(
                sum("space", &on.get("nodejs_heap_space_size_available_bytes")),
                "{{space}}",
            )
            .size(12, 8),
    ]
}

/// The share that HighHeapUsage looks at: one query for each declared limit, one for the rest.
fn heap_share(context: &Context<'_>, on: &Selector, jobs: &[&str]) -> Panel {
    let mut limits: Vec<(Option<u64>, Vec<&str>)> = Vec::new();
    for job in jobs {
        let Target { heap_limit, .. } = &context.stack.targets[*job];
        let limit = heap_limit.map(|size| size.0);
        match limits.iter_mut().find(|(other, _)| *other == limit) {
            Some((_, of_jobs)) => of_jobs.push(job),
            None => limits.push((limit, vec![job])),
        }
    }
    let mut share = panel("Heap used of its limit")
        .about(
            "The limit is the target's heap_limit; without one it is the committed heap, of which \
             healthy processes often use more than 90 %.",
        )
        .unit(Unit::Ratio)
        .whole()
        .alert_above(context.threshold("HighHeapUsage"));
    for (limit, of_jobs) in limits {
        let on = on.and(one_of("job", of_jobs));
        let used = on.get("nodejs_heap_size_used_bytes");
        let whole = match limit {
            Some(bytes) => bytes.to_string(),
            None => format!(
                "clamp_min({}, {HEAP_FLOOR})",
                on.get("nodejs_heap_size_total_bytes")
            ),
        };
        share = share.query(format!("{used} / {whole}"), "{{instance}}");
    }
    share
}

fn event_loop(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        panel("Event loop lag")
            .about("How late turns of the event loop start; every request waits that long.")
            .unit(Unit::Seconds)
            .alert_above(context.threshold("HighEventLoopLag"))
            .query(
                on.get("nodejs_eventloop_lag_p99_seconds"),
                "{{instance}} p99",
            )
            .query(
                on.get("nodejs_eventloop_lag_p90_seconds"),
                "{{instance}} p90",
            )
            .query(
                on.get("nodejs_eventloop_lag_p50_seconds"),
                "{{instance}} p50",
            ),
        panel("CPU")
            .about("Of one core: JavaScript runs on one.")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("HighCPUUsage"))
            .query(on.rate("process_cpu_seconds_total"), "{{instance}}")
            .query(
                on.rate("process_cpu_system_seconds_total"),
                "{{instance}} system",
            ),
        panel("Garbage collection")
            .about("Share of the time that is spent collecting garbage.")
            .unit(Unit::Ratio)
            .stacked()
            .query(
                sum("instance, kind", &on.rate("nodejs_gc_duration_seconds_sum")),
                "{{instance}} {{kind}}",
            ),
    ]
}

fn process(on: &Selector) -> Vec<Panel> {
    vec![
        panel("Open handles").unit(Unit::Count).query(
            sum("instance, type", &on.get("nodejs_active_handles")),
            "{{instance}} {{type}}",
        ),
        panel("Active requests")
            .about("Requests that libuv works on, such as files and name look-ups.")
            .unit(Unit::Count)
            .query(on.get("nodejs_active_requests_total"), "{{instance}}"),
        panel("File descriptors")
            .unit(Unit::Count)
            .query(on.get("process_open_fds"), "{{instance}}")
            .query(
                max("service", &on.get("process_max_fds")),
                "{{service}} limit",
            ),
        panel("Restarts")
            .unit(Unit::Count)
            .bars()
            .query(
                format!(
                    "changes({}[$__rate_interval])",
                    on.get("process_start_time_seconds")
                ),
                "{{instance}}",
            )
            .size(24, 5),
    ]
}
