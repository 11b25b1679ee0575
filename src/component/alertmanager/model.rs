//! Alertmanager's configuration in its own words (Alertmanager 0.28.1, config/config.go and
//! config/notifiers.go).

use crate::component::http_client::HttpClientConfig;
use serde::Serialize;

/// What is written for Alertmanager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub config: Config,
    /// The messages to Slack, in Go's template language.
    pub slack_template: String,
    /// How amtool asks the running Alertmanager (`--http.config.file`).
    pub client: HttpClientConfig,
}

/// `Config`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Config {
    /// Relative to the configuration's folder; `*` only in the last part of a path.
    pub templates: Vec<String>,
    pub route: Route,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inhibit_rules: Vec<InhibitRule>,
    pub receivers: Vec<Receiver>,
}

/// `Route`. What is left out is the parent's. Matchers are written with their values in double
/// quotes, which all of Alertmanager's parsers read alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Route {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_by: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_wait: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_interval: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
}

/// `InhibitRule`. A label of `equal` that both alerts lack counts as equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InhibitRule {
    pub source_matchers: Vec<String>,
    pub target_matchers: Vec<String>,
    pub equal: Vec<String>,
}

/// `Receiver`. One without any configuration sends nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receiver {
    pub name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slack_configs: Vec<SlackConfig>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhook_configs: Vec<WebhookConfig>,
}

/// `SlackConfig`. All texts but the file are templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlackConfig {
    /// Upstream's default is false.
    pub send_resolved: bool,
    /// Read at each message; not joined with the configuration's folder.
    pub api_url_file: String,
    pub channel: String,
    pub color: String,
    pub title: String,
    pub title_link: String,
    /// Upstream's default is empty: no annotation would be shown.
    pub text: String,
    pub fallback: String,
    pub actions: Vec<SlackAction>,
}

/// `SlackAction`: a button that opens a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlackAction {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub text: &'static str,
    pub url: String,
}

/// `WebhookConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookConfig {
    pub send_resolved: bool,
    /// Read at each message; not joined with the configuration's folder.
    pub url_file: String,
}
