//! Hosts: metrics of the node exporter inside the agent.

use super::board::board;
use super::panel::{Unit, log_panels, panel, stat, states};
use super::query::{Selector, max, sum};
use super::{Context, keys};
use crate::component::grafana::model::{DashboardFile, Panel};
use crate::stack::Collect;

/// Filesystems that can fill up: none that live in memory, are images, or are a container's view
/// of another one.
const REAL_FILESYSTEM: &str = r#"fstype!~"tmpfs|devtmpfs|ramfs|rootfs|overlay|squashfs|erofs|iso9660|udf|nsfs|autofs|efivarfs|fuse\\.(lxcfs|portal|snapfuse|gvfsd-fuse)""#;
/// Network devices that carry traffic of the host itself.
const REAL_DEVICE: &str = r#"device!~"lo|veth.*|br-.*|docker.*|cni.*|cali.*|flannel.*""#;
/// Block devices that are neither loops nor memory.
const REAL_DISK: &str = r#"device!~"(loop|ram|zram|sr|fd)[0-9]+""#;

pub fn dashboard(context: &Context<'_>) -> Option<DashboardFile> {
    let hosts = context.hosts_with(Collect::Node);
    if hosts.is_empty() {
        return None;
    }
    let on = Selector::new(r#"job="node",instance=~"$instance""#);
    let mut board = board(
        "hosts",
        "Hosts",
        "Processors, memory, disks and network of hosts",
    )
    .caused_by(keys("hosts", hosts))
    .variable("instance", "Host", r#"up{job="node"}"#, "instance")
    .alerts(r#"host=~"$instance""#)
    .row("State", state(context, &on))
    .row("Processors", processors(context, &on))
    .row("Memory", memory(context, &on))
    .row("Filesystems", filesystems(context, &on))
    .row("Disks", disks(&on))
    .row("Network", network(context, &on))
    .row("Limits and clock", limits(context, &on));
    if !context.hosts_with(Collect::Journal).is_empty() {
        let stream = format!(
            r#"{{{},host=~"$instance",unit=~".+"}}"#,
            context.environment()
        );
        board = board.search().row("Journal", log_panels(&stream));
    }
    Some(board.finish())
}

/// Share of all processors' time that is neither idle nor waiting for a disk.
fn busy(on: &Selector) -> String {
    let idle = on
        .and(r#"mode=~"idle|iowait""#)
        .rate("node_cpu_seconds_total");
    format!("1 - sum by (instance) (avg without (cpu) ({idle}))")
}

fn memory_used(on: &Selector) -> String {
    format!(
        "1 - {} / {}",
        on.get("node_memory_MemAvailable_bytes"),
        on.get("node_memory_MemTotal_bytes")
    )
}

fn free(on: &Selector, free: &str, size: &str) -> String {
    let on = on.and(REAL_FILESYSTEM);
    format!("{} / ({} > 0)", on.get(free), on.get(size))
}

fn state(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        states("State")
            .query(on.state(), "{{instance}}")
            .up_or_down()
            .size(8, 5),
        stat("Processors busy")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("HostHighCpu"))
            .query(busy(on), "{{instance}}")
            .size(4, 5),
        stat("Memory used")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("HostHighMemory"))
            .query(memory_used(on), "{{instance}}")
            .size(4, 5),
        stat("Fullest filesystem: free")
            .unit(Unit::Ratio)
            .alert_below(context.threshold("HostDiskAlmostFull"))
            .query(
                format!(
                    "min by (instance) ({})",
                    free(
                        on,
                        "node_filesystem_avail_bytes",
                        "node_filesystem_size_bytes"
                    )
                ),
                "{{instance}}",
            )
            .size(4, 5),
        stat("Up for")
            .unit(Unit::Seconds)
            .query(
                format!("time() - {}", on.get("node_boot_time_seconds")),
                "{{instance}}",
            )
            .size(4, 5),
    ]
}

fn processors(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let not_idle = on.and(r#"mode!="idle""#).rate("node_cpu_seconds_total");
    vec![
        panel("Busy")
            .unit(Unit::Ratio)
            .whole()
            .alert_above(context.threshold("HostHighCpu"))
            .query(busy(on), "{{instance}}"),
        panel("Time by mode").unit(Unit::Ratio).stacked().query(
            format!("avg by (instance, mode) ({not_idle})"),
            "{{instance}} {{mode}}",
        ),
        panel("Load")
            .query(on.get("node_load1"), "{{instance}} 1m")
            .query(on.get("node_load5"), "{{instance}} 5m")
            .query(on.get("node_load15"), "{{instance}} 15m")
            .query(
                format!(
                    "count by (instance) ({})",
                    on.and(r#"mode="idle""#).get("node_cpu_seconds_total")
                ),
                "{{instance}} processors",
            ),
        panel("Pressure")
            .about("Share of the time in which at least one task waited.")
            .unit(Unit::Ratio)
            .query(
                on.rate("node_pressure_cpu_waiting_seconds_total"),
                "{{instance}} CPU",
            )
            .query(
                on.rate("node_pressure_memory_waiting_seconds_total"),
                "{{instance}} memory",
            )
            .query(
                on.rate("node_pressure_io_waiting_seconds_total"),
                "{{instance}} disk",
            ),
        panel("Waiting for disks")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("HostHighIowait"))
            .query(
                format!(
                    "avg by (instance) ({})",
                    on.and(r#"mode="iowait""#).rate("node_cpu_seconds_total")
                ),
                "{{instance}}",
            ),
        panel("Processes")
            .query(on.get("node_procs_running"), "{{instance}} running")
            .query(on.get("node_procs_blocked"), "{{instance}} blocked"),
    ]
}

fn memory(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        panel("Used")
            .unit(Unit::Ratio)
            .whole()
            .alert_above(context.threshold("HostHighMemory"))
            .query(memory_used(on), "{{instance}}"),
        panel("Memory")
            .unit(Unit::Bytes)
            .query(on.get("node_memory_MemTotal_bytes"), "{{instance}} total")
            .query(
                on.get("node_memory_MemAvailable_bytes"),
                "{{instance}} available",
            )
            .query(on.get("node_memory_Cached_bytes"), "{{instance}} cached")
            .query(on.get("node_memory_Buffers_bytes"), "{{instance}} buffers"),
        panel("Swap used").unit(Unit::Bytes).query(
            format!(
                "{} - {}",
                on.get("node_memory_SwapTotal_bytes"),
                on.get("node_memory_SwapFree_bytes")
            ),
            "{{instance}}",
        ),
        panel("Pages swapped")
            .unit(Unit::PerSecond)
            .alert_above(context.threshold("HostSwapping"))
            .query(
                format!(
                    "{} + {}",
                    on.rate("node_vmstat_pswpin"),
                    on.rate("node_vmstat_pswpout")
                ),
                "{{instance}}",
            )
            .size(12, 6),
        panel("Processes killed for lack of memory")
            .bars()
            .query(on.increase("node_vmstat_oom_kill"), "{{instance}}")
            .size(12, 6),
    ]
}

fn filesystems(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let real = on.and(REAL_FILESYSTEM);
    vec![
        panel("Free space")
            .unit(Unit::Ratio)
            .whole()
            .alert_below(context.threshold("HostDiskAlmostFull"))
            .query(
                free(
                    on,
                    "node_filesystem_avail_bytes",
                    "node_filesystem_size_bytes",
                ),
                "{{instance}} {{mountpoint}}",
            ),
        panel("Free inodes")
            .unit(Unit::Ratio)
            .whole()
            .alert_below(context.threshold("HostInodesAlmostGone"))
            .query(
                free(on, "node_filesystem_files_free", "node_filesystem_files"),
                "{{instance}} {{mountpoint}}",
            ),
        panel("Free bytes").unit(Unit::Bytes).query(
            real.get("node_filesystem_avail_bytes"),
            "{{instance}} {{mountpoint}}",
        ),
        panel("Free bytes in 24 hours")
            .about(
                "Where the trend of the last six hours leads; below zero the filesystem is full.",
            )
            .unit(Unit::Bytes)
            .query(
                format!(
                    "predict_linear({}[6h], 86400)",
                    real.get("node_filesystem_avail_bytes")
                ),
                "{{instance}} {{mountpoint}}",
            )
            .size(12, 8),
        panel("Filesystems that cannot be read or written")
            .query(
                format!("{} > 0", real.get("node_filesystem_device_error")),
                "{{instance}} {{mountpoint}} error",
            )
            .query(
                format!("{} > 0", real.get("node_filesystem_readonly")),
                "{{instance}} {{mountpoint}} read-only",
            )
            .size(12, 8),
    ]
}

fn disks(on: &Selector) -> Vec<Panel> {
    let disk = on.and(REAL_DISK);
    let each = "{{instance}} {{device}}";
    let wait =
        |time: &str, count: &str| format!("{} / ({} > 0)", disk.rate(time), disk.rate(count));
    vec![
        panel("Read")
            .unit(Unit::BytesPerSecond)
            .query(disk.rate("node_disk_read_bytes_total"), each)
            .size(6, 8),
        panel("Written")
            .unit(Unit::BytesPerSecond)
            .query(disk.rate("node_disk_written_bytes_total"), each)
            .size(6, 8),
        panel("Busy")
            .unit(Unit::Ratio)
            .query(disk.rate("node_disk_io_time_seconds_total"), each)
            .size(6, 8),
        panel("Time of an operation")
            .unit(Unit::Seconds)
            .query(
                wait(
                    "node_disk_read_time_seconds_total",
                    "node_disk_reads_completed_total",
                ),
                "{{instance}} {{device}} read",
            )
            .query(
                wait(
                    "node_disk_write_time_seconds_total",
                    "node_disk_writes_completed_total",
                ),
                "{{instance}} {{device}} write",
            )
            .size(6, 8),
    ]
}

fn network(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let device = on.and(REAL_DEVICE);
    let each = "{{instance}} {{device}}";
    let faults = |kind: &str| {
        let both = format!(
            "{} + {}",
            device.rate(&format!("node_network_receive_{kind}_total")),
            device.rate(&format!("node_network_transmit_{kind}_total"))
        );
        sum("instance, device", &both)
    };
    vec![
        panel("Received")
            .unit(Unit::BytesPerSecond)
            .query(device.rate("node_network_receive_bytes_total"), each),
        panel("Sent")
            .unit(Unit::BytesPerSecond)
            .query(device.rate("node_network_transmit_bytes_total"), each),
        panel("Packets lost")
            .unit(Unit::PerSecond)
            .query(faults("errs"), "{{instance}} {{device}} errors")
            .query(faults("drop"), "{{instance}} {{device}} dropped"),
        panel("TCP connections")
            .query(
                on.get("node_netstat_Tcp_CurrEstab"),
                "{{instance}} established",
            )
            .query(on.get("node_sockstat_TCP_tw"), "{{instance}} closing")
            .size(12, 8),
        panel("Connections tracked")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("HostConntrackAlmostFull"))
            .query(
                format!(
                    "{} / ({} > 0)",
                    on.get("node_nf_conntrack_entries"),
                    on.get("node_nf_conntrack_entries_limit")
                ),
                "{{instance}}",
            )
            .size(12, 8),
    ]
}

fn limits(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        panel("File descriptors used")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("HostFileDescriptorsAlmostGone"))
            .query(
                format!(
                    "{} / {}",
                    on.get("node_filefd_allocated"),
                    on.get("node_filefd_maximum")
                ),
                "{{instance}}",
            ),
        panel("Clock: largest possible error")
            .unit(Unit::Seconds)
            .query(on.get("node_timex_maxerror_seconds"), "{{instance}}"),
        states("Clock synchronised")
            .query(
                max("instance", &on.get("node_timex_sync_status")),
                "{{instance}}",
            )
            .mapped(&[(1, "yes", "green"), (0, "no", "red")]),
        panel("Temperature")
            .unit(Unit::Celsius)
            .query(
                max("instance, chip", &on.get("node_hwmon_temp_celsius")),
                "{{instance}} {{chip}}",
            )
            .size(24, 6),
    ]
}
