//! Writes a `stack.toml` with a hostile text in every key that takes one.

use super::random::Random;
use super::words::*;
use std::fmt::Write;

pub struct Generator {
    random: Random,
    text: String,
    hosts: Vec<(String, bool)>,
    names: Vec<String>,
    /// How often a key gets a text that was not made for it: once in so many.
    wild: usize,
}

/// A text as a TOML string.
pub fn toml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => write!(quoted, "\\u{:04X}", u32::from(c)).unwrap(),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A matcher for exactly this value, or for all others.
pub fn matcher(name: &str, operator: &str, value: &str) -> String {
    let mut quoted = format!("{name}{operator}\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

impl Generator {
    /// A stack of a seed. Where it is `wild`, some keys get texts that were made for others, so that
    /// most are refused.
    pub fn stack(seed: u64, wild: bool) -> String {
        let mut random = Random::new(seed);
        let wild = if wild { 20 + random.below(120) } else { 0 };
        let mut generator = Generator {
            random,
            text: String::new(),
            hosts: vec![("local".to_owned(), true)],
            names: Vec::new(),
            wild,
        };
        generator.write();
        generator.text
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// One of the words, as TOML.
    fn word(&mut self, words: &[&str]) -> String {
        let wild = self.wild > 0 && self.random.once_in(self.wild);
        let word = if wild || self.is_any(words) && self.random.once_in(25) {
            self.anything()
        } else {
            self.random.pick(words).to_owned()
        };
        toml(&word)
    }

    fn is_any(&self, words: &[&str]) -> bool {
        words.as_ptr() == ANY.as_ptr()
    }

    fn anything(&mut self) -> String {
        match self.random.below(12) {
            0 => "x".repeat(1 << self.random.below(15)),
            1 => format!("{} {}", self.random.pick(ANY), self.random.pick(ANY)),
            2 => (0..20).map(|_| self.random.pick(ANY)).collect(),
            _ => self.random.pick(ANY).to_owned(),
        }
    }

    fn set(&mut self, key: &str, words: &[&str]) {
        let word = self.word(words);
        self.line(&format!("{key} = {word}"));
    }

    fn maybe(&mut self, key: &str, words: &[&str]) {
        if self.random.once_in(3) {
            self.set(key, words);
        }
    }

    /// A name that nothing else has.
    fn name(&mut self) -> String {
        if self.wild > 0 && self.random.once_in(self.wild * 2) {
            return self.anything();
        }
        loop {
            let mut name = self.random.pick(NAMES).to_owned();
            if self
                .names
                .iter()
                .any(|other| pascal(other) == pascal(&name))
            {
                name = format!("{}q{}", &name[..name.len().min(50)], self.names.len());
            }
            if !self.names.contains(&name) {
                self.names.push(name.clone());
                return name;
            }
        }
    }

    fn labels(&mut self) {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for _ in 0..self.random.below(6) {
            let mut name = self.random.pick(LABELS).to_owned();
            if self.wild > 0 && self.random.once_in(self.wild) {
                name = self.anything();
            }
            if name != "__" && pairs.iter().all(|(other, _)| *other != name) {
                let value = self.word(ANY);
                pairs.push((name, value));
            }
        }
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{} = {value}", toml(name)))
            .collect();
        self.line(&format!("labels = {{ {} }}", pairs.join(", ")));
    }

    fn thresholds(&mut self, table: &str) {
        for _ in 0..self.random.below(3) {
            let alert = self.random.pick(ALERTS);
            if self.text.contains(&format!("[{table}.{alert}]")) {
                continue;
            }
            self.line(&format!("[{table}.{alert}]"));
            if self.random.once_in(2) {
                let ratio = ["0.0", "1", "0.5", "5e-324", "0.30000000000000004"];
                let numbers = if self.random.once_in(2) {
                    NUMBERS
                } else {
                    &ratio
                };
                let number = self.random.pick(numbers);
                self.line(&format!("value = {number}"));
            }
            self.maybe("for", DURATIONS);
            if self.random.once_in(8) {
                self.line("enabled = false");
            }
        }
    }

    fn host(&mut self) -> String {
        let position = self.random.below(self.hosts.len());
        toml(&self.hosts[position].0)
    }

    fn write(&mut self) {
        self.line("[stack]");
        self.set(
            "name",
            &[
                "monitoring",
                "0",
                "on",
                "null",
                "1e3",
                "a-b_c",
                "012",
                "yes",
            ],
        );
        let remote = !self.random.once_in(4);
        let domains = &DOMAINS[..if remote { 5 } else { DOMAINS.len() }];
        self.set("domain", domains);
        self.maybe("bind", &["127.0.0.1", "0.0.0.0", "::1", "::"]);
        self.maybe("subnet", &["10.0.0.0/8", "192.168.1.0/28", "172.20.0.0/16"]);
        self.maybe(
            "secrets_directory",
            &["secrets", "a/b", "./x", "012", "yes", "ü", "a//b/", "..."],
        );
        if self.random.once_in(3) {
            let network = self.word(&[
                "gitlab",
                "default",
                "stack",
                "on",
                "012",
                "monitoring",
                "null",
            ]);
            self.line(&format!("networks = [{network}]"));
        }
        self.environments();
        self.components();
        if remote {
            self.line("[gateway]");
            self.set("bind", &["0.0.0.0", "::", "192.0.2.1", "2001:db8::1"]);
            self.maybe("version", &["1.27.4", "1"]);
        }
        self.alerting();
        for _ in 0..if remote {
            self.random.below(6) * self.random.below(5)
        } else {
            0
        } {
            self.one_host();
        }
        for _ in 0..self.random.below(6) {
            self.target();
        }
        for _ in 0..self.random.below(6) {
            self.probe();
        }
        for _ in 0..self.random.below(3) {
            self.cluster();
        }
        self.line("[rules]");
        self.maybe("runbook_url", RUNBOOKS);
        if self.random.once_in(3) {
            self.line("test_alert = true");
        }
        self.thresholds("rules.thresholds");
    }

    fn environments(&mut self) {
        if self.random.once_in(2) {
            return;
        }
        for name in ["yes", "production", "012", "1e3"] {
            if self.random.once_in(2) {
                continue;
            }
            self.line(&format!("[environments.{name}]"));
            self.maybe("prometheus.retention.time", &DURATIONS[..10]);
            self.maybe("rules.runbook_url", RUNBOOKS);
            self.maybe("slack.channels.one.channel", CHANNELS);
            self.maybe("hosts.local.labels.overlay", ANY);
            if self.random.once_in(4) {
                self.line("alerting.enabled = false");
            }
        }
    }

    fn components(&mut self) {
        self.line("[prometheus]");
        self.maybe("username", USERS);
        self.maybe("evaluation_interval", &DURATIONS[..8]);
        self.maybe("out_of_order_window", DURATIONS);
        self.maybe("retention.size", PROMETHEUS_SIZES);
        self.maybe("retention.time", DURATIONS);
        self.resources();
        if self.random.once_in(4) {
            self.line("port = 65535");
        }
        self.line("[alertmanager]");
        self.maybe("username", USERS);
        self.maybe("retention", DURATIONS);
        self.maybe("version", &["0.28.1", "0.28.1-rc.0", "1", "012"]);
        self.line("[loki]");
        self.maybe("username", USERS);
        self.maybe(
            "retention",
            &["24h", "30d", "1y", "292y", "86400s", "1d1ms"],
        );
        if self.random.once_in(4) {
            self.line("schema = [{ from = 2020-02-29, version = \"v11\" }, { from = \"2024-01-01\", version = \"v13\" }]");
        }
        self.line("[grafana]");
        self.maybe("admin_user", USERS);
        self.maybe("edition", &["oss", "enterprise"]);
        self.resources();
        if self.random.once_in(4) {
            self.line("port = 1");
        }
        self.line("[alloy]");
        self.maybe("username", USERS);
        self.maybe("scrape_interval", &DURATIONS[..8]);
        self.resources();
        self.line("[tls]");
        self.maybe("min_version", &["TLS12", "TLS13"]);
        self.maybe("validity", DURATIONS);
        self.line("[volumes]");
        self.maybe("prometheus", &["012", "a.b", "prometheus", "on"]);
        self.maybe("grafana", &["1e3", "loki", "x_y"]);
    }

    fn resources(&mut self) {
        self.maybe("resources.memory", SIZES);
        if self.random.once_in(4) {
            let cpus = self
                .random
                .pick(&["0.01", "1", "1024.0", "0.3333333333333333", "1e-2"]);
            self.line(&format!("resources.cpus = {cpus}"));
        }
    }

    fn alerting(&mut self) {
        self.line("[slack.channels.one]");
        self.set("channel", CHANNELS);
        self.line("webhook = \"slack-webhook\"");
        self.line("[slack.channels.012]");
        self.set("channel", CHANNELS);
        self.set("webhook", &["slack-other", "0", "on", "null", "a.b"]);
        self.line("[alerting]");
        self.line("default_channel = \"one\"");
        self.maybe("group_wait", DURATIONS);
        self.maybe("group_interval", DURATIONS);
        if self.random.once_in(3) {
            let labels = [self.word(LABELS), self.word(&["job", "instance", "le"])];
            self.line(&format!("group_by = [{}]", labels.join(", ")));
        }
        if self.random.once_in(3) {
            for name in ["on", "critical", "a.b"] {
                self.line(&format!("[alerting.severities.{}]", toml(name)));
                self.set("repeat", DURATIONS);
            }
        }
        for index in 0..self.random.below(5) {
            self.line(&format!("[[alerting.routes]]\nname = \"route-{index}\""));
            let matchers = self.matchers();
            self.line(&format!("match = [{matchers}]\nchannel = \"012\""));
        }
        for index in 0..self.random.below(3) {
            self.line(&format!("[[alerting.inhibit]]\nname = \"inhibit-{index}\""));
            let (source, target) = (self.matchers(), self.matchers());
            self.line(&format!("source = [{source}]\ntarget = [{target}]"));
            let equal = [self.word(LABELS), self.word(LABELS)];
            self.line(&format!("equal = [{}]", equal.join(", ")));
        }
        if self.random.once_in(2) {
            self.line("[alerting.heartbeat]\nwebhook = \"heartbeat\"");
            self.maybe("interval", DURATIONS);
        }
    }

    fn matchers(&mut self) -> String {
        let names = [
            "service",
            "\"team\"",
            "alertname",
            "severity",
            "on",
            "_",
            "A1",
        ];
        let matchers: Vec<String> = (0..1 + self.random.below(3))
            .map(|_| {
                let name = self.random.pick(&names);
                let (operator, words) = match self.random.below(4) {
                    0 => ("=", ANY),
                    1 => ("!=", ANY),
                    2 => ("=~", REGEXES),
                    _ => ("!~", REGEXES),
                };
                toml(&matcher(name, operator, self.random.pick(words)))
            })
            .collect();
        matchers.join(", ")
    }

    fn one_host(&mut self) {
        let name = self.name();
        self.line(&format!("[hosts.{}]", toml(&name)));
        let collect = self.random.pick(&[
            "[]",
            "[\"node\"]",
            "[\"journal\", \"docker\", \"node\"]",
            "[\"docker\", \"journal\", \"docker\"]",
            "[\"node\", \"docker\", \"journal\"]",
        ]);
        self.line(&format!("collect = {collect}"));
        self.maybe("run", &["docker", "systemd"]);
        self.one_environment();
        self.labels();
        self.hosts.push((
            name,
            collect.contains("docker") && collect.contains("journal"),
        ));
    }

    /// A host of a remote machine is in one environment only.
    fn one_environment(&mut self) {
        let first = ["yes", "production", "012", "1e3"]
            .into_iter()
            .find(|name| self.text.contains(&format!("[environments.{name}]")));
        if let Some(first) = first {
            self.line(&format!("environments = [\"{first}\"]"));
        }
    }

    fn target(&mut self) {
        let name = self.name();
        let table = format!("targets.{}", toml(&name));
        let kind = self.random.pick(&["nodejs", "generic", "gitlab-runner"]);
        let position = self.random.below(self.hosts.len());
        let (host, everything) = self.hosts[position].clone();
        self.line(&format!(
            "[{table}]\nkind = \"{kind}\"\nhost = {}",
            toml(&host)
        ));
        self.set("address", ADDRESSES);
        self.maybe("path", PATHS);
        self.maybe("scheme", &["http", "https"]);
        self.maybe("interval", DURATIONS);
        match kind {
            "nodejs" => {
                self.maybe("heap_limit", SIZES);
                if self.random.once_in(2) {
                    self.line("http = { histogram = \"a:b\", status_label = \"on\", buckets = [-1, 5e-324, 1e3, 1e300] }");
                }
            }
            "generic" => self.line("metrics = [{ name = \":\", type = \"untyped\", labels = [\"on\"] }, { name = \"nan\", type = \"histogram\", buckets = [1, 2.5] }]"),
            _ => {}
        }
        match self.random.below(4) {
            0 if everything => self.set("logs.docker.container", CONTAINERS),
            1 => self.set("logs.file.path", LOG_FILES),
            2 if everything && host != "local" => self.set("logs.journal.unit", UNITS),
            _ => {}
        }
        self.labels();
        self.thresholds(&format!("{table}.thresholds"));
    }

    fn probe(&mut self) {
        let name = self.name();
        let table = format!("probes.{}", toml(&name));
        let host = self.host();
        let kind = self.random.pick(&["http", "http", "tcp", "tls", "icmp"]);
        self.line(&format!("[{table}]\nkind = \"{kind}\"\nhost = {host}"));
        match kind {
            "http" => self.set("url", URLS),
            "icmp" => self.set(
                "address",
                &[
                    "::1",
                    "127.0.0.1",
                    "a.example",
                    "012",
                    "[::1]",
                    "2001:db8::1",
                ],
            ),
            _ => self.set("address", ADDRESSES),
        }
        self.maybe("interval", DURATIONS);
        self.labels();
        self.thresholds(&format!("{table}.thresholds"));
    }

    fn cluster(&mut self) {
        let name = self.name();
        let table = format!("kafka.clusters.{}", toml(&name));
        self.line(&format!("[{table}]"));
        self.one_environment();
        let brokers = [self.word(ADDRESSES), self.word(ADDRESSES)];
        self.line(&format!("brokers = [{}]", brokers.join(", ")));
        self.labels();
        if self.random.once_in(2) {
            let host = self.host();
            self.line(&format!("lag.host = {host}"));
            self.set("lag.groups", REGEXES);
            self.maybe("lag.topics", REGEXES);
            self.maybe("lag.version", &["2.0.0", "0.10.2.1", "3.9.0", "3.9"]);
            if self.random.once_in(2) {
                self.set(
                    "lag.sasl.mechanism",
                    &["plain", "scram-sha256", "scram-sha512"],
                );
                self.set("lag.sasl.username", ANY);
                self.set("lag.sasl.password", &["kafka-password", "012"]);
                self.set(
                    "lag.tls.server_name",
                    &["kafka.example", "a_b", "012", "192.0.2.1"],
                );
            }
        }
        for _ in 0..1 + self.random.below(4) {
            let (node, host) = (self.name(), self.host());
            self.line(&format!("[{table}.nodes.{}]\nhost = {host}", toml(&node)));
            self.set("jmx", ADDRESSES);
            self.maybe("data", DATA_FOLDERS);
            if self.random.once_in(3) {
                self.line("roles = [\"controller\"]");
            }
        }
        self.thresholds(&format!("{table}.thresholds"));
    }
}

fn pascal(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase()
}
