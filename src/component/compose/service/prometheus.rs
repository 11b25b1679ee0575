//! Prometheus (flags: cmd/prometheus/main.go of 3.5; image: user nobody, /prometheus).

use super::super::limits::{Limits, check, fenced};
use super::super::model::{self, Mount};
use super::{STACK_NETWORK, after, ports, secrets};
use crate::catalog::images;
use crate::stack::Stack;
use crate::topology::{Door, SECRETS_PATH, Service, WEB_CONFIG_FILE};

const DATA: &str = "/prometheus";
const CONFIGURATION: &str = "/etc/prometheus";

pub fn service(stack: &Stack) -> model::Service {
    let limits = Limits {
        mebibytes: 4096,
        cpus: 2.0,
        pids: 512,
    };
    let this = Service::Prometheus;
    let prometheus = &stack.prometheus;
    // It reads its write-ahead log when it starts.
    let healthcheck = check(
        "2m",
        [
            "/bin/promtool".to_owned(),
            "check".to_owned(),
            "healthy".to_owned(),
            format!("--url=https://localhost:{}", this.port()),
            format!("--http.config.file={CONFIGURATION}/client.yml"),
        ],
    );
    let command = [
        // An image's own flags are gone once there are others.
        format!("--config.file={CONFIGURATION}/prometheus.yml"),
        format!("--storage.tsdb.path={DATA}"),
        format!(
            "--storage.tsdb.retention.time={}",
            prometheus.retention_time
        ),
        format!(
            "--storage.tsdb.retention.size={}",
            prometheus.retention_size
        ),
        format!("--web.config.file={SECRETS_PATH}/{WEB_CONFIG_FILE}"),
        format!("--web.external-url={}/", Door::public_url(stack, this)),
        "--web.enable-remote-write-receiver".to_owned(),
        "--enable-feature=auto-reload-config".to_owned(),
    ];
    model::Service {
        command: command.iter().map(Into::into).collect(),
        // Head blocks are written to disk before it ends.
        stop_grace_period: "5m",
        volumes: vec![
            Mount::read("./prometheus", CONFIGURATION),
            secrets(stack, this),
            Mount::volume("prometheus", DATA),
        ],
        ports: ports(stack, this),
        networks: vec![STACK_NETWORK.to_owned()],
        depends_on: after([Service::Alertmanager]),
        ..fenced(
            images::prometheus(&prometheus.version),
            "65534:65534",
            &prometheus.resources,
            &limits,
            healthcheck,
        )
    }
}
