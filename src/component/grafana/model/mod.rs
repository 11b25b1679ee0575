//! Grafana's provisioning files and dashboards, in Grafana's own words.

mod dashboard;
mod panel;
mod provisioning;

pub use dashboard::{
    Annotation, AnnotationTarget, Annotations, Dashboard, Element, Link, Row, Templating,
    TimeRange, Variable, VariableOption, VariableQuery,
};
pub use panel::{
    Color, DatasourceRef, FieldConfig, FieldDefaults, GraphFieldConfig, GridPos, LegendOptions,
    LineStyle, LogsOptions, LokiQuery, Mapping, MappingResult, Matcher, OrganizeOptions, Override,
    Panel, PrometheusQuery, Property, PropertyValue, ReduceOptions, Stacking, StatOptions,
    StateTimelineOptions, TableOptions, Target, ThresholdStep, Thresholds, ThresholdsStyle,
    TimeseriesOptions, TooltipOptions, Transformation, Visualization,
};
pub use provisioning::{
    DashboardProvider, DashboardProviders, Datasource, Datasources, DerivedField, JsonData,
    ProviderOptions, SecureJsonData,
};

use serde::Serialize;

/// All that Grafana reads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    pub datasources: Datasources,
    pub providers: DashboardProviders,
    pub dashboards: Vec<DashboardFile>,
    /// The user's own dashboards.
    pub own: Vec<OwnDashboard>,
}

/// A generated dashboard and its place in the folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DashboardFile {
    /// Without its ending.
    pub name: String,
    /// Keys of stack.toml that caused it.
    pub causes: Vec<String>,
    pub dashboard: Dashboard,
}

/// A dashboard of the user's, copied as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnDashboard {
    pub file_name: String,
    pub text: String,
}
