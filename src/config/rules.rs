//! Rule packs, rule files of the user's own, and thresholds.

use super::Named;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesSection {
    /// Default: every pack that something feeds; inventory and heartbeat are always there.
    pub packs: Option<Vec<String>>,
    /// Globs of your own Prometheus rule files. A glob may match nothing.
    pub files: Option<Vec<String>>,
    /// Link of every alert; {alert} stands for its name.
    pub runbook_url: Option<String>,
    /// true adds TestAlert, which always fires. Default: false.
    pub test_alert: Option<bool>,
    /// By alert, for the whole stack.
    #[serde(default)]
    pub thresholds: Named<ThresholdSection>,
}

/// What may be changed of a shipped alert.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdSection {
    /// In the unit of the alert: seconds, bytes, or a ratio between 0 and 1.
    pub value: Option<f64>,
    /// How long the condition must hold.
    #[serde(rename = "for")]
    pub hold: Option<String>,
    /// One of [alerting.severities].
    pub severity: Option<String>,
    /// false leaves the alert out.
    pub enabled: Option<bool>,
}
