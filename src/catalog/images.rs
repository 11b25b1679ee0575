//! Container images, by the versions that a stack names.

use crate::stack::GrafanaEdition;

/// Tag of nginxinc/nginx-unprivileged, without `-alpine`.
pub const NGINX_VERSION: &str = "1.28.0";

/// Tag of tecnativa/docker-socket-proxy.
const SOCKET_PROXY_VERSION: &str = "0.3.0";

pub fn prometheus(version: &str) -> String {
    format!("prom/prometheus:v{version}")
}

pub fn alertmanager(version: &str) -> String {
    format!("prom/alertmanager:v{version}")
}

pub fn loki(version: &str) -> String {
    format!("grafana/loki:{version}")
}

pub fn grafana(edition: GrafanaEdition, version: &str) -> String {
    match edition {
        GrafanaEdition::Enterprise => format!("grafana/grafana-enterprise:{version}"),
        GrafanaEdition::Oss => format!("grafana/grafana:{version}"),
    }
}

pub fn alloy(version: &str) -> String {
    format!("grafana/alloy:v{version}")
}

/// A version that names its variant, such as `1.28.0-alpine-slim`, stays as it is.
pub fn nginx(version: &str) -> String {
    let variant = if version.contains('-') { "" } else { "-alpine" };
    format!("nginxinc/nginx-unprivileged:{version}{variant}")
}

pub fn socket_proxy() -> String {
    format!("tecnativa/docker-socket-proxy:{SOCKET_PROXY_VERSION}")
}
