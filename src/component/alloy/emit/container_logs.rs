//! Logs of containers, read through Docker's API.

use super::Site;
use super::identity::{copy, set, set_where};
use super::logs::{Claim, claims, process};
use crate::component::alloy::syntax::{Block, Value};
use crate::stack::{Duration, Logs};
use crate::topology::Service;

const LABEL: &str = "docker";
const WEEK: u64 = 7 * 86_400_000;
/// Docker's name of a container, with a `/` before it.
const CONTAINER: &str = "__meta_docker_container_name";
const STREAM: &str = "__meta_docker_container_log_stream";
const PROJECT: &str = "__meta_docker_container_label_com_docker_compose_project";
const COMPOSE_SERVICE: &str = "__meta_docker_container_label_com_docker_compose_service";

/// Reads the logs of all containers of the host.
pub fn container_logs(site: &Site<'_>) -> Vec<Block> {
    let Some(docker_host) = &site.agent.docker_host else {
        return Vec::new();
    };
    let (claims, rules): (Vec<Claim<'_>>, Vec<Vec<Block>>) = claims(site)
        .filter_map(|claim| match claim.logs {
            Logs::Docker { container } => Some((claim, of_target(&claim, container))),
            Logs::File { .. } | Logs::Journal { .. } => None,
        })
        .unzip();
    let containers = Block::new("discovery.docker", LABEL)
        .attr("host", docker_host.as_str())
        .attr("refresh_interval", "15s");
    let names = Block::new("discovery.relabel", "container_logs")
        .comment("Only its rules are used.")
        .attr("targets", Value::Array(Vec::new()))
        .block(set("job", "docker"))
        .block(copy(CONTAINER, Some("/(.*)"), "container"))
        .block(copy(STREAM, None, "stream"))
        .blocks(of_stack(site))
        .blocks(rules.into_iter().flatten());
    let process = process(LABEL, &claims, [too_old(site), one_stream()]);
    let source = Block::new("loki.source.docker", LABEL)
        .attr("host", docker_host.as_str())
        .attr("targets", containers.export("targets"))
        .attr("forward_to", [process.export("receiver")])
        .attr("relabel_rules", names.export("rules"));
    vec![containers, names, source, process]
}

fn of_target(claim: &Claim<'_>, container: &str) -> Vec<Block> {
    let name = format!("/{}", regex_syntax::escape(container));
    claim
        .labels()
        .map(|(label, value)| set_where(CONTAINER, name.clone(), label, value))
        .collect()
}

/// Logs of the stack's own programs carry the job and the service of their metrics.
fn of_stack(site: &Site<'_>) -> Vec<Block> {
    if !site.agent.is_local() {
        return Vec::new();
    }
    let project = regex_syntax::escape(&site.stack.name);
    let job = |regex: String| {
        Block::unlabelled("rule")
            .attr("source_labels", [PROJECT, COMPOSE_SERVICE])
            .attr("regex", regex)
            .attr("target_label", "job")
    };
    vec![
        job(format!("{project};(.+)")),
        job(format!("{project};{}", Service::AlloyLocal)).attr("replacement", "alloy"),
        set_where(PROJECT, project, "service", &site.stack.name),
    ]
}

/// Loki refuses what is older than a week or its retention, and its refusal would count as a loss.
/// That is the past of a container that was there before the agent.
fn too_old(site: &Site<'_>) -> Block {
    let oldest = site.stack.loki.retention.millis().min(WEEK);
    Block::unlabelled("stage.drop")
        .comment(
            "Older lines Loki refuses: those of containers that were there long before the agent.",
        )
        .attr("older_than", Duration::from_millis(oldest / 10 * 9).go())
        .attr("drop_counter_reason", "too_old")
}

/// Both streams of a container are one in Loki: each stream costs it memory for all.
fn one_stream() -> Block {
    Block::unlabelled("stage.label_drop")
        .comment("It kept stack traces apart.")
        .attr("values", ["stream"])
}
