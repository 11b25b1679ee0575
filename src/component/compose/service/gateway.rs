//! The gateway (image: nginxinc/nginx-unprivileged, user 101, only /tmp to write to).

use super::super::limits::{Limits, check, fenced};
use super::super::model::{self, Mount};
use super::{LOKI_NETWORK, STACK_NETWORK, TEMPORARY, after, ports, secrets};
use crate::catalog::images;
use crate::stack::Stack;
use crate::topology::{GATEWAY_HEALTH_PORT, Service};

pub fn service(stack: &Stack) -> model::Service {
    let limits = Limits {
        mebibytes: 256,
        cpus: 1.0,
        pids: 64,
    };
    let this = Service::Gateway;
    let health = format!("http://127.0.0.1:{GATEWAY_HEALTH_PORT}/healthz");
    let healthcheck = check("10s", ["wget", "-q", "-O", "/dev/null", &health]);
    let mut upstreams = vec![Service::Loki];
    if stack.gateway.public.is_some() {
        upstreams.push(Service::Prometheus);
    }
    let mut depends_on = after(upstreams);
    for upstream in depends_on.values_mut() {
        // nginx resolves their names once; one that is replaced may have another address.
        upstream.restart = true;
    }
    model::Service {
        command: ["nginx", "-e", "stderr", "-g", "daemon off;"]
            .map(Into::into)
            .into(),
        volumes: vec![Mount::read("./gateway", "/etc/nginx"), secrets(stack, this)],
        tmpfs: vec![TEMPORARY],
        ports: ports(stack, this),
        networks: vec![STACK_NETWORK.to_owned(), LOKI_NETWORK.to_owned()],
        depends_on,
        ..fenced(
            images::nginx(&stack.gateway.version),
            "101:101",
            &stack.gateway.resources,
            &limits,
            healthcheck,
        )
    }
}
