//! Small parts of queries, so that none is put together from pieces of text in two ways.

/// Matchers that the queries of a dashboard share; they always name the job.
#[derive(Debug, Clone)]
pub struct Selector(String);

impl Selector {
    pub fn new(matchers: impl Into<String>) -> Self {
        Selector(matchers.into())
    }

    /// With one more matcher.
    pub fn and(&self, matcher: impl AsRef<str>) -> Selector {
        Selector(format!("{},{}", self.0, matcher.as_ref()))
    }

    /// `metric{…}`.
    pub fn get(&self, metric: &str) -> String {
        format!("{metric}{{{}}}", self.0)
    }

    /// By second, over the window that Grafana finds right: at least four scrape intervals.
    pub fn rate(&self, metric: &str) -> String {
        format!("rate({}[$__rate_interval])", self.get(metric))
    }

    /// Over the same window.
    pub fn increase(&self, metric: &str) -> String {
        format!("increase({}[$__rate_interval])", self.get(metric))
    }

    /// A quantile of a classic histogram, by some labels.
    pub fn quantile(&self, quantile: f64, by: &str, histogram: &str) -> String {
        let buckets = self.rate(&format!("{histogram}_bucket"));
        format!(
            "histogram_quantile({quantile}, {})",
            sum(&format!("{by}, le"), &buckets)
        )
    }

    /// 1 answers, 0 answers badly, -1 sends nothing: a target whose agent is silent has no `up`.
    pub fn state(&self) -> String {
        format!(
            "min_over_time({}[$__rate_interval]) or on (job, instance) -1 * {}",
            self.get("up"),
            self.get("stackgen_expected_target")
        )
    }
}

pub fn sum(by: &str, expr: &str) -> String {
    format!("sum by ({by}) ({expr})")
}

pub fn max(by: &str, expr: &str) -> String {
    format!("max by ({by}) ({expr})")
}

/// A matcher for exactly these values, of names that validation has checked.
pub fn one_of<'a>(label: &str, values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<&str> = values.into_iter().collect();
    match values.as_slice() {
        [one] => format!("{label}={}", quote(one)),
        several => {
            let pattern: Vec<String> = several.iter().map(|value| literal(value)).collect();
            format!("{label}=~{}", quote(&pattern.join("|")))
        }
    }
}

/// A string of PromQL and LogQL.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A regular expression that matches just this text.
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matcher_for_names_takes_dots_as_they_are() {
        assert_eq!(one_of("job", ["api"]), r#"job="api""#);
        assert_eq!(one_of("job", ["api", "b.c"]), r#"job=~"api|b\\.c""#);
    }

    #[test]
    fn a_quantile_keeps_the_label_of_the_buckets() {
        assert_eq!(
            Selector::new(r#"job="a""#).quantile(0.5, "service", "http_seconds"),
            r#"histogram_quantile(0.5, sum by (service, le) (rate(http_seconds_bucket{job="a"}[$__rate_interval])))"#
        );
    }
}
