//! Hosts, targets and probes.

use super::context::{Context, is_label_name, is_metric_name, is_web_url};
use crate::config;
use crate::diagnostic::{list, nearest};
use crate::document::{KeyPath, Part};
use crate::stack::*;
use crate::topology::RESERVED_JOBS;
use indexmap::IndexMap;

fn at(keys: &[&str]) -> KeyPath {
    KeyPath::of(keys.iter().copied())
}

impl Context<'_> {
    /// All hosts of the environment, `local` first.
    pub fn hosts(
        &mut self,
        sections: &config::Named<config::HostSection>,
    ) -> IndexMap<String, Host> {
        let mut hosts = IndexMap::new();
        let local = sections.get(LOCAL).cloned().unwrap_or_default();
        let everything = vec![Collect::Node, Collect::Docker];
        hosts.insert(LOCAL.to_owned(), self.host(LOCAL, &local, everything));
        for (name, section) in sections.iter().filter(|(name, _)| *name != LOCAL) {
            self.name(&at(&["hosts", name]), name);
            hosts.insert(name.clone(), self.host(name, section, Vec::new()));
        }
        hosts
    }

    fn host(&mut self, name: &str, section: &config::HostSection, default: Vec<Collect>) -> Host {
        let path = at(&["hosts", name]);
        if name == LOCAL && section.run == Some(Run::Systemd) {
            let finding = self
                .at_value(
                    "conflicting-keys",
                    &path.key("run"),
                    "the stack's own agent runs in the stack's Compose project".to_owned(),
                )
                .label("cannot be systemd here")
                .help(
                    "Leave out `run`, or describe the agent of the machine itself as another host.",
                );
            self.report(finding);
        }
        let mut collect = section.collect.clone().unwrap_or(default);
        collect.sort();
        collect.dedup();
        let mut alloy: Vec<UserFile> = Vec::new();
        for (index, pattern) in section.alloy.iter().flatten().enumerate() {
            let path = path.key("alloy").index(index);
            for file in self.files(&path, pattern) {
                if !file.path.ends_with(".alloy")
                    || ["config.alloy", "local.alloy"].contains(&file.file_name())
                {
                    let finding = self
                        .at_value("invalid-name", &path, format!("{:?} would not be loaded", file.path))
                        .label("needs a name of its own that ends in .alloy")
                        .help("Alloy loads all files *.alloy of its folder; config.alloy and local.alloy are the generated ones.");
                    self.report(finding);
                }
                self.unique_file(&path, &alloy, &file);
                alloy.push(file);
            }
        }
        Host {
            collect,
            labels: self.labels(&path.key("labels"), &section.labels),
            run: section.run.unwrap_or(Run::Docker),
            alloy,
        }
    }

    /// Checks that a user's file does not take the place of another one in its output folder.
    pub fn unique_file(&mut self, path: &KeyPath, others: &[UserFile], file: &UserFile) {
        if let Some(other) = others
            .iter()
            .find(|other| other.file_name() == file.file_name())
        {
            let message = format!("{:?} and {:?} have one file name", other.path, file.path);
            let finding = self
                .at_value("duplicate-file", path, message)
                .label("would take the other's place")
                .help("Files of the project are put in one folder of the output: give them different names.");
            self.report(finding);
        }
    }

    /// A user's file may not have the name of a file that is generated beside it.
    pub fn generated_name(&mut self, path: &KeyPath, file: &UserFile) {
        let finding = self
            .at_value(
                "duplicate-file",
                path,
                format!("{:?} has the name of a generated file", file.path),
            )
            .label("would take its place")
            .help("Give your file another name.");
        self.report(finding);
    }

    /// Whether a named host is in this environment; an unknown name is a finding.
    pub fn known_host(
        &mut self,
        path: &KeyPath,
        name: &str,
        hosts: &IndexMap<String, Host>,
    ) -> bool {
        if hosts.contains_key(name) {
            return true;
        }
        if !self.universe.hosts.contains(name) {
            let known = self.universe.hosts.iter().map(String::as_str);
            let help = match nearest(name, known.clone()) {
                Some(meant) => format!("Did you mean {meant:?}?"),
                None => format!(
                    "Known: {}. Hosts are declared as [hosts.NAME].",
                    list(known)
                ),
            };
            let finding = self
                .at_value("unknown-host", path, format!("there is no host {name:?}"))
                .label("unknown host")
                .help(help);
            self.report(finding);
        }
        false
    }

    /// Checks a name that becomes the label `job`.
    fn job(&mut self, path: &KeyPath, name: &str) {
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

    /// Logs of containers and units come with what the host's agent collects.
    fn collected_logs(&mut self, path: &KeyPath, target: &Target, hosts: &IndexMap<String, Host>) {
        let (key, needed) = match &target.logs {
            Some(Logs::Docker { .. }) => ("docker", Collect::Docker),
            Some(Logs::Journal { .. }) => ("journal", Collect::Journal),
            Some(Logs::File { .. }) | None => return,
        };
        let host = &target.host;
        if hosts
            .get(host)
            .is_some_and(|host| host.collect.contains(&needed))
        {
            return;
        }
        let finding = self
            .at_value(
                "uncollected-logs",
                &path.key("logs").key(key),
                format!("nothing reads these logs: {host} does not collect \"{key}\""),
            )
            .label("would stay empty")
            .help(format!(
                "Add it: [hosts.{host}] collect = [..., \"{key}\"]."
            ));
        self.report(finding);
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
    fn interval(&mut self, path: &KeyPath, own: Option<&str>) -> Duration {
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
        if !is_label_name(&section.status_label) {
            let finding = self
                .at_value(
                    "invalid-label",
                    &path.key("status_label"),
                    format!("{:?} is not a label name", section.status_label),
                )
                .label("not a label name");
            self.report(finding);
        }
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
                if !is_label_name(label) {
                    let path = path.key("labels").index(position);
                    let finding = self
                        .at_value(
                            "invalid-label",
                            &path,
                            format!("{label:?} is not a label name"),
                        )
                        .label("not a label name");
                    self.report(finding);
                }
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

    fn logs(&mut self, path: &KeyPath, section: &config::LogsSection) -> Option<Logs> {
        let given = [
            section.docker.as_ref().map(|logs| Logs::Docker {
                container: logs.container.clone(),
            }),
            section.file.as_ref().map(|logs| Logs::File {
                path: logs.path.clone(),
            }),
            section.journal.as_ref().map(|logs| Logs::Journal {
                unit: logs.unit.clone(),
            }),
        ];
        let mut given = given.into_iter().flatten();
        let logs = given.next();
        if let Some(logs) = &logs {
            self.log_source(path, logs);
        }
        if logs.is_none() || given.next().is_some() {
            let finding = self
                .at_key(
                    "conflicting-keys",
                    path,
                    "logs come from one place".to_owned(),
                )
                .label("needs one of docker, file and journal")
                .help("Write, for example, logs = { docker = { container = \"accounts\" } }.");
            self.report(finding);
        }
        logs
    }

    /// What names no log would stay empty in silence.
    fn log_source(&mut self, path: &KeyPath, logs: &Logs) {
        let (key, lint, text, legal, label, help) = match logs {
            Logs::Docker { container } => (
                path.key("docker").key("container"),
                "invalid-name",
                container,
                is_container(container),
                "not a container's name",
                "Docker's names have letters, digits, `-`, `_` and `.`, and start with a letter or digit.",
            ),
            Logs::Journal { unit } => (
                path.key("journal").key("unit"),
                "invalid-name",
                unit,
                is_unit(unit),
                "not a unit's name",
                "The journal knows units by their whole name, such as \"accounts.service\".",
            ),
            Logs::File { path: file } => (
                path.key("file").key("path"),
                "invalid-path",
                file,
                is_log_path(file),
                "not an absolute path",
                "Write the file or a pattern as it is on the host, such as \"/var/log/accounts/*.log\".",
            ),
        };
        if !legal {
            let message = format!("`{key}`: {text:?} cannot have logs");
            let finding = self.at_value(lint, &key, message).label(label).help(help);
            self.report(finding);
        }
    }

    pub fn probes(
        &mut self,
        sections: &config::Named<config::ProbeSection>,
        targets: &config::Named<config::TargetSection>,
        hosts: &IndexMap<String, Host>,
    ) -> IndexMap<String, Probe> {
        let mut probes = IndexMap::new();
        for (name, section) in sections {
            let path = at(&["probes", name]);
            self.job(&path, name);
            if targets.contains_key(name) {
                let finding = self
                    .at_key("duplicate-job", &path, format!("a target is called {name:?} too"))
                    .label("the second one")
                    .help("Names of targets and probes become the label `job`: their series would mix.")
                    .related(self.document.locate(&at(&["targets", name]), Part::Key), "the first one");
                self.report(finding);
            }
            let here = self.known_host(&path.key("host"), &section.host, hosts);
            let address = self.probe_address(&path, section);
            let service = section.service.clone().unwrap_or_else(|| name.clone());
            self.name(&path.key("service"), &service);
            let probe = Probe {
                kind: section.kind,
                host: section.host.clone(),
                address: address.unwrap_or_default(),
                service,
                interval: self.interval(&path, section.interval.as_deref()),
                labels: self.labels(&path.key("labels"), &section.labels),
                thresholds: self.thresholds(&path.key("thresholds"), &section.thresholds),
            };
            if here {
                probes.insert(name.clone(), probe);
            }
        }
        probes
    }

    fn probe_address(&mut self, path: &KeyPath, section: &config::ProbeSection) -> Option<String> {
        let (key, other) = match section.kind {
            ProbeKind::Http => ("url", "address"),
            _ => ("address", "url"),
        };
        let (given, misplaced) = match section.kind {
            ProbeKind::Http => (&section.url, &section.address),
            _ => (&section.address, &section.url),
        };
        if misplaced.is_some() {
            let finding = self
                .at_key(
                    "misplaced-key",
                    &path.key(other),
                    format!("a probe of this kind has `{key}`, not `{other}`"),
                )
                .label("has no effect here");
            self.report(finding);
        }
        let Some(text) = given else {
            let finding = self
                .at_key("missing-key", path, format!("`{path}` has no `{key}`"))
                .label(format!("needs `{key}`"));
            self.report(finding);
            return None;
        };
        let path = path.key(key);
        let legal = match section.kind {
            ProbeKind::Http => {
                let legal = is_web_url(text);
                if !legal {
                    let finding = self
                        .at_value("invalid-url", &path, format!("`{path}`: {text:?} is not a URL to fetch"))
                        .label("not a URL")
                        .help("Write http:// or https://, a host, and no password: \"https://www.example.com/health\".");
                    self.report(finding);
                }
                legal
            }
            ProbeKind::Icmp => {
                let legal = text.parse::<std::net::IpAddr>().is_ok()
                    || Address::parse(&format!("{text}:1")).is_some();
                if !legal {
                    let finding = self
                        .at_value(
                            "invalid-address",
                            &path,
                            format!("`{path}`: {text:?} is not a host"),
                        )
                        .label("not a host")
                        .help("kind \"icmp\" wants a host name or an IP address, without a port.");
                    self.report(finding);
                }
                legal
            }
            ProbeKind::Tcp | ProbeKind::Tls => self.address(&path, text).is_some(),
        };
        legal.then(|| text.clone())
    }
}

/// Docker's names of containers (moby, names.RestrictedNameChars).
fn is_container(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// systemd's names of units, with their type (systemd.unit(5)).
fn is_unit(name: &str) -> bool {
    const TYPES: [&str; 11] = [
        "service",
        "socket",
        "device",
        "mount",
        "automount",
        "swap",
        "target",
        "path",
        "timer",
        "slice",
        "scope",
    ];
    name.len() <= 255
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ":-_.\\@".contains(c))
        && name
            .rsplit_once('.')
            .is_some_and(|(prefix, kind)| !prefix.is_empty() && TYPES.contains(&kind))
}

fn is_log_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.contains(char::is_control)
        && globset::GlobBuilder::new(text)
            .backslash_escape(true)
            .build()
            .is_ok()
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
