//! Severities, routes, inhibition and the heartbeat.

use super::context::{Context, at, is_label_name};
use crate::config;
use crate::diagnostic::{list, nearest};
use crate::document::{KeyPath, Part};
use crate::stack::matcher::Matcher;
use crate::stack::*;
use indexmap::IndexMap;
use std::collections::HashMap;

/// Repeats of the severities that shipped alerts have.
const SEVERITIES: [(&str, &str); 3] = [("critical", "30m"), ("warning", "12h"), ("info", "24h")];

impl Context<'_> {
    pub fn alerting(
        &mut self,
        section: &config::AlertingSection,
        channels: &IndexMap<String, Channel>,
    ) -> Alerting {
        let mut severities = IndexMap::new();
        for (name, given) in &section.severities {
            let path = at(&["alerting", "severities", name]);
            self.name(&path, name);
            if let Some(channel) = &given.channel {
                self.channel(&path.key("channel"), channel, channels);
            }
            severities.insert(
                name.clone(),
                AlertSeverity {
                    repeat: self.duration(path.key("repeat"), Some(&given.repeat), "12h"),
                    channel: given.channel.clone(),
                },
            );
        }
        for (name, repeat) in SEVERITIES {
            if !severities.contains_key(name)
                && let Some(repeat) = Duration::parse(repeat)
            {
                let severity = AlertSeverity {
                    repeat,
                    channel: None,
                };
                severities.insert(name.to_owned(), severity);
            }
        }
        Alerting {
            enabled: section.enabled.unwrap_or(true),
            default_channel: self.default_channel(section, channels),
            group_by: self.group_by(section),
            group_wait: self.duration(
                at(&["alerting", "group_wait"]),
                section.group_wait.as_deref(),
                "30s",
            ),
            group_interval: self.duration(
                at(&["alerting", "group_interval"]),
                section.group_interval.as_deref(),
                "5m",
            ),
            severities,
            routes: self.routes(&section.routes, channels),
            inhibit: self.inhibit(section.inhibit.as_deref()),
            heartbeat: self.heartbeat(section.heartbeat.as_ref()),
        }
    }

    fn default_channel(
        &mut self,
        section: &config::AlertingSection,
        channels: &IndexMap<String, Channel>,
    ) -> String {
        let path = at(&["alerting", "default_channel"]);
        if let Some(name) = &section.default_channel {
            self.channel(&path, name, channels);
            return name.clone();
        }
        let mut names = channels.keys();
        match (names.next(), names.next()) {
            (Some(only), None) => only.clone(),
            (None, _) => {
                // A channel that is there but at fault has its own finding.
                if self.universe.channels.is_empty() {
                    let finding = self
                        .at_key("no-channel", &at(&["slack"]), "no alert would reach anybody: there is no Slack channel".to_owned())
                        .label("no channel")
                        .help("Add one: [slack.channels.monitoring] with channel = \"#monitoring-alerts\" and webhook = \"slack-webhook\".");
                    self.report(finding);
                }
                String::new()
            }
            (Some(_), Some(_)) => {
                let known = list(channels.keys().map(String::as_str));
                let finding = self
                    .at_key("no-default-channel", &at(&["alerting"]), "there are several channels and no default one".to_owned())
                    .label("needs `default_channel`")
                    .help(format!("What no route takes goes to the default channel. Set [alerting] default_channel to one of: {known}."));
                self.report(finding);
                String::new()
            }
        }
    }

    fn channel(&mut self, path: &KeyPath, name: &str, channels: &IndexMap<String, Channel>) {
        if channels.contains_key(name) {
            return;
        }
        let (message, help) = if self.universe.channels.contains(name) {
            (
                format!(
                    "the channel {name:?} is not in environment {}",
                    self.environment
                ),
                format!(
                    "[slack.channels.{name}] is switched off there. Limit this entry with `environments`, or give it another channel."
                ),
            )
        } else {
            let known = self.universe.channels.iter().map(String::as_str);
            let help = match nearest(name, known.clone()) {
                Some(meant) => format!("Did you mean {meant:?}?"),
                None => format!(
                    "Known: {}. Channels are declared as [slack.channels.NAME].",
                    list(known)
                ),
            };
            (format!("there is no channel {name:?}"), help)
        };
        let finding = self
            .at_value("unknown-channel", path, message)
            .label("unknown channel")
            .help(help);
        self.report(finding);
    }

    fn group_by(&mut self, section: &config::AlertingSection) -> Vec<String> {
        let Some(labels) = &section.group_by else {
            return ["alertname", "environment", "service"]
                .map(str::to_owned)
                .to_vec();
        };
        let path = at(&["alerting", "group_by"]);
        for (index, label) in labels.iter().enumerate() {
            let path = path.index(index);
            if label == "..." {
                if labels.len() > 1 {
                    let finding = self
                        .at_value(
                            "invalid-label",
                            &path,
                            "\"...\" groups by all labels and stands alone".to_owned(),
                        )
                        .label("not beside other labels");
                    self.report(finding);
                }
            } else if self.label_name(&path, label) && labels[..index].contains(label) {
                let finding = self
                    .at_value(
                        "duplicate-name",
                        &path,
                        format!("{label:?} stands twice in `alerting.group_by`"),
                    )
                    .label("the second one");
                self.report(finding);
            }
        }
        labels.clone()
    }

    fn matchers(&mut self, path: &KeyPath, texts: &[String]) -> Vec<String> {
        let mut matchers = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            match Matcher::parse(text) {
                Ok(matcher) if is_label_name(&matcher.name) => matchers.push(matcher.quoted()),
                Ok(matcher) => {
                    let path = path.index(index);
                    let finding = self
                        .at_value(
                            "invalid-label",
                            &path,
                            format!("{:?} is not a label name", matcher.name),
                        )
                        .label("no alert has such a label")
                        .help("Label names have letters, digits and `_`, and do not start with a digit.");
                    self.report(finding);
                }
                Err(why) => {
                    let path = path.index(index);
                    let finding = self
                        .at_value("invalid-matcher", &path, format!("{text:?} is not a matcher: {why}"))
                        .label("not a matcher")
                        .help("Write label, operator (=, !=, =~, !~) and value in double quotes: 'service=\"kafka\"'.");
                    self.report(finding);
                }
            }
        }
        matchers
    }

    fn routes(
        &mut self,
        sections: &[config::RouteSection],
        channels: &IndexMap<String, Channel>,
    ) -> Vec<Route> {
        let path = at(&["alerting", "routes"]);
        self.unique_names(&path, sections.iter().map(|route| route.name.as_str()));
        let mut routes = Vec::new();
        for (index, section) in sections.iter().enumerate() {
            let path = path.index(index);
            self.name(&path.key("name"), &section.name);
            self.channel(&path.key("channel"), &section.channel, channels);
            routes.push(Route {
                name: section.name.clone(),
                matchers: self.matchers(&path.key("match"), &section.matchers),
                channel: section.channel.clone(),
            });
        }
        routes
    }

    fn inhibit(&mut self, sections: Option<&[config::InhibitSection]>) -> Vec<Inhibit> {
        let Some(sections) = sections else {
            return vec![default_inhibition()];
        };
        let path = at(&["alerting", "inhibit"]);
        self.unique_names(&path, sections.iter().map(|rule| rule.name.as_str()));
        let mut rules = Vec::new();
        for (index, section) in sections.iter().enumerate() {
            let path = path.index(index);
            for (position, label) in section.equal.iter().enumerate() {
                self.label_name(&path.key("equal").index(position), label);
            }
            rules.push(Inhibit {
                name: section.name.clone(),
                source: self.matchers(&path.key("source"), &section.source),
                target: self.matchers(&path.key("target"), &section.target),
                equal: section.equal.clone(),
            });
        }
        rules
    }

    fn heartbeat(&mut self, section: Option<&config::HeartbeatSection>) -> Option<Heartbeat> {
        let section = section?;
        let path = at(&["alerting", "heartbeat"]);
        self.secret(&path.key("webhook"), &section.webhook);
        Some(Heartbeat {
            webhook: section.webhook.clone(),
            interval: self.duration(path.key("interval"), section.interval.as_deref(), "5m"),
        })
    }

    fn unique_names<'n>(&mut self, path: &KeyPath, names: impl Iterator<Item = &'n str>) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (index, name) in names.enumerate() {
            if let Some(earlier) = first.get(name) {
                let finding = self
                    .at_value(
                        "duplicate-name",
                        &path.index(index).key("name"),
                        format!("there are two entries called {name:?} in `{path}`"),
                    )
                    .label("the second one")
                    .help("Names tell entries apart, also when an environment changes one of them.")
                    .related(
                        self.document
                            .locate(&path.index(*earlier).key("name"), Part::Value),
                        "the first one",
                    );
                self.report(finding);
            } else {
                first.insert(name, index);
            }
        }
    }
}

fn default_inhibition() -> Inhibit {
    Inhibit {
        name: "critical-mutes-warning".to_owned(),
        source: vec!["severity=\"critical\"".to_owned()],
        target: vec!["severity=~\"warning|info\"".to_owned()],
        equal: ["environment", "service", "instance"]
            .map(str::to_owned)
            .to_vec(),
    }
}
