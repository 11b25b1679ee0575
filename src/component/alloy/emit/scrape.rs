//! `prometheus.scrape`: who is asked, and how often.

use super::push::METRICS;
use crate::component::alloy::syntax::{Block, Identifier, Value};
use crate::stack::Duration;

/// No endpoint needs longer, and a scrape must end before the next one starts.
const LONGEST_TIMEOUT: u64 = 10_000;

/// Scrapes targets and pushes what they say.
pub fn scrape(
    label: impl Into<Identifier>,
    targets: impl Into<Value>,
    interval: &Duration,
) -> Block {
    let timeout = Duration::from_millis(interval.millis().min(LONGEST_TIMEOUT));
    Block::new("prometheus.scrape", label)
        .attr("targets", targets)
        .attr("forward_to", [METRICS.receiver()])
        .attr("scrape_interval", interval.go())
        .attr("scrape_timeout", timeout.go())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_ends_before_the_next_one() {
        for (interval, timeout) in [
            ("5s", "5s"),
            ("15s", "10s"),
            ("1d", "10s"),
            ("500ms", "500ms"),
        ] {
            let Some(interval) = Duration::parse(interval) else {
                panic!("{interval}");
            };
            let block = scrape("a", Vec::<Value>::new(), &interval);
            let text = crate::component::alloy::syntax::Body::from(block).to_string();
            assert!(
                text.contains(&format!("scrape_timeout  = {timeout:?}")),
                "{text}"
            );
        }
    }
}
