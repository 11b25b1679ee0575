//! A rule pack as it is written in `rules/<pack>.yml`.
//!
//! ```yaml
//! pack: nodejs
//! title: Node.js services
//! feed: nodejs                # what feeds its alerts, see [`crate::component::rules::feed`]
//! definitions: {}             # texts that every template of the pack can use, by name
//! alerts:
//!   - alert: HighEventLoopLag # key: what [rules.thresholds.<key>] names
//!     name: ...               # optional template of the name that the rule gets
//!     feed: nodejs            # optional, instead of the pack's
//!     severity: critical
//!     for: 2m
//!     threshold: 0.1          # optional: what a user may change
//!     unit: seconds           # needed with a threshold
//!     labels: {}              # static labels; one that comes out empty is left out
//!     expr: ...               # one that comes out empty makes no rule
//!     summary: ...
//!     description: ...
//!     annotations: {}         # more of them
//!     manual: ...             # Markdown for the alert's manual page
//!     absence: true           # also fires when the agent is silent, so that AgentSilent inhibits it
//!     replaces: TargetDown    # the other alert leaves out the targets that this one watches
//!     bucket_above: true      # needs a finite bucket of the feeder's http histogram above the threshold
//! records:                    # recording rules: record, expr, labels, feed
//! ```
//!
//! `name`, `labels`, `expr`, `summary`, `description` and `annotations` are minijinja templates with
//! the delimiters `<< >>`, `<% %>` and `<# #>`; what is undefined is an error. They know
//! - `selector`: the matchers, without braces, of the feeders' series, such as `job=~"a|b"`;
//! - `threshold`; `window("5m")`: the argument, or four scrape intervals if that is longer;
//! - `environment`, and the pack's definitions;
//! - `labels`: names of all labels that the feeders' series have as targets, for `by (...)`;
//! - `owner`: the `service` of alerts whose series have none (see below);
//! - what a feeder of the feed brings: see [`crate::component::rules::feed`];
//! - the filter `quote`: a text as a PromQL string.
//!
//! **The label `service`** finds the owner of every alert. Series of targets, probes and Kafka have
//! their own. For others the rule sets it: `host` for the machine (job node), `docker` for
//! containers, the stack's name for the stack's own programs and agents.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A pack file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackText {
    pub pack: String,
    pub title: String,
    pub feed: Feed,
    #[serde(default)]
    pub definitions: BTreeMap<String, String>,
    #[serde(default)]
    pub alerts: Vec<AlertText>,
    #[serde(default)]
    pub records: Vec<RecordText>,
}

/// An alert of a pack file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertText {
    pub alert: String,
    pub name: Option<String>,
    pub feed: Option<Feed>,
    pub severity: String,
    #[serde(rename = "for")]
    pub hold: String,
    pub threshold: Option<f64>,
    pub unit: Option<Unit>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    pub expr: String,
    pub summary: String,
    pub description: String,
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    pub manual: Option<String>,
    #[serde(default)]
    pub absence: bool,
    pub replaces: Option<String>,
    #[serde(default)]
    pub bucket_above: bool,
}

/// A recording rule of a pack file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordText {
    pub record: String,
    pub feed: Option<Feed>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    pub expr: String,
}

/// What feeds an alert; [`crate::component::rules::feed`] says what each is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feed {
    Nodejs,
    NodejsHttp,
    GitlabRunner,
    Service,
    Container,
    Node,
    Docker,
    Alloy,
    Prometheus,
    Alertmanager,
    Loki,
    Grafana,
    Kafka,
    KafkaBroker,
    KafkaController,
    KafkaDisk,
    KafkaLag,
    StackDisk,
    Probe,
    ProbeTls,
    Certificate,
    Target,
    Agent,
    Always,
    TestAlert,
}

/// What a threshold counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Seconds,
    Milliseconds,
    Bytes,
    /// Between 0 and 1.
    Ratio,
    Count,
}

/// The shipped packs, in the order in which they are listed.
const FILES: [(&str, &str); 9] = [
    ("inventory", include_str!("../../rules/inventory.yml")),
    ("heartbeat", include_str!("../../rules/heartbeat.yml")),
    ("nodejs", include_str!("../../rules/nodejs.yml")),
    ("kafka", include_str!("../../rules/kafka.yml")),
    ("system", include_str!("../../rules/system.yml")),
    ("docker", include_str!("../../rules/docker.yml")),
    (
        "gitlab-runner",
        include_str!("../../rules/gitlab-runner.yml"),
    ),
    ("probes", include_str!("../../rules/probes.yml")),
    ("stack", include_str!("../../rules/stack.yml")),
];

/// Packs that are there whether a user names them or not.
pub const ALWAYS: [&str; 2] = ["inventory", "heartbeat"];

/// A shipped pack that cannot be read; tests prove that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub pack: &'static str,
    pub why: String,
}

/// The shipped packs.
pub fn shipped() -> Result<&'static [PackText], &'static Unreadable> {
    static PACKS: OnceLock<Result<Vec<PackText>, Unreadable>> = OnceLock::new();
    let read = |(pack, text): &(&'static str, &str)| {
        serde_saphyr::from_str(text).map_err(|error| Unreadable {
            pack,
            why: error.to_string(),
        })
    };
    let packs = PACKS.get_or_init(|| FILES.iter().map(read).collect());
    packs.as_ref().map(Vec::as_slice)
}

/// Names of all packs.
pub fn names() -> Vec<&'static str> {
    FILES.iter().map(|(name, _)| *name).collect()
}

/// Names of the rule files that packs become.
pub fn file_names() -> impl Iterator<Item = String> {
    let of = |(name, _): &(&str, &str)| [format!("{name}-alerts.yml"), format!("{name}.yml")];
    FILES.iter().flat_map(of)
}

fn alerts() -> impl Iterator<Item = &'static AlertText> {
    let packs = shipped().unwrap_or_default();
    packs.iter().flat_map(|pack| &pack.alerts)
}

/// The alert that `[rules.thresholds.<name>]` changes.
pub fn alert(name: &str) -> Option<&'static AlertText> {
    alerts().find(|alert| alert.alert == name)
}

/// Names of all alerts that can be changed.
pub fn alert_names() -> impl Iterator<Item = &'static str> {
    alerts().map(|alert| alert.alert.as_str())
}
