//! Stack → nginx's configuration: what holds for every door.
//!
//! Upstreams have plain names, which nginx resolves once, when it starts. That is enough: Compose
//! starts the gateway after them and restarts it when it replaces one of them
//! (`depends_on … restart`), and a container that restarts by itself keeps its place on the
//! network. A `resolver` would make the door depend on a name service at each request instead.

use super::doors;
use super::model::{Configuration, Directive};
use crate::stack::{Stack, TlsVersion};
use crate::topology::{CERTIFICATE_FILE, Endpoint, KEY_FILE, SECRETS_PATH, Service};

const NONE: [&str; 0] = [];

/// Ciphers of TLS 1.2 with forward secrecy and authenticated encryption; TLS 1.3 has only such.
const CIPHERS: &str = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// One JSON object a request. Its path stands there without the query, and no header but the
/// user's name, so no credential can get into it.
const LOG_FORMAT: &str = concat!(
    r#"{"time":"$time_iso8601","client":"$remote_addr","user":"$remote_user","#,
    r#""method":"$request_method","path":"$uri","status":"$status","#,
    r#""bytes_in":"$request_length","bytes_out":"$bytes_sent","#,
    r#""seconds":"$request_time","upstream_seconds":"$upstream_response_time"}"#,
);

/// The configuration of the gateway.
pub fn lower(stack: &Stack) -> Configuration {
    let mut http = basics();
    http.extend(access_log());
    http.extend(tls(stack.tls.min_version));
    http.extend(proxying());
    http.push(upstream(stack, Service::Loki));
    http.push(doors::to_loki(stack));
    if stack.gateway.public.is_some() {
        http.extend(doors::limits());
        http.push(upstream(stack, Service::Prometheus));
        http.push(doors::public(stack));
    }
    http.push(doors::health());
    Configuration {
        directives: vec![
            Directive::new("worker_processes", ["2"]),
            Directive::new("worker_rlimit_nofile", ["8192"]),
            Directive::new("pid", ["/tmp/nginx.pid"]),
            Directive::new("error_log", ["stderr", "warn"]),
            Directive::block(
                "events",
                NONE,
                vec![Directive::new("worker_connections", ["4096"])],
            ),
            Directive::block("http", NONE, http),
        ],
    }
}

/// Only /tmp can be written to, and holds little: bodies pass through memory.
fn basics() -> Vec<Directive> {
    let temporary = [
        "client_body_temp_path",
        "proxy_temp_path",
        "fastcgi_temp_path",
        "uwsgi_temp_path",
        "scgi_temp_path",
    ];
    let mut directives: Vec<Directive> = temporary
        .into_iter()
        .map(|name| Directive::new(name, [format!("/tmp/{name}")]))
        .collect();
    directives.extend([
        Directive::new("server_tokens", ["off"]),
        Directive::new("default_type", ["text/plain"]),
        Directive::new("client_header_timeout", ["10s"]),
        Directive::new("client_body_timeout", ["30s"]),
        Directive::new("send_timeout", ["30s"]),
        Directive::new("keepalive_timeout", ["75s"]),
        Directive::new("client_max_body_size", ["1m"]),
        Directive::new("client_body_buffer_size", ["1m"]),
        Directive::new("reset_timedout_connection", ["on"]),
    ]);
    directives
}

/// To standard output. nginx does not start if it can't open a log of a fixed name, and some
/// container engines give a standard output that can't be opened; one whose name has a variable
/// is opened with the first request, and costs no more than a line of the error log. nginx then
/// wants a root folder that exists.
fn access_log() -> Vec<Directive> {
    vec![
        Directive::new("log_format", ["requests", "escape=json", LOG_FORMAT]),
        Directive::block(
            "map",
            ["", "$access_log"],
            vec![Directive::new("default", ["stdout"])],
        ),
        Directive::new("root", ["/tmp"]),
        Directive::new("access_log", ["/dev/$access_log", "requests"]),
        Directive::new("open_log_file_cache", ["max=1", "valid=1h"]),
    ]
}

fn tls(minimum: TlsVersion) -> Vec<Directive> {
    vec![
        Directive::new("ssl_certificate", [secret(CERTIFICATE_FILE)]),
        Directive::new("ssl_certificate_key", [secret(KEY_FILE)]),
        protocols("ssl_protocols", minimum),
        Directive::new("ssl_ciphers", [CIPHERS]),
        Directive::new("ssl_prefer_server_ciphers", ["off"]),
        Directive::new("ssl_session_cache", ["shared:tls:2m"]),
        Directive::new("ssl_session_timeout", ["1h"]),
        Directive::new("ssl_session_tickets", ["off"]),
        Directive::new(
            "add_header",
            ["Strict-Transport-Security", "max-age=31536000", "always"],
        ),
    ]
}

/// What an upstream gets to see: never the client's credential.
fn proxying() -> Vec<Directive> {
    vec![
        Directive::new("proxy_http_version", ["1.1"]),
        Directive::new("proxy_set_header", ["Connection", ""]),
        Directive::new("proxy_set_header", ["Authorization", ""]),
        Directive::new("proxy_connect_timeout", ["5s"]),
        Directive::new("proxy_read_timeout", ["30s"]),
        Directive::new("proxy_send_timeout", ["30s"]),
        Directive::new("proxy_max_temp_file_size", ["0"]),
    ]
}

fn upstream(stack: &Stack, service: Service) -> Directive {
    Directive::block(
        "upstream",
        [service.name()],
        vec![
            Directive::new("server", [Endpoint::of(stack, service).authority()]),
            Directive::new("keepalive", ["16"]),
        ],
    )
}

pub(super) fn protocols(name: &'static str, minimum: TlsVersion) -> Directive {
    match minimum {
        TlsVersion::TLS12 => Directive::new(name, ["TLSv1.2", "TLSv1.3"]),
        TlsVersion::TLS13 => Directive::new(name, ["TLSv1.3"]),
    }
}

/// Path of a file in the gateway's secrets folder.
pub(super) fn secret(file: &str) -> String {
    format!("{SECRETS_PATH}/{file}")
}
