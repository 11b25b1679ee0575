//! Sections of the programs of the stack, TLS, the gateway, volumes and secrets.

use super::Named;
use schemars::JsonSchema;
use serde::Deserialize;

/// Limits of a container.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourcesSection {
    /// Memory limit, such as 4GiB.
    pub memory: Option<String>,
    /// Number of cores, such as 0.5.
    #[schemars(range(min = 0.01, max = 1024.0))]
    pub cpus: Option<f64>,
}

/// Prometheus: receives what agents push, evaluates rules.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrometheusSection {
    /// Default: 3.5.0.
    pub version: Option<String>,
    /// Default: 9090.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    pub retention: Option<RetentionSection>,
    /// How often rules are evaluated. Default: 15s.
    pub evaluation_interval: Option<String>,
    /// How late a pushed sample may be. Default: 10m.
    pub out_of_order_window: Option<String>,
    /// User of its web page; the password is the secret prometheus-password. Default: admin.
    pub username: Option<String>,
    pub resources: Option<ResourcesSection>,
}

/// How much Prometheus keeps: whichever limit is reached first.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionSection {
    /// Default: 15d.
    pub time: Option<String>,
    /// As Prometheus reads it: 10GB are 10 GiB. Default: 10GB.
    pub size: Option<String>,
}

/// Alertmanager: groups, routes and sends alerts.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertmanagerSection {
    /// Default: 0.28.1.
    pub version: Option<String>,
    /// Default: 9093.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// How long silences and notifications are remembered. Default: 120h.
    pub retention: Option<String>,
    /// User of its web page; the password is the secret alertmanager-password. Default: admin.
    pub username: Option<String>,
    pub resources: Option<ResourcesSection>,
}

/// Loki: keeps logs. It is reached through the gateway only.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LokiSection {
    /// Default: 3.4.5.
    pub version: Option<String>,
    /// Port of the gateway in front of Loki. Default: 3100.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// How long logs are kept, at least 24h. Default: 30d.
    pub retention: Option<String>,
    /// User of the gateway in front of Loki; the password is the secret loki-password. Default: admin.
    pub username: Option<String>,
    pub storage: Option<StorageSection>,
    /// Periods of a Loki that already holds data, oldest first.
    pub schema: Option<Vec<SchemaPeriodSection>>,
    pub resources: Option<ResourcesSection>,
}

/// Where Loki keeps its data.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorageSection {
    pub kind: StorageKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    Filesystem,
}

/// From this day on Loki writes this schema.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaPeriodSection {
    /// A day, such as 2024-01-01.
    pub from: String,
    /// A schema version, such as v13.
    pub version: String,
}

/// Grafana: dashboards.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrafanaSection {
    /// Default: 12.0.2.
    pub version: Option<String>,
    /// Default: enterprise, which without a licence has the features of oss.
    pub edition: Option<GrafanaEdition>,
    /// Default: 3000.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// First administrator; the password is the secret grafana-password. Default: admin.
    pub admin_user: Option<String>,
    /// Globs of your own dashboards, beside the generated ones.
    pub dashboards: Option<Vec<String>>,
    pub resources: Option<ResourcesSection>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GrafanaEdition {
    Enterprise,
    Oss,
}

/// Alloy: the agent on every host.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlloySection {
    /// Default: 1.10.1.
    pub version: Option<String>,
    /// Port of the agents' own page. Default: 12345.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// User of the agents' own page; the password is the secret alloy-password. Default: admin.
    pub username: Option<String>,
    /// How often targets are scraped. Default: 15s.
    pub scrape_interval: Option<String>,
    pub resources: Option<ResourcesSection>,
}

/// Certificates of every door.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// Default: self-signed, a private CA of the stack's own.
    pub mode: Option<TlsMode>,
    /// With mode "files": certificate and key by service.
    #[serde(default)]
    pub certificates: Named<CertificateSection>,
    /// With mode "files": the file of the CA that signed them.
    pub ca: Option<String>,
    /// Default: TLS12.
    pub min_version: Option<TlsVersion>,
    /// How long generated certificates are valid. Default: 365d.
    pub validity: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TlsMode {
    SelfSigned,
    Files,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum TlsVersion {
    TLS12,
    TLS13,
}

/// One service's certificate and key, as PEM files.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateSection {
    pub cert: String,
    pub key: String,
}

/// The public door: TLS, one credential an agent, push paths only.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewaySection {
    /// Address that agents reach, such as 0.0.0.0. No default: without it there is no public door.
    pub bind: Option<String>,
    /// Default: 8443.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// Tag of the image nginxinc/nginx-unprivileged.
    pub version: Option<String>,
    pub resources: Option<ResourcesSection>,
}

/// Volumes of a stack that already runs. Default: volumes of its own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumesSection {
    pub prometheus: Option<String>,
    pub alertmanager: Option<String>,
    pub loki: Option<String>,
    pub grafana: Option<String>,
    pub alloy: Option<String>,
}

/// Where a secret comes from: one of file, env and command.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretSection {
    /// A file in the environment's secrets folder. Default: the secret's name.
    pub file: Option<String>,
    /// An environment variable of the one who runs `secrets init`.
    pub env: Option<String>,
    /// A command whose output is the secret, such as ["pass", "show", "slack"].
    pub command: Option<Vec<String>>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}
