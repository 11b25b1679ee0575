//! The proxy of Docker's API, which lets nothing but reading through (tecnativa/docker-socket-proxy:
//! README and haproxy.cfg). Whoever may talk to the socket itself is root on the machine.

use super::super::limits::{Limits, check, fenced};
use super::super::model::{self, Mount};
use crate::catalog::images;
use crate::stack::Resources;
use crate::topology::Service;

const SOCKET: &str = "/var/run/docker.sock";

/// The proxy, on no network and without a port yet.
pub fn service() -> model::Service {
    let limits = Limits {
        mebibytes: 128,
        cpus: 0.5,
        pids: 64,
    };
    let ping = format!(
        "http://127.0.0.1:{}/_ping",
        Service::DockerSocketProxy.port()
    );
    let healthcheck = check("10s", ["wget", "-q", "-O", "/dev/null", &ping]);
    // What Alloy asks: containers, their logs and networks; what cAdvisor asks: the engine's facts
    // and images.
    let allowed = [
        ("CONTAINERS", "1"),
        ("ALLOW_LOGS", "1"),
        ("NETWORKS", "1"),
        ("IMAGES", "1"),
        ("INFO", "1"),
        ("PING", "1"),
        ("VERSION", "1"),
        ("EVENTS", "1"),
        ("POST", "0"),
        ("LOG_LEVEL", "warning"),
    ];
    model::Service {
        environment: allowed
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect(),
        volumes: vec![Mount::read(SOCKET, SOCKET)],
        tmpfs: vec!["/run:size=1m,mode=755", "/tmp:size=1m,mode=1777"],
        // The socket is root's. Without capabilities root has no other right than its own files'.
        ..fenced(
            images::socket_proxy(),
            "0:0",
            &Resources::default(),
            &limits,
            healthcheck,
        )
    }
}
