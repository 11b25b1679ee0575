//! promtool on Prometheus' configuration, rules and client file.

use super::Rejection;
use super::program::{command, run};
use super::tree::Tree;

const PROGRAM: &str = "promtool";
const CONFIGURATION: &str = "prometheus/prometheus.yml";
const CLIENT: &str = "prometheus/client.yml";

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    [configuration(tree), rules(tree), client(tree)]
        .into_iter()
        .flatten()
        .collect()
}

fn configuration(tree: &Tree) -> Option<Rejection> {
    if !tree.has(CONFIGURATION) {
        return None;
    }
    let answer =
        run(command(PROGRAM, &tree.root).args(["check", "config", "--syntax-only", CONFIGURATION]));
    (!answer.accepted).then(|| Rejection::new(PROGRAM, CONFIGURATION, answer.text()))
}

fn rules(tree: &Tree) -> Option<Rejection> {
    let files = tree.files_in("prometheus/rules", ".yml");
    if files.is_empty() {
        return None;
    }
    let mut promtool = command(PROGRAM, &tree.root);
    promtool
        .args(["check", "rules", "--lint=all", "--lint-fatal"])
        .args(&files);
    let answer = run(&mut promtool);
    (!answer.accepted).then(|| Rejection::new(PROGRAM, "prometheus/rules", answer.text()))
}

/// The client file is for the health check. Nothing listens where it is tried, so that a file that
/// is understood ends in a refused connection, or before that in certificates that are not here.
fn client(tree: &Tree) -> Option<Rejection> {
    if !tree.has(CLIENT) {
        return None;
    }
    let option = format!("--http.config.file={CLIENT}");
    let answer = run(command(PROGRAM, &tree.root).args([
        "check",
        "healthy",
        "--url=https://127.0.0.1:1",
        &option,
    ]));
    let text = answer.text();
    (!understood(&text)).then(|| Rejection::new(PROGRAM, CLIENT, text))
}

/// Whether a client got as far as the network or the files that are not here.
pub fn understood(text: &str) -> bool {
    ["connection refused", "no such file or directory"]
        .iter()
        .any(|end| text.contains(end))
}
