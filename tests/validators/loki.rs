//! What `loki -verify-config` refuses, by the keys and types of the program itself.
//!
//! The program is not built here. How often this judge agreed with it is in tests/tools/README.md.

use super::Rejection;
use super::tree::Tree;
use serde_json::{Map, Value};
use std::sync::LazyLock;

const PROGRAM: &str = "loki";
const CONFIGURATION: &str = "loki/loki.yml";

static CATALOG: LazyLock<Value> = LazyLock::new(|| {
    let catalog = serde_json::from_str(include_str!("data/loki-3.4.5.json"));
    catalog.expect("the catalog is JSON")
});

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    let Some(configuration) = tree.yaml(CONFIGURATION) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    check("", &configuration, &CATALOG["config"], &mut faults);
    if faults.is_empty() {
        whole(&configuration, &mut faults);
    }
    faults
        .into_iter()
        .map(|fault| Rejection::new(PROGRAM, CONFIGURATION, fault))
        .collect()
}

/// Sections that do not work without their defaults, which a null takes away.
const NEVER_NULL: [&str; 12] = [
    "",
    "server",
    "server.log_level",
    "common",
    "common.path_prefix",
    "common.storage",
    "schema_config",
    "limits_config",
    "compactor",
    "compactor.working_directory",
    "ruler",
    "ruler.storage",
];

/// One key: whether it exists and its value has the type that the program decodes it into.
fn check(path: &str, value: &Value, node: &Value, faults: &mut Vec<String>) {
    if value.is_null() {
        if NEVER_NULL.contains(&path) {
            faults.push(format!("{path}: null takes away the defaults"));
        }
        return;
    }
    let wanted = node["type"].as_str().unwrap_or_default();
    let fits = match (wanted, value) {
        ("object", Value::String(_)) if is_written_as_text(node) => true,
        ("object", Value::Object(fields)) => return check_fields(path, fields, node, faults),
        ("list", Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                check(&format!("{path}[{index}]"), item, &node["items"], faults);
            }
            return;
        }
        ("map", Value::Object(fields)) => {
            for (key, field) in fields {
                check(&format!("{path}.{key}"), field, &node["items"], faults);
            }
            return;
        }
        ("string", scalar) => is_scalar(scalar),
        ("bool", value) => value.is_boolean(),
        ("int" | "float", value) => value.is_number(),
        ("uint", value) => value.as_f64().is_some_and(|number| number >= 0.0),
        ("duration", Value::String(text)) => is_duration(text),
        ("duration", value) => value.as_i64() == Some(0),
        ("object" | "list" | "map", _) => false,
        (custom, value) => is_custom(custom, value),
    };
    if !fits {
        faults.push(format!("{path}: {value} is not of the type {wanted}"));
    }
}

fn check_fields(path: &str, fields: &Map<String, Value>, node: &Value, faults: &mut Vec<String>) {
    for (key, field) in fields {
        let inner = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        match node["keys"].get(key) {
            Some(node) => check(&inner, field, node, faults),
            None => faults.push(format!("{inner}: there is no such key")),
        }
    }
}

/// A day and a URL are objects inside the program, and text in its configuration.
fn is_written_as_text(node: &Value) -> bool {
    let keys = node["keys"].as_object();
    keys.is_some_and(|keys| {
        keys.len() == 1 && (keys.contains_key("time") || keys.contains_key("url"))
    })
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn is_custom(name: &str, value: &Value) -> bool {
    let name = name.trim_start_matches("custom(");
    let text = value.as_str();
    if name.starts_with("flagext.Bytes") || name.starts_with("flagext.ByteSize") {
        value.is_u64() || text.is_some_and(is_size)
    } else if name.starts_with("log.Level") {
        ["debug", "info", "warn", "error"].map(Some).contains(&text)
    } else if name.starts_with("flagext.Secret") || name.starts_with("config.Secret") {
        is_scalar(value)
    } else {
        // A type with a reader of its own: its syntax is not known here.
        true
    }
}

/// `1h30m` and `1.5h` as Go writes them, `1d` as Prometheus does.
fn is_duration(text: &str) -> bool {
    let units = ["ns", "us", "µs", "ms", "s", "m", "h", "d", "w", "y"];
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut parts = 0;
    while !rest.is_empty() {
        let number = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
                .len();
        let unit = rest[number..]
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len() - number);
        if number == 0
            || rest[..number].parse::<f64>().is_err()
            || !units.contains(&&rest[number..number + unit])
        {
            return false;
        }
        rest = &rest[number + unit..];
        parts += 1;
    }
    parts > 0
}

fn is_size(text: &str) -> bool {
    let number = text
        .trim_end_matches(|c: char| c.is_ascii_alphabetic())
        .trim_end();
    let unit = text[number.len()..].trim_start().to_ascii_uppercase();
    let units = [
        "", "B", "K", "M", "G", "T", "KB", "MB", "GB", "TB", "KIB", "MIB", "GIB", "TIB",
    ];
    number.parse::<f64>().is_ok() && units.contains(&unit.as_str())
}

/// What the program asks of the sections together.
fn whole(configuration: &Value, faults: &mut Vec<String>) {
    let compactor = &configuration["compactor"];
    if compactor["retention_enabled"] == true && is_empty(&compactor["delete_request_store"]) {
        faults.push(
            "compactor.delete_request_store: it is required where retention is enabled".into(),
        );
    }
    if compactor["working_directory"] == "" {
        faults.push("compactor.working_directory: it is empty".into());
    }

    let backends = ["azure", "bos", "cos", "filesystem", "gcs", "s3", "swift"];
    let common = configuration["common"]["storage"].as_object();
    if common.is_some_and(|storage| {
        backends
            .iter()
            .filter(|name| storage.contains_key(**name))
            .count()
            > 1
    }) {
        faults.push("common.storage: more than one storage backend".into());
    }

    let periods = configuration["schema_config"]["configs"].as_array();
    let Some(periods) = periods.filter(|periods| !periods.is_empty()) else {
        faults.push("schema_config.configs: there is no period".into());
        return;
    };
    let shipper = &configuration["storage_config"]["tsdb_shipper"];
    let placed =
        !is_empty(&shipper["active_index_directory"]) && !is_empty(&shipper["cache_location"]);
    if is_empty(&configuration["common"]["path_prefix"]) && !placed {
        faults.push(
            "common.path_prefix: without it, storage_config.tsdb_shipper needs its folders".into(),
        );
    }
    for (index, period) in periods.iter().enumerate() {
        for fault in period_faults(period, configuration) {
            faults.push(format!("schema_config.configs[{index}]: {fault}"));
        }
    }
    let starts: Vec<&str> = periods
        .iter()
        .filter_map(|period| period["from"].as_str())
        .collect();
    if !starts.is_sorted_by(|one, next| one < next) {
        faults.push("schema_config.configs: the periods do not begin one after the other".into());
    }
    let structured = &configuration["limits_config"]["allow_structured_metadata"];
    let last = &periods[periods.len() - 1];
    if structured != false && (last["store"] != "tsdb" || last["schema"] != "v13") {
        faults.push(
            "schema_config.configs: structured metadata needs tsdb with the schema v13".into(),
        );
    }
}

fn period_faults(period: &Value, configuration: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let from = &period["from"];
    if !from.is_null() && !from.as_str().is_some_and(is_day) {
        faults.push(format!("from: {from} is not a day"));
    }
    let store = period["store"].as_str().unwrap_or_default();
    if !["tsdb", "boltdb-shipper"].contains(&store) {
        faults.push(format!("store: {store:?} is not an index"));
    }
    let schema = period["schema"].as_str().unwrap_or_default();
    if !["v9", "v10", "v11", "v12", "v13"].contains(&schema) {
        faults.push(format!("schema: {schema:?} is not a version"));
    }
    let kinds = [
        "filesystem",
        "aws",
        "alibabacloud",
        "azure",
        "bos",
        "cos",
        "gcs",
        "s3",
        "swift",
    ];
    let object_store = period["object_store"].as_str().unwrap_or_default();
    let named = configuration["storage_config"]["named_stores"].as_object();
    let named = named.is_some_and(|kinds| {
        kinds
            .values()
            .any(|stores| stores.get(object_store).is_some())
    });
    if !kinds.contains(&object_store) && !named {
        faults.push(format!("object_store: {object_store:?} is not a store"));
    }
    let length = period["index"]["period"].as_str().unwrap_or_default();
    if !["24h", "1d", "24h0m0s", "1440m"].contains(&length) {
        faults.push(format!("index.period: it has to be 24h, not {length:?}"));
    }
    faults
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value == ""
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.char_indices().all(|(index, c)| match index {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        })
}
