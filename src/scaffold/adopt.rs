//! A hand-kept `.env` → what of it goes into stack.toml, what becomes a secret, what is left out.

use super::dotenv::{DotEnv, Variable};
use super::kafka;
use super::{Answers, Refusal, fault};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, KeyPath, Part};
use crate::source::SourceFile;
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
}

/// A value for a file of the secrets folder. It has no `Debug`.
pub struct GivenSecret {
    pub name: &'static str,
    pub value: String,
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

/// How a secret's value is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Password,
    Webhook,
}

/// Variables that hold secrets, and the secrets' names.
const SECRETS: [(&str, &str, Use); 6] = [
    (
        "GF_SECURITY_ADMIN_PASSWORD",
        "grafana-password",
        Use::Password,
    ),
    ("PROM_PASSWORD", "prometheus-password", Use::Password),
    (
        "ALERTMANAGER_PASSWORD",
        "alertmanager-password",
        Use::Password,
    ),
    (
        "GF_METRICS_BASIC_AUTH_PASSWORD",
        "grafana-alloy-local-password",
        Use::Password,
    ),
    ("SLACK_WEBHOOK", "slack-webhook", Use::Webhook),
    ("SLACK_KAFKA_WEBHOOK", "slack-kafka-webhook", Use::Webhook),
];

/// bcrypt reads no more bytes of a password.
const LONGEST_PASSWORD: usize = 72;

pub fn adopt(env: &DotEnv) -> Result<Adopted, Vec<Unusable>> {
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
    /// What validation says of the stack.toml that came of it, in terms of the `.env`.
    pub(super) fn refuse(&self, source: &SourceFile, findings: &[Diagnostic]) -> Refusal {
        let (document, _) = Document::parse(source);
        let is_at = |path: &KeyPath, finding: &Diagnostic| {
            let related = finding.related.iter().map(|(location, _)| location);
            let mut places = related.chain([&finding.location]);
            let own = [Part::Value, Part::Key].map(|part| document.locate(path, part));
            places.any(|place| own.contains(place))
        };
        let mut unusable: Vec<Unusable> = Vec::new();
        for finding in findings {
            let origin = self.origins.iter().find(|(path, _)| is_at(path, finding));
            if let Some((_, origin)) = origin {
                // The message holds the value; label and help do not.
                let help = finding.help.as_deref().unwrap_or_default();
                unusable.push(origin.unusable(&format!("it is {}. {help}", finding.label)));
            }
        }
        unusable.dedup();
        match findings.first() {
            Some(finding) if unusable.is_empty() => {
                fault(format!("{}: {}", finding.lint, finding.label))
            }
            _ => Refusal::Unusable(unusable),
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
    unusable: Vec<Unusable>,
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
            unusable: Vec::new(),
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
        self.unusable
            .push(Origin::of(name, variable).unusable(reason));
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
        for (variable_name, name, usage) in SECRETS {
            let Some(variable) = self.take(variable_name) else {
                continue;
            };
            match unfit(&variable.value, usage) {
                Some(reason) => self.refuse(variable_name, variable, reason),
                None => self.adopted.secrets.push(GivenSecret {
                    name,
                    value: variable.value.clone(),
                }),
            }
        }
        let metrics = ["GF_METRICS_ENABLED", "GF_METRICS_BASIC_AUTH_USERNAME"];
        if metrics
            .iter()
            .any(|name| self.env.variables.contains_key(*name))
        {
            self.note("Grafana's metrics are always on, for the user alloy-local: GF_METRICS_ENABLED and GF_METRICS_BASIC_AUTH_USERNAME say nothing more".to_owned());
        }
    }

    fn finish(mut self) -> Result<Adopted, Vec<Unusable>> {
        if !self.unusable.is_empty() {
            self.unusable.sort_by_key(|unusable| unusable.line);
            return Err(self.unusable);
        }
        if !self.empty.is_empty() {
            let names = self.empty.join(", ");
            self.note(format!("empty, so as if not there: {names}"));
        }
        let rest = self.env.variables.keys();
        let rest = rest.filter(|name| !self.taken.contains(name.as_str()));
        self.adopted.left_out.extend(rest.cloned());
        Ok(self.adopted)
    }
}

/// Why a value is no good as a secret, if so: what those who read its file would trip over.
fn unfit(value: &str, usage: Use) -> Option<&'static str> {
    if value.contains(char::is_control) {
        return Some("it has a line break or another control character in it.");
    }
    if value.trim() != value {
        return Some("it starts or ends with a space, which readers of a file cut off.");
    }
    match usage {
        Use::Password => (value.len() > LONGEST_PASSWORD).then_some(
            "it is longer than 72 bytes, and no more are compared. Choose a shorter one.",
        ),
        Use::Webhook => {
            let url = Url::parse(value).ok();
            let legal = url.is_some_and(|url| url.scheme() == "https" && url.has_host());
            (!legal || value.contains(' ')).then_some(
                "it is not an https:// URL. Copy the webhook from Slack, or leave the variable empty.",
            )
        }
    }
}
