//! A hand-kept `.env` → what of it goes into stack.toml, what becomes a secret, what is left out.

use super::dotenv::{DotEnv, Variable};
use super::{Answers, kafka};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, KeyPath, Part};
use crate::secrets::Secret;
use crate::source::SourceFile;
use crate::topology::Topology;
use std::collections::BTreeSet;
use url::Url;

/// What was made of a `.env`.
#[derive(Default)]
pub struct Adopted {
    pub answers: Answers,
    pub secrets: Vec<GivenSecret>,
    /// What its owner should know. No text holds a value.
    pub notes: Vec<String>,
    /// Variables that nothing was made of.
    pub left_out: Vec<String>,
    /// Where variables went: what is wrong there is wrong with them.
    origins: Vec<(KeyPath, Origin)>,
    /// Values of secrets, by the secret's name, until [`Adopted::give`] has looked at them.
    given: Vec<(&'static str, Origin, String)>,
    pub(super) unusable: Vec<Unusable>,
}

/// A value for a file of the secrets folder.
pub struct GivenSecret {
    pub name: &'static str,
    pub secret: Secret,
}

/// A variable whose value cannot be used. The reason says nothing of the value, as it may be a
/// secret that got into the wrong line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    pub line: usize,
    pub variable: String,
    pub reason: String,
}

struct Origin {
    variable: String,
    line: usize,
    /// As [`Variable::expands`].
    expands: bool,
}

/// Variables that hold secrets, and the names that the topology gives these.
const SECRETS: [(&str, &str); 6] = [
    ("GF_SECURITY_ADMIN_PASSWORD", "grafana-password"),
    ("PROM_PASSWORD", "prometheus-password"),
    ("ALERTMANAGER_PASSWORD", "alertmanager-password"),
    (
        "GF_METRICS_BASIC_AUTH_PASSWORD",
        "grafana-alloy-local-password",
    ),
    ("SLACK_WEBHOOK", "slack-webhook"),
    ("SLACK_KAFKA_WEBHOOK", "slack-kafka-webhook"),
];

/// Takes from a `.env` what stackgen has a place for.
pub fn adopt(env: &DotEnv) -> Adopted {
    let mut adoption = Adoption::of(env);
    adoption.environment();
    adoption.domain();
    adoption.users();
    adoption.slack();
    adoption.kafka();
    adoption.secrets();
    adoption.finish()
}

impl Adopted {
    /// Takes what validation says of the stack.toml that came of it in terms of the `.env`.
    /// Returns a finding that has nothing to do with it.
    pub(super) fn blame<'f>(
        &mut self,
        source: &SourceFile,
        findings: &'f [Diagnostic],
    ) -> Option<&'f Diagnostic> {
        let (document, _) = Document::parse(source);
        let is_at = |path: &KeyPath, finding: &Diagnostic| {
            let related = finding.related.iter().map(|(location, _)| location);
            let mut places = related.chain([&finding.location]);
            let own = [Part::Value, Part::Key].map(|part| document.locate(path, part));
            places.any(|place| own.contains(place))
        };
        for finding in findings {
            let origin = self.origins.iter().find(|(path, _)| is_at(path, finding));
            let Some((_, origin)) = origin else {
                return Some(finding);
            };
            // The message holds the value; label and help do not.
            let help = finding.help.as_deref().unwrap_or_default();
            let unusable = origin.unusable(&format!("it is {}. {help}", finding.label));
            self.unusable.push(unusable);
        }
        None
    }

    /// Makes secrets of the values, as those who read them need them.
    pub(super) fn give(&mut self, topology: &Topology) {
        for (name, origin, value) in std::mem::take(&mut self.given) {
            let credential = topology.credentials.iter().find(|it| it.name == name);
            let Some(credential) = credential else {
                self.left_out.push(origin.variable);
                continue;
            };
            match Secret::parse(value.as_bytes(), credential) {
                Ok(secret) => {
                    if let Some(doubt) = secret.doubt(credential) {
                        self.notes.push(format!("{} {doubt}", origin.variable));
                    }
                    self.secrets.push(GivenSecret { name, secret });
                }
                Err(reason) => self
                    .unusable
                    .push(origin.unusable(&format!("it {reason}."))),
            }
        }
    }
}

impl Origin {
    fn of(name: &str, variable: &Variable) -> Self {
        Origin {
            variable: name.to_owned(),
            line: variable.line,
            expands: variable.expands,
        }
    }

    fn unusable(&self, reason: &str) -> Unusable {
        let mut reason = reason.trim_end().to_owned();
        if self.expands {
            reason.push_str(" Nothing is put in for its `$`: write what it stands for.");
        }
        Unusable {
            line: self.line,
            variable: self.variable.clone(),
            reason,
        }
    }
}

struct Adoption<'a> {
    env: &'a DotEnv,
    adopted: Adopted,
    taken: BTreeSet<&'a str>,
    empty: Vec<&'a str>,
}

impl<'a> Adoption<'a> {
    fn of(env: &'a DotEnv) -> Self {
        let mut adopted = Adopted::default();
        for again in &env.repeated {
            adopted.notes.push(format!(
                "{} is set in line {} and again in line {}: the last one counts",
                again.name, again.earlier, again.line
            ));
        }
        Adoption {
            env,
            adopted,
            taken: BTreeSet::new(),
            empty: Vec::new(),
        }
    }

    /// A variable that says something. Whoever asks for it answers for it.
    fn take(&mut self, name: &str) -> Option<&'a Variable> {
        let (name, variable) = self.env.variables.get_key_value(name)?;
        self.taken.insert(name);
        if variable.value.is_empty() {
            self.empty.push(name);
            return None;
        }
        if variable.expands {
            self.note(format!(
                "{name} has a `$` in it: taken as it stands, nothing is put in for it"
            ));
        }
        Some(variable)
    }

    /// Takes a variable whose value goes to one place of stack.toml.
    fn take_for(&mut self, name: &str, path: &[&str]) -> Option<String> {
        let variable = self.take(name)?;
        self.came_from(KeyPath::of(path.iter().copied()), name, variable);
        Some(variable.value.clone())
    }

    fn came_from(&mut self, path: KeyPath, name: &str, variable: &Variable) {
        self.adopted
            .origins
            .push((path, Origin::of(name, variable)));
    }

    fn refuse(&mut self, name: &str, variable: &Variable, reason: &str) {
        let unusable = Origin::of(name, variable).unusable(reason);
        self.adopted.unusable.push(unusable);
    }

    fn note(&mut self, text: String) {
        self.adopted.notes.push(text);
    }

    fn environment(&mut self) {
        let Some(variable) = self.take("ENV") else {
            return;
        };
        let path = KeyPath::of(["environments", &variable.value]);
        self.came_from(path, "ENV", variable);
        self.adopted.answers.environment = Some(variable.value.clone());
    }

    /// One domain serves all, so that Prometheus' URL is only asked where Grafana has none.
    fn domain(&mut self) {
        let grafana = self.take_for("GRAFANA_DOMAIN", &["stack", "domain"]);
        self.adopted.answers.domain = grafana;
        let Some(variable) = self.take("PROM_URL") else {
            return;
        };
        let url = Url::parse(&variable.value).ok();
        let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host_str()?))) else {
            let reason = "it is not a URL. Write scheme, host and port, such as https://monitoring.example.com:9090.";
            return self.refuse("PROM_URL", variable, reason);
        };
        let public = host.contains('.') || host == "localhost";
        match &self.adopted.answers.domain {
            None if public => {
                self.came_from(KeyPath::of(["stack", "domain"]), "PROM_URL", variable);
                self.adopted.answers.domain = Some(host.to_owned());
            }
            Some(domain) if domain == host => {}
            _ => {
                self.note("PROM_URL is not used: stackgen makes the URL of Prometheus from [stack] domain and [prometheus] port".to_owned());
                self.adopted.left_out.push("PROM_URL".to_owned());
                return;
            }
        }
        if let Some(port) = url.port().filter(|port| *port != 9090) {
            self.came_from(KeyPath::of(["prometheus", "port"]), "PROM_URL", variable);
            self.adopted.answers.prometheus_port = Some(port);
        }
    }

    fn users(&mut self) {
        let answers = [
            self.take_for("GF_ADMIN_USER", &["grafana", "admin_user"]),
            self.take_for("PROM_USERNAME", &["prometheus", "username"]),
            self.take_for("ALERTMANAGER_USERNAME", &["alertmanager", "username"]),
        ];
        let [grafana, prometheus, alertmanager] = answers;
        self.adopted.answers.grafana_admin_user = grafana;
        self.adopted.answers.prometheus_username = prometheus;
        self.adopted.answers.alertmanager_username = alertmanager;
    }

    fn slack(&mut self) {
        self.adopted.answers.channel = self.channel("SLACK_CHANNEL", "monitoring");
        if self.adopted.answers.channel.is_none() {
            self.note(
                "SLACK_CHANNEL is not set: the channel in stack.toml is a placeholder".to_owned(),
            );
        }
        let kafka = self.channel("SLACK_KAFKA_CHANNEL", "kafka");
        let has_webhook = self
            .env
            .variables
            .get("SLACK_KAFKA_WEBHOOK")
            .is_some_and(|webhook| !webhook.value.is_empty());
        self.adopted.answers.kafka_channel = kafka.or_else(|| {
            has_webhook.then(|| {
                self.note("SLACK_KAFKA_CHANNEL is not set: the channel of Kafka in stack.toml is a placeholder".to_owned());
                "#kafka-monitoring".to_owned()
            })
        });
    }

    /// A channel's name, unless the webhook got into its line: that must not be written down.
    fn channel(&mut self, name: &str, channel: &str) -> Option<String> {
        let path = ["slack", "channels", channel, "channel"];
        let value = self.take_for(name, &path)?;
        if value.contains("://")
            && let Some(variable) = self.env.variables.get(name)
        {
            let reason = "it is a URL. Write the channel's name, such as #monitoring-alerts.";
            self.refuse(name, variable, reason);
            return None;
        }
        Some(value)
    }

    fn kafka(&mut self) {
        let mut nodes = Vec::new();
        for (number, name) in kafka::variables(self.env) {
            let Some(variable) = self.take(name) else {
                continue;
            };
            match kafka::Given::parse(number, &variable.value) {
                Ok(given) => nodes.push((given, name, variable)),
                Err(reason) => self.refuse(name, variable, reason),
            }
        }
        let domain = self.adopted.answers.domain.as_deref();
        let reachable = domain.is_some_and(|domain| domain != "localhost");
        let given = nodes.iter().map(|(given, _, _)| given);
        let (placed, notes) = kafka::place(given, reachable);
        for (node, (_, name, variable)) in placed.iter().zip(&nodes) {
            let path = KeyPath::of(["kafka", "clusters", "main", "nodes", &node.name]);
            self.came_from(path.key("jmx"), name, variable);
            self.came_from(path, name, variable);
            self.came_from(KeyPath::of(["hosts", &node.host]), name, variable);
        }
        self.adopted
            .notes
            .extend(notes.into_iter().map(str::to_owned));
        self.adopted.answers.nodes = placed;
    }

    fn secrets(&mut self) {
        for (variable_name, name) in SECRETS {
            if let Some(variable) = self.take(variable_name) {
                let origin = Origin::of(variable_name, variable);
                let value = variable.value.clone();
                self.adopted.given.push((name, origin, value));
            }
        }
        let metrics = ["GF_METRICS_ENABLED", "GF_METRICS_BASIC_AUTH_USERNAME"];
        if metrics
            .iter()
            .any(|name| self.env.variables.contains_key(*name))
        {
            self.note("Grafana's metrics are always on, for the user alloy-local: GF_METRICS_ENABLED and GF_METRICS_BASIC_AUTH_USERNAME are not needed".to_owned());
        }
    }

    fn finish(mut self) -> Adopted {
        if !self.empty.is_empty() {
            let names = self.empty.join(", ");
            self.note(format!("empty, so as if not there: {names}"));
        }
        let rest = self.env.variables.keys();
        let rest = rest.filter(|name| !self.taken.contains(name.as_str()));
        self.adopted.left_out.extend(rest.cloned());
        self.adopted
    }
}
