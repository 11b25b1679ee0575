//! An entry of [targets]: an endpoint of the user's.

use super::Site;
use super::identity::whole;
use super::scrape::scrape;
use crate::component::alloy::syntax::{Block, Identifier, Value, identifier};
use crate::stack::Scheme;
use crate::topology::ScrapeTarget;
use indexmap::IndexMap;

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
    let (path, params) = split(&declared.path);
    let block = scrape(
        label(name),
        [endpoint(site, &declared.address.to_string(), target)],
        &target.interval,
    )
    .attr("scheme", scheme)
    .attr("metrics_path", path)
    .optional_attr("params", params)
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
    let address = ("__address__", address);
    Value::object(std::iter::once(address).chain(whole(site, target)))
}

/// The path and the parameters of `/metrics?format=prometheus`, which are two arguments.
fn split(path: &str) -> (&str, Option<Value>) {
    let Some((path, query)) = path.split_once('?') else {
        return (path, None);
    };
    let mut params: IndexMap<String, Vec<String>> = IndexMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let values = params.entry(name.into_owned()).or_default();
        values.push(value.into_owned());
    }
    (path, (!params.is_empty()).then(|| Value::object(params)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_not_part_of_the_path() {
        assert_eq!(split("/metrics"), ("/metrics", None));
        assert_eq!(split("/metrics?"), ("/metrics", None));
        assert_eq!(
            split("/v1/metrics?format=prometheus&a=x%20y&a=z"),
            (
                "/v1/metrics",
                Some(Value::object([
                    ("format", vec!["prometheus"]),
                    ("a", vec!["x y", "z"])
                ]))
            )
        );
    }
}
