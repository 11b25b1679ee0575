//! A dashboard as Grafana stores it.
//!
//! Keys and values as in `@grafana/schema` 12.0.2, raw/dashboard/x/dashboard_types, whose default
//! for `schemaVersion` is 41.

use super::panel::{DatasourceRef, GridPos, Panel};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    pub uid: String,
    pub title: String,
    pub description: String,
    pub tags: Vec<String>,
    pub schema_version: u16,
    pub editable: bool,
    /// 1: all panels share a crosshair.
    pub graph_tooltip: u8,
    pub refresh: &'static str,
    pub time: TimeRange,
    pub timezone: &'static str,
    pub links: Vec<Link>,
    pub templating: Templating,
    pub annotations: Annotations,
    pub panels: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeRange {
    pub from: &'static str,
    pub to: &'static str,
}

/// A link at the top: here to all dashboards that have one of the tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub title: &'static str,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub tags: Vec<String>,
    pub as_dropdown: bool,
    pub icon: &'static str,
    pub include_vars: bool,
    pub keep_time: bool,
    pub target_blank: bool,
    pub tooltip: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Templating {
    pub list: Vec<Variable>,
}

/// A variable of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Variable {
    /// Values of a label.
    #[serde(rename_all = "camelCase")]
    Query {
        name: String,
        label: String,
        datasource: DatasourceRef,
        query: VariableQuery,
        /// The query again, for the list of variables.
        definition: String,
        /// 2: when the time range changes.
        refresh: u8,
        /// 1: by the alphabet.
        sort: u8,
        multi: bool,
        include_all: bool,
        current: VariableOption<Vec<&'static str>>,
    },
    /// A text that the reader types.
    #[serde(rename_all = "camelCase")]
    Textbox {
        name: String,
        label: String,
        query: &'static str,
        current: VariableOption<&'static str>,
    },
}

impl Variable {
    /// The name by which queries refer to it.
    pub fn name(&self) -> &str {
        match self {
            Variable::Query { name, .. } | Variable::Textbox { name, .. } => name,
        }
    }
}

/// Query of Prometheus' data source; type 1 asks for the values of a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableQuery {
    pub qry_type: u8,
    pub query: String,
    pub ref_id: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariableOption<T> {
    pub text: T,
    pub value: T,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotations {
    pub list: Vec<Annotation>,
}

/// Marks on the time axis, from a query of Prometheus. The query stands twice: up to Grafana 11 it
/// was read from `expr`, later versions take it from `target`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Annotation {
    pub name: &'static str,
    pub datasource: DatasourceRef,
    pub enable: bool,
    pub icon_color: &'static str,
    pub expr: String,
    pub target: AnnotationTarget,
    pub title_format: &'static str,
    pub text_format: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnotationTarget {
    pub expr: String,
    pub ref_id: &'static str,
}

/// What is in a dashboard's grid.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Element {
    Row(Row),
    Panel(Box<Panel>),
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub id: u32,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: String,
    pub collapsed: bool,
    pub grid_pos: GridPos,
    /// Panels of a collapsed row.
    pub panels: Vec<Panel>,
}
