//! What all logs go through, whatever they are read from.

use super::Site;
use super::push::LOGS;
use crate::component::alloy::syntax::Block;
use crate::stack::{Logs, Target, TargetKind};
use crate::topology::Source;

/// A target with logs: its job, and where they are.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    pub job: &'a str,
    pub target: &'a Target,
    pub logs: &'a Logs,
}

/// The agent's targets with logs.
pub fn claims<'a>(site: &Site<'a>) -> impl Iterator<Item = Claim<'a>> {
    let declared = &site.stack.targets;
    site.agent.targets.iter().filter_map(move |scraped| {
        let Source::Target(name) = &scraped.source else {
            return None;
        };
        let target = declared.get(name)?;
        Some(Claim {
            job: &scraped.job,
            target,
            logs: target.logs.as_ref()?,
        })
    })
}

impl Claim<'_> {
    /// The labels that say whose lines they are; those of the host are external labels.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.target.labels.iter();
        [("job", self.job), ("service", self.target.service.as_str())]
            .into_iter()
            .chain(own.map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// A stack trace of Node.js: only its first line starts at the margin.
const FIRST_LINE: &str = r"^[^\s}\])]";

/// Lines a second of one source of one host. What is above waits; so one program that writes
/// without end does not use up what Loki takes in for all hosts.
const LINES_PER_SECOND: u32 = 2_000;
const BURST: u32 = 10_000;

/// `loki.process`: joins stack traces, and keeps back what would harm the way to Loki.
pub fn process(
    label: &'static str,
    claims: &[Claim<'_>],
    more: impl IntoIterator<Item = Block>,
) -> Block {
    Block::new("loki.process", label)
        .attr("forward_to", [LOGS.receiver()])
        .blocks(multiline(claims))
        .blocks(more)
        .block(
            Block::unlabelled("stage.drop")
                .comment("No request can carry such a line, and it would hold up all that come after it.")
                .attr("longer_than", "1MiB")
                .attr("drop_counter_reason", "line_too_long"),
        )
        .block(
            Block::unlabelled("stage.limit")
                .comment("What is above waits where it is: one loud program cannot crowd out the other hosts.")
                .attr("rate", LINES_PER_SECOND)
                .attr("burst", BURST),
        )
}

fn multiline(claims: &[Claim<'_>]) -> Option<Block> {
    let jobs: Vec<String> = claims
        .iter()
        .filter(|claim| claim.target.kind == TargetKind::Nodejs)
        .map(|claim| regex_syntax::escape(claim.job))
        .collect();
    if jobs.is_empty() {
        return None;
    }
    let joined = Block::unlabelled("stage.multiline")
        .comment("The lines of a stack trace are indented.")
        .attr("firstline", FIRST_LINE)
        .attr("max_wait_time", "1s");
    Some(
        Block::unlabelled("stage.match")
            .attr("selector", selector(&jobs.join("|")))
            .block(joined),
    )
}

/// A LogQL selector of streams by an expression for their job. LogQL reads strings as Go does.
fn selector(jobs: &str) -> String {
    let quoted = jobs.replace('\\', r"\\").replace('"', "\\\"");
    format!("{{job=~\"{quoted}\"}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_a_name_is_only_a_dot() {
        let jobs = regex_syntax::escape("shop.web");
        assert_eq!(selector(&jobs), r#"{job=~"shop\\.web"}"#);
    }
}
