//! Containers: metrics of cAdvisor inside the agent, and their logs.
//!
//! cAdvisor puts every label of a container on its series, so queries name the labels they keep.

use super::board::board;
use super::panel::{Unit, log_panels, panel, stat};
use super::query::{Selector, max, sum};
use super::{Context, keys};
use crate::component::grafana::model::{DashboardFile, Panel};
use crate::stack::Collect;

const EACH: &str = "{{instance}} {{name}}";
const BY: &str = "instance, name";

pub fn dashboard(context: &Context<'_>) -> Option<DashboardFile> {
    let hosts = context.hosts_with(Collect::Docker);
    if hosts.is_empty() {
        return None;
    }
    let on = Selector::new(r#"job="docker",instance=~"$instance",name=~"$container",name!="""#);
    let stream = format!(
        r#"{{{},host=~"$instance",container=~"$container"}}"#,
        context.environment()
    );
    let board = board(
        "containers",
        "Containers",
        "Processors, memory, network and logs of containers",
    )
    .caused_by(keys("hosts", hosts))
    .variable("instance", "Host", r#"up{job="docker"}"#, "instance")
    .variable(
        "container",
        "Container",
        r#"container_last_seen{job="docker",instance=~"$instance",name!=""}"#,
        "name",
    )
    .search()
    .alerts(r#"host=~"$instance",name=~"$container""#)
    .row("State", state(&on))
    .row("Processors and memory", usage(context, &on))
    .row("Network and disks", traffic(&on))
    .row("Logs", log_panels(&stream));
    Some(board.finish())
}

fn state(on: &Selector) -> Vec<Panel> {
    vec![
        stat("Containers").query(
            format!(
                "count by (instance) ({})",
                max(BY, &on.get("container_last_seen"))
            ),
            "{{instance}}",
        ),
        stat("Started in the last hour")
            .about("Containers that were started or restarted.")
            .query(
                format!(
                    "count by (instance) (time() - {} < 3600)",
                    max(BY, &on.get("container_start_time_seconds"))
                ),
                "{{instance}}",
            ),
        stat("Out of memory in a day").alert_above(Some(0.0)).query(
            sum(
                "instance",
                &format!("increase({}[1d])", on.get("container_oom_events_total")),
            ),
            "{{instance}}",
        ),
        panel("Up for")
            .unit(Unit::Seconds)
            .query(
                format!(
                    "time() - {}",
                    max(BY, &on.get("container_start_time_seconds"))
                ),
                EACH,
            )
            .size(12, 6),
    ]
}

fn usage(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let working_set = on.get("container_memory_working_set_bytes");
    vec![
        panel("CPU")
            .about("In cores.")
            .query(sum(BY, &on.rate("container_cpu_usage_seconds_total")), EACH)
            .size(12, 9),
        panel("Throttled")
            .about("Share of the time slices in which the container had used up its quota.")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("ContainerCpuThrottled"))
            .query(
                format!(
                    "{} / {}",
                    sum(BY, &on.rate("container_cpu_cfs_throttled_periods_total")),
                    sum(BY, &on.rate("container_cpu_cfs_periods_total"))
                ),
                EACH,
            )
            .size(12, 9),
        panel("Memory")
            .unit(Unit::Bytes)
            .query(max(BY, &working_set), EACH)
            .size(12, 9),
        panel("Memory used of its limit")
            .about("Containers without a limit are left out.")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("ContainerNearMemoryLimit"))
            .query(
                format!(
                    "{} / ({} > 0)",
                    max(BY, &working_set),
                    max(BY, &on.get("container_spec_memory_limit_bytes"))
                ),
                EACH,
            )
            .size(12, 9),
    ]
}

fn traffic(on: &Selector) -> Vec<Panel> {
    let rate = |metric: &str| sum(BY, &on.rate(metric));
    vec![
        panel("Received")
            .unit(Unit::BytesPerSecond)
            .query(rate("container_network_receive_bytes_total"), EACH)
            .size(6, 8),
        panel("Sent")
            .unit(Unit::BytesPerSecond)
            .query(rate("container_network_transmit_bytes_total"), EACH)
            .size(6, 8),
        panel("Read")
            .unit(Unit::BytesPerSecond)
            .query(rate("container_fs_reads_bytes_total"), EACH)
            .size(6, 8),
        panel("Written")
            .unit(Unit::BytesPerSecond)
            .query(rate("container_fs_writes_bytes_total"), EACH)
            .size(6, 8),
    ]
}
