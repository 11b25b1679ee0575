//! What a container may use at most, and the rest of its fence.

use super::Text;
use super::model::{Healthcheck, Logging, Service};
use crate::stack::Resources;
use indexmap::IndexMap;

const MIB: u64 = 1 << 20;

/// Limits where the stack sets none.
pub(super) struct Limits {
    pub mebibytes: u64,
    pub cpus: f64,
    pub pids: u32,
}

/// A service that may do nothing but its work: no capability, no new privilege, nothing to write
/// to but what is added.
pub(super) fn fenced(
    image: String,
    user: &str,
    resources: &Resources,
    limits: &Limits,
    healthcheck: Healthcheck,
) -> Service {
    Service {
        image,
        restart: "unless-stopped",
        user: user.to_owned(),
        group_add: Vec::new(),
        read_only: true,
        cap_drop: vec!["ALL"],
        cap_add: Vec::new(),
        security_opt: vec!["no-new-privileges:true"],
        pids_limit: limits.pids,
        mem_limit: resources
            .memory
            .map_or(limits.mebibytes * MIB, |size| size.0),
        cpus: resources.cpus.unwrap_or(limits.cpus),
        stop_grace_period: "30s",
        command: Vec::new(),
        environment: IndexMap::new(),
        volumes: Vec::new(),
        tmpfs: Vec::new(),
        ports: Vec::new(),
        network_mode: None,
        networks: Vec::new(),
        cgroup: None,
        depends_on: IndexMap::new(),
        healthcheck,
        logging: Logging {
            driver: "json-file",
            options: [("max-size", "10m"), ("max-file", "3")].into(),
        },
        labels: IndexMap::new(),
    }
}

/// A health check that runs a program, without a shell. `start_period` is how long it may fail
/// while the service starts.
pub(super) fn check<T: Into<Text>>(
    start_period: &'static str,
    command: impl IntoIterator<Item = T>,
) -> Healthcheck {
    let mut test = vec![Text::literal("CMD")];
    test.extend(command.into_iter().map(Into::into));
    Healthcheck {
        test,
        interval: "30s",
        timeout: "10s",
        retries: 3,
        start_period,
    }
}

/// `GOMEMLIMIT` of a Go program that does not take it from its container: it collects garbage
/// before the kernel ends it.
pub(super) fn go_memory_limit(service: &Service) -> Text {
    Text::literal(&format!("{}B", service.mem_limit / 10 * 9))
}
