//! How Prometheus' programs speak HTTP: the settings that Prometheus, promtool and amtool share
//! (prometheus/common, config/http_config.go).

use crate::stack::{Stack, TlsVersion};
use crate::topology::{CA_FILE, Endpoint, SECRETS_PATH, Service, Topology};
use serde::Serialize;

/// `HTTPClientConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpClientConfig {
    pub basic_auth: BasicAuth,
    pub tls_config: TlsConfig,
}

/// `BasicAuth`. The file is read at each request, so that a new password needs no restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BasicAuth {
    pub username: String,
    pub password_file: String,
}

/// `TLSConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TlsConfig {
    pub ca_file: String,
    pub server_name: String,
    /// `TLS12` or `TLS13`.
    pub min_version: &'static str,
}

impl HttpClientConfig {
    /// How `client` asks `server`, with what lies in the client's own secrets folder. Paths are
    /// absolute: not every reader of such a file joins them with the file's folder.
    pub fn between(stack: &Stack, client: Service, server: Service) -> HttpClientConfig {
        let login = Topology::login(server, client);
        HttpClientConfig {
            basic_auth: BasicAuth {
                username: login.username,
                password_file: format!("{SECRETS_PATH}/{}", login.secret),
            },
            tls_config: TlsConfig {
                ca_file: format!("{SECRETS_PATH}/{CA_FILE}"),
                server_name: Endpoint::of(stack, server).server_name,
                min_version: match stack.tls.min_version {
                    TlsVersion::TLS12 => "TLS12",
                    TlsVersion::TLS13 => "TLS13",
                },
            },
        }
    }
}
