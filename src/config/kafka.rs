//! Kafka clusters and their nodes.

use super::{Named, ThresholdSection};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KafkaSection {
    #[serde(default)]
    pub clusters: Named<ClusterSection>,
}

/// A Kafka cluster in KRaft mode.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterSection {
    /// Label of all its series. Default: the cluster's name.
    pub service: Option<String>,
    /// Addresses of brokers, host:port, for the reader of consumer lag.
    pub brokers: Option<Vec<String>>,
    pub lag: Option<LagSection>,
    #[serde(default)]
    pub nodes: Named<NodeSection>,
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    #[serde(default)]
    pub thresholds: Named<ThresholdSection>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

/// Which agent reads consumer lag.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LagSection {
    /// Name of the host whose agent asks the brokers.
    pub host: String,
    /// Regular expression of consumer groups. Default: all.
    pub groups: Option<String>,
    /// Regular expression of topics. Default: all.
    pub topics: Option<String>,
    /// Version of the brokers' protocol. Default: 2.0.0.
    pub version: Option<String>,
    pub sasl: Option<SaslSection>,
    pub tls: Option<KafkaTlsSection>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaslSection {
    pub mechanism: SaslMechanism,
    pub username: String,
    /// Name of the secret that holds the password.
    pub password: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum SaslMechanism {
    #[serde(rename = "plain")]
    Plain,
    #[serde(rename = "scram-sha256")]
    ScramSha256,
    #[serde(rename = "scram-sha512")]
    ScramSha512,
}

/// TLS towards the brokers. An empty table trusts the host's own CAs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KafkaTlsSection {
    /// Name in the brokers' certificates, if it is not their address.
    pub server_name: Option<String>,
    /// Name of the secret that holds the CA's certificate.
    pub ca: Option<String>,
    /// Name of the secret that holds the client's certificate.
    pub cert: Option<String>,
    /// Name of the secret that holds the client's key.
    pub key: Option<String>,
}

/// One Kafka process.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeSection {
    /// Name of the host it runs on.
    pub host: String,
    /// host:port of the JMX exporter's Java agent.
    pub jmx: String,
    /// Default: broker and controller.
    #[schemars(length(min = 1))]
    pub roles: Option<Vec<KafkaRole>>,
    /// Folder of its data: KafkaDiskSpaceWarning watches the filesystem that holds it.
    pub data: Option<String>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KafkaRole {
    Broker,
    Controller,
}
