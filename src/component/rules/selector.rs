//! The label matchers that select the series of some feeders.

use super::text::quote;
use std::collections::{BTreeMap, BTreeSet};

/// What selects the series of one feeder: `job` and `instance`, or `service`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// `job`, or `service` where an alert is about services.
    pub label: &'static str,
    pub value: String,
    pub instance: Option<String>,
}

impl Key {
    /// Selects one target.
    pub fn target(job: &str, instance: &str) -> Key {
        Key {
            label: "job",
            value: job.to_owned(),
            instance: Some(instance.to_owned()),
        }
    }

    /// Selects all targets of a service.
    pub fn service(service: &str) -> Key {
        Key {
            label: "service",
            value: service.to_owned(),
            instance: None,
        }
    }
}

/// What there is in the stack, to know when a job alone selects its targets.
#[derive(Debug, Clone, Default)]
pub struct Universe {
    /// How many targets each job has.
    jobs: BTreeMap<String, usize>,
    services: BTreeSet<String>,
}

impl Universe {
    /// Counts targets, given by job and service.
    pub fn of<'a>(targets: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Universe {
        let mut universe = Universe::default();
        for (job, service) in targets {
            *universe.jobs.entry(job.to_owned()).or_insert(0) += 1;
            universe.services.extend(service.map(str::to_owned));
        }
        universe
    }

    /// All services of the stack.
    fn all_services(&self, keys: &[&Key]) -> bool {
        keys.len() == self.services.len() && keys.iter().all(|key| key.label == "service")
    }

    /// Splits keys so that the matchers of each part select nothing else: jobs that are there as a
    /// whole, then one part for each other job. Positions in `keys` come back.
    pub fn split(&self, keys: &[&Key]) -> Vec<Vec<usize>> {
        let mut by_value: BTreeMap<&str, (Vec<usize>, BTreeSet<&str>)> = BTreeMap::new();
        for (position, key) in keys.iter().enumerate() {
            let (positions, instances) = by_value.entry(&key.value).or_default();
            positions.push(position);
            instances.extend(key.instance.as_deref());
        }
        let mut whole = Vec::new();
        let mut parts = Vec::new();
        for (value, (positions, instances)) in by_value {
            if instances.is_empty() || self.is_whole(value, instances.len()) {
                whole.extend(positions);
            } else {
                parts.push(positions);
            }
        }
        whole.sort_unstable();
        if !whole.is_empty() {
            parts.insert(0, whole);
        }
        parts
    }

    fn is_whole(&self, job: &str, instances: usize) -> bool {
        self.jobs.get(job).is_none_or(|count| *count <= instances)
    }

    /// The matchers for a part that [`Universe::split`] made.
    pub fn matchers(&self, keys: &[&Key]) -> String {
        if self.all_services(keys) {
            return "service!=\"\"".to_owned();
        }
        let values: BTreeSet<&str> = keys.iter().map(|key| key.value.as_str()).collect();
        let instances: BTreeSet<&str> = keys
            .iter()
            .filter_map(|key| key.instance.as_deref())
            .collect();
        let label = keys.first().map_or("job", |key| key.label);
        let mut matchers = matcher(label, &values);
        let partial = values
            .iter()
            .any(|job| !self.is_whole(job, instances.len()));
        if values.len() == 1 && !instances.is_empty() && partial {
            matchers.push(',');
            matchers.push_str(&matcher("instance", &instances));
        }
        matchers
    }
}

/// One matcher for a set of values.
pub fn matcher(label: &str, values: &BTreeSet<&str>) -> String {
    let mut values = values.iter();
    match (values.next(), values.next()) {
        (None, _) => format!("{label}=\"\""),
        (Some(only), None) => format!("{label}={}", quote(only)),
        (Some(first), Some(second)) => {
            let mut alternatives = escape(first);
            for value in std::iter::once(second).chain(values) {
                alternatives.push('|');
                alternatives.push_str(&escape(value));
            }
            format!("{label}=~{}", quote(&alternatives))
        }
    }
}

/// A text as an RE2 expression that matches it alone.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matchers(jobs: &[&str], keys: &[(&str, &str)]) -> Vec<String> {
        let universe = Universe::of(jobs.iter().map(|job| (*job, None)));
        let keys: Vec<Key> = keys.iter().map(|(job, i)| Key::target(job, i)).collect();
        let keys: Vec<&Key> = keys.iter().collect();
        let part = |part: Vec<usize>| {
            let keys: Vec<&Key> = part.into_iter().map(|position| keys[position]).collect();
            universe.matchers(&keys)
        };
        universe.split(&keys).into_iter().map(part).collect()
    }

    #[test]
    fn a_job_that_is_there_as_a_whole_needs_no_instances() {
        assert_eq!(
            matchers(&["accounts"], &[("accounts", "app-1:8080")]),
            [r#"job="accounts""#]
        );
        let keys = [("node", "a"), ("node", "b"), ("site", "https://x.y/z")];
        assert_eq!(
            matchers(&["node", "node", "site"], &keys),
            [r#"job=~"node|site""#]
        );
    }

    #[test]
    fn part_of_a_job_is_selected_by_instance() {
        let keys = [("node", "a"), ("node", "b.c"), ("accounts", "x:1")];
        assert_eq!(
            matchers(&["node", "node", "node", "accounts"], &keys),
            [r#"job="accounts""#, r#"job="node",instance=~"a|b\\.c""#]
        );
    }
}
