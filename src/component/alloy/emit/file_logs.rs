//! Logs of targets that write files.

use super::Site;
use super::logs::{Claim, claims, process};
use crate::component::alloy::syntax::{Block, Value};
use crate::stack::Logs;

const LABEL: &str = "files";

/// Reads the files of the host's targets.
pub fn file_logs(site: &Site<'_>) -> Vec<Block> {
    let (claims, paths): (Vec<Claim<'_>>, Vec<Value>) = claims(site)
        .filter_map(|claim| match claim.logs {
            Logs::File { path } => Some((claim, path_target(&claim, path))),
            Logs::Docker { .. } | Logs::Journal { .. } => None,
        })
        .unzip();
    if claims.is_empty() {
        return Vec::new();
    }
    let files = Block::new("local.file_match", LABEL).attr("path_targets", paths);
    let process = process(LABEL, &claims, None);
    let source = Block::new("loki.source.file", LABEL)
        .attr("targets", files.export("targets"))
        .attr("forward_to", [process.export("receiver")]);
    vec![files, source, process]
}

fn path_target(claim: &Claim<'_>, path: &str) -> Value {
    Value::object(std::iter::once(("__path__", path)).chain(claim.labels()))
}
