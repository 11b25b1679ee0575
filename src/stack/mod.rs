//! [`Stack`]: one environment, overlay applied, defaults filled, every reference resolved.
//!
//! Only [`validate`] makes one, so whatever holds a `Stack` need not check it again.

pub mod matcher;
mod regex;
mod scalar;
pub mod validate;

pub use scalar::{Address, Duration, Size, pascal};

pub use crate::config::{Collect, GrafanaEdition, KafkaRole, MetricKind, ProbeKind, Run};
pub use crate::config::{SaslMechanism, Scheme, TargetKind, TlsVersion};
use indexmap::IndexMap;
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Name of the host that is the stack itself.
pub const LOCAL: &str = "local";

/// User-chosen labels, in the order of the file.
pub type Labels = IndexMap<String, String>;

/// One environment of a valid `stack.toml`.
#[derive(Debug, Clone)]
pub struct Stack {
    pub name: String,
    pub environment: String,
    pub domain: String,
    pub bind: IpAddr,
    pub subnet: Ipv4Net,
    /// External Docker networks of the stack's own agent.
    pub networks: Vec<String>,
    /// Relative to stack.toml.
    pub secrets_directory: String,
    pub prometheus: Prometheus,
    pub alertmanager: Alertmanager,
    pub loki: Loki,
    pub grafana: Grafana,
    pub alloy: Alloy,
    pub tls: Tls,
    pub gateway: Gateway,
    pub volumes: Volumes,
    /// Where declared secrets come from; others are files of their names.
    pub secrets: BTreeMap<String, SecretSource>,
    pub channels: IndexMap<String, Channel>,
    pub alerting: Alerting,
    /// `local` first, then as in the file.
    pub hosts: IndexMap<String, Host>,
    pub targets: IndexMap<String, Target>,
    pub probes: IndexMap<String, Probe>,
    pub clusters: IndexMap<String, Cluster>,
    pub rules: Rules,
}

/// Limits of a container; what is not set is chosen by `component/compose`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resources {
    pub memory: Option<Size>,
    pub cpus: Option<f64>,
}

#[derive(Debug, Clone)]
pub struct Prometheus {
    pub version: String,
    pub port: u16,
    pub retention_time: Duration,
    /// As Prometheus reads it, such as `10GB` (powers of 1024).
    pub retention_size: String,
    pub evaluation_interval: Duration,
    pub out_of_order_window: Duration,
    pub username: String,
    pub resources: Resources,
}

#[derive(Debug, Clone)]
pub struct Alertmanager {
    pub version: String,
    pub port: u16,
    pub retention: Duration,
    pub username: String,
    pub resources: Resources,
}

#[derive(Debug, Clone)]
pub struct Loki {
    pub version: String,
    /// Of the gateway's door in front of it; Loki publishes nothing.
    pub port: u16,
    pub retention: Duration,
    pub username: String,
    pub schema: Vec<SchemaPeriod>,
    pub resources: Resources,
}

/// From this day (YYYY-MM-DD) Loki writes this schema version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaPeriod {
    pub from: String,
    pub version: String,
}

#[derive(Debug, Clone)]
pub struct Grafana {
    pub version: String,
    pub edition: GrafanaEdition,
    pub port: u16,
    pub admin_user: String,
    pub dashboards: Vec<UserFile>,
    pub resources: Resources,
}

#[derive(Debug, Clone)]
pub struct Alloy {
    pub version: String,
    pub port: u16,
    pub username: String,
    pub scrape_interval: Duration,
    pub resources: Resources,
}

#[derive(Debug, Clone)]
pub struct Tls {
    pub source: CertificateSource,
    pub min_version: TlsVersion,
    pub validity: Duration,
}

/// Where certificates come from.
#[derive(Debug, Clone)]
pub enum CertificateSource {
    /// A private CA of the stack's own.
    SelfSigned,
    /// PEM files of the user's, by service.
    Files {
        ca: String,
        certificates: BTreeMap<String, CertificateFiles>,
    },
}

/// Paths relative to stack.toml.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    pub cert: String,
    pub key: String,
}

/// The nginx in front of Loki, and the public door.
#[derive(Debug, Clone)]
pub struct Gateway {
    pub version: String,
    pub public: Option<PublicDoor>,
    pub resources: Resources,
}

/// Where agents on other hosts push to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicDoor {
    pub bind: IpAddr,
    pub port: u16,
}

/// Names of existing volumes to use instead of new ones.
#[derive(Debug, Clone, Default)]
pub struct Volumes {
    pub prometheus: Option<String>,
    pub alertmanager: Option<String>,
    pub loki: Option<String>,
    pub grafana: Option<String>,
    pub alloy: Option<String>,
}

/// Where `secrets init` takes a secret from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A path in the environment's secrets folder.
    File(String),
    Env(String),
    Command(Vec<String>),
}

/// A Slack channel; `webhook` names a secret.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Starts with `#`.
    pub channel: String,
    pub webhook: String,
}

#[derive(Debug, Clone)]
pub struct Alerting {
    pub enabled: bool,
    /// Names one of [`Stack::channels`].
    pub default_channel: String,
    pub group_by: Vec<String>,
    pub group_wait: Duration,
    pub group_interval: Duration,
    /// Most important first.
    pub severities: IndexMap<String, AlertSeverity>,
    pub routes: Vec<Route>,
    pub inhibit: Vec<Inhibit>,
    pub heartbeat: Option<Heartbeat>,
}

#[derive(Debug, Clone)]
pub struct AlertSeverity {
    pub repeat: Duration,
    pub channel: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Route {
    pub name: String,
    pub matchers: Vec<String>,
    pub channel: String,
}

#[derive(Debug, Clone)]
pub struct Inhibit {
    pub name: String,
    pub source: Vec<String>,
    pub target: Vec<String>,
    pub equal: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Heartbeat {
    pub webhook: String,
    pub interval: Duration,
}

#[derive(Debug, Clone)]
pub struct Host {
    pub collect: Vec<Collect>,
    pub labels: Labels,
    pub run: Run,
    pub alloy: Vec<UserFile>,
}

/// A file of the user's that goes into the tree as it is.
#[derive(Debug, Clone)]
pub struct UserFile {
    /// Relative to stack.toml, with `/`.
    pub path: String,
    pub text: String,
}

impl UserFile {
    /// The last component of its path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

#[derive(Debug, Clone)]
pub struct Target {
    pub kind: TargetKind,
    pub host: String,
    pub address: Address,
    pub path: String,
    pub scheme: Scheme,
    pub interval: Duration,
    pub service: String,
    pub heap_limit: Option<Size>,
    pub http: Option<HttpHistogram>,
    pub logs: Option<Logs>,
    pub labels: Labels,
    pub thresholds: Thresholds,
    pub metrics: Vec<Metric>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct HttpHistogram {
    pub name: String,
    pub status_label: String,
    /// Upper bounds in seconds, rising.
    pub buckets: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logs {
    Docker { container: String },
    File { path: String },
    Journal { unit: String },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    pub name: String,
    pub kind: MetricKind,
    pub labels: Vec<String>,
    pub buckets: Vec<f64>,
}

#[derive(Debug, Clone)]
pub struct Probe {
    pub kind: ProbeKind,
    pub host: String,
    /// A URL for http, host:port for tcp and tls, a host for icmp.
    pub address: String,
    pub service: String,
    pub interval: Duration,
    pub labels: Labels,
    pub thresholds: Thresholds,
}

#[derive(Debug, Clone)]
pub struct Cluster {
    pub service: String,
    pub brokers: Vec<Address>,
    pub lag: Option<Lag>,
    pub nodes: IndexMap<String, KafkaNode>,
    pub labels: Labels,
    pub thresholds: Thresholds,
}

#[derive(Debug, Clone)]
pub struct Lag {
    pub host: String,
    pub groups: String,
    pub topics: String,
    pub version: String,
    pub sasl: Option<Sasl>,
    pub tls: Option<KafkaTls>,
}

/// `password` names a secret.
#[derive(Debug, Clone)]
pub struct Sasl {
    pub mechanism: SaslMechanism,
    pub username: String,
    pub password: String,
}

/// `ca`, `cert` and `key` name secrets.
#[derive(Debug, Clone)]
pub struct KafkaTls {
    pub server_name: Option<String>,
    pub ca: Option<String>,
    pub cert: Option<String>,
    pub key: Option<String>,
}

#[derive(Debug, Clone)]
pub struct KafkaNode {
    pub host: String,
    pub jmx: Address,
    pub roles: Vec<KafkaRole>,
    pub data: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Rules {
    /// Packs named by the user; nothing: every pack that something feeds.
    pub packs: Option<Vec<String>>,
    pub files: Vec<UserFile>,
    /// `{alert}` stands for the alert's name.
    pub runbook_url: Option<String>,
    pub test_alert: bool,
    pub thresholds: Thresholds,
}

/// Changes of shipped alerts, by alert.
pub type Thresholds = BTreeMap<String, Threshold>;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Threshold {
    pub value: Option<f64>,
    pub hold: Option<Duration>,
    pub severity: Option<String>,
    pub enabled: Option<bool>,
}

impl Stack {
    /// The environment's secrets folder, relative to stack.toml.
    pub fn secrets_path(&self) -> String {
        format!("{}/{}", self.secrets_directory, self.environment)
    }
}
