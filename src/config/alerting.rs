//! Slack channels and who hears what.

use super::Named;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlackSection {
    #[serde(default)]
    pub channels: Named<ChannelSection>,
}

/// A Slack channel that alerts can go to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSection {
    /// Its name in Slack, such as #monitoring-alerts.
    pub channel: String,
    /// Name of the secret that holds the webhook's URL.
    pub webhook: String,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

/// Who hears what, how often.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertingSection {
    /// false: rules are evaluated, nothing is sent. Default: true.
    pub enabled: Option<bool>,
    /// Channel of all that no route takes. Needed only when there are several channels.
    pub default_channel: Option<String>,
    /// Labels that make one message of several alerts. Default: alertname, environment, service.
    pub group_by: Option<Vec<String>>,
    /// Default: 30s.
    pub group_wait: Option<String>,
    /// Default: 5m.
    pub group_interval: Option<String>,
    /// By severity; the order of the file is the order of importance.
    #[serde(default)]
    pub severities: Named<SeveritySection>,
    /// First match wins.
    #[serde(default)]
    pub routes: Vec<RouteSection>,
    /// Which alerts silence which others.
    pub inhibit: Option<Vec<InhibitSection>>,
    pub heartbeat: Option<HeartbeatSection>,
}

/// How often alerts of a severity are repeated.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeveritySection {
    pub repeat: String,
    /// A channel of its own, for alerts that no route takes.
    pub channel: Option<String>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

/// Sends matching alerts to a channel.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSection {
    pub name: String,
    /// Alertmanager matchers, such as service="kafka"; all must match.
    #[serde(rename = "match")]
    #[schemars(length(min = 1))]
    pub matchers: Vec<String>,
    pub channel: String,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

/// While a source alert fires, target alerts with the same `equal` labels are not sent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InhibitSection {
    pub name: String,
    #[schemars(length(min = 1))]
    pub source: Vec<String>,
    #[schemars(length(min = 1))]
    pub target: Vec<String>,
    #[schemars(length(min = 1))]
    pub equal: Vec<String>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}

/// The alert Watchdog always fires to an outside webhook; its silence means that the stack is dead.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeartbeatSection {
    /// Name of the secret that holds the webhook's URL.
    pub webhook: String,
    /// Default: 5m.
    pub interval: Option<String>,
    pub enabled: Option<bool>,
    pub environments: Option<Vec<String>>,
}
