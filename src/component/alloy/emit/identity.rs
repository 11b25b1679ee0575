//! The labels by which the series of a target are known in the whole stack.

use super::Site;
use crate::component::alloy::syntax::Block;
use crate::topology::ScrapeTarget;

/// The labels of a target that no agent but its own could have.
pub fn own(target: &ScrapeTarget) -> impl Iterator<Item = (&str, &str)> {
    let named = [("job", target.job.as_str()), ("instance", &target.instance)];
    let service = target.service.iter().map(|name| ("service", name.as_str()));
    let labels = target.labels.iter();
    named
        .into_iter()
        .chain(service)
        .chain(labels.map(|(name, value)| (name.as_str(), value.as_str())))
}

/// All labels of a target. An external label gives way to one that an endpoint exposes, such as its
/// own idea of `environment` or, in Alloy's own counters, of `host`; a target's label does not.
pub fn whole<'a>(
    site: &Site<'a>,
    target: &'a ScrapeTarget,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let environment = site.stack.environment.as_str();
    own(target).chain([("host", target.host.as_str()), ("environment", environment)])
}

/// A relabelling rule that sets a label whatever was there.
pub fn set(name: &str, value: &str) -> Block {
    Block::unlabelled("rule")
        .attr("target_label", name)
        .attr("replacement", literal(value))
}

/// A relabelling rule that sets a label where another one matches.
pub fn set_where(source: &str, regex: String, name: &str, value: &str) -> Block {
    Block::unlabelled("rule")
        .attr("source_labels", [source])
        .attr("regex", regex)
        .attr("target_label", name)
        .attr("replacement", literal(value))
}

/// A relabelling rule that copies a label, or what a group of the expression matches of it.
pub fn copy(source: &str, regex: Option<&str>, name: &str) -> Block {
    Block::unlabelled("rule")
        .attr("source_labels", [source])
        .optional_attr("regex", regex)
        .attr("target_label", name)
}

/// In a replacement `$1` is a group of the expression, and `$$` is a dollar.
fn literal(value: &str) -> String {
    value.replace('$', "$$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_in_a_label_stays_one() {
        assert_eq!(
            set("price", "$1 per ${unit}"),
            Block::unlabelled("rule")
                .attr("target_label", "price")
                .attr("replacement", "$$1 per $${unit}")
        );
    }
}
