//! Alertmanager (flags: cmd/alertmanager/main.go of 0.28; image: user nobody, /alertmanager).

use super::super::limits::{Limits, check, fenced, go_memory_limit};
use super::super::model::{self, Mount};
use super::{STACK_NETWORK, ports, secrets};
use crate::catalog::images;
use crate::stack::Stack;
use crate::topology::{Door, SECRETS_PATH, Service, WEB_CONFIG_FILE};

const DATA: &str = "/alertmanager";
const CONFIGURATION: &str = "/etc/alertmanager";

pub fn service(stack: &Stack) -> model::Service {
    let limits = Limits {
        mebibytes: 256,
        cpus: 0.5,
        pids: 256,
    };
    let this = Service::Alertmanager;
    let alertmanager = &stack.alertmanager;
    // amtool has no command for health; this one asks for the status, which is small.
    let healthcheck = check(
        "30s",
        [
            "/bin/amtool".to_owned(),
            format!("--alertmanager.url=https://localhost:{}", this.port()),
            format!("--http.config.file={CONFIGURATION}/client.yml"),
            "--no-version-check".to_owned(),
            "cluster".to_owned(),
            "show".to_owned(),
        ],
    );
    let command = [
        format!("--config.file={CONFIGURATION}/alertmanager.yml"),
        format!("--storage.path={DATA}"),
        // Go's durations, which know no days.
        format!("--data.retention={}", alertmanager.retention.go()),
        format!("--web.config.file={SECRETS_PATH}/{WEB_CONFIG_FILE}"),
        format!("--web.external-url={}/", Door::public_url(stack, this)),
        "--enable-feature=utf8-strict-mode".to_owned(),
        // One Alertmanager needs no cluster.
        "--cluster.listen-address=".to_owned(),
    ];
    let mut service = model::Service {
        command: command.iter().map(Into::into).collect(),
        volumes: vec![
            Mount::read("./alertmanager", CONFIGURATION),
            secrets(stack, this),
            Mount::volume("alertmanager", DATA),
        ],
        ports: ports(stack, this),
        networks: vec![STACK_NETWORK.to_owned()],
        ..fenced(
            images::alertmanager(&alertmanager.version),
            "65534:65534",
            &alertmanager.resources,
            &limits,
            healthcheck,
        )
    };
    let memory = go_memory_limit(&service);
    service.environment.insert("GOMEMLIMIT", memory);
    service
}
