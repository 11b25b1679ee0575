//! Loki (image: cmd/loki/Dockerfile of 3.4, distroless with busybox, user 10001). It publishes no
//! port.

use super::super::limits::{Limits, check, fenced, go_memory_limit};
use super::super::model::{self, Mount};
use super::{LOKI_NETWORK, TEMPORARY};
use crate::catalog::images;
use crate::stack::Stack;
use crate::topology::Service;

pub fn service(stack: &Stack) -> model::Service {
    let limits = Limits {
        mebibytes: 2048,
        cpus: 2.0,
        pids: 512,
    };
    // It says it is not ready for its first 15 seconds.
    let ready = format!("http://127.0.0.1:{}/ready", Service::Loki.port());
    let healthcheck = check("45s", ["/busybox/wget", "-q", "-O", "/dev/null", &ready]);
    let mut service = model::Service {
        command: vec!["-config.file=/etc/loki/loki.yml".into()],
        stop_grace_period: "1m",
        volumes: vec![
            Mount::read("./loki", "/etc/loki"),
            Mount::volume("loki", "/loki"),
        ],
        tmpfs: vec![TEMPORARY],
        networks: vec![LOKI_NETWORK.to_owned()],
        ..fenced(
            images::loki(&stack.loki.version),
            "10001:10001",
            &stack.loki.resources,
            &limits,
            healthcheck,
        )
    };
    let memory = go_memory_limit(&service);
    service.environment.insert("GOMEMLIMIT", memory);
    service
}
