//! From rules to notifications.

use crate::component::grafana::dashboards::panel::{Unit, panel, states};
use crate::component::grafana::dashboards::query::{Selector, sum};
use crate::component::grafana::model::Panel;

pub fn rules() -> Vec<Panel> {
    let on = Selector::new(r#"job="prometheus""#);
    let group = |name: &str| format!("prometheus_rule_group_{name}");
    vec![
        panel("Slowest groups of rules").unit(Unit::Seconds).query(
            format!("topk(10, {})", on.get(&group("last_duration_seconds"))),
            "{{rule_group}}",
        ),
        panel("Evaluations that failed or were left out")
            .bars()
            .query(
                format!(
                    "{} > 0",
                    on.increase("prometheus_rule_evaluation_failures_total")
                ),
                "{{rule_group}} failed",
            )
            .query(
                format!("{} > 0", on.increase(&group("iterations_missed_total"))),
                "{{rule_group}} left out",
            ),
        panel("Alerts sent to Alertmanager")
            .unit(Unit::PerSecond)
            .query(
                sum(
                    "alertmanager",
                    &on.rate("prometheus_notifications_sent_total"),
                ),
                "sent",
            )
            .query(
                sum(
                    "alertmanager",
                    &on.rate("prometheus_notifications_errors_total"),
                ),
                "failed",
            )
            .query(on.rate("prometheus_notifications_dropped_total"), "dropped"),
        panel("Alerts that wait to be sent")
            .query(on.get("prometheus_notifications_queue_length"), "waiting")
            .query(on.get("prometheus_notifications_queue_capacity"), "limit")
            .limit("limit"),
        panel("Alertmanagers known").alert_below(Some(1.0)).query(
            on.get("prometheus_notifications_alertmanagers_discovered"),
            "Alertmanagers",
        ),
        states("Configuration loaded")
            .query(
                on.get("prometheus_config_last_reload_successful"),
                "Prometheus",
            )
            .query(
                Selector::new(r#"job="alertmanager""#)
                    .get("alertmanager_config_last_reload_successful"),
                "Alertmanager",
            )
            .mapped(&[(1, "yes", "green"), (0, "no", "red")]),
    ]
}

pub fn alertmanager() -> Vec<Panel> {
    let on = Selector::new(r#"job="alertmanager""#);
    vec![
        panel("Alerts").query(sum("state", &on.get("alertmanager_alerts")), "{{state}}"),
        panel("Alerts received").unit(Unit::PerSecond).query(
            sum("status", &on.rate("alertmanager_alerts_received_total")),
            "{{status}}",
        ),
        panel("Silences").query(sum("state", &on.get("alertmanager_silences")), "{{state}}"),
        panel("Notifications").bars().query(
            format!(
                "{} > 0",
                sum(
                    "integration",
                    &on.increase("alertmanager_notifications_total")
                )
            ),
            "{{integration}}",
        ),
        panel("Notifications that failed").bars().query(
            format!(
                "{} > 0",
                sum(
                    "integration, reason",
                    &on.increase("alertmanager_notifications_failed_total")
                )
            ),
            "{{integration}} {{reason}}",
        ),
        panel("Time to notify, 99th percentile")
            .unit(Unit::Seconds)
            .query(
                on.quantile(
                    0.99,
                    "integration",
                    "alertmanager_notification_latency_seconds",
                ),
                "{{integration}}",
            ),
    ]
}
