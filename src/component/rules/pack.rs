//! A rule pack as it is written in `rules/<pack>.yml`.
//!
//! ```yaml
//! pack: nodejs
//! title: Node.js services
//! feed: nodejs                # what feeds its alerts, see `feed.rs`
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
//! - what a feeder of the feed brings: see `feed.rs`;
//! - the filter `quote`: a text as a PromQL string.
//!
//! **The label `service`** finds the owner of every alert. Series of targets, probes and Kafka have
//! their own. For others the rule sets it: `host` for the machine (job node), `docker` for
//! containers, the stack's name for the stack's own programs and agents.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A pack file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackText {
    pub pack: String,
    pub title: String,
    pub feed: super::Feed,
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
    pub feed: Option<super::Feed>,
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
    pub feed: Option<super::Feed>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    pub expr: String,
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
pub const FILES: [(&str, &str); 9] = [
    ("inventory", include_str!("../../../rules/inventory.yml")),
    ("heartbeat", include_str!("../../../rules/heartbeat.yml")),
    ("nodejs", include_str!("../../../rules/nodejs.yml")),
    ("kafka", include_str!("../../../rules/kafka.yml")),
    ("system", include_str!("../../../rules/system.yml")),
    ("docker", include_str!("../../../rules/docker.yml")),
    (
        "gitlab-runner",
        include_str!("../../../rules/gitlab-runner.yml"),
    ),
    ("probes", include_str!("../../../rules/probes.yml")),
    ("stack", include_str!("../../../rules/stack.yml")),
];

/// Packs that are there whether a user names them or not.
pub const ALWAYS: [&str; 2] = ["inventory", "heartbeat"];
