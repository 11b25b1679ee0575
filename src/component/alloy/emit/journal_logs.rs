//! The systemd journal.

use super::Site;
use super::identity::{copy, set, set_where};
use super::logs::{Claim, claims, process};
use super::push::KEPT;
use crate::component::alloy::syntax::{Block, Value};
use crate::stack::{Collect, Logs};

const LABEL: &str = "journal";
const UNIT: &str = "__journal__systemd_unit";

/// Units of a session, of `systemd-run` and of a container: each name is there once.
const TRANSIENT: &str =
    r"(session|run|docker|libpod)-(?:c?\d+|[ru][0-9a-f]+|p\d+-i\d+|[0-9a-f]{64})\.(scope|service)";

/// Reads the journal of the host.
///
/// The priority is no label: it would make four streams of each unit, and Loki finds the level of a
/// line by itself (`detected_level`).
pub fn journal_logs(site: &Site<'_>) -> Vec<Block> {
    if !site.agent.collect.contains(&Collect::Journal) {
        return Vec::new();
    }
    let (claims, rules): (Vec<Claim<'_>>, Vec<Vec<Block>>) = claims(site)
        .filter_map(|claim| match claim.logs {
            Logs::Journal { unit } => Some((claim, of_target(&claim, unit))),
            Logs::File { .. } | Logs::Docker { .. } => None,
        })
        .unzip();
    let units = Block::new("discovery.relabel", LABEL)
        .comment("Only its rules are used.")
        .attr("targets", Value::Array(Vec::new()))
        .block(set("job", "journal"))
        .block(copy(UNIT, None, "unit"))
        .block(
            Block::unlabelled("rule")
                .comment("A name that is there once would be a stream of its own.")
                .attr("source_labels", [UNIT])
                .attr("regex", TRANSIENT)
                .attr("target_label", "unit")
                .attr("replacement", "$1.$2"),
        )
        .blocks(rules.into_iter().flatten());
    let process = process(LABEL, &claims, None);
    let source = Block::new("loki.source.journal", LABEL)
        .attr("forward_to", [process.export("receiver")])
        .attr("relabel_rules", units.export("rules"))
        .comment("After a longer absence the agent starts this far back.")
        .attr("max_age", KEPT);
    vec![units, source, process]
}

fn of_target(claim: &Claim<'_>, unit: &str) -> Vec<Block> {
    let unit = regex_syntax::escape(unit);
    claim
        .labels()
        .map(|(label, value)| set_where(UNIT, unit.clone(), label, value))
        .collect()
}
