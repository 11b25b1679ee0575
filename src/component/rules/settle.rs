//! Keeps rules of one alert apart.
//!
//! Two alerting rules of the same name and labels are duplicates to promtool, even when they watch
//! different targets. Those that differ only in what they select are joined into one; others get a
//! label that their series have anyway: the rules stay apart and the alerts are the same.

use super::context::Selectors;
use super::expand::{Draft, Expanded};
use std::collections::BTreeMap;

/// More branches than this in one expression are not read any more, and parse slowly.
const BRANCHES: usize = 16;

/// A rule whose expression has one branch for each part of its feeders.
struct Joined {
    draft: Draft,
    branches: Vec<(String, Vec<usize>)>,
}

/// Writes the rules of one alert, so that no two are duplicates.
pub fn settle(drafts: Vec<Draft>, selectors: &Selectors<'_>) -> Vec<Expanded> {
    let mut alike: BTreeMap<(String, BTreeMap<String, String>), Vec<Joined>> = BTreeMap::new();
    for draft in drafts {
        let identity = (draft.rendered.name.clone(), draft.rendered.labels.clone());
        alike
            .entry(identity)
            .or_default()
            .push(Joined::new(draft, selectors));
    }
    let mut settled: Vec<(usize, Expanded)> = Vec::new();
    for mut rules in alike.into_values() {
        // The one that watches most stays as it is.
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.draft.feeders.len()));
        let jobs: Vec<Vec<String>> = rules.iter().map(|rule| rule.values(selectors)).collect();
        let mut rules = rules.into_iter().enumerate();
        let Some((_, mut base)) = rules.next() else {
            continue;
        };
        let mut apart = Vec::new();
        for (position, rule) in rules {
            let own = &jobs[position];
            let elsewhere = jobs
                .iter()
                .enumerate()
                .any(|(p, j)| p != position && j.contains(&own[0]));
            if own.len() == 1 && !elsewhere {
                apart.push(rule.labelled(selectors, false));
            } else if base.takes(&rule) {
                base.branches.extend(rule.branches);
                base.draft.feeders.extend(rule.draft.feeders);
            } else {
                apart.extend(rule.singly().map(|single| single.labelled(selectors, true)));
            }
        }
        for rule in std::iter::once(base).chain(apart) {
            let first = rule.draft.feeders.iter().copied().min().unwrap_or_default();
            settled.push((first, rule.write(selectors)));
        }
    }
    settled.sort_by_key(|(first, _)| *first);
    settled.into_iter().map(|(_, rule)| rule).collect()
}

impl Joined {
    fn new(draft: Draft, selectors: &Selectors<'_>) -> Joined {
        let parts = selectors.split(&draft.feeders).into_iter();
        Joined {
            branches: parts
                .map(|part| (draft.rendered.expr.clone(), part))
                .collect(),
            draft,
        }
    }

    /// Whether another rule may become a branch of this one.
    fn takes(&self, other: &Joined) -> bool {
        self.draft.hold.millis() == other.draft.hold.millis()
            && self.draft.rendered.annotations == other.draft.rendered.annotations
            && self.branches.len() + other.branches.len() <= BRANCHES
    }

    /// Values of the label by which its series are selected; never empty.
    fn values(&self, selectors: &Selectors<'_>) -> Vec<String> {
        let keys = selectors.keys(&self.draft.feeders).into_iter();
        let values: std::collections::BTreeSet<&String> = keys.map(|key| &key.value).collect();
        let mut values: Vec<String> = values.into_iter().cloned().collect();
        if values.is_empty() {
            values.push(String::new());
        }
        values
    }

    /// Adds labels that all its series have anyway.
    fn labelled(mut self, selectors: &Selectors<'_>, instance: bool) -> Joined {
        if let Some(key) = selectors.keys(&self.draft.feeders).first() {
            let labels = &mut self.draft.rendered.labels;
            labels.insert(key.label.to_owned(), key.value.clone());
            if let (Some(value), true) = (&key.instance, instance) {
                labels.insert("instance".to_owned(), value.clone());
            }
        }
        self
    }

    /// One rule for each feeder.
    fn singly(self) -> impl Iterator<Item = Joined> {
        let Joined { draft, branches } = self;
        branches.into_iter().flat_map(move |(expr, part)| {
            let draft = draft.clone();
            part.into_iter().map(move |feeder| Joined {
                draft: Draft {
                    feeders: vec![feeder],
                    ..draft.clone()
                },
                branches: vec![(expr.clone(), vec![feeder])],
            })
        })
    }

    fn write(self, selectors: &Selectors<'_>) -> Expanded {
        let mut branches: Vec<String> = self
            .branches
            .iter()
            .map(|(expr, part)| selectors.write(expr, part))
            .collect();
        let expr = match branches.pop() {
            Some(only) if branches.is_empty() => only,
            Some(last) => {
                branches.push(last);
                let nested: Vec<String> = branches
                    .iter()
                    .map(|b| format!("(\n{}\n)", indent(b)))
                    .collect();
                nested.join("\nor\n")
            }
            None => String::new(),
        };
        Expanded {
            name: self.draft.rendered.name,
            expr,
            hold: self.draft.hold,
            labels: self.draft.rendered.labels,
            annotations: self.draft.rendered.annotations,
            targets: selectors.targets(&self.draft.feeders),
        }
    }
}

fn indent(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}
