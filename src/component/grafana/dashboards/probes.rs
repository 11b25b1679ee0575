//! Probes: is it reachable, how fast, when does its certificate expire.

use super::board::board;
use super::panel::{Unit, panel, stat, states};
use super::query::{Selector, max, one_of};
use super::{Context, keys};
use crate::component::grafana::model::{DashboardFile, Panel};
use crate::stack::{Probe, ProbeKind};

pub fn dashboard(context: &Context<'_>) -> Option<DashboardFile> {
    let probes = &context.stack.probes;
    if probes.is_empty() {
        return None;
    }
    let of_kind = one_of("job", probes.keys().map(String::as_str));
    let on = Selector::new(r#"job=~"$job",service=~"$service",instance=~"$instance""#);
    let http = probes.values().any(|probe| probe.kind == ProbeKind::Http);
    let tls = probes.values().any(sees_certificate);
    let mut board = board(
        "probes",
        "Probes",
        "What the stack reaches from outside: success, duration, certificates",
    )
    .caused_by(keys("probes", probes.keys().map(String::as_str)))
    .variable("job", "Probe", &format!("up{{{of_kind}}}"), "job")
    .variable("service", "Service", r#"up{job=~"$job"}"#, "service")
    .variable(
        "instance",
        "Address",
        r#"up{job=~"$job",service=~"$service"}"#,
        "instance",
    )
    .alerts(r#"job=~"$job""#)
    .row("State", state(context, &on));
    if http {
        board = board.row("HTTP", answers(&on));
    }
    if tls {
        board = board.row("Certificates", certificates(context, &on));
    }
    Some(board.finish())
}

fn sees_certificate(probe: &Probe) -> bool {
    match probe.kind {
        ProbeKind::Tls => true,
        ProbeKind::Http => probe.address.starts_with("https:"),
        ProbeKind::Tcp | ProbeKind::Icmp => false,
    }
}

fn state(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        states("Reachable")
            .query(on.get("probe_success"), "{{instance}}")
            .mapped(&[(1, "yes", "green"), (0, "no", "red")])
            .size(24, 7),
        stat("Reachable over the time shown")
            .unit(Unit::Ratio)
            .query(
                format!("avg_over_time({}[$__range])", on.get("probe_success")),
                "{{instance}}",
            )
            .size(8, 8),
        panel("Duration")
            .unit(Unit::Seconds)
            .alert_above(context.threshold("ProbeSlow"))
            .query(on.get("probe_duration_seconds"), "{{instance}}")
            .size(8, 8),
        panel("Looking up the name")
            .unit(Unit::Seconds)
            .query(on.get("probe_dns_lookup_time_seconds"), "{{instance}}")
            .size(8, 8),
    ]
}

fn answers(on: &Selector) -> Vec<Panel> {
    vec![
        panel("Duration by phase")
            .unit(Unit::Seconds)
            .stacked()
            .query(
                on.get("probe_http_duration_seconds"),
                "{{instance}} {{phase}}",
            ),
        panel("Status").query(on.get("probe_http_status_code"), "{{instance}}"),
        panel("Redirects").query(on.get("probe_http_redirects"), "{{instance}}"),
    ]
}

fn certificates(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        stat("Expires in")
            .unit(Unit::Seconds)
            .alert_below(context.threshold("CertificateExpiresSoon"))
            .query(
                format!("{} - time()", on.get("probe_ssl_earliest_cert_expiry")),
                "{{instance}}",
            )
            .size(12, 6),
        stat("TLS version")
            .query(
                max("instance, version", &on.get("probe_tls_version_info")),
                "{{instance}} {{version}}",
            )
            .names_only()
            .size(12, 6),
    ]
}
