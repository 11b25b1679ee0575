//! Hosts, what their agents scrape, and what they probe.

use super::{Named, ThresholdSection};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A machine that runs an Alloy agent.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostSection {
    /// What the agent collects of the machine itself. Default: nothing, for `local` node and docker.
    pub collect: Option<Vec<Collect>>,
    /// Labels on all that the agent sends.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// How the agent runs. Default: docker, on the host's own network.
    pub run: Option<Run>,
    /// Files of your own Alloy components, loaded beside the generated ones.
    pub alloy: Option<Vec<String>>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Collect {
    /// CPU, memory, disks, network: Alloy's unix exporter.
    Node,
    /// Containers and their logs: cAdvisor and Docker.
    Docker,
    /// The systemd journal.
    Journal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Run {
    Docker,
    Systemd,
}

/// Something with a /metrics endpoint.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetSection {
    /// Rule pack, dashboard and metric catalog follow from the kind.
    pub kind: TargetKind,
    /// Name of the host whose agent scrapes it.
    pub host: String,
    /// host:port, as the agent reaches it.
    pub address: String,
    /// Default: /metrics.
    pub path: Option<String>,
    /// Default: http.
    pub scheme: Option<Scheme>,
    /// Default: [alloy] scrape_interval.
    pub interval: Option<String>,
    /// Default: the target's name.
    pub service: Option<String>,
    /// --max-old-space-size of a Node process; HighHeapUsage compares with it. kind nodejs.
    pub heap_limit: Option<String>,
    /// The application's own histogram of HTTP requests. kind nodejs.
    pub http: Option<HttpSection>,
    pub logs: Option<LogsSection>,
    /// Labels on every series and alert of the target.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    #[serde(default)]
    pub thresholds: Named<ThresholdSection>,
    /// Metrics that the endpoint has, so that rules can be checked. kind generic.
    #[serde(default)]
    pub metrics: Vec<MetricSection>,
    /// A saved scrape to read the metrics from. kind generic.
    pub metrics_file: Option<String>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    Nodejs,
    GitlabRunner,
    Generic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    Http,
    Https,
}

/// A histogram of HTTP requests.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpSection {
    /// Its base name, such as http_request_duration_seconds.
    pub histogram: String,
    /// The label that holds the status code.
    pub status_label: String,
    /// Upper bounds of its buckets in seconds, rising.
    #[schemars(length(min = 1))]
    pub buckets: Vec<f64>,
}

/// Where a target's logs are: one of docker, file and journal.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogsSection {
    pub docker: Option<DockerLogsSection>,
    pub file: Option<FileLogsSection>,
    pub journal: Option<JournalLogsSection>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DockerLogsSection {
    /// The container's name.
    pub container: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileLogsSection {
    /// A path or glob on the agent's host.
    pub path: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JournalLogsSection {
    /// The systemd unit, such as accounts.service.
    pub unit: String,
}

/// A metric that an endpoint has.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricSection {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: MetricKind,
    #[serde(default)]
    pub labels: Vec<String>,
    /// Upper bounds of a histogram's buckets, rising.
    pub buckets: Option<Vec<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
    Summary,
    Untyped,
}

/// A check from outside, made by an agent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeSection {
    pub kind: ProbeKind,
    /// Name of the host whose agent probes.
    pub host: String,
    /// What to fetch. kind http.
    pub url: Option<String>,
    /// host:port, or a host for kind icmp.
    pub address: Option<String>,
    /// Default: the probe's name.
    pub service: Option<String>,
    /// Default: [alloy] scrape_interval.
    pub interval: Option<String>,
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    #[serde(default)]
    pub thresholds: Named<ThresholdSection>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProbeKind {
    Http,
    Tcp,
    Tls,
    Icmp,
}
