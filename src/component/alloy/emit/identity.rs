//! The labels by which the series of a target are known in the whole stack.

use super::Site;
use crate::component::alloy::syntax::Block;
use crate::topology::ScrapeTarget;

/// The labels of a target, exactly as they must arrive.
///
/// `host` and `environment` are external labels too; but an external label gives way to one that
/// an endpoint exposes, and a target's label does not.
pub fn labels(site: &Site<'_>, target: &ScrapeTarget) -> Vec<(String, String)> {
    let mut labels = vec![
        ("job".to_owned(), target.job.clone()),
        ("instance".to_owned(), target.instance.clone()),
        ("host".to_owned(), target.host.clone()),
        ("environment".to_owned(), site.stack.environment.clone()),
    ];
    labels.extend(
        target
            .service
            .iter()
            .map(|service| ("service".to_owned(), service.clone())),
    );
    labels.extend(
        target
            .labels
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    labels
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
