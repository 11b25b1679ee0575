//! Prometheus' configuration in its own words (Prometheus 3.5.0, config/config.go).

use crate::component::http_client::HttpClientConfig;
use indexmap::IndexMap;
use serde::Serialize;

/// What is written for Prometheus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub config: Config,
    /// How promtool asks the running Prometheus (`--http.config.file`).
    pub client: HttpClientConfig,
}

/// `Config`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Config {
    pub global: Global,
    /// Relative to the configuration's folder; `*` only in the last part of a path.
    pub rule_files: Vec<String>,
    pub alerting: Alerting,
    pub storage: Storage,
}

/// `GlobalConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Global {
    pub evaluation_interval: String,
    /// Set on alerts that lack them, not on stored samples. `$` begins a variable here.
    pub external_labels: IndexMap<String, String>,
}

/// `AlertingConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alerting {
    pub alertmanagers: Vec<AlertmanagerConfig>,
}

/// `AlertmanagerConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertmanagerConfig {
    pub scheme: &'static str,
    /// Only `v2` is left in 3.x.
    pub api_version: &'static str,
    #[serde(flatten)]
    pub client: HttpClientConfig,
    pub static_configs: Vec<StaticConfig>,
}

/// `targetgroup.Group`: `host:port` each, no URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaticConfig {
    pub targets: Vec<String>,
}

/// `StorageConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Storage {
    pub tsdb: Tsdb,
}

/// `TSDBConfig`. Retention is not in it: in 3.5 it is flags only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tsdb {
    pub out_of_order_time_window: String,
}
