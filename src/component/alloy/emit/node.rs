//! `prometheus.exporter.unix`: the machine.

use super::Site;
use super::exporter::scraped;
use crate::component::alloy::syntax::{Block, Identifier};
use crate::topology::ScrapeTarget;

/// Collectors that read the network namespace of the process. In a container on a bridge that is
/// the container's own, and its numbers under the machine's name would be wrong.
const OF_THE_NETWORK_NAMESPACE: [&str; 7] = [
    "arp",
    "conntrack",
    "netclass",
    "netdev",
    "netstat",
    "sockstat",
    "udp_queues",
];

/// Alloy's default, and what other container engines mount.
const MOUNT_POINTS_EXCLUDE: &str = r"^/(dev|proc|run/credentials/.+|run/user/.+|sys|var/lib/(docker|containers|containerd|kubelet)/.+)($|/)";

/// CPU, memory, disks and network of the host.
pub fn node(site: &Site<'_>, target: &ScrapeTarget) -> Vec<Block> {
    let label = Identifier::from("node");
    let mut exporter = Block::new("prometheus.exporter.unix", &label);
    if site.in_container() {
        exporter = exporter
            .attr("procfs_path", "/host/proc")
            .attr("sysfs_path", "/host/sys")
            .attr("rootfs_path", "/host/root")
            .attr("udev_data_path", "/host/root/run/udev/data");
    }
    if site.agent.is_local() {
        exporter = exporter
            .comment(
                "On a bridge network these would show the container's network as the machine's.",
            )
            .attr("disable_collectors", OF_THE_NETWORK_NAMESPACE);
    }
    exporter = exporter
        .block(Block::unlabelled("filesystem").attr("mount_points_exclude", MOUNT_POINTS_EXCLUDE));
    scraped(site, &label, exporter, target)
}
