//! Whether two independent readers find the same value in every YAML file.

use super::Rejection;
use super::tree::Tree;
use serde_json::Value;

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    tree.files()
        .filter(|file| file.ends_with(".yml") || file.ends_with(".yaml"))
        .filter_map(|file| {
            fault(&tree.read(file)).map(|message| Rejection::new("yaml", file, message))
        })
        .collect()
}

fn fault(text: &str) -> Option<String> {
    let one: Value = match serde_yaml::from_str(text) {
        Ok(value) => value,
        Err(error) => return Some(format!("serde_yaml: {error}")),
    };
    // This one refuses a key that occurs twice.
    let other: Value = match serde_saphyr::from_str(text) {
        Ok(value) => value,
        Err(error) => return Some(format!("serde-saphyr: {error}")),
    };
    difference("", &one, &other)
}

fn difference(path: &str, one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            one.iter().find_map(|(key, value)| match other.get(key) {
                Some(other) => difference(&format!("{path}.{key}"), value, other),
                None => Some(format!(
                    "{path}.{key}: one reader finds it, the other does not"
                )),
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .enumerate()
            .find_map(|(index, (one, other))| difference(&format!("{path}[{index}]"), one, other)),
        _ if one == other => None,
        _ => Some(format!("{path}: one reader finds {one}, the other {other}")),
    }
}
