//! The stack itself: does it receive, evaluate, notify and store.

mod alerting;
mod logs;
mod metrics;

use super::Context;
use super::board::board;
use super::panel::{Unit, panel, stat, states, table};
use super::query::{Selector, max};
use crate::component::grafana::model::{DashboardFile, Panel};

pub fn dashboard(context: &Context<'_>) -> DashboardFile {
    let on = Selector::new(r#"job=~"prometheus|alertmanager|loki|grafana""#);
    board(
        "stack",
        "The stack",
        "Prometheus, Alertmanager, Loki and Grafana themselves",
    )
    .caused_by(["prometheus", "alertmanager", "loki", "grafana"].map(str::to_owned))
    .alerts(r#"alertname!="Watchdog""#)
    .row("State", state(&on))
    .row("Prometheus", metrics::prometheus(context))
    .row("Rules and notifications", alerting::rules())
    .row("Alertmanager", alerting::alertmanager())
    .row("Loki", logs::loki(context))
    .row("Grafana", logs::grafana())
    .row("Processes", processes(&on))
    .finish()
}

fn state(on: &Selector) -> Vec<Panel> {
    let firing = r#"ALERTS{alertstate="firing",alertname!="Watchdog"}"#;
    let missing = "stackgen_expected_target unless on (job, instance, environment) \
                   max_over_time(up[$__rate_interval]) > 0";
    vec![
        states("State")
            .query(on.state(), "{{job}}")
            .up_or_down()
            .size(12, 6),
        stat("Alerts that fire")
            .alert_above(Some(0.0))
            .query(format!("count({firing}) or vector(0)"), "")
            .size(4, 6),
        stat("Targets without data")
            .alert_above(Some(0.0))
            .query(format!("count({missing}) or vector(0)"), "")
            .size(4, 6),
        stat("Watchdog")
            .about("Always fires: that is how the outside knows that alerting works.")
            .query(
                r#"count(ALERTS{alertstate="firing",alertname="Watchdog"}) or vector(0)"#,
                "",
            )
            .mapped(&[(1, "fires", "green"), (0, "silent", "red")])
            .size(4, 6),
        table("Alerts that fire")
            .query(firing, "")
            .columns(&["alertstate"], None),
        table("Targets without data")
            .query(missing, "")
            .columns(&[], None),
    ]
}

fn processes(on: &Selector) -> Vec<Panel> {
    vec![
        panel("CPU")
            .about("In cores.")
            .query(on.rate("process_cpu_seconds_total"), "{{job}}"),
        panel("Resident memory")
            .unit(Unit::Bytes)
            .query(on.get("process_resident_memory_bytes"), "{{job}}"),
        panel("Goroutines").query(on.get("go_goroutines"), "{{job}}"),
        panel("File descriptors used")
            .unit(Unit::Ratio)
            .query(
                format!(
                    "{} / {}",
                    on.get("process_open_fds"),
                    on.get("process_max_fds")
                ),
                "{{job}}",
            )
            .size(12, 7),
        panel("Restarts")
            .bars()
            .query(
                max(
                    "job",
                    &format!(
                        "changes({}[$__rate_interval])",
                        on.get("process_start_time_seconds")
                    ),
                ),
                "{{job}}",
            )
            .size(12, 7),
    ]
}
