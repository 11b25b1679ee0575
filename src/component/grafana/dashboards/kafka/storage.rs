//! Size of logs, and the disks they lie on.

use crate::component::grafana::dashboards::Context;
use crate::component::grafana::dashboards::panel::{Unit, panel};
use crate::component::grafana::dashboards::query::{Selector, one_of, sum};
use crate::component::grafana::model::Panel;
use crate::stack::Collect;
use std::collections::{BTreeMap, BTreeSet};

pub fn panels(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let topics = on.and(r#"topic=~"$topic""#);
    let size = topics.get("kafka_log_log_size");
    let mut panels = vec![
        panel("Size by topic")
            .about("All replicas together.")
            .unit(Unit::Bytes)
            .query(sum("topic", &size), "{{topic}}"),
        panel("Size by node")
            .unit(Unit::Bytes)
            .query(sum("instance", &size), "{{instance}}"),
    ];
    panels.extend(disks(context));
    panels.push(
        panel("Flushes of logs, 99th percentile")
            .unit(Unit::Milliseconds)
            .query(
                on.and(r#"quantile="0.99""#)
                    .get("kafka_log_logflushstats_logflushrateandtimems"),
                "{{instance}}",
            ),
    );
    panels
}

/// Use of the filesystems that hold the nodes' data, one query for each data folder. JMX does not
/// tell it; it is there where the host is collected too.
fn disks(context: &Context<'_>) -> Option<Panel> {
    let collected = context.hosts_with(Collect::Node);
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let clusters = context.stack.clusters.values();
    for node in clusters.flat_map(|cluster| cluster.nodes.values()) {
        if let Some(data) = &node.data
            && collected.contains(&node.host.as_str())
        {
            folders.entry(data).or_default().insert(&node.host);
        }
    }
    if folders.is_empty() {
        return None;
    }
    let used = panel("Disk of the data used")
        .unit(Unit::Ratio)
        .whole()
        .alert_above(context.threshold("KafkaDiskSpaceWarning"));
    Some(folders.into_iter().fold(used, |panel, (folder, hosts)| {
        let on = Selector::new(r#"job="node""#)
            .and(one_of("instance", hosts))
            .and(r#"fstype!="rootfs""#);
        panel.query(used_of(&on, folder), "{{instance}} {{mountpoint}}")
    }))
}

/// Of the filesystem nearest to the folder: the folder may be a mount point, or lie in one.
fn used_of(on: &Selector, folder: &str) -> String {
    let shares: Vec<String> = with_parents(folder)
        .map(|mountpoint| {
            let on = on.and(one_of("mountpoint", [mountpoint]));
            format!(
                "(1 - {} / {})",
                on.get("node_filesystem_avail_bytes"),
                on.get("node_filesystem_size_bytes")
            )
        })
        .collect();
    shares.join(" or on (job, instance) ")
}

/// `/a/b`, `/a`, `/`.
fn with_parents(folder: &str) -> impl Iterator<Item = &str> {
    let trimmed = folder.trim_end_matches('/');
    let start = if trimmed.is_empty() { "/" } else { trimmed };
    std::iter::successors(Some(start), |path| {
        let (parent, name) = path.rsplit_once('/')?;
        match (parent, name) {
            ("", "") => None,
            ("", _) => Some("/"),
            _ => Some(parent),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_point_comes_first() {
        let paths: Vec<&str> = with_parents("/var/lib/kafka/").collect();
        assert_eq!(paths, ["/var/lib/kafka", "/var/lib", "/var", "/"]);
        assert_eq!(with_parents("/").collect::<Vec<_>>(), ["/"]);
    }
}
