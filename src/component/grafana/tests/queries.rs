//! Every query parses, names its job, and asks only for metrics and labels that exist there.

use super::{LARGE, SMALL, model, panels};
use crate::component::grafana::model::{DashboardFile, Model, Target, Variable};
use promql_parser::parser::{Expr, LabelModifier, VectorSelector, parse};
use promql_parser::util::{ExprVisitor, walk_expr};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Metrics by name, each with its labels.
type Metrics = BTreeMap<String, BTreeSet<String>>;

#[derive(Deserialize)]
struct Catalog {
    metrics: Vec<Metric>,
}

#[derive(Deserialize)]
struct Metric {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    labels: Vec<String>,
}

fn catalog(text: &str) -> Metrics {
    let catalog: Catalog = serde_json::from_str(text).expect("the catalog is JSON");
    let mut metrics = Metrics::new();
    for Metric { name, kind, labels } in catalog.metrics {
        let mut add = |name: String, more: &[&str]| {
            let labels = labels.iter().cloned();
            let labels = labels.chain(more.iter().map(|&label| label.to_owned()));
            metrics.insert(name, labels.collect());
        };
        match kind.as_str() {
            "histogram" => {
                add(format!("{name}_bucket"), &["le"]);
                add(format!("{name}_sum"), &[]);
                add(format!("{name}_count"), &[]);
            }
            "summary" => {
                add(name.clone(), &["quantile"]);
                add(format!("{name}_sum"), &[]);
                add(format!("{name}_count"), &[]);
            }
            _ => add(name, &[]),
        }
    }
    metrics
}

macro_rules! exporter {
    ($name:literal) => {
        catalog(include_str!(concat!(
            "../../../catalog/metrics/",
            $name,
            ".json"
        )))
    };
}

/// What each job has; `$job` is of the dashboard's kind.
fn metrics_of(dashboard: &str, job: &str) -> Vec<Metrics> {
    let exporters = match (job, dashboard) {
        ("node", _) => vec![exporter!("node")],
        ("docker", _) => vec![exporter!("cadvisor")],
        ("alloy", _) => vec![exporter!("alloy")],
        ("kafka", _) => vec![exporter!("kafka-jmx")],
        ("kafka-lag", _) => vec![exporter!("kafka-lag-alloy")],
        ("prometheus", _) => vec![exporter!("prometheus")],
        ("alertmanager", _) => vec![exporter!("alertmanager")],
        ("loki", _) => vec![exporter!("loki")],
        ("grafana", _) => vec![exporter!("grafana")],
        ("$job", "nodejs") => vec![exporter!("nodejs-prom-client")],
        ("$job", "gitlab-runner") => vec![exporter!("gitlab-runner")],
        ("$job", "probes") => vec![exporter!("blackbox")],
        ("prometheus|alertmanager|loki|grafana", _) => vec![
            exporter!("prometheus"),
            exporter!("alertmanager"),
            exporter!("loki"),
            exporter!("grafana"),
        ],
        // Only for what exists without an exporter.
        _ => vec![Metrics::new()],
    };
    exporters.into_iter().map(with_common).collect()
}

/// What exists without any exporter, the inventory, and the application's histogram of the test.
fn with_common(mut metrics: Metrics) -> Metrics {
    for name in [
        "up",
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "stackgen_expected_target",
    ] {
        metrics.insert(name.to_owned(), BTreeSet::new());
    }
    for name in ["http_server_seconds_count", "http_server_seconds_bucket"] {
        metrics.insert(name.to_owned(), ["code", "le"].map(str::to_owned).into());
    }
    for labels in metrics.values_mut() {
        labels.extend(["job", "instance", "host", "environment", "service"].map(str::to_owned));
    }
    metrics
}

/// Collects what is wrong with the selectors of a query.
struct Check<'a> {
    dashboard: &'a str,
    faults: Vec<String>,
}

impl Check<'_> {
    fn labels_of(&mut self, selector: &VectorSelector) -> BTreeSet<String> {
        let name = selector.name.clone().unwrap_or_default();
        if name == "ALERTS" {
            return BTreeSet::new();
        }
        let job = selector.matchers.matchers.iter().find(|m| m.name == "job");
        let job = job.map(|matcher| matcher.value.as_str());
        if job.is_none() && !["up", "stackgen_expected_target"].contains(&name.as_str()) {
            self.faults.push(format!("{name} without a job"));
        }
        let mut common: Option<BTreeSet<String>> = None;
        for metrics in metrics_of(self.dashboard, job.unwrap_or_default()) {
            match metrics.get(&name) {
                Some(labels) => {
                    common = Some(match common {
                        Some(others) => &others & labels,
                        None => labels.clone(),
                    });
                }
                None => self
                    .faults
                    .push(format!("{name} does not exist in {job:?}")),
            }
        }
        common.unwrap_or_default()
    }
}

impl ExprVisitor for Check<'_> {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        match expr {
            Expr::VectorSelector(selector) => {
                let labels = self.labels_of(selector);
                for matcher in &selector.matchers.matchers {
                    if selector.name.as_deref() != Some("ALERTS") && !labels.contains(&matcher.name)
                    {
                        self.faults
                            .push(format!("{:?} has no label {}", selector.name, matcher.name));
                    }
                }
            }
            Expr::MatrixSelector(matrix) => {
                self.pre_visit(&Expr::VectorSelector(matrix.vs.clone()))?;
            }
            Expr::Aggregate(aggregate) => {
                if let Some(LabelModifier::Include(by)) = &aggregate.modifier {
                    let mut inner = Selectors::default();
                    walk_expr(&mut inner, &aggregate.expr)?;
                    let mut known = BTreeSet::new();
                    for selector in &inner.0 {
                        known.extend(self.labels_of(selector));
                    }
                    let unknown = by.labels.iter().filter(|label| !known.contains(*label));
                    self.faults
                        .extend(unknown.map(|label| format!("by ({label}): {expr}")));
                }
            }
            _ => {}
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Selectors(Vec<VectorSelector>);

impl ExprVisitor for Selectors {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        match expr {
            Expr::VectorSelector(selector) => self.0.push(selector.clone()),
            Expr::MatrixSelector(matrix) => self.0.push(matrix.vs.clone()),
            _ => {}
        }
        Ok(true)
    }
}

/// As Grafana would send it, as far as a parser cares.
fn without_variables(expr: &str) -> String {
    expr.replace("[$__rate_interval]", "[1m]")
        .replace("[$__range]", "[6h]")
}

fn faults(file: &DashboardFile, expr: &str) -> Vec<String> {
    match parse(&without_variables(expr)) {
        Err(error) => vec![format!("{expr}: {error}")],
        Ok(parsed) => {
            let mut check = Check {
                dashboard: &file.name,
                faults: Vec::new(),
            };
            let _ = walk_expr(&mut check, &parsed);
            check.faults
        }
    }
}

/// Every query of Prometheus, with the selectors of variables and annotations.
fn exprs(file: &DashboardFile) -> Vec<String> {
    let targets = panels(file).into_iter().flat_map(|panel| &panel.targets);
    let mut exprs: Vec<String> = targets
        .filter_map(|target| match target {
            Target::Prometheus(query) => Some(query.expr.clone()),
            Target::Loki(_) => None,
        })
        .collect();
    for variable in &file.dashboard.templating.list {
        if let Variable::Query { definition, .. } = variable {
            let series = definition
                .strip_prefix("label_values(")
                .and_then(|rest| rest.rsplit_once(", "));
            exprs.extend(series.map(|(series, _)| series.to_owned()));
        }
    }
    let annotations = file.dashboard.annotations.list.iter();
    exprs.extend(annotations.map(|annotation| annotation.expr.clone()));
    exprs
}

fn all_faults(model: &Model) -> Vec<String> {
    let mut found = Vec::new();
    for file in &model.dashboards {
        for expr in exprs(file) {
            let faults = faults(file, &expr);
            found.extend(
                faults
                    .into_iter()
                    .map(|fault| format!("{}: {fault}", file.name)),
            );
        }
    }
    found
}

#[test]
fn queries_ask_for_what_exists() {
    assert_eq!(all_faults(&model(LARGE)), Vec::<String>::new());
    assert_eq!(all_faults(&model(SMALL)), Vec::<String>::new());
}

#[test]
fn a_query_for_what_does_not_exist_is_found() {
    let model = model(LARGE);
    let hosts = super::dashboard(&model, "hosts");
    assert_eq!(
        faults(
            hosts,
            r#"sum by (mode) (rate(node_cpu_seconds{job="node"}[5m]))"#
        )
        .len(),
        4
    );
    assert_eq!(faults(hosts, r#"node_load1{job="node",cpu="0"}"#).len(), 1);
}

#[test]
fn variables_of_queries_are_those_of_the_dashboard() {
    for file in &model(LARGE).dashboards {
        let variables = &file.dashboard.templating.list;
        let known: BTreeSet<&str> = variables.iter().map(|variable| variable.name()).collect();
        let targets = panels(file).into_iter().flat_map(|panel| &panel.targets);
        for target in targets {
            for name in target.expr().split('$').skip(1) {
                let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let name = &name[..end.unwrap_or(name.len())];
                assert!(
                    name.starts_with("__") || known.contains(name),
                    "{}: ${name}",
                    file.name
                );
            }
        }
    }
}
