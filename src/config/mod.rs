//! [`StackFile`]: the file format as serde types, one field per key, no defaults applied.
//!
//! Doc comments here are what editors show: they become the descriptions of the JSON Schema.

mod alerting;
mod components;
mod hosts;
mod kafka;
mod rules;
pub mod schema;

pub use alerting::*;
pub use components::*;
pub use hosts::*;
pub use kafka::*;
pub use rules::*;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// Tables whose entries have names, in the order of the file.
pub type Named<T> = IndexMap<String, T>;

/// A monitoring stack, described once: environments, hosts, targets, who hears what.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "stack.toml")]
pub struct StackFile {
    pub stack: StackSection,
    #[serde(default)]
    pub prometheus: PrometheusSection,
    #[serde(default)]
    pub alertmanager: AlertmanagerSection,
    #[serde(default)]
    pub loki: LokiSection,
    #[serde(default)]
    pub grafana: GrafanaSection,
    #[serde(default)]
    pub alloy: AlloySection,
    #[serde(default)]
    pub tls: TlsSection,
    /// The public door that agents on other hosts push to.
    pub gateway: Option<GatewaySection>,
    #[serde(default)]
    pub volumes: VolumesSection,
    /// Secrets by name. A secret that is used and not listed is the file of its name.
    #[serde(default)]
    pub secrets: Named<SecretSection>,
    #[serde(default)]
    pub slack: SlackSection,
    #[serde(default)]
    pub alerting: AlertingSection,
    /// Machines that run an Alloy agent; `local`, the stack's own, always exists.
    #[serde(default)]
    pub hosts: Named<HostSection>,
    /// What the agents scrape.
    #[serde(default)]
    pub targets: Named<TargetSection>,
    /// Is it reachable, how fast, when does its certificate expire.
    #[serde(default)]
    pub probes: Named<ProbeSection>,
    #[serde(default)]
    pub kafka: KafkaSection,
    #[serde(default)]
    pub rules: RulesSection,
    #[serde(default)]
    pub lint: LintSection,
}

/// The stack as a whole.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StackSection {
    /// Also the name of the Compose project, so that volumes are called `<name>_...`.
    pub name: String,
    /// Public name: certificates, links in alerts and the agents' URL derive from it. Default: localhost.
    pub domain: Option<String>,
    /// What `build` writes when no --env is given. Default: the first one.
    pub default_environment: Option<String>,
    /// Address that published ports bind to. Default: 127.0.0.1.
    pub bind: Option<String>,
    /// Network of the stack's containers. Default: 172.20.0.0/16.
    pub subnet: Option<String>,
    /// External Docker networks that the stack's own agent joins, to reach targets on them.
    pub networks: Option<Vec<String>>,
    /// Folder of the secrets, one folder an environment below it. Default: secrets.
    pub secrets_directory: Option<String>,
}

/// How stackgen lints.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LintSection {
    /// The least severity that makes `lint` fail. Default: error.
    pub fail_on: Option<FailOn>,
    /// Levels by lint name.
    #[serde(default)]
    pub levels: Named<Level>,
    /// Findings to leave out, each with a reason.
    #[serde(default)]
    pub ignore: Vec<IgnoreSection>,
}

/// The least severity that fails a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    Error,
    Warning,
    Info,
}

/// What a lint's findings count as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
    Info,
    Off,
}

/// One suppression.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IgnoreSection {
    /// The lint's name.
    pub lint: String,
    /// Only in files that match this glob.
    pub path: Option<String>,
    /// Why the finding is acceptable.
    pub reason: String,
}
