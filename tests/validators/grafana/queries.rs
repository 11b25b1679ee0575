//! The PromQL of the dashboards, with Grafana's variables filled in: read by promql-parser and by
//! promtool. LogQL has no reader here.

use super::super::program::{command, run};
use super::super::tree::Tree;
use super::{Dashboard, Rejection, visit};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One expression of a dashboard.
struct Query<'a> {
    file: &'a str,
    written: String,
    filled: String,
}

pub fn judge(
    tree: &Tree,
    dashboards: &[Dashboard],
    sources: &BTreeMap<String, String>,
) -> Vec<Rejection> {
    let mut rejections = Vec::new();
    let mut queries = Vec::new();
    for dashboard in dashboards {
        for written in expressions(&dashboard.json, sources) {
            let (filled, fault) = fill_in(&written);
            if let Some(fault) = fault {
                rejections.push(Rejection::new(
                    "promql-parser",
                    dashboard.file,
                    format!("{written}: {fault}"),
                ));
            }
            queries.push(Query {
                file: dashboard.file,
                written,
                filled,
            });
        }
    }
    rejections.extend(promtool(tree, &queries));
    rejections
}

/// All of them in one file of recording rules, so that one call of promtool reads all of them.
fn promtool(tree: &Tree, queries: &[Query]) -> Vec<Rejection> {
    if queries.is_empty() {
        return Vec::new();
    }
    let rules = queries.iter().enumerate();
    let rules: Vec<Value> = rules
        .map(|(index, query)| json!({"record": format!("query:{index}"), "expr": query.filled}))
        .collect();
    let file = tempfile::Builder::new()
        .suffix(".yml")
        .tempfile()
        .expect("a file can be made");
    let text = json!({"groups": [{"name": "dashboards", "rules": rules}]}).to_string();
    std::fs::write(file.path(), text).expect("the file can be written");
    let mut program = command("promtool", &tree.root);
    let answer = run(program
        .args(["check", "rules", "--lint=none"])
        .arg(file.path()));
    if answer.accepted {
        return Vec::new();
    }
    let text = answer.text();
    let rejections: Vec<Rejection> = queries
        .iter()
        .enumerate()
        .filter_map(|(index, query)| {
            let mark = format!("\"query:{index}\"");
            let line = text.lines().find(|line| line.contains(&mark))?;
            Some(Rejection::new(
                "promtool",
                query.file,
                format!("{}: {line}", query.written),
            ))
        })
        .collect();
    assert!(
        !rejections.is_empty(),
        "promtool refused the queries of the dashboards: {text}"
    );
    rejections
}

/// The PromQL of panels, annotations and variables.
fn expressions(dashboard: &Value, sources: &BTreeMap<String, String>) -> Vec<String> {
    let mut expressions = Vec::new();
    collect(dashboard, None, sources, &mut expressions);
    for variable in dashboard["templating"]["list"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let query = match &variable["query"] {
            Value::String(query) => query,
            query => query["query"].as_str().unwrap_or_default(),
        };
        if variable["type"] == "query"
            && kind(variable, None, sources).as_deref() == Some("prometheus")
        {
            expressions.extend(selector(query));
        }
    }
    expressions
}

fn collect(
    value: &Value,
    above: Option<String>,
    sources: &BTreeMap<String, String>,
    found: &mut Vec<String>,
) {
    match value {
        Value::Object(object) => {
            let kind = kind(value, above, sources);
            if let (Some("prometheus"), Some(expression)) = (kind.as_deref(), object.get("expr")) {
                found.push(expression.as_str().unwrap_or_default().to_owned());
            }
            object
                .values()
                .for_each(|inner| collect(inner, kind.clone(), sources, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect(item, above.clone(), sources, found)),
        _ => {}
    }
}

/// The type of the data source that an object, or else the one around it, names.
fn kind(
    value: &Value,
    above: Option<String>,
    sources: &BTreeMap<String, String>,
) -> Option<String> {
    let source = &value["datasource"];
    let uid = source.as_str().or_else(|| source["uid"].as_str());
    let known = uid.and_then(|uid| sources.get(uid)).cloned();
    known
        .or_else(|| source["type"].as_str().map(str::to_owned))
        .or(above)
}

/// The PromQL in the query of a variable.
fn selector(query: &str) -> Option<String> {
    let inside = |function: &str| query.trim().strip_prefix(function)?.strip_suffix(')');
    if let Some(arguments) = inside("label_values(") {
        return arguments
            .rsplit_once(',')
            .map(|(selector, _)| selector.trim().to_owned());
    }
    inside("query_result(").map(str::to_owned)
}

/// The names of a dashboard's own variables.
pub fn variables(dashboard: &Value) -> BTreeSet<&str> {
    let list = dashboard["templating"]["list"]
        .as_array()
        .into_iter()
        .flatten();
    list.filter_map(|variable| variable["name"].as_str())
        .collect()
}

/// Variables that an expression uses and nothing defines.
pub fn unknown_variables(dashboard: &Value) -> BTreeSet<String> {
    let known = variables(dashboard);
    let mut unknown = BTreeSet::new();
    visit(dashboard, &mut |object| {
        let Some(expression) = object.get("expr").and_then(Value::as_str) else {
            return;
        };
        for part in parts(expression) {
            if let Part::Variable { name, .. } = part
                && !name.starts_with("__")
                && !known.contains(name)
            {
                unknown.insert(format!("the variable {name:?} is not defined"));
            }
        }
    });
    unknown
}

/// A piece of an expression.
enum Part<'a> {
    Text(&'a str),
    Variable { name: &'a str, place: Place },
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    String,
    Range,
    Elsewhere,
}

/// Splits an expression at Grafana's variables: `$name`, `${name}`, `${name:format}`, `[[name]]`.
/// `$1` is not one: it belongs to label_replace.
fn parts(expression: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut quote = None;
    let mut ranges = 0;
    let mut start = 0;
    let mut at = 0;
    while at < expression.len() {
        let rest = &expression[at..];
        let place = match (quote, ranges) {
            (Some(_), _) => Place::String,
            (None, 0) => Place::Elsewhere,
            _ => Place::Range,
        };
        if let Some((name, length)) = variable(rest) {
            parts.push(Part::Text(&expression[start..at]));
            parts.push(Part::Variable { name, place });
            at += length;
            start = at;
            continue;
        }
        let c = rest.chars().next().expect("the rest is not empty");
        match (quote, c) {
            (Some('"' | '\''), '\\') => at += rest[1..].chars().next().map_or(0, char::len_utf8),
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '[') => ranges += 1,
            (None, ']') => ranges -= 1,
            _ => {}
        }
        at += c.len_utf8();
    }
    parts.push(Part::Text(&expression[start..]));
    parts
}

/// The name of the variable at the beginning of a text, and how long its mention is.
fn variable(text: &str) -> Option<(&str, usize)> {
    let word = |text: &str| {
        text.len()
            - text
                .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
                .len()
    };
    let (open, close) = [("${", "}"), ("[[", "]]"), ("$", "")]
        .into_iter()
        .find(|(open, _)| text.starts_with(open))?;
    let inside = &text[open.len()..];
    let length = word(inside);
    if length == 0 || inside.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let end = if close.is_empty() {
        length
    } else {
        inside.find(close)? + close.len()
    };
    Some((&inside[..length], open.len() + end))
}

/// An expression with a value for each variable, and why it cannot be read, if it cannot. What a
/// variable outside a string stands for shows in what can be read: a number, a name or a duration.
fn fill_in(expression: &str) -> (String, Option<String>) {
    let parts = parts(expression);
    let attempts = ["5", "x", "5m"].map(|elsewhere| {
        let values = parts.iter().map(|part| match part {
            Part::Text(text) => text,
            Part::Variable {
                place: Place::String,
                ..
            } => "x",
            Part::Variable {
                place: Place::Range,
                ..
            } => "5m",
            Part::Variable {
                name: "__range_s" | "__range_ms" | "__interval_ms",
                ..
            } => "300",
            Part::Variable { .. } => elsewhere,
        });
        values.collect::<String>()
    });
    let mut faults = attempts
        .iter()
        .map(|attempt| promql_parser::parser::parse(attempt).err());
    match faults.position(|fault| fault.is_none()) {
        Some(index) => (attempts[index].clone(), None),
        None => (
            attempts[0].clone(),
            promql_parser::parser::parse(&attempts[0]).err(),
        ),
    }
}
