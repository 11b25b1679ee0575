//! Rule packs, thresholds and rule files of the user's own.

use super::context::{Context, is_web_url};
use crate::catalog::packs;
use crate::config;
use crate::diagnostic::{list, nearest};
use crate::document::{KeyPath, Part};
use crate::stack::*;
use indexmap::IndexMap;

fn at(keys: &[&str]) -> KeyPath {
    KeyPath::of(keys.iter().copied())
}

/// A petabyte; templates of alerts cannot show much more.
const LARGEST_THRESHOLD: f64 = 1e15;

impl Context<'_> {
    pub fn rules(&mut self, section: &config::RulesSection) -> Rules {
        if let Some(link) = &section.runbook_url {
            self.runbook(link);
        }
        Rules {
            packs: section.packs.as_ref().map(|names| self.packs(names)),
            files: self.rule_files(section),
            runbook_url: section.runbook_url.clone(),
            test_alert: section.test_alert.unwrap_or(false),
            thresholds: self.thresholds(&at(&["rules", "thresholds"]), &section.thresholds),
        }
    }

    fn packs(&mut self, names: &[String]) -> Vec<String> {
        let known = packs::names();
        for (index, name) in names.iter().enumerate() {
            let path = at(&["rules", "packs"]).index(index);
            if !known.contains(&name.as_str()) {
                let help = match nearest(name, known.iter().copied()) {
                    Some(meant) => format!("Did you mean {meant:?}?"),
                    None => format!("Known: {}.", list(known.iter().copied())),
                };
                let finding = self
                    .at_value(
                        "unknown-pack",
                        &path,
                        format!("there is no rule pack {name:?}"),
                    )
                    .label("unknown pack")
                    .help(help);
                self.report(finding);
            } else if !self.universe.fed_packs.contains(name.as_str()) {
                let finding = self
                    .at_value("unfed-pack", &path, format!("nothing feeds the rule pack {name:?}"))
                    .label("its alerts could never fire")
                    .help("No environment has a target of its kind. Add one, or take the pack out of the list.");
                self.report(finding);
            }
            if let Some(earlier) = names[..index].iter().position(|other| other == name) {
                let earlier = at(&["rules", "packs"]).index(earlier);
                let finding = self
                    .at_value(
                        "duplicate-name",
                        &path,
                        format!("the pack {name:?} stands twice in the list"),
                    )
                    .label("the second one")
                    .related(self.document.locate(&earlier, Part::Value), "the first one");
                self.report(finding);
            }
        }
        names.to_vec()
    }

    fn rule_files(&mut self, section: &config::RulesSection) -> Vec<UserFile> {
        let patterns = section
            .files
            .clone()
            .unwrap_or_else(|| vec!["rules/*.yml".to_owned()]);
        let mut files: Vec<UserFile> = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let path = at(&["rules", "files"]).index(index);
            for file in self.files(&path, pattern) {
                // Unit tests of rules stand beside them and match the same pattern.
                if pattern.contains('*') && super::rule_files::is_something_else(&file.text) {
                    continue;
                }
                self.unique_file(&path, &files, &file);
                let generated = packs::file_names().any(|name| name == file.file_name());
                if generated {
                    self.generated_name(&path, &file);
                }
                self.rule_file(&path, &file);
                files.push(file);
            }
        }
        files
    }

    fn runbook(&mut self, link: &str) {
        let path = at(&["rules", "runbook_url"]);
        let legal = is_web_url(&link.replace("{alert}", "Alert"));
        // Annotations are Go templates.
        if !legal || link.contains("{{") {
            let finding = self
                .at_value("invalid-url", &path, format!("`{path}`: {link:?} is not a link"))
                .label("not a link")
                .help("Write a URL in which {alert} stands for the alert's name: \"https://wiki.example.com/{alert}\".");
            self.report(finding);
        }
    }

    /// Thresholds of the whole stack, a target, a probe or a cluster.
    pub fn thresholds(
        &mut self,
        path: &KeyPath,
        sections: &config::Named<config::ThresholdSection>,
    ) -> Thresholds {
        let mut thresholds = Thresholds::new();
        for (alert, section) in sections {
            let path = path.key(alert);
            let Some(shipped) = packs::alert(alert) else {
                let help = match nearest(alert, packs::alert_names()) {
                    Some(meant) => format!("Did you mean `{meant}`?"),
                    None => format!("Alerts of the packs are: {}.", list(packs::alert_names())),
                };
                let finding = self
                    .at_key(
                        "unknown-alert",
                        &path,
                        format!("no pack has an alert {alert:?}"),
                    )
                    .label("unknown alert")
                    .help(help);
                self.report(finding);
                continue;
            };
            if section.value.is_some() && shipped.threshold.is_none() {
                let finding = self
                    .at_value("misplaced-key", &path.key("value"), format!("{alert} has no threshold"))
                    .label("has no effect")
                    .help("It fires on a state, not on a value. `for`, `severity` and `enabled` can be changed.");
                self.report(finding);
            }
            if let Some(value) = section.value
                && shipped.unit == Some(packs::Unit::Ratio)
                && !(0.0..=1.0).contains(&value)
            {
                let finding = self
                    .at_value(
                        "out-of-range",
                        &path.key("value"),
                        format!("the threshold of {alert} is a ratio between 0 and 1"),
                    )
                    .label("out of range")
                    .help("80 % is 0.8.");
                self.report(finding);
            }
            if let Some(value) = section.value
                && shipped.unit != Some(packs::Unit::Ratio)
                && !(0.0..=LARGEST_THRESHOLD).contains(&value)
            {
                let finding = self
                    .at_value(
                        "out-of-range",
                        &path.key("value"),
                        format!("the threshold of {alert} must lie between 0 and 1e15"),
                    )
                    .label("out of range");
                self.report(finding);
            }
            if let Some(severity) = &section.severity
                && !self.universe.severities.contains(severity)
            {
                let known = self.universe.severities.iter().map(String::as_str);
                let help = match nearest(severity, known.clone()) {
                    Some(meant) => format!("Did you mean {meant:?}?"),
                    None => format!(
                        "Known: {}. Severities are declared as [alerting.severities.NAME].",
                        list(known)
                    ),
                };
                let finding = self
                    .at_value(
                        "unknown-severity",
                        &path.key("severity"),
                        format!("there is no severity {severity:?}"),
                    )
                    .label("unknown severity")
                    .help(help);
                self.report(finding);
            }
            thresholds.insert(
                alert.clone(),
                Threshold {
                    value: section.value,
                    hold: section
                        .hold
                        .as_deref()
                        .and_then(|text| self.any_duration(&path.key("for"), text)),
                    severity: section.severity.clone(),
                    enabled: section.enabled,
                },
            );
        }
        thresholds
    }

    /// SlowResponseTime asks for a quantile above its threshold: a histogram whose largest bucket
    /// lies below it can never answer.
    pub fn slow_response_buckets(
        &mut self,
        targets: &IndexMap<String, Target>,
        thresholds: &Thresholds,
    ) {
        const ALERT: &str = "SlowResponseTime";
        let shipped = packs::alert(ALERT).and_then(|alert| alert.threshold);
        for (name, target) in targets {
            let Some(http) = &target.http else { continue };
            let own = target.thresholds.get(ALERT);
            let all = thresholds.get(ALERT);
            let off = own
                .or(all)
                .is_some_and(|threshold| threshold.enabled == Some(false));
            let limit = own
                .and_then(|t| t.value)
                .or_else(|| all.and_then(|t| t.value))
                .or(shipped);
            let Some(limit) = limit else { continue };
            if off || http.buckets.iter().any(|bound| *bound > limit) {
                continue;
            }
            let path = at(&["targets", name, "http", "buckets"]);
            let finding = self
                .at_value("unreachable-threshold", &path, format!("{ALERT} can never fire for {name}: no bucket lies above {limit} s"))
                .label(format!("the largest bucket must be over {limit}"))
                .help(format!("Add a larger bucket to the application, or lower [targets.{name}.thresholds.{ALERT}] value."));
            self.report(finding);
        }
    }
}
