//! Grafana (image: packaging/docker/run.sh of 12.0, user 472 of group 0; settings: conf/defaults.ini).

use super::super::Text;
use super::super::limits::{Limits, check, fenced, go_memory_limit};
use super::super::model::{self, Mount};
use super::{STACK_NETWORK, TEMPORARY, after, ports, secrets};
use crate::catalog::images;
use crate::stack::{Stack, TlsVersion};
use crate::topology::{CA_FILE, CERTIFICATE_FILE, Door, Endpoint, GRAFANA_DASHBOARDS_PATH};
use crate::topology::{KEY_FILE, SECRETS_PATH, Service};

pub fn service(stack: &Stack) -> model::Service {
    let limits = Limits {
        mebibytes: 1024,
        cpus: 1.0,
        pids: 512,
    };
    let this = Service::Grafana;
    let port = this.port();
    let name = Endpoint::of(stack, this).server_name;
    // By the name in its certificate, wherever that leads elsewhere.
    let healthcheck = check(
        "1m",
        [
            "curl".to_owned(),
            "-fsS".to_owned(),
            "--output".to_owned(),
            "/dev/null".to_owned(),
            "--cacert".to_owned(),
            secret(CA_FILE),
            "--connect-to".to_owned(),
            format!("::127.0.0.1:{port}"),
            format!("https://{name}:{port}/api/health"),
        ],
    );
    let mut service = model::Service {
        volumes: vec![
            Mount::read("./grafana/provisioning", "/etc/grafana/provisioning"),
            Mount::read("./grafana/dashboards", GRAFANA_DASHBOARDS_PATH),
            secrets(stack, this),
            Mount::volume("grafana", "/var/lib/grafana"),
        ],
        tmpfs: vec![TEMPORARY, "/var/log/grafana:size=16m,mode=1777"],
        ports: ports(stack, this),
        networks: vec![STACK_NETWORK.to_owned()],
        depends_on: after([Service::Prometheus, Service::Alertmanager, Service::Gateway]),
        ..fenced(
            images::grafana(stack.grafana.edition, &stack.grafana.version),
            "472:0",
            &stack.grafana.resources,
            &limits,
            healthcheck,
        )
    };
    service.environment.extend(settings(stack));
    let memory = go_memory_limit(&service);
    service.environment.insert("GOMEMLIMIT", memory);
    service
}

/// Grafana's settings; `__FILE` has its image read the value from a file.
fn settings(stack: &Stack) -> Vec<(&'static str, Text)> {
    let url = Door::public_url(stack, Service::Grafana);
    let minimum = match stack.tls.min_version {
        TlsVersion::TLS12 => "TLS1.2",
        TlsVersion::TLS13 => "TLS1.3",
    };
    let reader = Service::AlloyLocal.name();
    [
        ("GF_SERVER_PROTOCOL", "https".to_owned()),
        ("GF_SERVER_HTTP_PORT", Service::Grafana.port().to_string()),
        ("GF_SERVER_CERT_FILE", secret(CERTIFICATE_FILE)),
        ("GF_SERVER_CERT_KEY", secret(KEY_FILE)),
        ("GF_SERVER_MIN_TLS_VERSION", minimum.to_owned()),
        ("GF_SERVER_DOMAIN", stack.domain.clone()),
        ("GF_SERVER_ROOT_URL", format!("{url}/")),
        ("GF_SECURITY_ADMIN_USER", stack.grafana.admin_user.clone()),
        (
            "GF_SECURITY_ADMIN_PASSWORD__FILE",
            secret("grafana-password"),
        ),
        ("GF_SECURITY_SECRET_KEY__FILE", secret("grafana-secret-key")),
        ("GF_SECURITY_COOKIE_SECURE", "true".to_owned()),
        ("GF_SECURITY_STRICT_TRANSPORT_SECURITY", "true".to_owned()),
        ("GF_SECURITY_DISABLE_GRAVATAR", "true".to_owned()),
        ("GF_USERS_ALLOW_SIGN_UP", "false".to_owned()),
        ("GF_AUTH_ANONYMOUS_ENABLED", "false".to_owned()),
        // Both, or everybody may read its metrics.
        ("GF_METRICS_ENABLED", "true".to_owned()),
        ("GF_METRICS_BASIC_AUTH_USERNAME", reader.to_owned()),
        (
            "GF_METRICS_BASIC_AUTH_PASSWORD__FILE",
            secret("grafana-alloy-local-password"),
        ),
        // It starts without the internet.
        ("GF_ANALYTICS_REPORTING_ENABLED", "false".to_owned()),
        ("GF_ANALYTICS_CHECK_FOR_UPDATES", "false".to_owned()),
        ("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false".to_owned()),
        ("GF_PLUGINS_PREINSTALL_DISABLED", "true".to_owned()),
        ("GF_NEWS_NEWS_FEED_ENABLED", "false".to_owned()),
    ]
    .map(|(name, value)| (name, Text::from(value)))
    .into()
}

fn secret(file: &str) -> String {
    format!("{SECRETS_PATH}/{file}")
}
