//! Rule packs against Prometheus itself: `rules/<pack>.test.yml` runs on the rule files that the
//! reference stack gets, and every shipped alert fires in the tests of its pack.

use crate::project;
use crate::validators::program::{command, run};
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Alerts that no test lets fire: the reference stack does not ask for the test alert.
const NEVER_FIRING: [&str; 1] = ["TestAlert"];

const BUILT_RULES: &str = "golden/reference/expected/production/prometheus/rules";

#[test]
fn packs_pass_their_own_tests() {
    let folder = tempfile::tempdir().unwrap();
    for file in files_in(&project::path(BUILT_RULES), ".yml") {
        copy_into(folder.path(), &file);
    }
    let tests = files_in(&project::path("rules"), ".test.yml");
    assert!(!tests.is_empty(), "rules/ has tests");
    for file in &tests {
        copy_into(folder.path(), file);
        for rules in rule_files(&parse(file)) {
            // promtool passes a test whose rules do not exist.
            let present = folder.path().join(&rules).exists();
            assert!(present, "{} tests {rules}", name_of(file));
        }
    }
    let names = tests.iter().map(|file| name_of(file));
    let answer = run(command("promtool", folder.path())
        .args(["test", "rules"])
        .args(names));
    assert!(answer.accepted, "{}", answer.text());
}

#[test]
fn every_shipped_alert_fires_in_a_test_of_its_pack() {
    let mut silent = BTreeSet::new();
    for file in files_in(&project::path("rules"), ".yml") {
        if name_of(&file).ends_with(".test.yml") {
            continue;
        }
        let test = file.with_extension("test.yml");
        assert!(test.exists(), "{} has no tests", name_of(&file));
        let firing = firing_alerts(&parse(&test));
        for alert in shipped_alerts(&parse(&file)) {
            if !firing.iter().any(|fired| alert.is(fired)) {
                silent.insert(alert.alert);
            }
        }
    }
    assert_eq!(silent, NEVER_FIRING.map(str::to_owned).into());
}

/// An alert of a pack. The names of some begin with what they speak of.
struct Alert {
    alert: String,
    begins_freely: bool,
}

impl Alert {
    fn is(&self, name: &str) -> bool {
        if self.begins_freely {
            name.len() > self.alert.len() && name.ends_with(&self.alert)
        } else {
            name == self.alert
        }
    }
}

fn shipped_alerts(pack: &Value) -> Vec<Alert> {
    let alerts = pack["alerts"].as_sequence().unwrap();
    let alert = |alert: &Value| Alert {
        alert: alert["alert"].as_str().unwrap().to_owned(),
        begins_freely: alert.get("name").is_some(),
    };
    alerts.iter().map(alert).collect()
}

/// Names of the alerts that a test file expects to fire, be it as samples of ALERTS or as alerts.
fn firing_alerts(file: &Value) -> BTreeSet<String> {
    let mut firing = BTreeSet::new();
    for test in sequence(&file["tests"]) {
        for case in sequence(&test["promql_expr_test"]) {
            for sample in sequence(&case["exp_samples"]) {
                let labels = sample["labels"].as_str().unwrap_or_default();
                if labels.contains("alertstate=\"firing\"") {
                    firing.extend(alert_name(labels));
                }
            }
        }
        for case in sequence(&test["alert_rule_test"]) {
            if !sequence(&case["exp_alerts"]).is_empty() {
                firing.extend(case["alertname"].as_str().map(str::to_owned));
            }
        }
    }
    firing
}

fn alert_name(labels: &str) -> Option<String> {
    let (_, rest) = labels.split_once("alertname=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn rule_files(test: &Value) -> Vec<String> {
    let files = sequence(&test["rule_files"]);
    assert!(!files.is_empty(), "a test names its rules");
    let name = |file: &Value| file.as_str().unwrap().to_owned();
    files.iter().map(name).collect()
}

fn sequence(value: &Value) -> &[Value] {
    value.as_sequence().map_or(&[], Vec::as_slice)
}

fn parse(file: &Path) -> Value {
    serde_yaml::from_str(&fs::read_to_string(file).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files_in(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| name_of(path).ends_with(ending))
        .collect();
    files.sort();
    files
}

fn copy_into(folder: &Path, file: &Path) {
    fs::copy(file, folder.join(name_of(file))).unwrap();
}

fn name_of(file: &Path) -> &str {
    file.file_name().unwrap().to_str().unwrap()
}
