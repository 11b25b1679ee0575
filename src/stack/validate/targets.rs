//! What agents scrape.

use super::context::{Context, at, is_metric_name};
use crate::config;
use crate::document::{KeyPath, Part};
use crate::stack::*;
use crate::topology::RESERVED_JOBS;
use indexmap::IndexMap;

impl Context<'_> {
    /// Checks a name that becomes the label `job`.
    pub fn job(&mut self, path: &KeyPath, name: &str) {
        self.name(path, name);
        if RESERVED_JOBS.contains(&name) {
            let finding = self
                .at_key(
                    "reserved-job",
                    path,
                    format!("the job {name:?} is stackgen's own"),
                )
                .label("reserved")
                .help(format!(
                    "Its series would mix with others. Reserved: {}.",
                    RESERVED_JOBS.join(", ")
                ));
            self.report(finding);
        }
    }

    pub fn targets(
        &mut self,
        sections: &config::Named<config::TargetSection>,
        hosts: &IndexMap<String, Host>,
    ) -> IndexMap<String, Target> {
        let mut targets = IndexMap::new();
        for (name, section) in sections {
            let path = at(&["targets", name]);
            self.job(&path, name);
            let here = self.known_host(&path.key("host"), &section.host, hosts);
            let target = self.target(name, section, &path);
            if let Some(target) = target
                && here
            {
                self.collected_logs(&path, &target, hosts);
                targets.insert(name.clone(), target);
            }
        }
        targets
    }

    fn target(
        &mut self,
        name: &str,
        section: &config::TargetSection,
        path: &KeyPath,
    ) -> Option<Target> {
        let address = self.address(&path.key("address"), &section.address);
        let scrape_path = section
            .path
            .clone()
            .unwrap_or_else(|| "/metrics".to_owned());
        self.scrape_path(&path.key("path"), &scrape_path);
        self.only_for_kind(section, path);
        let service = section.service.clone().unwrap_or_else(|| name.to_owned());
        self.name(&path.key("service"), &service);
        let http = section
            .http
            .as_ref()
            .map(|http| self.http(&path.key("http"), http));
        let metrics = self.metrics(section, path);
        Some(Target {
            kind: section.kind,
            host: section.host.clone(),
            path: scrape_path,
            scheme: section.scheme.unwrap_or(Scheme::Http),
            interval: self.interval(path, section.interval.as_deref()),
            service,
            heap_limit: section
                .heap_limit
                .as_deref()
                .and_then(|text| self.size(&path.key("heap_limit"), text)),
            http,
            logs: section
                .logs
                .as_ref()
                .and_then(|logs| self.logs(&path.key("logs"), logs)),
            labels: self.labels(&path.key("labels"), &section.labels),
            thresholds: self.thresholds(&path.key("thresholds"), &section.thresholds),
            metrics,
            address: address?,
        })
    }

    fn scrape_path(&mut self, path: &KeyPath, text: &str) {
        let unseen = |c: char| c.is_whitespace() || c.is_control();
        if !text.starts_with('/') || text.contains(unseen) {
            let finding = self
                .at_value(
                    "invalid-url",
                    path,
                    format!("{text:?} is not the path of a URL"),
                )
                .label("not a path")
                .help("A path starts with `/`, such as \"/metrics\".");
            self.report(finding);
        }
        // Parameters become keys in Alloy's language, which has no escapes in keys.
        let query = text.split_once('?').map_or("", |(_, query)| query);
        let plain = |c: char| c.is_ascii_graphic() && !"\"\\".contains(c);
        let names = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
        for name in names {
            if name.is_empty() || !name.chars().all(plain) {
                let finding = self
                    .at_value(
                        "invalid-url",
                        path,
                        format!("Alloy cannot ask for a parameter that is called {name:?}"),
                    )
                    .label("not a parameter's name")
                    .help("Names of parameters are visible ASCII characters without quotes and backslashes.");
                self.report(finding);
            }
        }
    }

    /// The interval of a target: its own, or the agents'.
    pub fn interval(&mut self, path: &KeyPath, own: Option<&str>) -> Duration {
        let default = self
            .document
            .get(&at(&["alloy", "scrape_interval"]))
            .and_then(|node| node.as_str())
            .filter(|text| Duration::parse(text).is_some())
            .unwrap_or("15s")
            .to_owned();
        self.scrape_interval(path.key("interval"), own, &default)
    }

    fn only_for_kind(&mut self, section: &config::TargetSection, path: &KeyPath) {
        let is = |kind: TargetKind| section.kind == kind;
        let misplaced = [
            (
                "heap_limit",
                section.heap_limit.is_some(),
                is(TargetKind::Nodejs),
                "nodejs",
            ),
            (
                "http",
                section.http.is_some(),
                is(TargetKind::Nodejs),
                "nodejs",
            ),
            (
                "metrics",
                !section.metrics.is_empty(),
                is(TargetKind::Generic),
                "generic",
            ),
            (
                "metrics_file",
                section.metrics_file.is_some(),
                is(TargetKind::Generic),
                "generic",
            ),
        ];
        for (key, given, right, kind) in misplaced {
            if given && !right {
                let finding = self
                    .at_key(
                        "misplaced-key",
                        &path.key(key),
                        format!("`{key}` is for targets of kind \"{kind}\""),
                    )
                    .label("has no effect here")
                    .help("Take it out, or change the kind.");
                self.report(finding);
            }
        }
    }

    fn http(&mut self, path: &KeyPath, section: &config::HttpSection) -> HttpHistogram {
        self.metric_name(&path.key("histogram"), &section.histogram);
        self.label_name(&path.key("status_label"), &section.status_label);
        self.buckets(&path.key("buckets"), &section.buckets);
        HttpHistogram {
            name: section.histogram.clone(),
            status_label: section.status_label.clone(),
            buckets: section.buckets.clone(),
        }
    }

    fn metric_name(&mut self, path: &KeyPath, name: &str) {
        if !is_metric_name(name) {
            let finding = self
                .at_value("invalid-metric", path, format!("{name:?} is not a metric name"))
                .label("not a metric name")
                .help("Metric names have letters, digits, `_` and `:`, and do not start with a digit.");
            self.report(finding);
        }
    }

    fn buckets(&mut self, path: &KeyPath, buckets: &[f64]) {
        let falls = buckets.windows(2).position(|pair| pair[0] >= pair[1]);
        if let Some(position) = falls {
            let finding = self
                .at_value(
                    "out-of-range",
                    &path.index(position + 1),
                    "bounds of buckets must rise".to_owned(),
                )
                .label("not larger than the one before");
            self.report(finding);
        }
    }

    fn metrics(&mut self, section: &config::TargetSection, path: &KeyPath) -> Vec<Metric> {
        let mut metrics: Vec<Metric> = Vec::new();
        for (index, given) in section.metrics.iter().enumerate() {
            let path = path.key("metrics").index(index);
            self.metric_name(&path.key("name"), &given.name);
            for (position, label) in given.labels.iter().enumerate() {
                self.label_name(&path.key("labels").index(position), label);
            }
            let buckets = given.buckets.clone().unwrap_or_default();
            self.buckets(&path.key("buckets"), &buckets);
            if let Some(earlier) = metrics.iter().position(|metric| metric.name == given.name) {
                let earlier = at_metric(&path, earlier);
                let finding = self
                    .at_value(
                        "duplicate-name",
                        &path.key("name"),
                        format!("the metric {:?} is declared twice", given.name),
                    )
                    .label("the second one")
                    .related(self.document.locate(&earlier, Part::Value), "the first one");
                self.report(finding);
            }
            metrics.push(Metric {
                name: given.name.clone(),
                kind: given.kind,
                labels: given.labels.clone(),
                buckets,
            });
        }
        if let Some(file) = &section.metrics_file {
            let path = path.key("metrics_file");
            if self.inside_project(&path, file)
                && let Some(scrape) = self.file(&path, file)
            {
                metrics.extend(declared_types(&scrape.text));
            }
        }
        metrics
    }
}

/// The path of a sibling metric's name.
fn at_metric(path: &KeyPath, index: usize) -> KeyPath {
    path.parent().unwrap_or_default().index(index).key("name")
}

/// Names and types that a saved scrape declares (`# TYPE name type`).
fn declared_types(scrape: &str) -> Vec<Metric> {
    scrape
        .lines()
        .filter_map(|line| {
            let mut words = line.strip_prefix("# TYPE ")?.split_whitespace();
            let name = words.next()?.to_owned();
            let kind = match words.next()? {
                "counter" => MetricKind::Counter,
                "gauge" => MetricKind::Gauge,
                "histogram" => MetricKind::Histogram,
                "summary" => MetricKind::Summary,
                _ => MetricKind::Untyped,
            };
            Some(Metric {
                name,
                kind,
                labels: Vec::new(),
                buckets: Vec::new(),
            })
        })
        .collect()
}
