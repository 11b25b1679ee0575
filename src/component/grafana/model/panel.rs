//! A panel: its queries, how values are shown, and where it stands.
//!
//! Keys and values as in `@grafana/schema` 12.0.2: raw/dashboard, common, raw/composable/*/panelcfg
//! and raw/composable/loki/dataquery.

use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    pub id: u32,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(flatten)]
    pub visualization: Visualization,
    pub datasource: DatasourceRef,
    pub grid_pos: GridPos,
    pub targets: Vec<Target>,
    pub field_config: FieldConfig,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transformations: Vec<Transformation>,
}

/// A data source by its fixed uid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DatasourceRef {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub uid: &'static str,
}

/// Place in the grid of 24 columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct GridPos {
    pub h: u32,
    pub w: u32,
    pub x: u32,
    pub y: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Target {
    Prometheus(PrometheusQuery),
    Loki(LokiQuery),
}

impl Target {
    /// The query itself.
    pub fn expr(&self) -> &str {
        match self {
            Target::Prometheus(query) => &query.expr,
            Target::Loki(query) => &query.expr,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrometheusQuery {
    pub ref_id: String,
    pub datasource: DatasourceRef,
    pub editor_mode: &'static str,
    pub expr: String,
    pub format: &'static str,
    pub instant: bool,
    pub range: bool,
    pub legend_format: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LokiQuery {
    pub ref_id: String,
    pub datasource: DatasourceRef,
    pub editor_mode: &'static str,
    pub expr: String,
    pub query_type: &'static str,
    pub legend_format: String,
}

/// The panel's `type`, with the `options` of that type.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", content = "options", rename_all = "kebab-case")]
pub enum Visualization {
    Timeseries(TimeseriesOptions),
    Stat(StatOptions),
    StateTimeline(StateTimelineOptions),
    Table(TableOptions),
    Logs(LogsOptions),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeseriesOptions {
    pub legend: LegendOptions,
    pub tooltip: TooltipOptions,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LegendOptions {
    pub show_legend: bool,
    pub display_mode: &'static str,
    pub placement: &'static str,
    pub calcs: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TooltipOptions {
    pub mode: &'static str,
    pub sort: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatOptions {
    pub color_mode: &'static str,
    pub graph_mode: &'static str,
    pub justify_mode: &'static str,
    pub orientation: &'static str,
    pub percent_change_color_mode: &'static str,
    pub reduce_options: ReduceOptions,
    pub show_percent_change: bool,
    pub text_mode: &'static str,
    pub wide_layout: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReduceOptions {
    pub calcs: Vec<&'static str>,
    pub fields: &'static str,
    pub values: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateTimelineOptions {
    pub legend: LegendOptions,
    pub tooltip: TooltipOptions,
    pub align_value: &'static str,
    pub merge_values: bool,
    pub row_height: f64,
    pub show_value: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableOptions {
    pub show_header: bool,
    pub cell_height: &'static str,
    pub frame_index: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogsOptions {
    pub dedup_strategy: &'static str,
    pub enable_log_details: bool,
    pub prettify_log_message: bool,
    pub show_common_labels: bool,
    pub show_labels: bool,
    pub show_log_context_toggle: bool,
    pub show_time: bool,
    pub sort_order: &'static str,
    pub wrap_log_message: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldConfig {
    pub defaults: FieldDefaults,
    pub overrides: Vec<Override>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldDefaults {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    pub color: Color,
    pub mappings: Vec<Mapping>,
    pub thresholds: Thresholds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<GraphFieldConfig>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Color {
    pub mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_color: Option<&'static str>,
}

/// Text and color of single values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mapping {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub options: BTreeMap<String, MappingResult>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappingResult {
    pub index: u32,
    pub text: &'static str,
    pub color: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Thresholds {
    pub mode: &'static str,
    pub steps: Vec<ThresholdStep>,
}

/// From `value` on this color; nothing means from the smallest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThresholdStep {
    pub color: &'static str,
    pub value: Option<f64>,
}

/// How a time series is drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphFieldConfig {
    pub draw_style: &'static str,
    pub fill_opacity: u8,
    pub line_width: u8,
    pub show_points: &'static str,
    pub span_nulls: bool,
    pub stacking: Stacking,
    pub thresholds_style: ThresholdsStyle,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stacking {
    pub group: &'static str,
    pub mode: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThresholdsStyle {
    pub mode: &'static str,
}

/// Other settings for the series that the matcher picks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override {
    pub matcher: Matcher,
    pub properties: Vec<Property>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matcher {
    pub id: &'static str,
    pub options: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Property {
    pub id: &'static str,
    pub value: PropertyValue,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PropertyValue {
    Number(u8),
    LineStyle(LineStyle),
    Color(Color),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineStyle {
    pub fill: &'static str,
    pub dash: [u8; 2],
}

/// What is done to the answers before they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "id", content = "options", rename_all = "lowercase")]
pub enum Transformation {
    /// Leaves out columns and renames others.
    Organize(OrganizeOptions),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizeOptions {
    pub exclude_by_name: BTreeMap<&'static str, bool>,
    pub rename_by_name: BTreeMap<&'static str, &'static str>,
}
