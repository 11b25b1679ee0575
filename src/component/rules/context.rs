//! What templates know where they are rendered for one feeder, and which series they select.

use super::catalog::Pack;
use super::feed::Feeder;
use super::gather::Fed;
use super::selector::{Key, Universe};
use super::template::{Context, SELECTOR, Values};
use super::text::window;
use minijinja::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What templates know where they are rendered for one feeder.
pub struct FeederContext<'a> {
    pub environment: &'a str,
    pub pack: &'a Pack,
    pub fed: &'a Fed<'a>,
    pub feeder: &'a Feeder<'a>,
    pub threshold: Option<f64>,
}

impl Context for FeederContext<'_> {
    fn key(&self, variables: &BTreeSet<String>) -> String {
        let mut key = String::new();
        // What is the same for all feeders needs no mention.
        for name in variables {
            let _ = match (name.as_str(), self.feeder.values.get(name)) {
                ("window", _) => write!(key, "{} ", self.feeder.interval.millis()),
                ("threshold", _) => write!(key, "{:?} ", self.threshold),
                (_, Some(value)) => write!(key, "{value:?} "),
                (_, None) => continue,
            };
        }
        key
    }

    fn values(&self, variables: &BTreeSet<String>) -> Values {
        let value = |name: &str| match (name, self.feeder.values.get(name)) {
            (_, Some(value)) => Some(value.clone()),
            ("window", _) => Some(window(&self.feeder.interval)),
            ("threshold", _) => self
                .threshold
                .map(|threshold| Value::from(threshold.to_string())),
            ("environment", _) => Some(Value::from(self.environment)),
            ("labels", _) => Some(Value::from(
                self.fed
                    .labels
                    .iter()
                    .copied()
                    .collect::<Vec<_>>()
                    .join(", "),
            )),
            _ => self.pack.definitions.get(name).map(Value::from),
        };
        let pair = |name: &String| value(name).map(|value| (name.clone(), value));
        variables.iter().filter_map(pair).collect()
    }
}

/// Writes the selectors of feeders.
pub struct Selectors<'a> {
    pub universe: &'a Universe,
    pub fed: &'a Fed<'a>,
}

impl Selectors<'_> {
    /// Splits feeders so that the selector of each part selects nothing else.
    pub fn split(&self, feeders: &[usize]) -> Vec<Vec<usize>> {
        let keys = self.keys(feeders);
        if keys.len() < feeders.len() {
            return vec![feeders.to_vec()];
        }
        let parts = self.universe.split(&keys).into_iter();
        parts
            .map(|part| part.into_iter().map(|p| feeders[p]).collect())
            .collect()
    }

    /// An expression with the selector of these feeders.
    pub fn write(&self, expr: &str, feeders: &[usize]) -> String {
        if expr.contains(SELECTOR) {
            expr.replace(SELECTOR, &self.universe.matchers(&self.keys(feeders)))
        } else {
            expr.to_owned()
        }
    }

    pub fn keys(&self, feeders: &[usize]) -> Vec<&Key> {
        feeders
            .iter()
            .filter_map(|position| self.fed.feeders[*position].key.as_ref())
            .collect()
    }

    pub fn targets(&self, feeders: &[usize]) -> Vec<usize> {
        let targets = feeders
            .iter()
            .flat_map(|position| &self.fed.feeders[*position].targets);
        targets
            .copied()
            .collect::<BTreeSet<usize>>()
            .into_iter()
            .collect()
    }
}
