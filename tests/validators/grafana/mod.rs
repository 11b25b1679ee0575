//! Grafana's dashboards: their shape, the data sources that they use, and their queries.

mod queries;
mod shape;

use super::Rejection;
use super::tree::Tree;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const PROGRAM: &str = "grafana";
const DATA_SOURCES: &str = "grafana/provisioning/datasources/stackgen.yml";

/// One dashboard that could be read.
struct Dashboard<'a> {
    file: &'a str,
    json: Value,
}

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    let mut rejections = Vec::new();
    let mut dashboards = Vec::new();
    for file in tree.files_in("grafana/dashboards", ".json") {
        match serde_json::from_str(&tree.read(file)) {
            Ok(json) => dashboards.push(Dashboard { file, json }),
            Err(error) => rejections.push(Rejection::new(PROGRAM, file, error.to_string())),
        }
    }
    let sources = data_sources(tree);
    rejections.extend(repeated_uids(&dashboards));
    for dashboard in &dashboards {
        let mut faults = shape::faults(&dashboard.json);
        faults.extend(unknown_sources(dashboard, &sources));
        faults.extend(queries::unknown_variables(&dashboard.json));
        let faults = faults.into_iter();
        rejections.extend(faults.map(|fault| Rejection::new(PROGRAM, dashboard.file, fault)));
    }
    rejections.extend(queries::judge(tree, &dashboards, &sources));
    rejections
}

/// The provisioned data sources: uid → type.
fn data_sources(tree: &Tree) -> BTreeMap<String, String> {
    let file = tree.yaml(DATA_SOURCES).unwrap_or_default();
    let sources = file["datasources"].as_array().into_iter().flatten();
    sources
        .filter_map(|source| {
            Some((
                source["uid"].as_str()?.to_owned(),
                source["type"].as_str()?.to_owned(),
            ))
        })
        .collect()
}

fn repeated_uids(dashboards: &[Dashboard]) -> Vec<Rejection> {
    let mut seen = BTreeMap::new();
    let mut rejections = Vec::new();
    for dashboard in dashboards {
        let uid = dashboard.json["uid"].as_str().unwrap_or_default();
        if let Some(other) = seen.insert(uid, dashboard.file) {
            let message = format!("its uid {uid:?} is also that of {other}");
            rejections.push(Rejection::new(PROGRAM, dashboard.file, message));
        }
    }
    rejections
}

fn unknown_sources(dashboard: &Dashboard, sources: &BTreeMap<String, String>) -> BTreeSet<String> {
    let variables = queries::variables(&dashboard.json);
    let mut unknown = BTreeSet::new();
    visit(&dashboard.json, &mut |object| {
        let Some(source) = object.get("datasource") else {
            return;
        };
        let uid = match source {
            Value::Null => return,
            Value::String(uid) => uid.as_str(),
            source => source["uid"].as_str().unwrap_or_default(),
        };
        let built_in =
            ["grafana", "-- Grafana --", "-- Mixed --", "-- Dashboard --"].contains(&uid);
        let variable = uid
            .trim_start_matches("${")
            .trim_start_matches('$')
            .trim_end_matches('}');
        let is_variable = uid.starts_with('$') && variables.contains(variable);
        if !built_in && !is_variable && !sources.contains_key(uid) {
            unknown.insert(format!("the data source {uid:?} is not provisioned"));
        }
    });
    unknown
}

/// Calls back with every object inside a value.
fn visit<'a>(value: &'a Value, found: &mut impl FnMut(&'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            found(object);
            object.values().for_each(|inner| visit(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        _ => {}
    }
}
