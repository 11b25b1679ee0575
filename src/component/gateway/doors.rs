//! The gateway's listeners.
//!
//! | door | who | may |
//! |---|---|---|
//! | 3100, to Loki | people, Grafana (`query.htpasswd`) | read logs, follow them |
//! | | the stack's own agent (`push.htpasswd`) | push logs, scrape Loki |
//! | 8443, public | agents of other hosts (`agents.htpasswd`) | push metrics and logs |
//!
//! All else of Loki is closed: flushing, shutting down, deleting, its rings and its configuration.
//! nginx can't read what is inside a push, so an agent may lie about its labels; the log tells
//! which agent pushed.

use super::lower::{protocols, secret};
use super::model::Directive;
use crate::stack::Stack;
use crate::topology::{CA_FILE, Endpoint, LOGS_PUSH_PATH, METRICS_PUSH_PATH, PUBLIC_PORT};
use crate::topology::{GATEWAY_AGENT_USERS_FILE, GATEWAY_PROMETHEUS_FILE};
use crate::topology::{GATEWAY_HEALTH_PORT, GATEWAY_PUSH_USERS_FILE, GATEWAY_QUERY_USERS_FILE};
use crate::topology::{SECRETS_PATH, Service};

const NONE: [&str; 0] = [];

/// Loki's reading endpoints (Loki: docs/sources/reference/loki-http-api.md). Grafana asks some of
/// them with POST.
const READS: &str = concat!(
    "^/loki/api/v1/(query|query_range|labels?|label/[^/]+/values|series|patterns|format_query",
    "|index/(stats|volume|volume_range)|detected_labels|detected_fields|detected_field/[^/]+/values",
    "|drilldown-limits|status/buildinfo)$",
);
const TAIL_PATH: &str = "/loki/api/v1/tail";

/// Bytes of one push, compressed: an agent's batches are far below 1 MB.
const PUSH_SIZE: &str = "16m";

/// The door to Loki.
pub(super) fn to_loki(stack: &Stack) -> Directive {
    let query = || users(GATEWAY_QUERY_USERS_FILE);
    let push = || users(GATEWAY_PUSH_USERS_FILE);
    Directive::block(
        "server",
        NONE,
        vec![
            Directive::new(
                "listen",
                [Service::Gateway.port().to_string(), "ssl".to_owned()],
            ),
            Directive::new("auth_basic", ["Loki"]),
            location(
                ["~", READS],
                "GET POST",
                [
                    query(),
                    // As long as a query may take at most by Loki's own limits.
                    Directive::new("proxy_read_timeout", ["5m"]),
                    pass(stack, Service::Loki, ""),
                ],
            ),
            location(
                ["=", TAIL_PATH],
                "GET",
                [
                    query(),
                    // The headers of the other level do not hold beside these.
                    Directive::new("proxy_set_header", ["Authorization", ""]),
                    Directive::new("proxy_set_header", ["Upgrade", "$http_upgrade"]),
                    Directive::new("proxy_set_header", ["Connection", "upgrade"]),
                    Directive::new("proxy_read_timeout", ["1h"]),
                    pass(stack, Service::Loki, TAIL_PATH),
                ],
            ),
            location(
                ["=", "/ready"],
                "GET",
                [query(), pass(stack, Service::Loki, "/ready")],
            ),
            location(
                ["=", "/metrics"],
                "GET",
                [push(), pass(stack, Service::Loki, "/metrics")],
            ),
            location(
                ["=", LOGS_PUSH_PATH],
                "POST",
                [
                    push(),
                    Directive::new("client_max_body_size", [PUSH_SIZE]),
                    pass(stack, Service::Loki, LOGS_PUSH_PATH),
                ],
            ),
            closed(),
        ],
    )
}

/// What one agent may ask of the public door, well above what it does: it sends each 5 seconds, or
/// when it has 2,000 samples. Agents send again after a 503, which is what nginx answers beyond.
pub(super) fn limits() -> Vec<Directive> {
    let each = "$remote_user@$binary_remote_addr";
    vec![
        Directive::new("limit_req_zone", [each, "zone=pushes:4m", "rate=100r/s"]),
        Directive::new("limit_conn_zone", [each, "zone=agents:4m"]),
        Directive::new(
            "limit_conn_zone",
            ["$binary_remote_addr", "zone=addresses:4m"],
        ),
    ]
}

/// The door that agents of other hosts push to.
pub(super) fn public(stack: &Stack) -> Directive {
    let prometheus = Endpoint::of(stack, Service::Prometheus);
    let metrics = location(
        ["=", METRICS_PUSH_PATH],
        "POST",
        [
            // The headers of the other level do not hold beside these. The file sets Authorization to
            // the gateway's own user; the empty one stays if the file lacks it.
            Directive::new("proxy_set_header", ["Connection", ""]),
            Directive::new("proxy_set_header", ["Authorization", ""]),
            Directive::new("include", [secret(GATEWAY_PROMETHEUS_FILE)]),
            Directive::new("proxy_ssl_verify", ["on"]),
            Directive::new("proxy_ssl_trusted_certificate", [secret(CA_FILE)]),
            Directive::new("proxy_ssl_name", [prometheus.server_name]),
            Directive::new("proxy_ssl_server_name", ["on"]),
            protocols("proxy_ssl_protocols", stack.tls.min_version),
            pass(stack, Service::Prometheus, METRICS_PUSH_PATH),
        ],
    );
    Directive::block(
        "server",
        NONE,
        vec![
            Directive::new("listen", [PUBLIC_PORT.to_string(), "ssl".to_owned()]),
            Directive::new("auth_basic", ["agents"]),
            users(GATEWAY_AGENT_USERS_FILE),
            Directive::new("client_max_body_size", [PUSH_SIZE]),
            Directive::new("limit_req", ["zone=pushes", "burst=500", "delay=200"]),
            Directive::new("limit_conn", ["agents", "128"]),
            Directive::new("limit_conn", ["addresses", "1024"]),
            metrics,
            location(
                ["=", LOGS_PUSH_PATH],
                "POST",
                [pass(stack, Service::Loki, LOGS_PUSH_PATH)],
            ),
            closed(),
        ],
    )
}

/// Tells the container's health check that nginx answers.
pub(super) fn health() -> Directive {
    let ok = Directive::block(
        "location",
        ["=", "/healthz"],
        vec![Directive::new("return", ["200", "ok\n"])],
    );
    Directive::block(
        "server",
        NONE,
        vec![
            Directive::new("listen", [format!("127.0.0.1:{GATEWAY_HEALTH_PORT}")]),
            Directive::new("access_log", ["off"]),
            ok,
            closed(),
        ],
    )
}

fn users(file: &str) -> Directive {
    Directive::new("auth_basic_user_file", [format!("{SECRETS_PATH}/{file}")])
}

/// A location that takes only these methods.
fn location<const N: usize>(
    path: [&str; 2],
    methods: &str,
    directives: [Directive; N],
) -> Directive {
    let mut block = vec![Directive::block(
        "limit_except",
        methods.split(' '),
        vec![Directive::new("deny", ["all"])],
    )];
    block.extend(directives);
    Directive::block("location", path, block)
}

/// With a path the upstream sees exactly that, however the client spelt it.
fn pass(stack: &Stack, service: Service, path: &str) -> Directive {
    let scheme = Endpoint::of(stack, service).scheme;
    Directive::new("proxy_pass", [format!("{scheme}://{service}{path}")])
}

fn closed() -> Directive {
    Directive::block("location", ["/"], vec![Directive::new("return", ["404"])])
}
