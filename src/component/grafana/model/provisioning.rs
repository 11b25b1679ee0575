//! What Grafana reads at its start: data sources, and where dashboards are.
//!
//! Keys as in Grafana's `pkg/services/provisioning`. Grafana expands `$` in every string of these
//! files, so a literal one is written `$$`.

use serde::Serialize;

/// `provisioning/datasources/*.yml`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Datasources {
    pub api_version: u8,
    /// Removes data sources that this file no longer has.
    pub prune: bool,
    pub datasources: Vec<Datasource>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Datasource {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub uid: &'static str,
    pub org_id: u32,
    /// `proxy`: Grafana asks, not the browser.
    pub access: &'static str,
    pub url: String,
    pub is_default: bool,
    pub editable: bool,
    pub basic_auth: bool,
    pub basic_auth_user: String,
    pub json_data: JsonData,
    pub secure_json_data: SecureJsonData,
}

/// Settings of a data source; which ones it reads depends on its type.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsonData {
    #[serde(rename = "tlsAuthWithCACert")]
    pub tls_auth_with_ca_cert: bool,
    /// The name that must stand in the certificate.
    pub server_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_method: Option<&'static str>,
    /// The scrape interval: `$__rate_interval` is at least four of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prometheus_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prometheus_version: Option<String>,
    /// Whether Grafana's pages on alerting show the rules of this data source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manage_alerts: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alertmanager_uid: Option<&'static str>,
    /// Which Alertmanager it is: `prometheus`, `mimir` or `cortex`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implementation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle_grafana_managed_alerts: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived_fields: Vec<DerivedField>,
}

/// A link that Loki's data source adds to log lines.
///
/// An internal link (with `datasourceUid`) only works for tracing data sources; one to a dashboard
/// is an external one with a relative URL (Grafana, loki/getDerivedFields.ts).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DerivedField {
    pub name: String,
    /// `label`: the expression is matched against the names of labels.
    pub matcher_type: &'static str,
    pub matcher_regex: String,
    pub url: String,
    pub url_display_label: String,
}

/// Settings that Grafana keeps encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecureJsonData {
    pub basic_auth_password: String,
    #[serde(rename = "tlsCACert")]
    pub tls_ca_cert: String,
}

/// `provisioning/dashboards/*.yml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DashboardProviders {
    pub api_version: u8,
    pub providers: Vec<DashboardProvider>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DashboardProvider {
    pub name: &'static str,
    pub org_id: u32,
    pub folder: String,
    pub folder_uid: &'static str,
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When false, a dashboard goes when its file goes.
    pub disable_deletion: bool,
    pub allow_ui_updates: bool,
    pub update_interval_seconds: u32,
    pub options: ProviderOptions,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderOptions {
    pub path: &'static str,
    pub folders_from_files_structure: bool,
}
