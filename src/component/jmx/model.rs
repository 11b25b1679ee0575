//! The configuration of jmx_exporter 1.0 (docs/content/1.0/http-mode/rules.md of that project).

use indexmap::IndexMap;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    /// Names of metrics in lower case, whatever the beans are called.
    pub lowercase_output_name: bool,
    /// The only beans that are asked: a broker has thousands.
    pub include_object_names: Vec<String>,
    /// The first that matches counts.
    pub rules: Vec<Rule>,
}

/// What becomes of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// A Java regex over `domain<key=value, …><keys of composites>attribute: value`, found
    /// anywhere in it.
    pub pattern: String,
    /// `$1` is the pattern's first group.
    pub name: String,
    /// In place of the attribute's own, which may be a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<u8>,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub help: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<&'static str, &'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    Counter,
    Gauge,
}
