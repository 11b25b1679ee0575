//! An entry of [targets]: an endpoint of the user's.

use super::Site;
use super::identity::labels;
use super::scrape::scrape;
use crate::component::alloy::syntax::{Block, Identifier, Value, identifier};
use crate::stack::Scheme;
use crate::topology::ScrapeTarget;

/// Far above any healthy endpoint. One that runs away fails its own scrape, which is an alert,
/// and does not fill Prometheus.
const SAMPLE_LIMIT: u32 = 100_000;
const BODY_SIZE_LIMIT: &str = "64MiB";

/// Scrapes a target.
pub fn http_target(site: &Site<'_>, name: &str, target: &ScrapeTarget) -> Vec<Block> {
    let Some(declared) = site.stack.targets.get(name) else {
        return Vec::new();
    };
    let scheme = match declared.scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    };
    let block = scrape(
        label(name),
        [endpoint(site, &declared.address.to_string(), target)],
        &target.interval,
    )
    .attr("scheme", scheme)
    .attr("metrics_path", declared.path.as_str())
    .comment("An endpoint that runs away fails its own scrape and harms nobody else.")
    .attr("sample_limit", SAMPLE_LIMIT)
    .attr("body_size_limit", BODY_SIZE_LIMIT);
    vec![block]
}

/// The label of a target's scrape. The prefix keeps it apart from the generated names.
fn label(name: &str) -> Identifier {
    identifier(&format!("target-{name}"))
}

/// A static target with its identity.
pub fn endpoint(site: &Site<'_>, address: &str, target: &ScrapeTarget) -> Value {
    let mut fields = vec![("__address__".to_owned(), address.to_owned())];
    fields.extend(labels(site, target));
    Value::object(fields)
}
