//! TLS and users of Prometheus and Alertmanager.
//!
//! Upstream's words: prometheus/exporter-toolkit docs/web-configuration.md. Files are relative to
//! the file itself, which is read again at each request.

use super::Error;
use super::hash::Hashes;
use crate::component::yaml;
use crate::stack::TlsVersion;
use crate::topology::{CERTIFICATE_FILE, KEY_FILE};
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Debug, Serialize, Deserialize)]
struct WebConfig {
    tls_server_config: TlsServerConfig,
    basic_auth_users: Hashes,
}

#[derive(Debug, Serialize, Deserialize)]
struct TlsServerConfig {
    cert_file: String,
    key_file: String,
    min_version: String,
    /// Those of TLS 1.3 cannot be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cipher_suites: Vec<String>,
}

/// Each has forward secrecy and authenticated encryption; ECDSA for the stack's own keys, RSA for
/// certificates that users bring. HTTP/2 does without neither of the AES 128 ones.
const CIPHER_SUITES: [&str; 6] = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];

/// Hashes by user; none of a file that cannot be read.
pub fn parse(bytes: &[u8]) -> Hashes {
    std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| serde_saphyr::from_str::<WebConfig>(text).ok())
        .map(|config| config.basic_auth_users)
        .unwrap_or_default()
}

/// The file.
pub fn render(hashes: Hashes, min_version: TlsVersion) -> Result<Vec<u8>, Error> {
    let (version, cipher_suites) = match min_version {
        TlsVersion::TLS12 => ("TLS12", CIPHER_SUITES.map(str::to_owned).to_vec()),
        TlsVersion::TLS13 => ("TLS13", Vec::new()),
    };
    let config = WebConfig {
        tls_server_config: TlsServerConfig {
            cert_file: CERTIFICATE_FILE.to_owned(),
            key_file: KEY_FILE.to_owned(),
            min_version: version.to_owned(),
            cipher_suites,
        },
        basic_auth_users: hashes,
    };
    let text = yaml::to_string(&config).map_err(|error| Error::Fault(error.to_string()))?;
    Ok(text.into_bytes())
}
