//! One rule for each distinct rendering of a shipped one over its feeders.
//!
//! Feeders are grouped by what the templates use of them before anything is rendered, so that the
//! work grows with the number of feeders only by the grouping itself.

use super::catalog::{AlertSpec, Catalog, Pack, RecordSpec};
use super::context::{FeederContext, Selectors};
use super::feed::{Feed, Feeder};
use super::gather::{Fed, Feeders};
use super::selector::Universe;
use super::setting::Setting;
use super::template::{Context, Rendered, Renderer, Templates};
use super::{Error, render, settle};
use crate::stack::{Duration, Stack, Thresholds};
use std::collections::{BTreeMap, BTreeSet};

/// Targets whose alerts others leave to them, by the key of the other: `TargetDown`.
pub type Replaced = BTreeMap<String, BTreeSet<usize>>;

/// A rule before its selectors are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub rendered: Rendered,
    pub hold: Duration,
    /// Feeders by position.
    pub feeders: Vec<usize>,
}

/// A rule of a shipped alert or record, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    pub name: String,
    pub expr: String,
    pub hold: Duration,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    /// Positions in `Topology::targets`, rising.
    pub targets: Vec<usize>,
}

/// What rules are expanded from.
pub struct Expander<'a> {
    pub catalog: &'a Catalog,
    pub stack: &'a Stack,
    pub feeders: &'a Feeders<'a>,
    pub universe: &'a Universe,
    pub replaced: &'a Replaced,
}

impl Expander<'_> {
    /// The rules that an alert becomes.
    pub fn alert(&self, pack: &Pack, spec: &AlertSpec) -> Result<Vec<Expanded>, Error> {
        let changes = &self.stack.rules.thresholds;
        // With many targets most have no changes of their own.
        let common = Setting::of(spec, changes, None);
        let setting = |own: Option<&Thresholds>| match own {
            Some(own) if own.contains_key(&spec.key) => Setting::of(spec, changes, Some(own)),
            _ => common.clone(),
        };
        self.rules(pack, &spec.key, spec.feed, &spec.templates, setting)
    }

    /// The rules that a record becomes.
    pub fn record(&self, pack: &Pack, spec: &RecordSpec) -> Result<Vec<Expanded>, Error> {
        let setting = |_: Option<&Thresholds>| Setting {
            threshold: None,
            hold: Duration::from_millis(0),
            severity: String::new(),
            enabled: true,
        };
        self.rules(pack, &spec.name, spec.feed, &spec.templates, setting)
    }

    fn rules(
        &self,
        pack: &Pack,
        key: &str,
        feed: Feed,
        templates: &Templates,
        setting: impl Fn(Option<&Thresholds>) -> Setting,
    ) -> Result<Vec<Expanded>, Error> {
        let Some(fed) = self.feeders.get(&feed) else {
            return Ok(Vec::new());
        };
        let skipped = self.replaced.get(key);
        let is_skipped = |feeder: &Feeder<'_>| {
            feeder
                .targets
                .iter()
                .all(|t| skipped.is_some_and(|s| s.contains(t)))
        };
        let mut groups: BTreeMap<String, (Setting, Vec<usize>)> = BTreeMap::new();
        for (position, feeder) in fed.feeders.iter().enumerate() {
            if skipped.is_some() && is_skipped(feeder) {
                continue;
            }
            let setting = setting(feeder.thresholds);
            if setting.enabled {
                let context = self
                    .context(pack, fed, feeder, &setting)
                    .key(&templates.variables);
                let key = format!("{} {} {context}", setting.hold, setting.severity);
                groups
                    .entry(key)
                    .or_insert_with(|| (setting, Vec::new()))
                    .1
                    .push(position);
            }
        }
        let mut drafts = self
            .drafts(pack, fed, templates, groups.into_values())
            .map_err(|error| Error::new(&pack.name, key, error))?;
        drafts.sort_by(|a, b| a.feeders.cmp(&b.feeders));
        let selectors = Selectors {
            universe: self.universe,
            fed,
        };
        check(pack, key, &drafts, &selectors)?;
        Ok(settle::settle(drafts, &selectors))
    }

    /// Renders each group once, and merges what comes out equal.
    fn drafts(
        &self,
        pack: &Pack,
        fed: &Fed<'_>,
        templates: &Templates,
        groups: impl Iterator<Item = (Setting, Vec<usize>)>,
    ) -> Result<Vec<Draft>, minijinja::Error> {
        let mut renderer = Renderer::new(self.catalog.environment());
        let mut merged: BTreeMap<(Rendered, u64), (Duration, Vec<usize>)> = BTreeMap::new();
        for (setting, feeders) in groups {
            let Some(first) = feeders.first() else {
                continue;
            };
            let context = self.context(pack, fed, &fed.feeders[*first], &setting);
            let mut rendered = templates.render(&mut renderer, &context)?;
            if rendered.expr.is_empty() {
                continue;
            }
            if !setting.severity.is_empty() {
                rendered
                    .labels
                    .insert("severity".to_owned(), setting.severity.clone());
            }
            let equal = (rendered, setting.hold.millis());
            let (_, all) = merged
                .entry(equal)
                .or_insert_with(|| (setting.hold, Vec::new()));
            all.extend(feeders);
        }
        let mut drafts = Vec::new();
        for ((rendered, _), (hold, mut feeders)) in merged {
            feeders.sort_unstable();
            drafts.push(Draft {
                rendered,
                hold,
                feeders,
            });
        }
        Ok(drafts)
    }

    fn context<'b>(
        &'b self,
        pack: &'b Pack,
        fed: &'b Fed<'b>,
        feeder: &'b Feeder<'b>,
        setting: &'b Setting,
    ) -> FeederContext<'b> {
        FeederContext {
            environment: &self.stack.environment,
            pack,
            fed,
            feeder,
            threshold: setting.threshold,
        }
    }
}

/// Parses each expression once, with the selector of one of its feeders.
fn check(pack: &Pack, key: &str, drafts: &[Draft], selectors: &Selectors<'_>) -> Result<(), Error> {
    let mut checked: BTreeSet<&str> = BTreeSet::new();
    for draft in drafts {
        if checked.insert(&draft.rendered.expr) {
            let one = &draft.feeders[..draft.feeders.len().min(1)];
            render::parse(&selectors.write(&draft.rendered.expr, one))
                .map_err(|error| Error::new(&pack.name, key, error))?;
        }
    }
    Ok(())
}
